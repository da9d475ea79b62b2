// Recipe: every setting of a training, from reading the table to judging the model. Each setting is described once.
// Not here: what "auto" becomes (src/recipe/resolve.h), reading flags, variables and files (the program).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "pellucid/activation.h"
#include "pellucid/auto.h"
#include "pellucid/column_kind.h"
#include "pellucid/describe.h"
#include "pellucid/initializer.h"
#include "pellucid/loss.h"
#include "pellucid/optimizer.h"
#include "pellucid/preprocess.h"
#include "pellucid/schedule.h"
#include "pellucid/trainer.h"

namespace PELLUCID_EXPORT pellucid {

/// One setting of an optimizer, schedule or loss, such as beta1 = 0.8.
struct KindSetting {
  std::string name;
  std::variant<double, std::int64_t, bool, std::string> value;
};

/// An optimizer, a schedule or a loss that a recipe asks for.
///
///     recipe.training.optimizer = Adam{.beta1 = 0.8};  // the object as it is, with its learning rate
///     recipe.training.optimizer.choose(Adam{});        // this kind; what nobody set stays with the rules
///
/// `settings` are put on top of the kind, and may be given while the kind is still "auto": they are applied once a rule
/// has chosen, and refused (U35) where the chosen kind does not have them.
template <class Kind>
class Choice {
 public:
  Choice() = default;
  template <class Value>
  requires std::is_convertible_v<Value, Kind> Choice(Value value)
      : kind_(std::move(value)), is_whole_(true) {}  // NOLINT: assigned as a plain value

  bool is_auto() const noexcept { return !kind_.has_value(); }
  /// Every setting of the kind is meant as it is, the learning rate too; else only the kind and `settings` were chosen.
  bool is_whole() const noexcept { return is_whole_; }
  /// The kind without `settings`; nullptr while it is "auto".
  const Kind* kind() const noexcept { return kind_ ? &*kind_ : nullptr; }
  Kind* kind() noexcept { return kind_ ? &*kind_ : nullptr; }

  void choose(Kind kind) {
    kind_ = std::move(kind);
    is_whole_ = false;
  }
  void leave_to_rule() {
    kind_.reset();
    is_whole_ = false;
  }

  std::vector<KindSetting> settings;

