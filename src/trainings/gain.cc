// The gain and its interval. Not here: scores of one training (metrics).
#include <algorithm>
#include <cmath>
#include <vector>

#include "metrics/unit.h"
#include "pellucid/error.h"
#include "pellucid/tune.h"

namespace pellucid {

namespace {

// Student's t, between whose ± lie 95 %, for 1, 2, … degrees of freedom.
constexpr double student[] = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228};

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double x : values) sum += x;
  return sum / static_cast<double>(values.size());
}

// Of the mean: the sample variance over the count.
double variance_of_mean(const std::vector<double>& values) {
  if (values.size() < 2) return 0;
  const double middle = mean(values);
  double squares = 0;
  for (const double x : values) squares += (x - middle) * (x - middle);
  const auto n = static_cast<double>(values.size());
  return squares / (n - 1) / n;
}

double mean_score(std::span<const Evaluation> trainings) {
  std::vector<double> scores;
  for (const Evaluation& e : trainings) scores.push_back(e.score());
  return mean(scores);
}

}  // namespace

TuneGain gain_over(std::span<const Evaluation> standard, std::span<const Evaluation> candidate) {
  if (standard.size() != candidate.size() || standard.size() < 2) {
    throw Error("U20", "a gain needs the same number of trainings of both settings, at least two");
  }
  std::vector<double> of_seeds, of_rows;
  for (std::size_t i = 0; i < standard.size(); ++i) {
    const std::vector<double> one = standard[i].row_errors(), other = candidate[i].row_errors();
    of_rows.resize(i == 0 ? one.size() : of_rows.size());
    if (one.size() != of_rows.size() || other.size() != of_rows.size() || one.empty()) {
      throw Error("U20", "a gain needs the same rows in all trainings");
    }
    for (std::size_t r = 0; r < one.size(); ++r) {
      of_rows[r] += (one[r] - other[r]) / static_cast<double>(standard.size());
    }
    of_seeds.push_back(mean(one) - mean(other));
  }
  TuneGain gain{mean_score(standard), mean_score(candidate), 0, {}};
  const double sum = gain.standard + gain.candidate;
  double unit = 1;
  if (standard.front().kind() == ScoreKind::rmse) {  // (a² − b²) / (a + b), the errors being squared in their own unit
    const double of_errors = error_unit(standard.front().targets.front().truth_values);
    unit = sum > 0 ? of_errors / sum * of_errors : 0;
  }
  gain.gain = mean(of_seeds) * unit;
  const double t = student[std::min(of_seeds.size() - 2, std::size(student) - 1)];
  const double half = t * unit * std::sqrt(variance_of_mean(of_seeds) + variance_of_mean(of_rows));
  gain.interval = {gain.gain - half, gain.gain + half};
  return gain;
}

}  // namespace pellucid
