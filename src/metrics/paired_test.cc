// Paired tests of two models on the same rows.
// Not here: the errors of single rows (row_errors in regression.cc, Evaluation::row_errors).
#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/metric.h"

namespace pellucid {

namespace {

// Two-sided sign test: the p-value if the rarer side of a fair coin shows k times in n tosses.
double sign_test(std::int64_t k, std::int64_t n) {
  if (n == 0) return 1;
  double sum = 0;
  for (std::int64_t i = 0; i <= k; ++i) {
    sum += std::exp(std::lgamma(n + 1.0) - std::lgamma(i + 1.0) - std::lgamma(n - i + 1.0) - n * std::log(2.0));
  }
  return std::min(1.0, 2 * sum);
}

// Two-sided test of the mean difference, which is approximately normal. Returns the p-value.
double normal_test(std::span<const double> a, std::span<const double> b) {
  const auto n = static_cast<double>(a.size());
  double mean = 0, squares = 0;
  for (std::size_t r = 0; r < a.size(); ++r) mean += (a[r] - b[r]) / n;
  for (std::size_t r = 0; r < a.size(); ++r) squares += (a[r] - b[r] - mean) * (a[r] - b[r] - mean);
  if (squares == 0) return mean == 0 ? 1 : 0;
  return std::erfc(std::abs(mean) / std::sqrt(squares / (n - 1) / n) / std::sqrt(2.0));
}

}  // namespace

PairedTest paired_test(std::span<const double> a, std::span<const double> b, bool right_or_wrong) {
  if (a.size() != b.size()) {
    throw Error("U20", "a paired test takes the errors of the same rows, got " + count_text(std::ssize(a)) + " and " +
                           count_text(std::ssize(b)));
  }
  PairedTest test;
  for (std::size_t r = 0; r < a.size(); ++r) {
    test.first_better += a[r] < b[r];
    test.second_better += a[r] > b[r];
  }
  test.p = right_or_wrong
               ? sign_test(std::min(test.first_better, test.second_better), test.first_better + test.second_better)
               : normal_test(a, b);
  return test;
}

}  // namespace pellucid
