// Chooses the decision threshold for class 1 that gives the highest mean F1.
// Not here: applying it (classification.cc), when it is chosen (the program).
#include <algorithm>
#include <cmath>
#include <vector>

#include "pellucid/error.h"
#include "pellucid/large_vector.h"
#include "pellucid/metric.h"

namespace pellucid {
namespace {

// Mean F1 of the classes that occur or are predicted. `said`: rows predicted as class 1; `hits`: those of them that are
// class 1; `ones`: rows of class 1; `rows`: all rows.
double macro_f1(std::int64_t said, std::int64_t hits, std::int64_t ones, std::int64_t rows) {
  const auto f1 = [](std::int64_t right, std::int64_t claimed, std::int64_t there) {
    return 2 * static_cast<double>(right) / static_cast<double>(std::max<std::int64_t>(1, claimed + there));
  };
  const double one = f1(hits, said, ones), zero = f1((rows - said) - (ones - hits), rows - said, rows - ones);
  const bool has_one = said + ones > 0, has_zero = said + ones < 2 * rows;
  return (one + zero) / (has_one && has_zero ? 2 : 1);
}

// Counts of one target while the threshold falls: rows above the threshold are predicted as class 1.
struct Falling {
  std::int64_t said = 0, hits = 0, ones = 0, rows = 0;
  double f1() const { return macro_f1(said, hits, ones, rows); }
};

struct Entry {
  double chance;
  std::size_t target;
  std::int32_t truth;
};

double mean_f1(const std::vector<Falling>& targets) {
  double sum = 0;
  for (const Falling& target : targets) sum += target.f1();
  return sum / static_cast<double>(targets.size());
}

double usual_f1(std::span<const ClassPredictions> targets) {
  double sum = 0;
  for (ClassPredictions usual : targets) {
    usual.threshold = 0.5;
    sum += score(usual).macro.f1;
  }
  return sum / static_cast<double>(targets.size());
}

}  // namespace

double best_threshold(const ClassPredictions& predictions) {
  return best_threshold({&predictions, 1});
}

double best_threshold(std::span<const ClassPredictions> targets) {
  LargeVector<Entry> entries;
  std::vector<Falling> falling;
  for (const ClassPredictions& p : targets) {
    if (p.classes != 2) throw Error("U20", "a threshold divides two classes, got " + std::to_string(p.classes));
    score(p);  // throws if the predictions are invalid
    if (std::any_of(p.probabilities.begin(), p.probabilities.end(), [](double x) { return std::isnan(x); })) {
      throw Error("U20", "a threshold needs probabilities that are numbers; one is NaN");
    }
    const auto ones = std::count(p.truth.begin(), p.truth.end(), 1);
    for (std::size_t r = 0; r < p.truth.size(); ++r) {
      entries.push_back({p.probabilities[2 * r + 1], falling.size(), p.truth[r]});
    }
    falling.push_back({.ones = ones, .rows = static_cast<std::int64_t>(p.truth.size())});
  }
  if (falling.empty()) throw Error("U20", "a threshold needs at least one target");
  double best = 0.5, highest = usual_f1(targets);
  std::stable_sort(entries.begin(), entries.end(), [](auto& a, auto& b) { return a.chance > b.chance; });
  for (std::size_t i = 0; i + 1 < entries.size(); ++i) {  // the threshold is between entry i and the next
    Falling& target = falling[entries[i].target];
    ++target.said;
    target.hits += entries[i].truth;
    const double middle = entries[i + 1].chance + (entries[i].chance - entries[i + 1].chance) / 2;
    if (!(middle < entries[i].chance && middle > 0)) continue;
    const double f1 = mean_f1(falling);
    const bool nearer = std::abs(middle - 0.5) < std::abs(best - 0.5);
    if (f1 > highest || (f1 == highest && nearer)) {
      highest = f1;
      best = middle;
    }
  }
  return best;
}

}  // namespace pellucid
