// Successive halving. Not here: training.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "pellucid/tune.h"

namespace pellucid {

std::vector<Rung> halving_rungs(std::int64_t trials, std::int64_t epochs) {
  std::vector<Rung> rungs;
  const int rounds = trials >= 9 ? 3 : trials >= 3 ? 2 : 1;
  std::int64_t share = rounds == 3 ? 9 : rounds == 2 ? 3 : 1;
  for (int round = 0; round < rounds; ++round, share /= 3, trials = (trials + 2) / 3) {
    rungs.push_back({trials, std::max<std::int64_t>(1, epochs / share)});
  }
  return rungs;
}

std::vector<std::size_t> best_trials(std::span<const TrialScore> scores, std::int64_t keep, bool higher_is_better) {
  const auto better = [&](std::size_t a, std::size_t b) {
    const bool a_is = !std::isnan(scores[a].score), b_is = !std::isnan(scores[b].score);
    if (a_is != b_is) return a_is;
    if (!a_is) return false;
    if (scores[a].score != scores[b].score) return (scores[a].score > scores[b].score) == higher_is_better;
    return scores[a].loss < scores[b].loss;
  };
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), better);
  order.resize(std::min(order.size(), static_cast<std::size_t>(std::max<std::int64_t>(0, keep))));
  return order;
}

}  // namespace pellucid
