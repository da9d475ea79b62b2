// The settings of train that control how a data file is read. Not here: reading the file (the library).
#include "app/cli/data_flags.h"

#include "app/cli/memory_limit.h"
#include "recipe/data.h"

namespace pellucid::app {

void DataFlags::declare(CLI::App& app) {
  flags_.declare(app, {"delimiter", "header", "skip_rows", "quote", "encoding", "na", "no_na", "memory"});
}

void DataFlags::declare_unlearned(CLI::App& app) {
  flags_.declare(app, {"kind", "image_size", "image_color"});
}

ReadOptions DataFlags::options() const {
  const Recipe settings = flags_.settings();
  limit_memory(settings.run.memory, ".");
  return read_options(settings);
}

}  // namespace pellucid::app
