// Where the settings of a training come from: flags, PELLUCID_* variables, pellucid.toml.
// Not here: which settings there are (recipe.h), config.toml as a run keeps it (recipe/config_text.h).
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

/// What was typed, one flag a setting; declared from the listing.
class TrainFlags {
 public:
  /// `with_data`: DATA is a positional argument.
  void declare(CLI::App& app, bool with_data = true);

  /// Flags over variables over the toml (--config, else ./pellucid.toml, or the resumed run's config.toml) over
  /// defaults. Throws U02, U05 (all problems of a file at once), U12, D10.
  Recipe resolve() const;

  bool force = false, dry_run = false;

 private:
  void check_run(const Recipe& recipe) const;

  std::map<std::string, std::vector<std::string>> values_;
  std::map<std::string, bool> switches_;
  std::vector<std::string> sets_;
  std::string data_, config_;
};

/// The settings of one file alone. Throws D10, U05.
Recipe read_config(const std::string& file);

}  // namespace pellucid::app
