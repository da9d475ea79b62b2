// DataFlags: how a data file is to be read, for commands that are not train.
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
  /// Where no model says it: what columns are, the size and colour of images.
  void declare_unlearned(CLI::App& app);
  /// Puts --memory into force. Throws U02, U12.
  ReadOptions options() const;

 private:
  SettingFlags flags_;
};

}  // namespace pellucid::app
