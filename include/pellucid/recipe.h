// Recipe: all settings of a training, from reading the table to evaluating the model.
// Not here: the rules for "auto" (src/recipe/resolve.h); reading flags, environment variables and files (the program).
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
#include "pellucid/hidden_layer.h"
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

/// The optimizer, schedule or loss of a recipe; default: "auto".
///
///     recipe.training.optimizer = Adam{.beta1 = 0.8};  // this object, with its learning rate
///     recipe.training.optimizer.choose(Adam{});        // this kind; rules decide the settings that nobody has set
///
/// `settings` replace settings of the kind. They may be given while the kind is still "auto": they are applied when a
/// rule has chosen the kind, and refused (U35) if that kind does not have them.
template <class Kind>
class Choice {
 public:
  Choice() = default;
  template <class Value>
  requires std::is_convertible_v<Value, Kind> Choice(Value value)
      : kind_(std::move(value)), is_whole_(true) {}  // implicit, so that a plain value can be assigned

  bool is_auto() const noexcept { return !kind_.has_value(); }
  /// True if an object was assigned: all its settings count, including the learning rate. False if only the kind and
  /// `settings` were chosen.
  bool is_whole() const noexcept { return is_whole_; }
  /// The kind, without `settings` applied; nullptr while it is "auto".
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

/// balanced: training rows are weighted so that all classes have the same total weight.
enum class ClassWeights { none, balanced };
enum class ImageColor { automatic, grey, rgb };
/// plain: a small network trained with Adam. tabular: the network and training of Holzmüller, Grinsztajn, Steinwart,
/// "Better by Default", NeurIPS 2024. automatic: tabular for a table of single cells that is not too large, if network
/// and training are left to the rules; otherwise plain.
enum class Preset { automatic, plain, tabular };
/// ntk: each layer multiplies its weights by 1/√inputs, so that one learning rate suits all widths.
enum class Parametrization { automatic, standard, ntk };
/// How the network sees numeric columns, dates included: as they are (none), or replaced by the output of a layer
/// PeriodicEmbedding, CosineEmbedding or PiecewiseLinearEmbedding (number_embeddings.h). automatic: none.
enum class NumberEmbedding { automatic, none, periodic, cosine, piecewise };
/// Calibration of probabilities by temperature scaling on the validation rows. automatic: if the loss uses label
/// smoothing.
enum class Calibrate { automatic, none, temperature };

/// What a model is judged by, with the names of metric_kinds() (metric.h). It decides three settings where nobody has
/// set them: the loss, its label smoothing, and which epoch is the best (best_by). log_loss and roc_auc: the lowest
/// cross-entropy, without label smoothing; mae: the loss mae; accuracy, rmse, r2: the best validation score.
enum class Metric { accuracy, log_loss, roc_auc, rmse, mae, r2 };

struct ImageSize {
  std::int64_t height = 0, width = 0;  ///< in pixels, ≥ 1
  friend bool operator==(const ImageSize&, const ImageSize&) = default;
};

/// The data: files, columns, how cells are read, how rows are split and prepared.
struct DataSettings {
  std::string file;                 ///< setting "data": a table, an archive or a folder of images
  std::vector<std::string> target;  ///< columns to predict; empty: the one named label, target, class or y
  Task task = Task::automatic;
  std::vector<std::string> drop;          ///< columns that are not used
  std::map<std::string, AskedKind> kind;  ///< column → number, categorical, boolean, date, drop …
  double val_split = 0.15;                ///< share of the rows for validation, 0 ≤ x < 1; 0: no validation rows
  double test_split = 0.15;
  std::string val;   ///< file with the validation rows; empty: val_split
  std::string test;  ///< file with the test rows; empty: test_split
  /// target probabilities of each row: columns named by a pattern with one *, such as p_*, which stands for the class;
  /// or a file with such columns p_*, as `pellucid predict --proba` writes it. Empty: the classes themselves
  std::string soft_target;
  std::string soft_key;      ///< column that joins the rows of the file soft_target; empty: joined by row order
  std::string group;         ///< rows with the same value in this column stay in the same split
  std::string time;          ///< train on the earliest rows by this column, test on the latest
  std::string split_column;  ///< column whose words train, validation and test say in which split a row is
  Scaling scale = Scaling::automatic;
  TargetScaling target_scale = TargetScaling::standard;
  bool clamp = false;  ///< limit predicted numbers to the range of the training rows
  MissingCells missing = MissingCells::automatic;
  std::vector<std::string> na;  ///< words that count as missing; each entry may be a list with commas
  bool no_na = false;           ///< NA, null, none … are ordinary words
  Auto<std::int64_t> rare;      ///< categories with fewer training rows are merged into "other"; ≥ 1
  std::int64_t one_hot = 50;    ///< one-hot up to this many categories, a learned embedding above; 0: never embed
  ClassWeights class_weights = ClassWeights::none;
  Auto<char> delimiter;
  Auto<bool> header;
  Auto<std::int64_t> skip_rows;
  Auto<char> quote;  ///< '\0': quotes are text
  Auto<std::string> encoding;
  Auto<ImageSize> image_size;
  ImageColor image_color = ImageColor::automatic;
};

/// The network, its loss, and the calibration and threshold of its probabilities.
struct ModelSettings {
  Preset preset = Preset::automatic;
  Auto<std::vector<HiddenLayer>> hidden;  ///< the hidden layers (hidden_layer.h); an empty list: a linear model
  Auto<Activation> activation;            ///< of the hidden layers
  bool parametric_activation = false;     ///< activations as layers ParametricActivation (layers.h)
  Initializer init;                       ///< weight initialisation; "auto": the one that suits the activation
  Parametrization parametrization = Parametrization::automatic;
  Auto<double> input_scale;         ///< learnable scale per input; this multiplies its learning rate; 0: no scales
  std::int64_t embedding_size = 8;  ///< learned numbers per category of an embedded column
  NumberEmbedding number_embedding = NumberEmbedding::automatic;
  Auto<std::int64_t> number_embedding_size;  ///< of the layer: numbers per column, 1 to 4,096; auto: its default
  Auto<double> number_embedding_scale;  ///< of periodic and cosine: sigma of the first frequencies, ≥ 0; auto: 0.1
  double dropout = 0;                   ///< share of hidden outputs set to zero in training, 0 ≤ x < 1
  FactorSchedule dropout_schedule = FactorSchedule::constant;  ///< how that share changes during training
  double l1 = 0, l2 = 0;                                       ///< penalties on the weights, ≥ 0
  Choice<Loss> loss;
  Auto<Activation> output;  ///< activation of the last layer
  Calibrate calibrate = Calibrate::automatic;
  Auto<double> threshold = 0.5;  ///< decision threshold of the second of two classes, 0 < x < 1
  /// hidden layers of a small net that learns the predictions of the trained one; an empty list: no such net
  Auto<std::vector<std::int64_t>> distill = std::vector<std::int64_t>{};
};

/// The optimizer and how long and on what the model is trained.
struct TrainingSettings {
  Auto<std::int64_t> epochs;
  Auto<std::int64_t> batch_size;
  Auto<double> learning_rate;  ///< if set, replaces the optimizer's own learning rate
  Choice<Optimizer> optimizer;
  Auto<double> momentum;  ///< for the optimizer `momentum`; if > 0, sgd becomes the optimizer momentum
  Choice<Schedule> schedule;
  double clip_norm = 0;         ///< largest norm of the gradient; 0: no limit
  double clip_value = 0;        ///< largest component of the gradient; 0: no limit
  Auto<std::int64_t> patience;  ///< epochs without a better validation loss before training stops; 0: never
  std::int64_t seed = 42;
  std::int64_t repeat = 1;     ///< number of trainings, with the seeds seed, seed + 1, …
  std::int64_t folds = 0;      ///< k-fold cross-validation; 0: off
  Auto<std::int64_t> members;  ///< nets trained side by side, the best of them averaged into one model, 1 … 256
  /// settings that differ between members, by name (members.h); empty: only the seeds differ
  Auto<std::vector<std::string>> vary;
  /// 2 … 20: each member is one net per fold of the training and validation rows, validated on that fold; 0: off
  Auto<std::int64_t> cross_fit;
  double time_limit = 0;     ///< seconds for training members; 0: no limit
  std::int64_t threads = 0;  ///< 0: all CPUs. Results are identical for any number
  /// more patience the later the best epoch is: training stops after patience_factor · (best epoch) + patience; ≥ 1
  double patience_factor = 1;
  FactorSchedule decay_schedule = FactorSchedule::constant;  ///< how the weight decay of AdamW changes
  double min_delta = 0;   ///< how much lower a validation loss must be to count as better
  bool keep_best = true;  ///< keep the weights of the best epoch; false: of the last one
  Auto<Metric> metric;    ///< "auto": the result is judged by accuracy or RMSE, as the preset trains it
  Auto<BestBy> best_by;
  bool shuffle = true;
  /// rows per block in which gradients are summed (ARCHITECTURE.md, numerical contract)
  std::int64_t row_block = 1024;
};

/// The folder of the run, and what the training starts from.
struct RunSettings {
  std::string out = "runs";
  std::string name;             ///< name of the run's folder; empty: DATA-NNN
  std::string memory = "auto";  ///< memory limit for data, such as "2G"; "auto": half of the free memory
  std::string resume;           ///< folder of the run to continue
  std::string init_from;        ///< model file whose weights the training starts from
  /// Once the result is known, train again on all rows, the test rows too, and keep that model.
  bool final = false;
  bool no_test_rows = false;
  bool no_report = false;
  bool no_health = false;
};

/// All settings of a training. A setting has the same name everywhere: as a flag (--batch-size), as an environment
/// variable (PELLUCID_BATCH_SIZE), in pellucid.toml, and as a member here.
struct Recipe {
  DataSettings data;
  ModelSettings model;
  TrainingSettings training;
  RunSettings run;

