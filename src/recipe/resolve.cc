// What each auto of a recipe becomes once the rows are split. Not here: the rules' numbers (auto_… in trainer.h).
#include "recipe/resolve.h"

#include <fmt/format.h>

#include "core/settings.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "recipe/build.h"
#include "recipe/presets.h"

namespace pellucid {
namespace {

std::int64_t whole(const std::string& text) {
  return whole_or_auto(text).value_or(-1);
}

// A recipe's softmax shares one answer out among the outputs; several questions are answered each by its own sigmoid.
void answer_each(Recipe& recipe) {
  Recipe& s = recipe;
  const auto by_recipe = [&](const char* name) {
    const auto origin = recipe.origins.find(name);
    return origin != recipe.origins.end() && origin->second.starts_with("preset");
  };
  if (by_recipe("loss") && s.loss.starts_with("cross_entropy")) s.loss = "binary_" + s.loss;
  if (by_recipe("output") && s.output == softmax.kind().name) s.output = sigmoid.kind().name;
  const bool shared = s.output == softmax.kind().name || s.loss.starts_with("cross_entropy");
  if (shared) {
    throw Error("U06", "softmax and cross_entropy share one answer out among the outputs; there are several targets",
                {"each is answered by itself: --output sigmoid, --loss binary_cross_entropy, which are the defaults"});
  }
  if (s.class_weights == "balanced") {
    throw Error("U06", "--class-weights balanced goes by the class of one target; there are several",
                {"--threshold auto serves a rare answer without weights"});
  }
}

}  // namespace

void note_details(Recipe& settings) {
  Optimizer optimizer = make_optimizer(settings);
  for (const FieldState& field : list_fields(optimizer)) {
    const std::string name = field.info.name;
    if (name != "learning_rate" && name != "momentum") settings.details["optimizer." + name] = field.text();
  }
  Schedule schedule = make_schedule(settings);
  if (schedule.kind == "constant") return;
  for (const FieldState& field : list_fields(schedule)) {
    const std::string name = field.info.name;
    if (name != "kind") settings.details["schedule." + name] = field.text();
  }
}

void resolve_autos(Recipe& recipe, const Split& split) {
  Recipe& s = recipe;
  const auto put = [&](const char* name, std::string& text, const std::string& value, const std::string& reason) {
    if (text != "auto") return;
    text = value;
    recipe.origins[name] = "auto: " + reason;
  };
  const auto put_rule = [&](const char* name, std::string& text, const AutoRule& rule) {
    put(name, text, std::to_string(rule.value), rule.reason);
  };
  const bool classes = split.preprocessor.is_classification();
  apply_preset(recipe, classes, split.train.rows());
  if (split.preprocessor.is_multi_label()) answer_each(recipe);
  const std::string task = classes ? "classification" : "regression";
  put_rule("epochs", s.epochs, auto_epochs(split.train.rows(), classes));
  put_rule("batch_size", s.batch_size, auto_batch_size(split.train.rows()));
  if (split.validation.empty()) put("patience", s.patience, "0", "no validation rows");
  put_rule("patience", s.patience, auto_patience(whole(s.epochs)));
  put("hidden", s.hidden, auto_hidden(classes), task);
  const bool searches = s.optimizer == Lbfgs::name;
  put("schedule", s.schedule, searches ? "constant" : "cosine",
      searches ? "lbfgs chooses its steps" : "ends with small steps");
  put("output", s.output, std::string(output_activation(s, split.preprocessor).kind().name), task);
  Optimizer optimizer = make_optimizer(s);
  const bool linear = hidden_units(s.hidden).empty();
  const std::string net = linear && classes ? "no hidden layer" : task;
  if (!searches) {
    put("lr", s.lr, number_text(auto_learning_rate(optimizer, classes, !linear)),
        std::string(optimizer.name()) + ", " + net);
  }
  for (const FieldState& field : list_fields(optimizer)) {
    if (std::string_view(field.info.name) == "momentum") put("momentum", s.momentum, field.text(), "usual");
  }
  if (s.target.empty()) recipe.origins["target"] = "auto: by its name";
  s.target = split.preprocessor.target_names();
  note_details(s);
}

}  // namespace pellucid
