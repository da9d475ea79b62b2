// The value of each setting that is "auto". Not here: the presets' values (presets.cc); the rules for epochs, batch
// size and patience, which fit() applies as well (auto_… in pellucid/trainer.h).
#include "recipe/resolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/settings.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/setting_hint.h"
#include "prepare/categories.h"
#include "recipe/build.h"
#include "recipe/data.h"
#include "recipe/kind_settings.h"
#include "recipe/metric_rules.h"
#include "recipe/presets.h"
#include "recipe/probabilities.h"
#include "recipe/soft_targets.h"
#include "recipe/unused.h"

namespace pellucid {
namespace {

template <class T>
void put(Recipe& recipe, const char* name, Auto<T>& setting, const T& value, const std::string& reason) {
  if (!setting.is_auto()) return;
  setting = value;
  recipe.origins[name] = "auto: " + reason;
}

void put(Recipe& recipe, const char* name, Auto<std::int64_t>& setting, const AutoRule& rule) {
  put(recipe, name, setting, rule.value, rule.reason);
}

bool is_by_preset(const Recipe& recipe, const char* name) {
  const auto origin = recipe.origins.find(name);
  return origin != recipe.origins.end() &&
         (origin->second.starts_with("preset") || origin->second.starts_with("metric"));
}

bool is_softmax_loss(const Choice<Loss>& loss) {
  return !loss.is_auto() && std::string_view(loss.kind()->kind().name) == "cross_entropy";
}

// The preset's softmax is for one class of several. Several yes-or-no targets have a sigmoid output each instead.
void answer_each(Recipe& recipe) {
  ModelSettings& net = recipe.model;
  if (is_by_preset(recipe, "loss") && is_softmax_loss(net.loss)) {
    const Loss& loss = *net.loss.kind();
    net.loss.choose(Loss("binary_cross_entropy", {loss.reduction(), loss.parameter()}));
  }
  if (is_by_preset(recipe, "output") && net.output == softmax) net.output = sigmoid;
  if (net.output == softmax || is_softmax_loss(net.loss)) {
    throw Error("U06", "softmax and cross_entropy predict one class per row, but there are several targets",
                {"several targets need " + setting_hint("output", "sigmoid") + ", " +
                 setting_hint("loss", "binary_cross_entropy") + ", which are the defaults"});
  }
  if (recipe.data.class_weights == ClassWeights::balanced) {
    throw Error("U06", setting_hint("class_weights", "balanced") + " needs a single target, but there are several",
                {setting_hint("threshold", "auto") + " helps with rare classes without weights"});
  }
}

// Soft targets say how sure each label is, so the preset's label smoothing has nothing to add.
void leave_labels_sharp(Recipe& recipe) {
  Choice<Loss>& loss = recipe.model.loss;
  if (!is_by_preset(recipe, "loss")) return;
  loss.choose(Loss(loss.kind()->kind(), {loss.kind()->reduction()}));
  recipe.origins["loss"] = "auto: soft targets need no label smoothing";
}

bool has_setting(const Choice<Optimizer>& choice, std::string_view name) {
  for (const KindSetting& setting : choice.settings) {
    if (setting.name == name) return true;
  }
  return false;
}

// An optimizer given as an object has its own learning rate and momentum.
void take_from_optimizer(Recipe& recipe) {
  TrainingSettings& s = recipe.training;
  const Choice<Optimizer>& choice = s.optimizer;
  if (choice.is_auto()) return;
  Optimizer kind = chosen(choice);
  for (const FieldState& field : list_fields(kind)) {
    const std::string name = field.info.name;
    const bool given = choice.is_whole() || has_setting(choice, name);
    const double* value = std::get_if<double>(&field.value);
    if (!given || value == nullptr || (name != "learning_rate" && name != "momentum")) continue;
    Auto<double>& setting = name == "momentum" ? s.momentum : s.learning_rate;
    if (!setting.is_auto()) continue;
    setting = *value;
    recipe.origins[name] = origin_of(recipe, "optimizer");
  }
}

constexpr std::int64_t most_members = 256;  // the largest number that the setting takes

void resolve_members(Recipe& recipe) {
  TrainingSettings& s = recipe.training;
  const bool timed = s.time_limit > 0;
  put<std::int64_t>(recipe, "members", s.members, timed ? most_members : 1,
                    timed ? "as many as end in time" : "one net");
}

void resolve_length(Recipe& recipe, const Split& split) {
  TrainingSettings& s = recipe.training;
  const std::int64_t rows = split.train.rows();
  put(recipe, "epochs", s.epochs, auto_epochs(rows, split.preprocessor.is_classification()));
  put(recipe, "batch_size", s.batch_size, auto_batch_size(rows));
  if (split.validation.empty()) put<std::int64_t>(recipe, "patience", s.patience, 0, "no validation rows");
  put(recipe, "patience", s.patience, auto_patience(s.epochs.value()));
}

std::vector<HiddenLayer> usual_hidden(bool classification) {
  return classification ? std::vector<HiddenLayer>{128} : std::vector<HiddenLayer>{64, 32};
}

// Meant for a cosine schedule. Measured in docs/results.md, like the layers above.
double usual_learning_rate(const Optimizer& optimizer, bool classification, bool hidden) {
  const bool adam = optimizer.name() == Adam::name || optimizer.name() == AdamW::name;
  if (adam && !classification) return 3e-3;
  return adam && !hidden ? 1e-2 : Optimizer(optimizer.name()).learning_rate();
}

void resolve_steps(Recipe& recipe, bool classes, const std::string& task) {
  TrainingSettings& s = recipe.training;
  const bool searches = s.optimizer.kind()->name() == Lbfgs::name;
  if (s.schedule.is_auto()) {
    Schedule schedule;
    schedule.kind = searches ? "constant" : "cosine";
    s.schedule.choose(schedule);
    recipe.origins["schedule"] = searches ? "auto: lbfgs chooses its steps" : "auto: ends with small steps";
  }
  Optimizer optimizer = make_optimizer(recipe);
  if (!searches) {
    const bool linear = recipe.model.hidden.value().empty();
    put(recipe, "learning_rate", s.learning_rate, usual_learning_rate(optimizer, classes, !linear),
        std::string(optimizer.name()) + ", " + (linear && classes ? "no hidden layer" : task));
  }
  for (const FieldState& field : list_fields(optimizer)) {
    if (std::string_view(field.info.name) == "momentum") {
      put(recipe, "momentum", s.momentum, std::get<double>(field.value), "usual");
    }
  }
}

// By the last layer and the target; the settings that were given for the loss are kept and apply to it.
void resolve_loss(Recipe& recipe, const Split& split) {
  if (!recipe.model.loss.is_auto()) return;
  Model net = make_model(recipe, split.preprocessor);
  net.set_row_shape(split.train.row_shape());
  recipe.model.loss.choose(default_loss(net, split.train));
  recipe.origins["loss"] = "auto: last layer and target";
}

void explain(Recipe& recipe, const char* name, const std::string& reason) {
  if (setting_text(recipe, name) == "auto") recipe.origins[name] = "auto: " + reason;
}

// These settings stay "auto", and only their origins tell what was found. Files that are read with the recipe later may
// be written in another way, and only "auto" reports what is unusual about one (D26, D50, D51, D52): a written value
// would read titles as rows, or resize images of another size without a word.
void explain_reading(Recipe& recipe, const Table& table) {
  for (const auto& [name, found] : table.read_as) {
    if (!found.empty()) explain(recipe, name.c_str(), "found " + (found.size() == 1 ? quote(found) : found));
  }
}

std::string reason_for_missing(const Preprocessor& learned) {
  const auto lacks = std::count_if(learned.columns.begin(), learned.columns.end(),
                                   [](const FittedColumn& column) { return column.indicator; });
  return lacks == 0 ? "no missing values" : plural(lacks, "column") + " with missing values";
}

std::string reason_for_rare(const Split& split) {
  const auto& columns = split.preprocessor.columns;
  const bool words = std::any_of(columns.begin(), columns.end(),
                                 [](const FittedColumn& column) { return column.is(ColumnKind::categorical); });
  return words ? fmt::format("at least {}", plural(least_rows_of_category(split.train.rows()), "training row"))
               : "no categories";
}

// A value is written where it means the same as the rule. The others stay "auto":
// - scale, where columns are bytes: they are divided by 255, which none of the other words does;
// - missing: the median and an additional feature, which none of the other words does;
// - rare: the rule also asks for 1 % of the rows in columns of many words, which no number says;
// - task: a model file stores the reason, and with a written task that would be another one.
void resolve_data(Recipe& recipe, const Split& split) {
  const Preprocessor& learned = split.preprocessor;
  DataSettings& data = recipe.data;
  const bool standard = learned.scale == text_of(Scaling::standard);
  explain(recipe, "scale", standard ? "numbers" : learned.scale == "none" ? "no numbers" : learned.scale);
  if (data.scale == Scaling::automatic && standard) data.scale = Scaling::standard;
  explain(recipe, "missing", reason_for_missing(learned));
  explain(recipe, "rare", reason_for_rare(split));
  explain(recipe, "task", (learned.is_classification() ? "classification, " : "regression, ") + learned.task_reason);
  if (recipe.model.number_embedding == NumberEmbedding::automatic) {
    recipe.model.number_embedding = NumberEmbedding::none;
    recipe.origins["number_embedding"] = "auto: numbers as they are";
  }
  if (data.target.empty()) recipe.origins["target"] = "auto: by its name";
  data.target = learned.target_names();
}

}  // namespace

Recipe with_kinds_settled(Recipe recipe) {
  TrainingSettings& s = recipe.training;
  s.optimizer = make_optimizer(recipe);
  s.schedule = make_schedule(recipe);
  if (!recipe.model.loss.is_auto()) recipe.model.loss = Choice<Loss>(chosen(recipe.model.loss));
  return recipe;
}

Recipe resolve_by_table(Recipe recipe, const TrainTable& data) {
  recipe = with_preset_of_data(with_chosen_preset(std::move(recipe), data.table));
  explain_reading(recipe, data.table);
  recipe = with_folds_of_members(std::move(recipe), data);
  check_used(recipe, data);
  return recipe;
}

Recipe resolve_by_split(Recipe recipe, const Split& split) {
  check_probabilities(recipe, split);
  check_metric(recipe, split.preprocessor);
  take_from_optimizer(recipe);
  const bool classes = split.preprocessor.is_classification();
  recipe = with_metric(with_preset(std::move(recipe), classes, split.train.rows()));
  if (split.preprocessor.is_multi_label()) answer_each(recipe);
  if (split.train.has_soft_targets()) leave_labels_sharp(recipe);
  resolve_data(recipe, split);
  ModelSettings& net = recipe.model;
  const std::string task = classes ? "classification" : "regression";
  resolve_length(recipe, split);
  resolve_members(recipe);
  put(recipe, "hidden", net.hidden, usual_hidden(classes), task);
  put(recipe, "distill", net.distill, {}, "only where layers are given");
  resolve_steps(recipe, classes, task);
  put(recipe, "output", net.output, output_activation(recipe, split.preprocessor), task);
  resolve_loss(recipe, split);
  recipe = with_kinds_settled(std::move(recipe));
  check_used(recipe, split);
  return recipe;
}

Recipe resolve(const Recipe& recipe, const TrainTable& data) {
  if (waits_for_soft_targets(data, recipe.data)) {
    TrainTable taken = data;
    take_soft_targets(taken, recipe.data);
    return resolve(recipe, taken);
  }
  Recipe staged = resolve_by_table(recipe, data);
  const Split split = make_split(data, staged, static_cast<std::uint64_t>(staged.training.seed));
  return resolve_by_split(std::move(staged), split);
}

}  // namespace pellucid
