// --delimiter, --header and --memory, --kind, --image-size and --image-color. Not here: reading itself (the library).
#include "data_flags.h"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "memory_limit.h"
#include "setting_sources.h"
#include "train_data.h"

namespace pellucid::app {

void DataFlags::declare(CLI::App& app) {
  app.add_option("--delimiter", delimiter_, "what separates the cells (tab: tab)")
      ->type_name("CHAR")
      ->default_str(delimiter_)
      ->group("Data");
  app.add_option("--header", header_, "whether the first line names the columns")
      ->type_name("auto|yes|no")
      ->default_str(header_)
      ->group("Data");
  app.add_option("--memory", memory_, "data in memory, the rest in temporary files; auto: half of what is free")
      ->type_name("auto|SIZE")
      ->default_str("auto")
      ->group("Data");
}

void DataFlags::declare_unlearned(CLI::App& app) {
  app.add_option("--kind", kind_, "what columns are: number, categorical, boolean, date, drop …")
      ->type_name("COL=KIND,…")
      ->group("Data");
  app.add_option("--image-size", image_size_, "images are resized to this, height x width")
      ->type_name("auto|HxW")
      ->default_str(image_size_)
      ->group("Data");
  app.add_option("--image-color", image_color_, "images as grey or colour; auto: grey if all are")
      ->type_name("auto|grey|rgb")
      ->default_str(image_color_)
      ->group("Data");
}

ReadOptions DataFlags::options() const {
  const char* const variable = std::getenv("PELLUCID_MEMORY");
  limit_memory(!memory_.empty() ? memory_ : variable != nullptr ? variable : "auto", ".");
  TrainSettings settings;
  set_setting(settings, "delimiter", delimiter_, "command line");
  set_setting(settings, "header", header_, "command line");
  if (!kind_.empty()) set_setting(settings, "kind", kind_, "command line");
  set_setting(settings, "image_size", image_size_, "command line");
  set_setting(settings, "image_color", image_color_, "command line");
  return read_options(settings);
}

}  // namespace pellucid::app
