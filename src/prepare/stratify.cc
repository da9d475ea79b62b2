// split_rows(): random training, validation and test rows, stratified by class.
// Not here: dividing by groups, by time and into folds (divide.cc), from a table to its splits (split.cc).
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/preprocess.h"
#include "pellucid/random.h"
#include "prepare/divide.h"

namespace pellucid {
namespace {

// Distributes the rows of a split among the classes: each class gets its share rounded down, but at least one row if it
// has three or more; the rows that remain go to the classes with the largest remainders.
struct ClassShares {
  const std::vector<std::int64_t>& sizes;
  std::vector<std::int64_t> held;  // rows of each class held back so far; a class keeps at least one training row
  bool another_part = false;

  std::vector<std::int64_t> take(double share, std::int64_t total) {
    std::vector<std::int64_t> counts(sizes.size());
    std::vector<double> remainders(sizes.size());
    std::int64_t left = total;
    for (std::size_t c = 0; c < sizes.size(); ++c) {
      const double ideal = static_cast<double>(sizes[c]) * share;
      const auto least = static_cast<std::int64_t>(total > 0 && sizes[c] >= 3);
      const std::int64_t given = std::min(std::max(static_cast<std::int64_t>(ideal), least), room(c));
      remainders[c] = ideal - static_cast<double>(given);
      give(c, given, counts, left);
    }
    std::vector<std::size_t> order(sizes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return remainders[a] > remainders[b]; });
    for (bool progress = true; left > 0 && progress;) {
      progress = false;
      for (const std::size_t c : order) {
        if (left <= 0 || room(c) <= 0) continue;
        give(c, 1, counts, left);
        progress = true;
      }
    }
    return counts;
  }

 private:
  // Rows of class c that may still be held back. One row stays for training; if the class has at least three, one more
  // is reserved for the split that is filled next.
  std::int64_t room(std::size_t c) const { return sizes[c] - 1 - held[c] - reserved(c); }
  std::int64_t reserved(std::size_t c) const { return another_part && sizes[c] >= 3 ? 1 : 0; }
  void give(std::size_t c, std::int64_t rows, std::vector<std::int64_t>& counts, std::int64_t& left) {
    counts[c] += rows;
    held[c] += rows;
    left -= rows;
  }
};

RowParts deal(RowParts groups, const std::vector<std::int64_t>& validation, const std::vector<std::int64_t>& test,
              std::uint64_t seed) {
  RowParts parts(3);
  Random random(RandomKey{.seed = seed, .purpose = Purpose::split});
  for (std::size_t g = 0; g < groups.size(); ++g) {
    Rows shuffled = std::move(groups[g]);
    random.shuffle(shuffled);
    const auto first = shuffled.begin() + validation[g];
    const auto second = first + test[g];
    parts[1].insert(parts[1].end(), shuffled.begin(), first);
    parts[2].insert(parts[2].end(), first, second);
    parts[0].insert(parts[0].end(), second, shuffled.end());
  }
  for (Rows& part : parts) std::sort(part.begin(), part.end());
  return parts;
}

}  // namespace

RowParts split_rows(std::int64_t rows, std::span<const std::int32_t> labels, double validation, double test,
                    std::uint64_t seed) {
  const HeldRows wanted = held_rows(rows, validation, test);
  if (rows < 0 || (!labels.empty() && static_cast<std::int64_t>(labels.size()) != rows)) {
    throw Error("U20", fmt::format("{} for {}", plural(static_cast<std::int64_t>(labels.size()), "label"),
                                   plural(rows, "row")));
  }
  if (std::any_of(labels.begin(), labels.end(), [](std::int32_t label) { return label < 0; })) {
    throw Error("D17", "a label is below 0");
  }
  const std::int32_t classes = labels.empty() ? 1 : *std::max_element(labels.begin(), labels.end()) + 1;
  RowParts groups(static_cast<std::size_t>(classes));
  for (std::int64_t row = 0; row < rows; ++row) groups[labels.empty() ? 0 : labels[row]].push_back(row);
  if (labels.empty()) return deal(std::move(groups), {wanted.validation}, {wanted.test}, seed);
  std::vector<std::int64_t> sizes;
  for (const Rows& group : groups) sizes.push_back(static_cast<std::int64_t>(group.size()));
  ClassShares shares{sizes, std::vector<std::int64_t>(sizes.size())};
  shares.another_part = test > 0;
  const auto for_validation = shares.take(validation, wanted.validation);
  shares.another_part = false;
  return deal(std::move(groups), for_validation, shares.take(test, wanted.test), seed);
}

}  // namespace pellucid
