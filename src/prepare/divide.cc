// Dividing rows by groups, by time and into folds.
// Not here: stratified splits (stratify.cc), reading groups and times from cells (divide_keys.cc).
#include "prepare/divide.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/random.h"

namespace pellucid {

namespace {

std::int64_t rounded(double x) {
  return static_cast<std::int64_t>(std::floor(x + 0.5));
}

// The rows of each group; the groups are in random order.
std::vector<Rows> shuffled_groups(std::span<const std::int32_t> groups, std::uint64_t seed) {
  const std::int32_t count = groups.empty() ? 0 : *std::max_element(groups.begin(), groups.end()) + 1;
  std::vector<Rows> members(static_cast<std::size_t>(count));
  for (std::size_t row = 0; row < groups.size(); ++row) members[groups[row]].push_back(static_cast<std::int64_t>(row));
  std::erase_if(members, [](const Rows& rows) { return rows.empty(); });
  Rows order(members.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  Random(RandomKey{.seed = seed, .purpose = Purpose::split}).shuffle(order);
  std::vector<Rows> result;
  for (const std::int64_t group : order) result.push_back(std::move(members[group]));
  return result;
}

// Greedy assignment: how many rows of each class each split (or fold) still needs.
class Lacks {
 public:
  /// `shares`: the share of all rows that each split should get.
  Lacks(std::span<const std::int32_t> labels, std::size_t rows, const std::vector<double>& shares)
      : labels_(labels),
        sizes_(labels.empty() ? 1 : static_cast<std::size_t>(*std::max_element(labels.begin(), labels.end())) + 1) {
    for (std::size_t row = 0; row < rows; ++row) ++sizes_[class_of(static_cast<std::int64_t>(row))];
    for (const double share : shares) {
      std::vector<double>& lacks = lacks_.emplace_back();
      for (const double size : sizes_) lacks.push_back(size * share);
    }
  }

  /// Assigns the rows of `group` to the split that is furthest below its class quotas, and returns its index. Each
  /// class counts relative to its size.
  std::size_t give(const Rows& group) {
    std::vector<double> brings(sizes_.size());
    for (const std::int64_t row : group) ++brings[class_of(row)];
    std::size_t best = 0;
    double most = -std::numeric_limits<double>::infinity();
    for (std::size_t part = 0; part < lacks_.size(); ++part) {
      double need = 0;
      for (std::size_t c = 0; c < brings.size(); ++c) {
        if (brings[c] > 0) need += lacks_[part][c] * brings[c] / sizes_[c];
      }
      if (need > most) best = part;
      most = std::max(most, need);
    }
    for (std::size_t c = 0; c < brings.size(); ++c) lacks_[best][c] -= brings[c];
    return best;
  }

 private:
  std::size_t class_of(std::int64_t row) const { return labels_.empty() ? 0 : static_cast<std::size_t>(labels_[row]); }

  std::span<const std::int32_t> labels_;
  std::vector<double> sizes_;
  std::vector<std::vector<double>> lacks_;
};

}  // namespace

HeldRows held_rows(std::int64_t rows, double validation, double test) {
  if (!(validation >= 0 && validation < 1 && test >= 0 && test < 1 && validation + test < 1)) {
    throw Error(
        "U12",
        fmt::format(
            "the shares {} for validation and {} for test are impossible: each is at least 0 and their sum is below 1",
            validation, test));
  }
  const auto size = static_cast<double>(rows);
  HeldRows result;
  if (validation > 0) result.validation = std::max<std::int64_t>(1, rounded(size * validation));
  if (test > 0) result.test = std::max<std::int64_t>(1, rounded(size * (validation + test)) - result.validation);
  const std::int64_t parts = 1 + (validation > 0) + (test > 0);
  if (result.validation + result.test >= rows) {
    throw Error("D19", fmt::format("{} cannot be divided into {}", plural(rows, "row"), plural(parts, "split")),
                {"`val_split = 0` or `test_split = 0` needs one split fewer"});
  }
  return result;
}

RowParts divide_by_group(std::span<const std::int32_t> groups, std::span<const std::int32_t> labels, double validation,
                         double test, std::uint64_t seed) {
  const auto rows = static_cast<std::int64_t>(groups.size());
  const HeldRows held = held_rows(rows, validation, test);
  const auto share = [&](std::int64_t part) { return static_cast<double>(part) / static_cast<double>(rows); };
  Lacks lacks(labels, groups.size(),
              {share(rows - held.validation - held.test), share(held.validation), share(held.test)});
  const std::vector<Rows> members = shuffled_groups(groups, seed);
  RowParts parts(3);
  for (const Rows& group : members) {
    Rows& part = parts[lacks.give(group)];
    part.insert(part.end(), group.begin(), group.end());
  }
  if (parts[0].empty() || (validation > 0 && parts[1].empty()) || (test > 0 && parts[2].empty())) {
    throw Error("D19",
                fmt::format("{} cannot be divided: one split would get no group",
                            plural(static_cast<std::int64_t>(members.size()), "group")),
                {"`val_split = 0` or `test_split = 0` needs one split fewer"});
  }
  for (Rows& part : parts) std::sort(part.begin(), part.end());
  return parts;
}

RowParts divide_by_time(std::span<const double> times, double validation, double test) {
  const auto rows = static_cast<std::int64_t>(times.size());
  const HeldRows held = held_rows(rows, validation, test);
  Rows order(times.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return times[a] < times[b]; });
  const auto start_of_time = [&](std::int64_t at) {
    while (at > 0 && at < rows && times[order[at - 1]] == times[order[at]]) --at;
    return at;
  };
  const std::int64_t second = start_of_time(rows - held.test);
  const std::int64_t first =
      held.validation > 0 ? start_of_time(std::max<std::int64_t>(0, second - held.validation)) : second;
  if (first == 0) {
    throw Error("D19", "too many rows have the same time: no earlier rows are left to train on",
                {"use a column with finer times, or smaller `val_split` and `test_split`"});
  }
  RowParts parts = {{order.begin(), order.begin() + first},
                    {order.begin() + first, order.begin() + second},
                    {order.begin() + second, order.end()}};
  for (Rows& part : parts) std::sort(part.begin(), part.end());
  return parts;
}

LargeVector<std::int32_t> folds_of(std::int64_t rows, std::span<const std::int32_t> labels,
                                   std::span<const std::int32_t> groups, std::int64_t folds, std::uint64_t seed) {
  if (folds < 2) throw Error("U12", fmt::format("cross-validation needs at least 2 folds, got {}", folds));
  std::vector<Rows> lots;  // the rows of each class, or of each group
  if (groups.empty()) {
    const LargeVector<std::int32_t> one_class(static_cast<std::size_t>(rows), 0);
    lots = shuffled_groups(labels.empty() ? one_class : labels, seed);
  } else {
    lots = shuffled_groups(groups, seed);
    std::stable_sort(lots.begin(), lots.end(), [](const Rows& a, const Rows& b) { return a.size() > b.size(); });
  }
  const std::int64_t units = groups.empty() ? rows : static_cast<std::int64_t>(lots.size());
  if (units < folds) {
    throw Error("D19", fmt::format("{} cannot be divided into {}", plural(units, groups.empty() ? "row" : "group"),
                                   plural(folds, "fold")));
  }
  LargeVector<std::int32_t> fold(static_cast<std::size_t>(rows), -1);
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(folds));
  if (!groups.empty()) {
    const auto count = static_cast<std::size_t>(folds);
    Lacks lacks(labels, groups.size(), std::vector<double>(count, 1.0 / static_cast<double>(folds)));
    for (const Rows& lot : lots) {
      const std::size_t own = lacks.give(lot);
      for (const std::int64_t row : lot) fold[row] = static_cast<std::int32_t>(own);
    }
    return fold;
  }
  Random random({.seed = seed, .purpose = Purpose::split, .step = 1});
  for (Rows& lot : lots) {
    if (!labels.empty() && lot.size() == 1) continue;
    random.shuffle(lot);
    for (const std::int64_t row : lot) {
      const auto smallest = std::min_element(sizes.begin(), sizes.end());
      fold[row] = static_cast<std::int32_t>(smallest - sizes.begin());
      ++*smallest;
    }
  }
  return fold;
}

}  // namespace pellucid
