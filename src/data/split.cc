// Splitting a table's rows into training, validation and test rows, and the three datasets over them.
// Not here: what is learned from the training rows (fit.cc).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/text.h"
#include "data/fit.h"
#include "data/target.h"
#include "data/words.h"
#include "pellucid/error.h"
#include "pellucid/preprocess.h"
#include "pellucid/random.h"

namespace pellucid {

namespace {

using Rows = std::vector<std::int64_t>;

/// How many rows the two parts that are held back get.
struct Counts {
  std::int64_t validation = 0;
  std::int64_t test = 0;
};

std::int64_t rounded(double x) {
  return static_cast<std::int64_t>(std::floor(x + 0.5));
}

// A part that is wanted has at least one row.
Counts totals(std::int64_t rows, double validation, double test) {
  if (!(validation >= 0 && validation < 1 && test >= 0 && test < 1 && validation + test < 1)) {
    throw Error(
        "U12",
        fmt::format("cannot hold back {} for validation and {} for test: shares are at least 0 and together below 1",
                    validation, test));
  }
  const auto size = static_cast<double>(rows);
  Counts result;
  if (validation > 0) result.validation = std::max<std::int64_t>(1, rounded(size * validation));
  if (test > 0) result.test = std::max<std::int64_t>(1, rounded(size * (validation + test)) - result.validation);
  const std::int64_t parts = 1 + (validation > 0) + (test > 0);
  if (result.validation + result.test >= rows) {
    throw Error("D19", fmt::format("{} cannot fill {}", plural(rows, "row"), plural(parts, "part")),
                {"--val-split 0 or --test-split 0 makes one part less"});
  }
  return result;
}

// Shares one part's rows out among the classes: each gets the whole part of its share, at least one row of three, and
// the largest remainders get what is left.
struct ClassShares {
  const std::vector<std::int64_t>& sizes;
  std::vector<std::int64_t> held;  // by all parts so far; a class keeps at least one training row

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
  // One row is for training; three or more leave one for the part that comes after.
  std::int64_t room(std::size_t c) const { return sizes[c] - 1 - held[c] - reserved(c); }
  std::int64_t reserved(std::size_t c) const { return another_part && sizes[c] >= 3 ? 1 : 0; }
  void give(std::size_t c, std::int64_t rows, std::vector<std::int64_t>& counts, std::int64_t& left) {
    counts[c] += rows;
    held[c] += rows;
    left -= rows;
  }

 public:
  bool another_part = false;
};

std::vector<Rows> deal(const std::vector<Rows>& groups, const std::vector<std::int64_t>& validation,
                       const std::vector<std::int64_t>& test, std::uint64_t seed) {
  std::vector<Rows> parts(3);
  Random random(RandomKey{.seed = seed, .purpose = Purpose::split});
  for (std::size_t g = 0; g < groups.size(); ++g) {
    Rows shuffled = groups[g];
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

// The rows of one part as positions in a dataset over the whole table.
Rows picked(const Rows& rows, const Rows& positions) {
  Rows result;
  for (const std::int64_t position : positions) result.push_back(rows[position]);
  return result;
}

void note_small_classes(const std::vector<std::int32_t>& labels, const std::vector<std::string>& classes,
                        Split& result) {
  std::vector<std::int64_t> sizes(classes.size());
  for (const std::int32_t label : labels) ++sizes[label];
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if (sizes[c] >= 3) continue;
    result.notes.push_back(fmt::format("D03 class {} has {}", quote(classes[c]), plural(sizes[c], "row")));
  }
}

void note_columns(Split& result) {
  const Preprocessor& found = result.preprocessor;
  if (!found.constant_columns.empty()) {
    const auto count = static_cast<std::int64_t>(found.constant_columns.size());
    result.notes.push_back(fmt::format("D04 {} never {}: {}", plural(count, "column"), count == 1 ? "varies" : "vary",
                                       listed(found.constant_columns)));
  }
  for (const std::string& column : found.left_out) result.notes.push_back("D05 left out " + column);
}

// The rows that may be split; with missing = drop, only complete ones.
Rows usable_rows(const Table& table, int target, const PreprocessOptions& options, std::int64_t first,
                 std::int64_t last, Split& result) {
  Rows rows(static_cast<std::size_t>(last - first));
  std::iota(rows.begin(), rows.end(), first);
  if (options.missing != "drop") return rows;
  Rows complete = complete_rows(table, rows, target, options);
  if (complete.size() < rows.size()) {
    result.notes.push_back(fmt::format("{} left out: they lack cells",
                                       plural(static_cast<std::int64_t>(rows.size() - complete.size()), "row")));
  }
  return complete;
}

}  // namespace

std::vector<Rows> split_rows(std::int64_t rows, const std::vector<std::int32_t>& labels, double validation, double test,
                             std::uint64_t seed) {
  const Counts wanted = totals(rows, validation, test);
  const std::int32_t classes = labels.empty() ? 1 : *std::max_element(labels.begin(), labels.end()) + 1;
  std::vector<Rows> groups(static_cast<std::size_t>(classes));
  for (std::int64_t row = 0; row < rows; ++row) groups[labels.empty() ? 0 : labels[row]].push_back(row);
  if (labels.empty()) return deal(groups, {wanted.validation}, {wanted.test}, seed);
  std::vector<std::int64_t> sizes;
  for (const Rows& group : groups) sizes.push_back(static_cast<std::int64_t>(group.size()));
  ClassShares shares{sizes, std::vector<std::int64_t>(sizes.size())};
  shares.another_part = test > 0;
  const auto for_validation = shares.take(validation, wanted.validation);
  shares.another_part = false;
  return deal(groups, for_validation, shares.take(test, wanted.test), seed);
}

Split split(const Table& table, const SplitOptions& options) {
  PreprocessOptions preprocess = options.preprocess;
  if (preprocess.target.empty()) preprocess.target = options.target;
  const int at = find_target(table, preprocess.target);
  const Column& target = table.columns[at];
  check_options(table, at, preprocess);
  Split result;
  const std::int64_t own = table.rows - table.test_rows;
  const Rows rows = usable_rows(table, at, preprocess, 0, own, result);
  if (rows.empty()) throw Error("D17", table.source + " has no rows to learn from");
  require_targets(table, target, rows);

  const TaskChoice choice = choose_task(target, rows, preprocess.task);
  preprocess.task = choice.task;
  result.stratified = choice.task == Task::classification;
  std::vector<std::int32_t> labels;
  if (result.stratified) {
    const std::vector<std::string> classes = classes_of(target, rows);
    const std::vector<std::int32_t> all = labels_of(target, classes);
    for (const std::int64_t row : rows) labels.push_back(all[row]);
    note_small_classes(labels, classes, result);
  }
  const double test = table.test_rows > 0 ? 0 : options.test;
  const auto parts = split_rows(static_cast<std::int64_t>(rows.size()), labels, options.validation, test, options.seed);
  const Rows train = picked(rows, parts[0]);
  result.preprocessor = Preprocessor::fit(table, train, preprocess);
  result.preprocessor.task_reason = choice.reason;
  note_columns(result);

  const Dataset all = result.preprocessor.transform(table);
  result.train = all.subset(train);
  result.validation = all.subset(picked(rows, parts[1]));
  result.test = all.subset(table.test_rows > 0 ? usable_rows(table, at, preprocess, own, table.rows, result)
                                               : picked(rows, parts[2]));
  return result;
}

}  // namespace pellucid
