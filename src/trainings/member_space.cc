// One row per setting: when it can be drawn, and from what distribution. Numbers are rounded to three digits, so that
// they can be typed.
// Not here: which members are chosen (selection.h).
#include "trainings/member_space.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/text.h"
#include "kernels/scalar_math.h"
#include "pellucid/error.h"
#include "pellucid/optimizer.h"
#include "pellucid/random.h"
#include "pellucid/setting_hint.h"
#include "recipe/build.h"
#include "recipe/presets.h"

namespace pellucid {
namespace {

constexpr std::uint32_t stream_of_draws = 1, stream_of_seeds = 2;  // of Purpose::user; tune draws from stream 0

std::string rounded(double x) {
  return number_text(std::strtod(fmt::format("{:.3g}", x).c_str(), nullptr));
}

double log_uniform(double low, double high, Random& random) {
  const double a = math::log(low), b = math::log(high);
  return math::exp(a + (b - a) * random.uniform());
}

bool has_hidden(const Recipe& recipe) {
  return !recipe.model.hidden.value().empty();
}

bool is_lbfgs(const Recipe& recipe) {
  return recipe.training.optimizer.kind()->name() == Lbfgs::name;
}

std::string rate(const Recipe& recipe, double factor) {
  return rounded(recipe.training.learning_rate.value() * factor);
}

// Draws see what the rows above them have drawn.
struct Draw {
  const char* setting;
  bool (*can_vary)(const Recipe&, const Preprocessor&);
  std::string (*draw)(const Recipe&, Random&);  // the value as text
  /// Of member 2, which is not drawn: these values went well with member 1's on the tables of docs/members.md.
  std::string (*second)(const Recipe&);
};

constexpr Draw draws[] = {
    {"learning_rate", [](const Recipe& recipe, const Preprocessor&) { return !is_lbfgs(recipe); },
     [](const Recipe& recipe, Random& random) { return rate(recipe, log_uniform(0.4, 1.6, random)); },
     [](const Recipe& recipe) { return rate(recipe, 0.5); }},
    {"dropout", [](const Recipe& recipe, const Preprocessor&) { return has_hidden(recipe) && !is_lbfgs(recipe); },
     [](const Recipe&, Random& random) {
       const bool none = random.below(2) == 0;
       return none ? std::string("0") : rounded(0.3 * random.uniform());
     },
     [](const Recipe&) { return std::string("0.1"); }},
    {"hidden", [](const Recipe& recipe, const Preprocessor&) { return has_hidden(recipe); },
     [](const Recipe&, Random& random) {
       constexpr std::array widths = {"96", "128", "160"};
       const std::size_t depth = 2 + random.below(2);
       const std::string width = widths[random.below(widths.size())];
       return join(std::vector<std::string>(depth, width), ",");
     },
     [](const Recipe& recipe) { return setting_text(recipe, "hidden"); }},
    {"number_embedding", [](const Recipe&, const Preprocessor& learned) { return !numeric_features(learned).empty(); },
     [](const Recipe&, Random& random) {
       constexpr std::array kinds = {"piecewise", "periodic", "piecewise", "periodic", "none"};
       return std::string(kinds[random.below(kinds.size())]);
     },
     [](const Recipe&) { return std::string("piecewise"); }},
    {"number_embedding_scale",
     [](const Recipe&, const Preprocessor& learned) { return !numeric_features(learned).empty(); },
     [](const Recipe& recipe, Random& random) {
       const bool has_scale = recipe.model.number_embedding == NumberEmbedding::periodic;
       return has_scale ? rounded(log_uniform(0.05, 5, random)) : setting_text(recipe, "number_embedding_scale");
     },
     [](const Recipe& recipe) { return setting_text(recipe, "number_embedding_scale"); }},
};

std::string names_of_draws() {
  std::vector<std::string> names;
  for (const Draw& draw : draws) names.emplace_back(draw.setting);
  return join(names, ", ");
}

void require_drawable(const std::string& name, const Recipe& recipe, const Preprocessor& preprocessor) {
  const auto found = std::ranges::find_if(draws, [&](const Draw& draw) { return name == draw.setting; });
  if (found != std::end(draws) && found->can_vary(recipe, preprocessor)) return;
  const std::string why = found == std::end(draws) ? "members do not draw it" : "it has no effect in this training";
  throw Error("U34", fmt::format("vary = {}: {}", name, why),
              {fmt::format("members can draw {}", names_of_draws()),
               setting_hint("vary", "none") + " trains members that differ only in their seeds"});
}

}  // namespace

MemberSpace::MemberSpace(const Recipe& recipe, const Preprocessor& preprocessor) : base_(recipe) {
  TrainingSettings& one = base_.training;
  if (!one.vary.is_auto()) {
    varied_ = one.vary.value();
    for (const std::string& name : varied_) require_drawable(name, recipe, preprocessor);
  } else {
    for (const Draw& draw : draws) {
      const bool free = is_by_rule(origin_of(recipe, draw.setting)) && draw.can_vary(recipe, preprocessor);
      if (free) varied_.emplace_back(draw.setting);
    }
  }
  one.members = 1;
  one.cross_fit = 0;
  one.time_limit = 0;
  one.vary = {};
}

// Each setting has numbers of its own, so that a further row of the table changes no draw of the others.
Recipe MemberSpace::settings(std::int64_t number) const {
  Recipe recipe = base_;
  if (number == 1) return recipe;
  const std::string origin = fmt::format("members: member {}", number);
  for (std::uint32_t row = 0; row < std::size(draws); ++row) {
    const Draw& draw = draws[row];
    if (std::ranges::find(varied_, draw.setting) == varied_.end()) continue;
    Random random({.seed = static_cast<std::uint64_t>(base_.training.seed),
                   .stream = stream_of_draws,
                   .step = static_cast<std::uint32_t>(number),
                   .row = row});
    set_setting(recipe, draw.setting, number == 2 ? draw.second(recipe) : draw.draw(recipe, random), origin);
    recipe.origins[draw.setting] = origin;
  }
  return recipe;
}

std::string MemberSpace::text(std::int64_t number) const {
  const Recipe recipe = settings(number);
  std::vector<std::string> parts;
  for (const std::string& name : varied_) {
    const std::string value = setting_text(recipe, name);
    if (value != setting_text(base_, name)) parts.push_back(name + " " + value);
  }
  return join(parts, " · ");
}

std::uint64_t MemberSpace::seed(std::int64_t number, std::int64_t fold) const {
  const auto own = static_cast<std::uint64_t>(base_.training.seed);
  if (number == 1 && fold <= 1) return own;
  Random random({.seed = own,
                 .stream = stream_of_seeds,
                 .step = static_cast<std::uint32_t>(number),
                 .row = static_cast<std::uint32_t>(fold)});
  return random.word();
}

}  // namespace pellucid
