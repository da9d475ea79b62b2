// The grid a trial is drawn from. Decimal numbers on purpose: they are the same in a file, a message and a command.
// Not here: which trials go on (halving.cc).
#include "recipe/tune_space.h"

#include <fmt/format.h>

#include <array>

#include "core/text.h"
#include "pellucid/optimizer.h"
#include "pellucid/random.h"
#include "pellucid/trainer.h"

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

std::string layers(std::int64_t depth, std::int64_t width) {
  std::vector<std::string> units(static_cast<std::size_t>(depth), std::to_string(width));
  return join(units, ",");
}

bool is_by_hand(const std::string& origin) {
  return origin != "default" && !origin.starts_with("auto") && !origin.starts_with("preset");
}

}  // namespace

std::string Trial::text() const {
  return fmt::format("hidden {} · lr {} · dropout {} · decay {}", hidden, number_text(learning_rate),
                     number_text(dropout), number_text(decay));
}

TuneSpace::TuneSpace(Recipe standard) : standard_(std::move(standard)) {}

bool TuneSpace::is_free(const char* setting) const {
  const auto origin = standard_.origins.find(setting);
  return origin == standard_.origins.end() || !is_by_hand(origin->second);
}

bool TuneSpace::decays_weights() const {
  return base().optimizer == "adam" || base().optimizer == "adamw";
}

std::int64_t TuneSpace::epochs() const {
  return whole_or_auto(base().epochs).value_or(1);
}

Trial TuneSpace::standard() const {
  Trial trial{0, base().hidden, number_or_auto(base().lr).value_or(0), base().dropout, base().l2};
  const auto decay = base().details.find("optimizer.weight_decay");
  if (base().optimizer == "adamw" && decay != base().details.end()) parse_number(decay->second, trial.decay);
  return trial;
}

Trial TuneSpace::draw(std::int64_t number) const {
  Random random({.seed = static_cast<std::uint64_t>(base().seed), .step = static_cast<std::uint32_t>(number)});
  Trial trial = standard();
  trial.number = number;
  const std::int64_t width = one_of(widths, random), depth = one_of(depths, random);
  const double rate = one_of(rates, random), dropout = one_of(dropouts, random);
  const double decay = one_of(decays_weights() ? decays : penalties, random);
  if (is_free("hidden")) trial.hidden = layers(depth, width);
  if (is_free("lr")) trial.learning_rate = rounded(trial.learning_rate * rate);
  if (is_free("dropout") && base().optimizer != Lbfgs::name) trial.dropout = dropout;
  if (is_free("optimizer.weight_decay") && is_free("l2")) trial.decay = decay;
  return trial;
}

Recipe TuneSpace::settings(const Trial& trial, std::int64_t epochs) const {
  Recipe recipe = standard_;
  Recipe& s = recipe;
  const auto put = [&](const std::string& name, const std::string& text) {
    set_setting(s, name, text, "tune");
    recipe.origins[name] = fmt::format("tune: trial {}", trial.number);
  };
  const Trial usual = standard();
  if (trial.hidden != usual.hidden) put("hidden", trial.hidden);
  if (trial.learning_rate != usual.learning_rate) put("lr", number_text(trial.learning_rate));
  if (trial.dropout != usual.dropout) put("dropout", number_text(trial.dropout));
  if (trial.decay != usual.decay && decays_weights()) {
    put("optimizer", "adamw");
    put("optimizer.weight_decay", number_text(trial.decay));
  } else if (trial.decay != usual.decay) {
    put("l2", number_text(trial.decay));
  }
  if (epochs == this->epochs()) return recipe;
  put("epochs", std::to_string(epochs));
  const auto patience = recipe.origins.find("patience");
  if (s.patience != "0" && patience != recipe.origins.end() && patience->second.starts_with("auto")) {
    put("patience", std::to_string(auto_patience(epochs).value));
  }
  return recipe;
}

}  // namespace pellucid
