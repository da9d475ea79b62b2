// L-BFGS: minimises a smooth function of many numbers by its values and gradients.
// Not here: what the function is (the trainer's loss over all rows), the settings (pellucid/optimizer.h).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "pellucid/optimizer.h"

namespace pellucid {

/// The function at `point`; fills `gradient` (of the same size). May return infinity or NaN: the search then turns
/// back.
using Objective = std::function<double(const std::vector<double>& point, std::vector<double>& gradient)>;

/// Nocedal, Wright, Numerical Optimization, 2nd ed.: two-loop recursion (alg. 7.4, 7.5) and a line search for the
/// strong Wolfe conditions (alg. 3.5, 3.6; c1 = 1e-4, c2 = 0.9). All sums run in ascending order, so equal calls give
/// equal bits.
class LbfgsSearch {
 public:
  /// Evaluates the objective once, at `start`.
  LbfgsSearch(const Lbfgs& settings, Objective objective, std::vector<double> start);

  /// Goes on from where another search of the same function was, with the same bits; false where `state` is none.
  bool restore(const std::vector<std::vector<double>>& state);
  /// The point, then of each remembered step the change of the point and that of the gradient.
  std::vector<std::vector<double>> state() const;

  /// One accepted step, usually one or two evaluations. False when the search is over: `stopped()` says why. The point
  /// is then the last accepted one.
  bool step();

  const std::vector<double>& point() const noexcept { return point_; }
  const std::vector<double>& gradient() const noexcept { return gradient_; }
  double value() const noexcept { return value_; }
  std::int64_t evaluations() const noexcept { return evaluations_; }
  const std::string& stopped() const noexcept { return stopped_; }

 private:
  // What is known at distance `length` along the direction.
  struct Trial {
    double length = 0, value = 0, slope = 0;
    std::vector<double> point, gradient;
  };
  // One accepted step: the change of the point, of the gradient, and 1 / (their product).
  struct Pair {
    std::vector<double> moved, bent;
    double inverse_product;
  };

  bool over();
  std::vector<double> direction() const;
  Trial start_of(const std::vector<double>& direction) const;
  Trial at(double length, const std::vector<double>& direction);
  bool wolfe_search(const std::vector<double>& direction, Trial& found);
  bool zoom(const std::vector<double>& direction, const Trial& start, Trial low, Trial high, Trial& found);
  void accept(Trial& found);

  Lbfgs settings_;
  Objective objective_;
  std::vector<double> point_, gradient_;
  double value_;
  std::int64_t evaluations_ = 1;
  std::vector<Pair> pairs_;  // oldest first, at most settings_.history
  std::string stopped_;
};

}  // namespace pellucid