 private:
  std::optional<Kind> kind_;
  bool is_whole_ = false;
};

/// Whether the classes of an unbalanced table count by their rows, or all the same.
enum class ClassWeights { none, balanced };
enum class ImageColor { automatic, grey, rgb };
/// plain: a small net with Adam. tabular: the net and training of Holzmüller, Grinsztajn, Steinwart, "Better by
/// Default", NeurIPS 2024. automatic: tabular for a table of single cells that is not too large, where the net and its
/// training were left to the rules; else plain.
enum class Preset { automatic, plain, tabular };
/// ntk: each layer multiplies its weights by 1/√inputs, so that one learning rate suits all widths.
enum class Parametrization { automatic, standard, ntk };
/// Temperature scaling on the validation rows. automatic: where the loss smooths labels.
enum class Calibrate { automatic, none, temperature };

struct ImageSize {
  std::int64_t height = 0, width = 0;  ///< pixels, 1 or more
  friend bool operator==(const ImageSize&, const ImageSize&) = default;
};

/// Which rows are learned from, how the file is read, and how the rows are split and prepared.
struct DataSettings {
  std::string file;                 ///< setting "data": a table, an archive or a folder of images
  std::vector<std::string> target;  ///< columns to predict; empty: the one named label, target, class or y
  Task task = Task::automatic;
  std::vector<std::string> drop;          ///< columns that are not used
  std::map<std::string, AskedKind> kind;  ///< column → number, categorical, boolean, date, drop …
  double val_split = 0.15;                ///< share of the rows, 0 ≤ x < 1; 0: no validation rows
  double test_split = 0.15;
  std::string val;    ///< file with the validation rows; empty: val_split
  std::string test;   ///< file with the test rows; empty: test_split
  std::string group;  ///< rows with the same value in this column stay in the same split
  std::string time;   ///< train on the earliest rows by this column, test on the latest
  Scaling scale = Scaling::automatic;
  TargetScaling target_scale = TargetScaling::standard;
  MissingCells missing = MissingCells::automatic;
  std::vector<std::string> na;  ///< words that count as missing; each entry may be a list with commas
  bool no_na = false;           ///< NA, null, none … are ordinary words
  Auto<std::int64_t> rare;      ///< categories with fewer training rows are merged into "other"; ≥ 1
  std::int64_t one_hot = 50;    ///< one-hot up to so many categories, a learned embedding above; 0: never embed
  ClassWeights class_weights = ClassWeights::none;
  Auto<char> delimiter;
  Auto<bool> header;
  Auto<std::int64_t> skip_rows;
  Auto<char> quote;  ///< '\0': quotes are text
  Auto<std::string> encoding;
  Auto<ImageSize> image_size;
  ImageColor image_color = ImageColor::automatic;
};

/// The net, its loss and what is done with its probabilities.
struct ModelSettings {
  Preset preset = Preset::automatic;
  Auto<std::vector<std::int64_t>> hidden;  ///< units of the hidden layers; an empty list: a linear model
  Auto<Activation> activation;             ///< of the hidden layers
  Initializer init;                        ///< "auto": what suits the activation
  Parametrization parametrization = Parametrization::automatic;
  Auto<double> input_scale;         ///< learnable scale per input, whose learning rate is multiplied by this; 0: none
  std::int64_t embedding_size = 8;  ///< learned numbers per category of an embedded column
  double dropout = 0;               ///< share of hidden outputs set to zero in training, 0 ≤ x < 1
  double l1 = 0, l2 = 0;            ///< penalties on the weights, ≥ 0
  Choice<Loss> loss;
  Auto<Activation> output;  ///< activation of the last layer
  Calibrate calibrate = Calibrate::automatic;
  Auto<double> threshold = 0.5;  ///< decision threshold of the second of two classes, 0 < x < 1
};

/// The optimizer and the course of the training.
struct TrainingSettings {
  Auto<std::int64_t> epochs;
  Auto<std::int64_t> batch_size;
  Auto<double> learning_rate;  ///< where it is set, it replaces the optimizer's own
  Choice<Optimizer> optimizer;
  Auto<double> momentum;  ///< of the optimizer momentum; sgd with a momentum above 0 is that optimizer
  Choice<Schedule> schedule;
  double clip_norm = 0;         ///< largest norm of the gradient; 0: no limit
  double clip_value = 0;        ///< largest component of the gradient; 0: no limit
  Auto<std::int64_t> patience;  ///< epochs without a better validation loss before training stops; 0: never
  std::int64_t seed = 42;
  std::int64_t repeat = 1;   ///< trainings with the seeds seed, seed + 1, …
  std::int64_t folds = 0;    ///< k-fold cross-validation; 0: off
  std::int64_t threads = 0;  ///< 0: all CPUs. Results are identical for any number
  double min_delta = 0;      ///< how much lower a validation loss must be to count as better
  bool keep_best = true;     ///< keep the weights of the best epoch, else of the last
  Auto<BestBy> best_by;
  bool shuffle = true;
  std::int64_t row_block = 1024;  ///< rows whose gradients are summed in one go (ARCHITECTURE.md, numerical contract)
};

/// Where a run is written and from what it starts.
struct RunSettings {
  std::string out = "runs";
  std::string name;             ///< of the run's folder; empty: DATA-NNN
  std::string memory = "auto";  ///< memory for data, such as "2G"; "auto": half of what is free
  std::string resume;           ///< run to be continued
  std::string init_from;        ///< model whose weights the training starts from
  bool no_test_rows = false;
  bool no_report = false;
  bool no_health = false;
};

/// Everything a training can be told. A setting has one name everywhere: as a flag (--batch-size), as a variable
/// (PELLUCID_BATCH_SIZE), in pellucid.toml, and as a member here.
struct Recipe {
  DataSettings data;
  ModelSettings model;
  TrainingSettings training;
  RunSettings run;

  /// Visits every setting by its flat name ("batch_size"), and "optimizer.beta1" … where they are decided.
  void describe(Fields& fields);

  /// Where each value came from: "--epochs", "PELLUCID_EPOCHS", "pellucid.toml", "preset tabular", "auto: 105 training
  /// rows". See origin_of() for a setting that is not listed.
  std::map<std::string, std::string> origins;
};

/// "default", "code" for a value that a program assigned, or the entry of Recipe::origins.
std::string origin_of(const Recipe& recipe, const std::string& name);
/// The value as it would be typed; "" for an unknown name.
std::string setting_text(const Recipe& recipe, std::string_view name);

/// The heading under which a setting is shown: "Data", "Model", "Training", "Run"; "" for one without a flag.
std::string setting_group(std::string_view name);
/// "--batch-size,--batch"; "data" has none.
std::string setting_flags(std::string_view name);
/// The words a setting takes, for completion and help; empty: anything.
std::vector<std::string> setting_words(std::string_view name);
/// The one name of a setting for any spelling that is accepted: "lr" and "optimizer.learning_rate" are learning_rate,
/// "schedule.kind" is schedule; dashes are underscores.
std::string setting_name(std::string name);
/// The setting's field in report.json and in other JSON: its name, but "lr" for learning_rate, as in earlier versions.
std::string setting_json_name(const std::string& name);

/// Sets one setting from text. Throws U02, U05, U11, U12; `what` opens the message.
void set_setting(Recipe& recipe, const std::string& name, const std::string& text, const std::string& what);
/// The same from several texts: a list of names takes all of them; of any other setting the last one counts.
void set_setting(Recipe& recipe, const std::string& name, const std::vector<std::string>& texts,
                 const std::string& what);
/// Whether the setting holds a list whose entries are kept as they are (target, na).
bool holds_list(const Recipe& recipe, std::string_view name);

}  // namespace pellucid
