// --delimiter and --header. Not here: reading itself (the library).
#include "data_flags.h"

#include <CLI/CLI.hpp>

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
}

ReadOptions DataFlags::options() const {
  TrainSettings settings;
  set_setting(settings, "delimiter", delimiter_, "command line");
  set_setting(settings, "header", header_, "command line");
  return read_options(settings);
}

}  // namespace pellucid::app
