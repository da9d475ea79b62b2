// Normally distributed random numbers (Box and Muller, Annals of Mathematical Statistics 29, 1958). The file is in this
// folder because it needs the kernels' log and cos.
// Not here: the random words (core/random.cc).
#include <cmath>
#include <utility>

#include "kernels/scalar_math.h"
#include "pellucid/random.h"

namespace pellucid {

double Random::normal() noexcept {
  if (std::exchange(has_spare_, false)) return spare_;
  const double u = 1 - uniform();  // never 0, so the logarithm is finite
  const double turn = uniform();
  const double radius = std::sqrt(-2 * math::log(u));
  spare_ = radius * math::sin2pi(turn);
  has_spare_ = true;
  return radius * math::cos2pi(turn);
}

}  // namespace pellucid
