// Declares some of train's settings as flags of another command. Not here: all settings (setting_sources.h).
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "pellucid/recipe.h"

namespace CLI {
class App;
}

namespace pellucid::app {

class SettingFlags {
 public:
  void declare(CLI::App& app, std::initializer_list<const char*> names);
  /// The defaults, changed by the flags that were given. Throws U02, U12.
  Recipe settings() const;

 private:
  std::map<std::string, std::vector<std::string>> texts_;
};

}  // namespace pellucid::app
