// DataFlags: the flags that control how a data file is read, for commands other than train.
// Not here: train's settings (pellucid/recipe.h).
#pragma once

#include "app/cli/setting_flags.h"
#include "pellucid/table.h"

namespace CLI {
class App;
}

namespace pellucid::app {

class DataFlags {
 public:
  void declare(CLI::App& app);
  /// Also declares flags for what a model would otherwise define: kinds of columns, size and colour of images.
  void declare_unlearned(CLI::App& app);
  /// The options for reading; also applies --memory. Throws U02, U12.
  ReadOptions options() const;

 private:
  SettingFlags flags_;
};

}  // namespace pellucid::app