  /// Visits every setting by its flat name ("batch_size"), and the settings of the chosen kinds ("optimizer.beta1" …).
  void describe(Fields& fields);

  /// Origin of each value: "--epochs", "PELLUCID_EPOCHS", "pellucid.toml", "preset tabular", "auto: 105 training rows".
  /// For a setting that is not listed, see origin_of().
  std::map<std::string, std::string> origins;
};

/// The origin of a setting: its entry in Recipe::origins, otherwise "default", or "code" if a program has assigned the
/// value.
std::string origin_of(const Recipe& recipe, const std::string& name);
/// The value as the user would type it; "" for an unknown name.
std::string setting_text(const Recipe& recipe, std::string_view name);

/// The group under which a setting is shown: "Data", "Model", "Training" or "Run"; "" for one without a flag.
std::string setting_group(std::string_view name);
/// The flags of a setting: "--batch-size,--batch"; "" for "data", which has none.
std::string setting_flags(std::string_view name);
/// The words that a setting accepts, for completion and help; empty: any text.
std::vector<std::string> setting_words(std::string_view name);
/// The name of a setting for every accepted spelling: "lr" and "optimizer.learning_rate" give learning_rate,
/// "schedule.kind" gives schedule; dashes become underscores.
std::string setting_name(std::string name);
/// The setting's field in report.json and other JSON: its name, except "lr" for learning_rate, as in earlier versions.
std::string setting_json_name(const std::string& name);

/// Sets one setting from text. `what` is the beginning of error messages. Throws U02, U05, U11, U12.
void set_setting(Recipe& recipe, const std::string& name, const std::string& text, const std::string& what);
/// The same from several texts: a list of names takes all of them; for any other setting the last one counts.
void set_setting(Recipe& recipe, const std::string& name, const std::vector<std::string>& texts,
                 const std::string& what);
/// Whether the setting is a list whose entries are kept unchanged (target, na).
bool holds_list(const Recipe& recipe, std::string_view name);

}  // namespace pellucid
