// L-BFGS: search direction, line search and memory. Not here: neural networks (train/lbfgs_run.cc).
#include "optimizers/lbfgs.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"

namespace pellucid {
namespace {

constexpr double c1 = 1e-4;  // a step must lower the value by at least this share of what the slope predicts
constexpr double c2 = 0.9;   // a step must reduce the slope to at most this share
constexpr double farthest = 1e10;
constexpr int most_trials = 30;

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

double largest(const std::vector<double>& values) {
  double most = 0;
  for (double x : values) most = std::max(most, std::abs(x));
  return most;
}

// b += factor · a
void add(double factor, const std::vector<double>& a, std::vector<double>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) b[i] += factor * a[i];
}

// The minimum of the parabola through low's value and slope and high's value, kept away from both ends; the middle if
// the three are not finite.
double between(double low, double low_value, double low_slope, double high, double high_value) {
  const double width = high - low;
  const double inner = -low_slope * width * width / (2 * (high_value - low_value - low_slope * width));
  const double edge = 0.1 * std::abs(width);
  if (!std::isfinite(inner)) return low + 0.5 * width;
  return std::clamp(low + inner, std::min(low, high) + edge, std::max(low, high) - edge);
}

}  // namespace

LbfgsSearch::LbfgsSearch(const Lbfgs& settings, Objective objective, std::vector<double> start)
    : settings_(settings), objective_(std::move(objective)), point_(std::move(start)), gradient_(point_.size()) {
  value_ = objective_(point_, gradient_);
}

bool LbfgsSearch::restore(const std::vector<std::vector<double>>& state) {
  const auto fits = [&](const std::vector<double>& values) { return values.size() == point_.size(); };
  if (state.size() % 2 != 1 || !std::ranges::all_of(state, fits)) return false;
  if (static_cast<std::int64_t>(state.size() / 2) > settings_.history) return false;
  point_ = state.front();
  value_ = objective_(point_, gradient_);
  pairs_.clear();
  for (std::size_t i = 1; i < state.size(); i += 2) {
    pairs_.push_back({state[i], state[i + 1], 1 / dot(state[i], state[i + 1])});
  }
  return true;
}

std::vector<std::vector<double>> LbfgsSearch::state() const {
  std::vector<std::vector<double>> state = {point_};
  for (const Pair& pair : pairs_) {
    state.push_back(pair.moved);
    state.push_back(pair.bent);
  }
  return state;
}

bool LbfgsSearch::over() {
  if (!std::isfinite(value_)) {
    stopped_ = "the loss is not finite";
  } else if (largest(gradient_) <= settings_.tolerance) {
    stopped_ = "the largest gradient component is at most " + number_text(settings_.tolerance);
  }
  return !stopped_.empty();
}

bool LbfgsSearch::step() {
  if (over()) return false;
  Trial found;
  if (!wolfe_search(direction(), found)) {
    // A poor memory can give a direction without progress; try once more along the gradient itself.
    const bool remembered = !pairs_.empty();
    pairs_.clear();
    if (!remembered || !wolfe_search(direction(), found)) {
      stopped_ = "no step along the gradient lowers the loss any more";
      return false;
    }
  }
  accept(found);
  return true;
}

// Algorithm 7.4: corrects the gradient by the curvature that the remembered steps show.
std::vector<double> LbfgsSearch::direction() const {
  std::vector<double> d = gradient_;
  std::vector<double> alpha(pairs_.size());
  for (std::size_t i = pairs_.size(); i-- > 0;) {
    alpha[i] = pairs_[i].inverse_product * dot(pairs_[i].moved, d);
    add(-alpha[i], pairs_[i].bent, d);
  }
  // Without a memory, the first trial changes no component by more than 1.
  double scale = 1 / std::max(1.0, largest(gradient_));
  if (!pairs_.empty()) scale = 1 / (pairs_.back().inverse_product * dot(pairs_.back().bent, pairs_.back().bent));
  for (double& x : d) x *= scale;
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    const double beta = pairs_[i].inverse_product * dot(pairs_[i].bent, d);
    add(alpha[i] - beta, pairs_[i].moved, d);
  }
  for (double& x : d) x = -x;
  return d;
}

LbfgsSearch::Trial LbfgsSearch::start_of(const std::vector<double>& direction) const {
  return {0, value_, dot(gradient_, direction), point_, gradient_};
}

LbfgsSearch::Trial LbfgsSearch::at(double length, const std::vector<double>& direction) {
  Trial trial{length, 0, 0, point_, std::vector<double>(point_.size())};
  add(length, direction, trial.point);
  trial.value = objective_(trial.point, trial.gradient);
  trial.slope = dot(trial.gradient, direction);
  ++evaluations_;
  return trial;
}

// Algorithm 3.5: increases the step length until the last two lengths enclose an acceptable one.
bool LbfgsSearch::wolfe_search(const std::vector<double>& direction, Trial& found) {
  const Trial start = start_of(direction);
  if (!(start.slope < 0)) return false;
  Trial before = start;
  for (double length = 1; length < farthest; length *= 2) {
    Trial trial = at(length, direction);
    const bool enough = trial.value <= start.value + c1 * length * start.slope;  // false for NaN
    if (!enough || (before.length > 0 && trial.value >= before.value)) {
      return zoom(direction, start, std::move(before), std::move(trial), found);
    }
    if (std::abs(trial.slope) <= -c2 * start.slope) {
      found = std::move(trial);
      return true;
    }
    if (!(trial.slope < 0)) return zoom(direction, start, std::move(trial), std::move(before), found);
    before = std::move(trial);
  }
  return false;
}

// Algorithm 3.6: `low` is the best length so far; an acceptable length lies between it and `high`.
bool LbfgsSearch::zoom(const std::vector<double>& direction, const Trial& start, Trial low, Trial high, Trial& found) {
  for (int i = 0; i < most_trials; ++i) {
    const double length = between(low.length, low.value, low.slope, high.length, high.value);
    if (length == low.length || length == high.length) break;
    Trial trial = at(length, direction);
    const bool enough = trial.value <= start.value + c1 * length * start.slope;
    if (!enough || trial.value >= low.value) {
      high = std::move(trial);
      continue;
    }
    if (std::abs(trial.slope) <= -c2 * start.slope) {
      found = std::move(trial);
      return true;
    }
    if (trial.slope * (high.length - low.length) >= 0) high = std::move(low);
    low = std::move(trial);
  }
  if (low.length == 0 || !(low.value < start.value)) return false;
  found = std::move(low);  // lowers the value, but is not as flat as required; rounding leaves nothing better
  return true;
}

void LbfgsSearch::accept(Trial& found) {
  Pair pair{std::vector<double>(point_.size()), std::vector<double>(point_.size()), 0};
  for (std::size_t i = 0; i < point_.size(); ++i) {
    pair.moved[i] = found.point[i] - point_[i];
    pair.bent[i] = found.gradient[i] - gradient_[i];
  }
  point_ = std::move(found.point);
  gradient_ = std::move(found.gradient);
  value_ = found.value;
  const double product = dot(pair.moved, pair.bent);
  if (!(product > 0)) return;  // no curvature to remember; happens only after a step that rounding cut short
  pair.inverse_product = 1 / product;
  if (!std::isfinite(pair.inverse_product)) return;
  if (static_cast<std::int64_t>(pairs_.size()) == settings_.history) pairs_.erase(pairs_.begin());
  pairs_.push_back(std::move(pair));
}

}  // namespace pellucid
