// The grid a trial is drawn from. Decimal numbers on purpose: they are the same in a file, a message and a command.
// Not here: which trials go on (halving.cc).
#include "trainings/tune_space.h"

#include <fmt/format.h>

#include <array>

#include "core/settings.h"
#include "core/text.h"
#include "pellucid/optimizer.h"
#include "pellucid/random.h"
#include "pellucid/trainer.h"
#include "recipe/presets.h"

namespace pellucid {
namespace {

constexpr std::array<std::int64_t, 5> widths = {32, 64, 128, 256, 512};
constexpr std::array<std::int64_t, 3> depths = {1, 2, 3};
constexpr std::array<double, 11> rates = {0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10};  // times the default
constexpr std::array<double, 6> dropouts = {0, 0, 0.1, 0.2, 0.3, 0.5};
constexpr std::array<double, 6> decays = {0, 0, 0.001, 0.01, 0.03, 0.1};     // of adamw
constexpr std::array<double, 6> penalties = {0, 0, 1e-6, 1e-5, 1e-4, 1e-3};  // l2, for other optimizers

template <class Choices>
auto one_of(const Choices& choices, Random& random) {
  return choices[random.below(choices.size())];
}

double rounded(double x) {
  double value = x;
  parse_number(fmt::format("{:.3g}", x), value);
  return value;
}

}  // namespace

std::string Trial::hidden_text() const {
  return pellucid::hidden_text(hidden);
}

std::string Trial::text() const {
  return fmt::format("hidden {} · lr {} · dropout {} · decay {}", hidden_text(), number_text(learning_rate),
                     number_text(dropout), number_text(decay));
}

TuneSpace::TuneSpace(Recipe standard) : standard_(std::move(standard)) {}

bool TuneSpace::is_free(const char* setting) const {
  return is_by_rule(origin_of(standard_, setting));
}

const Optimizer& TuneSpace::optimizer() const {
  return *base().training.optimizer.kind();
}

bool TuneSpace::decays_weights() const {
  return optimizer().name() == Adam::name || optimizer().name() == AdamW::name;
}

std::int64_t TuneSpace::epochs() const {
  return base().training.epochs.value();
}

Trial TuneSpace::standard() const {
  const ModelSettings& net = base().model;
  Trial trial{0, net.hidden.value(), base().training.learning_rate.value_or(0), net.dropout, net.l2};
  Optimizer kind = optimizer();
  if (kind.name() == AdamW::name) trial.decay = settings_to_json(kind).at("weight_decay").get<double>();
  return trial;
}

Trial TuneSpace::draw(std::int64_t number) const {
  Random random({.seed = static_cast<std::uint64_t>(base().training.seed), .step = static_cast<std::uint32_t>(number)});
  Trial trial = standard();
  trial.number = number;
  const std::int64_t width = one_of(widths, random), depth = one_of(depths, random);
  const double rate = one_of(rates, random), dropout = one_of(dropouts, random);
  const double decay = one_of(decays_weights() ? decays : penalties, random);
  if (is_free("hidden")) trial.hidden.assign(static_cast<std::size_t>(depth), width);
  if (is_free("learning_rate")) trial.learning_rate = rounded(trial.learning_rate * rate);
  if (is_free("dropout") && optimizer().name() != Lbfgs::name && !trial.hidden.empty()) trial.dropout = dropout;
  if (is_free("optimizer.weight_decay") && is_free("l2")) trial.decay = decay;
  return trial;
}

void TuneSpace::set_decay(Recipe& recipe, const Trial& trial, const std::string& origin) const {
  if (!decays_weights()) {
    recipe.model.l2 = trial.decay;
    recipe.origins["l2"] = origin;
    return;
  }
  Optimizer base_kind = optimizer(), decaying = AdamW{};
  settings_from_json(decaying, settings_to_json(base_kind), "tune");
  settings_from_json(decaying, {{"weight_decay", trial.decay}}, "tune");
  recipe.training.optimizer = decaying;
  recipe.origins["optimizer"] = recipe.origins["optimizer.weight_decay"] = origin;
}

Recipe TuneSpace::settings(const Trial& trial, std::int64_t epochs) const {
  Recipe recipe = standard_;
  TrainingSettings& s = recipe.training;
  const std::string origin = fmt::format("tune: trial {}", trial.number);
  const auto put = [&](const char* name, auto& setting, const auto& value) {
    setting = value;
    recipe.origins[name] = origin;
  };
  const Trial usual = standard();
  if (trial.hidden != usual.hidden) put("hidden", recipe.model.hidden, trial.hidden);
  if (trial.learning_rate != usual.learning_rate) put("learning_rate", s.learning_rate, trial.learning_rate);
  if (trial.dropout != usual.dropout) put("dropout", recipe.model.dropout, trial.dropout);
  if (trial.decay != usual.decay) set_decay(recipe, trial, origin);
  if (epochs == this->epochs()) return recipe;
  put("epochs", s.epochs, epochs);
  const bool by_rule = origin_of(recipe, "patience").starts_with("auto");
  if (by_rule && !(s.patience == 0)) put("patience", s.patience, auto_patience(epochs).value);
  return recipe;
}

}  // namespace pellucid
