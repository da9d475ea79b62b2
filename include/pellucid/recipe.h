// Recipe: everything `pellucid train` can be told, each setting listed once.
// Not here: where values come from (app/cli/setting_sources.h), what is made of them (src/recipe/build.h).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/describe.h"

namespace PELLUCID_EXPORT pellucid {

/// Flags, PELLUCID_* variables, pellucid.toml, config.toml, help and completions all come from describe().
/// A number that may also be "auto" is held as text.
struct Recipe {
  std::string data;
  std::vector<std::string> target;  ///< one that is no column as it stands may be several, with commas between
  std::string task = "auto";
  std::string drop;
  std::string kind;
  double val_split = 0.15;
  double test_split = 0.15;
  std::string val;
  std::string test;
  std::string group;
  std::string time;
  std::string scale = "auto";
  std::string target_scale = "standard";
  std::string missing = "auto";
  std::vector<std::string> na;  ///< lists of words
  bool no_na = false;
  std::string rare = "auto";
  std::int64_t one_hot = 50;
  std::string class_weights = "none";
  std::string delimiter = "auto";
  std::string header = "auto";
  std::string skip_rows = "auto";
  std::string quote = "auto";
  std::string encoding = "auto";
  std::string image_size = "auto";
  std::string image_color = "auto";

  std::string preset = "auto";
  std::string hidden = "auto";
  std::string activation = "auto";
  std::string init = "auto";
  std::string parametrization = "auto";
  std::string input_scale = "auto";
  std::int64_t embedding_size = 8;
  double dropout = 0;
  double l1 = 0;
  double l2 = 0;
  std::string loss = "auto";
  std::string output = "auto";
  std::string calibrate = "auto";
  std::string threshold = "0.5";

  std::string epochs = "auto";
  std::string batch_size = "auto";
  std::string lr = "auto";
  std::string optimizer = "auto";
  std::string momentum = "auto";
  std::string schedule = "auto";
  double clip_norm = 0;
  double clip_value = 0;
  std::string patience = "auto";
  std::int64_t seed = 42;
  std::int64_t repeat = 1;
  std::int64_t folds = 0;
  double min_delta = 0;
  bool keep_best = true;
  std::string best_by = "auto";
  bool shuffle = true;
  std::int64_t threads = 0;
  std::int64_t row_block = 1024;

  std::string out = "runs";
  std::string name;
  std::string memory = "auto";
  std::string resume;
  std::string init_from;
  bool no_test_rows = false;
  bool no_report = false;
  bool no_health = false;

  void describe(Fields& fields);

  /// Settings of the optimizer, schedule and loss: "optimizer.beta1" -> "0.8"; by --set or in the toml's sections.
  std::map<std::string, std::string> details;

  /// Where each setting came from: "--epochs", "PELLUCID_EPOCHS", "pellucid.toml", later "auto: reason"; a setting that
  /// is not listed has its default.
  std::map<std::string, std::string> origins;
};

/// Where a setting of this name is shown: "Data", "Model", "Training", "Run"; "" for one without a flag of its own.
std::string setting_group(std::string_view name);
/// "--batch-size,--batch"; "data" has none.
std::string setting_flags(std::string_view name);
/// The words a setting takes, for completion and help; empty: anything.
std::vector<std::string> setting_words(std::string_view name);

/// Checks what describe() cannot: text that must be "auto" or a number in range. Throws U02, U12.
void check_auto_numbers(Recipe& settings, const std::string& what);

/// The number of an "auto or number" text; nothing for auto.
std::optional<double> number_or_auto(const std::string& text);
std::optional<std::int64_t> whole_or_auto(const std::string& text);

/// Puts one setting from text; "optimizer.beta1" goes to the details. Dashes and underscores are the same here.
/// Throws U02, U05, U12; `what` opens the message.
void set_setting(Recipe& recipe, std::string name, const std::string& text, const std::string& what);

/// The same from several words, each a name of its own: where the setting holds no list, drop and kind put commas
/// between them, and of others the last one counts.
void set_setting(Recipe& recipe, const std::string& name, const std::vector<std::string>& texts,
                 const std::string& what);

/// Whether the setting of this name holds a list of names.
bool holds_list(Recipe& recipe, std::string_view name);

}  // namespace pellucid
