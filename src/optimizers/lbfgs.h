// L-BFGS: minimises a smooth function of many variables, given its values and gradients.
// Not here: the function (train/lbfgs_run.cc: the loss over all training rows), settings (pellucid/optimizer.h).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "pellucid/optimizer.h"

namespace pellucid {

/// Returns the function's value at `point` and fills `gradient` (of the same size). It may return infinity or NaN; the
/// search then tries a shorter step.
using Objective = std::function<double(const std::vector<double>& point, std::vector<double>& gradient)>;

/// Nocedal, Wright, Numerical Optimization, 2nd ed.: two-loop recursion (alg. 7.4, 7.5) and a line search for the
/// strong Wolfe conditions (alg. 3.5, 3.6; c1 = 1e-4, c2 = 0.9). All sums run in ascending order, so equal inputs give
/// equal bits.
class LbfgsSearch {
 public:
  /// Evaluates the objective once, at `start`.
  LbfgsSearch(const Lbfgs& settings, Objective objective, std::vector<double> start);

  /// Continues another search of the same function from its state(), with the same bits; false if `state` is not valid.
  bool restore(const std::vector<std::vector<double>>& state);
  /// The current point; then, for each remembered step, the change of the point and the change of the gradient.
  std::vector<std::vector<double>> state() const;

  /// Makes one step, usually with one or two evaluations of the function. Returns false when the search is over;
  /// `stopped()` tells why, and the point is the last accepted one.
  bool step();

  const std::vector<double>& point() const noexcept { return point_; }
  const std::vector<double>& gradient() const noexcept { return gradient_; }
  double value() const noexcept { return value_; }
  std::int64_t evaluations() const noexcept { return evaluations_; }
  const std::string& stopped() const noexcept { return stopped_; }

 private:
  // The function at distance `length` along the search direction.
  struct Trial {
    double length = 0, value = 0, slope = 0;
    std::vector<double> point, gradient;
  };
  // One accepted step: the change of the point (moved), of the gradient (bent), and 1 / (their dot product).
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
  std::vector<Pair> pairs_;  // oldest first; at most settings_.history
  std::string stopped_;
};

}  // namespace pellucid
