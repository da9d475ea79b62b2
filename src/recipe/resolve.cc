// The value of each auto of a recipe once the rows are split. Not here: the rules' numbers (auto_… in trainer.h).
#include "recipe/resolve.h"

#include <fmt/format.h>

#include "core/settings.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/setting_hint.h"
#include "recipe/build.h"
#include "recipe/kind_settings.h"
#include "recipe/presets.h"
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
  return origin != recipe.origins.end() && origin->second.starts_with("preset");
}

bool is_softmax_loss(const Choice<Loss>& loss) {
  return !loss.is_auto() && std::string_view(loss.kind()->kind().name) == "cross_entropy";
}

// A preset's softmax shares one answer out among the outputs; several questions are answered each by its own sigmoid.
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

void resolve_length(Recipe& recipe, const Split& split) {
  TrainingSettings& s = recipe.training;
  const std::int64_t rows = split.train.rows();
  put(recipe, "epochs", s.epochs, auto_epochs(rows, split.preprocessor.is_classification()));
  put(recipe, "batch_size", s.batch_size, auto_batch_size(rows));
  if (split.validation.empty()) put<std::int64_t>(recipe, "patience", s.patience, 0, "no validation rows");
  put(recipe, "patience", s.patience, auto_patience(s.epochs.value()));
}

std::vector<std::int64_t> usual_hidden(bool classification) {
  std::vector<std::int64_t> units;
  for (const std::string& part : split_text(auto_hidden(classification), ',')) {
    parse_integer(part, units.emplace_back());
  }
  return units;
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
    put(recipe, "learning_rate", s.learning_rate, auto_learning_rate(optimizer, classes, !linear),
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

}  // namespace

void settle_kinds(Recipe& recipe) {
  TrainingSettings& s = recipe.training;
  s.optimizer = make_optimizer(recipe);
  s.schedule = make_schedule(recipe);
  if (!recipe.model.loss.is_auto()) recipe.model.loss = Choice<Loss>(chosen(recipe.model.loss));
}

void resolve_autos(Recipe& recipe, const Split& split) {
  ModelSettings& net = recipe.model;
  const bool classes = split.preprocessor.is_classification();
  take_from_optimizer(recipe);
  apply_preset(recipe, classes, split.train.rows());
  if (split.preprocessor.is_multi_label()) answer_each(recipe);
  const std::string task = classes ? "classification" : "regression";
  resolve_length(recipe, split);
  put(recipe, "hidden", net.hidden, usual_hidden(classes), task);
  resolve_steps(recipe, classes, task);
  put(recipe, "output", net.output, output_activation(recipe, split.preprocessor), task);
  if (recipe.data.target.empty()) recipe.origins["target"] = "auto: by its name";
  recipe.data.target = split.preprocessor.target_names();
  resolve_loss(recipe, split);
  settle_kinds(recipe);
  check_used(recipe, split);
}

}  // namespace pellucid
