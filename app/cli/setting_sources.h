// Where the settings of a training come from: flags, PELLUCID_* variables, pellucid.toml.
// Not here: the list of settings (recipe.h), the config.toml of a run (recipe/config_text.h).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/settings.h"
#include "pellucid/recipe.h"

namespace CLI {
class App;
}

namespace pellucid::app {

inline constexpr const char* default_config = "pellucid.toml";  ///< read where it is

/// The flags of `train`, one per setting, declared from the description of the settings.
class TrainFlags {
 public:
  /// `with_data`: also declare the positional argument DATA.
  void declare(CLI::App& app, bool with_data = true);

  /// The settings, in this order of precedence: flags, PELLUCID_* variables, the toml file (--config, or
  /// ./pellucid.toml, or the config.toml of the resumed run), defaults. Throws U02, U05 (with all problems of a file),
  /// U12, D10.
  Recipe resolve() const;

  bool force = false, dry_run = false;

 private:
  void check_run(const Recipe& recipe) const;

  std::map<std::string, std::vector<std::string>> values_;
  std::map<std::string, bool> switches_;
  std::vector<std::string> sets_;
  std::string data_, config_;
};

/// The settings of a single file. Throws D10, U05.
Recipe read_config(const std::string& file);

}  // namespace pellucid::app
