// Leaks: columns that reveal the target. Not here: other findings (findings.cc).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "core/shell.h"
#include "core/text.h"
#include "pellucid/findings.h"
#include "pellucid/setting_hint.h"
#include "prepare/fit.h"
#include "prepare/target.h"

namespace pellucid {

namespace {

constexpr std::size_t most_rows = 2000;
constexpr std::size_t least_rows = 100;  // for one column; among 30 rows, a column may determine the target by chance
constexpr std::size_t least_sum_rows = 30;  // for sums of columns, which do not equal the target by chance
constexpr double told_numbers = 0.999;      // R² from which a column or sum reveals a numeric target
constexpr double told_classes = 0.995;      // share of correctly predicted rows from which a column reveals a class
// Allowed mistakes, as a share of the mistakes made by always predicting the most frequent class.
constexpr double mistakes_left = 0.1;
constexpr double exact = 1e-18;  // squared error, relative to the target's sum of squares, that is only rounding
// Largest numbers of numeric columns for which sums of three, and of two, are tried.
constexpr std::size_t most_for_three = 100, most_for_two = 1000;

std::vector<std::int64_t> sample_of(std::span<const std::int64_t> rows) {
  if (rows.size() <= most_rows) return {rows.begin(), rows.end()};
  std::vector<std::int64_t> sample(most_rows);
  for (std::size_t i = 0; i < most_rows; ++i) sample[i] = rows[i * rows.size() / most_rows];
  return sample;
}

// The target in the sampled rows: either classes (`labels`) or numbers (`values`).
struct Target {
  std::vector<std::int32_t> labels;
  std::vector<double> values;
  std::int64_t classes = 0;
  double mean = 0, squares = 0;    // numeric target: mean and Σ(t − mean)²
  std::int64_t most_frequent = 0;  // rows of the most frequent class

  std::size_t rows() const { return classes > 0 ? labels.size() : values.size(); }
};

Target target_of(const Column& column, Task task, const std::vector<std::int64_t>& rows) {
  Target target;
  if (task == Task::classification) {
    const std::vector<std::string> classes = classes_of(column, rows);
    const LargeVector<std::int32_t> all = labels_of(column, classes);
    target.classes = static_cast<std::int64_t>(classes.size());
    std::vector<std::int64_t> counts(classes.size());
    for (const std::int64_t row : rows) target.labels.push_back(all[row]);
    for (const std::int32_t label : target.labels) {
      if (label >= 0) target.most_frequent = std::max(target.most_frequent, ++counts[label]);
    }
    return target;
  }
  if (column.type != Column::Type::number) return target;
  for (const std::int64_t row : rows) target.values.push_back(column.numbers[row]);
  const auto n = static_cast<double>(rows.size());
  target.mean = std::accumulate(target.values.begin(), target.values.end(), 0.0) / n;
  for (const double t : target.values) target.squares += (t - target.mean) * (t - target.mean);
  return target;
}

// Sampled rows with equal cells in one column. Groups are in ascending order of the cell. Words and missing cells have
// no order.
struct Group {
  std::vector<std::size_t> rows;  // positions in the sample
  double cell = 0;
  bool ordered = false;  // whether the cell is a number, so that neighbouring groups can be compared
  double mean = 0;       // mean of a numeric target over the group's rows
  // Most frequent class, its rows, and the rows of the second most frequent class.
  std::int64_t label = 0, rows_of_label = 0, next = 0;
};

std::vector<Group> groups_of(const Column& column, const std::vector<std::int64_t>& rows) {
  const bool words = column.type == Column::Type::text;
  std::vector<std::pair<double, std::size_t>> cells;  // missing cells become -infinity and sort first
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double cell = words                                ? column.codes[rows[i]]
                        : column.type == Column::Type::bytes ? column.bytes[rows[i]]
                                                             : column.numbers[rows[i]];
    cells.emplace_back(std::isnan(cell) ? -std::numeric_limits<double>::infinity() : cell, i);
  }
  std::sort(cells.begin(), cells.end());
  std::vector<Group> groups;
  for (const auto& [cell, at] : cells) {
    if (groups.empty() || groups.back().cell != cell) groups.push_back({{}, cell, !words && std::isfinite(cell)});
    groups.back().rows.push_back(at);
  }
  return groups;
}

void learn(std::vector<Group>& groups, const Target& target) {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(target.classes));
  for (Group& group : groups) {
    for (const std::size_t row : group.rows) {
      if (target.classes == 0) group.mean += target.values[row] / static_cast<double>(group.rows.size());
      if (target.classes > 0 && target.labels[row] >= 0) ++counts[target.labels[row]];
    }
    for (const std::size_t row : group.rows) {
      if (target.classes == 0 || target.labels[row] < 0) continue;
      const std::int64_t count = std::exchange(counts[target.labels[row]], 0);
      if (count > group.rows_of_label) {
        group.next = group.rows_of_label;
        group.label = target.labels[row];
        group.rows_of_label = count;
      } else {
        group.next = std::max(group.next, count);
      }
    }
  }
}

// The groups before and after this one whose cells are comparable numbers. If one is absent, it is the other one.
std::array<const Group*, 2> neighbours(const std::vector<Group>& groups, std::size_t g) {
  std::array<const Group*, 2> found{};
  if (!groups[g].ordered) return found;
  if (g > 0 && groups[g - 1].ordered) found[0] = &groups[g - 1];
  if (g + 1 < groups.size()) found[1] = &groups[g + 1];
  if (!found[0]) found[0] = found[1];
  if (!found[1]) found[1] = found[0];
  return found;
}

// Number of rows whose class is predicted correctly from the column. A row is predicted from the other rows of its
// group; a row that is alone in its group, from the group with the nearest cell.
std::int64_t right_of(const std::vector<Group>& groups, const Target& target) {
  std::int64_t right = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const Group& group = groups[g];
    if (group.rows.size() > 1) {
      right += group.rows_of_label > group.next ? group.rows_of_label : 0;
      continue;
    }
    const auto [below, above] = neighbours(groups, g);
    if (!below) continue;
    const Group& nearer = group.cell - below->cell < above->cell - group.cell ? *below : *above;
    right += nearer.label == target.labels[group.rows[0]] ? 1 : 0;
  }
  return right;
}

double squared_error(const std::vector<Group>& groups, const Target& target) {
  double error = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const Group& group = groups[g];
    const auto n = static_cast<double>(group.rows.size());
    const auto [below, above] = neighbours(groups, g);
    double alone = target.mean;
    if (below) {
      const double width = above->cell - below->cell;
      const double share = width > 0 ? (group.cell - below->cell) / width : 0.5;
      alone = below->mean + share * (above->mean - below->mean);
    }
    for (const std::size_t row : group.rows) {
      const double t = target.values[row];
      const double guess = n > 1 ? (group.mean * n - t) / (n - 1) : alone;
      error += (t - guess) * (t - guess);
    }
  }
  return error;
}

// How well the column alone predicts the target, as text; nothing if that is too little for a leak.
std::optional<std::string> told_by(const Column& column, const Target& target, const std::vector<std::int64_t>& rows) {
  std::vector<Group> groups = groups_of(column, rows);
  learn(groups, target);
  const auto n = static_cast<double>(rows.size());
  if (target.classes > 0) {
    const double right = static_cast<double>(right_of(groups, target)) / n;
    const double usual = static_cast<double>(target.most_frequent) / n;
    if (right < told_classes || 1 - right > mistakes_left * (1 - usual)) return std::nullopt;
    return fmt::format("{:.1f}% correct", right * 100);
  }
  const double r2 = 1 - squared_error(groups, target) / target.squares;
  if (!(r2 >= told_numbers)) return std::nullopt;
  return fmt::format("R² {:.4f}", r2);
}

// A signed sum of up to three columns, and its squared error as a prediction of the target.
struct Sum {
  std::vector<std::pair<std::size_t, double>> terms;
  double error = 0;
};

class SumSearch {
 public:
  SumSearch(const Table& table, std::vector<std::size_t> columns, const Target& target,
            const std::vector<std::int64_t>& rows)
      : columns_(std::move(columns)), target_(target), limit_((1 - told_numbers) * target.squares) {
    for (const std::size_t c : columns_) {
      std::vector<double>& cells = cells_.emplace_back();
      for (const std::int64_t row : rows) cells.push_back(table.columns[c].numbers[row]);
    }
  }

  // The sum with the fewest columns that predicts the target; among several of that size, the one with the least error.
  std::optional<Sum> best() {
    for (std::size_t size = 1; size <= 3 && !best_; ++size) {
      if ((size == 2 && columns_.size() > most_for_two) || (size == 3 && columns_.size() > most_for_three)) break;
      extend({}, 0, size);
    }
    return best_;
  }

 private:
  void extend(const std::vector<std::size_t>& chosen, std::size_t from, std::size_t size) {
    if (chosen.size() == size) return try_signs(chosen);
    for (std::size_t c = from; c < cells_.size(); ++c) {
      std::vector<std::size_t> more = chosen;
      more.push_back(c);
      extend(more, c + 1, size);
    }
  }

  void try_signs(const std::vector<std::size_t>& chosen) {
    for (unsigned minus = 0; minus + 1 < 1u << chosen.size(); ++minus) {
      Sum sum;
      std::array<double, 3> signs{};
      for (std::size_t i = 0; i < chosen.size(); ++i) signs[i] = (minus >> i & 1) != 0 ? -1 : 1;
      if (!misses_little(chosen, signs, sum.error)) continue;
      for (std::size_t i = 0; i < chosen.size(); ++i) sum.terms.emplace_back(columns_[chosen[i]], signs[i]);
      if (!best_ || sum.error < best_->error) best_ = sum;
    }
  }

  // Whether the squared error stays within the limit. Stops at the first row that exceeds it: for most sums, soon.
  bool misses_little(const std::vector<std::size_t>& chosen, const std::array<double, 3>& signs, double& error) const {
    for (std::size_t r = 0; r < target_.values.size(); ++r) {
      double miss = target_.values[r];
      for (std::size_t i = 0; i < chosen.size(); ++i) miss -= signs[i] * cells_[chosen[i]][r];
      error += miss * miss;
      if (!(error <= limit_)) return false;
    }
    return true;
  }

  std::vector<std::size_t> columns_;
  std::vector<std::vector<double>> cells_;
  const Target& target_;
  double limit_;
  std::optional<Sum> best_;
};

std::string advice(const std::vector<std::string>& columns) {
  return fmt::format("if {} unknown when you predict: {}", columns.size() > 1 ? "they are" : "it is",
                     setting_hint_list("drop", columns));
}

Finding sum_finding(const Table& table, const std::string& target_name, const Target& target, Sum sum) {
  std::stable_sort(sum.terms.begin(), sum.terms.end(), [](auto& a, auto& b) { return a.second > b.second; });
  std::string terms;
  for (const auto& [column, sign] : sum.terms) {
    terms += (terms.empty() ? "" : sign > 0 ? " + " : " - ") + table.columns[column].name;
  }
  std::vector<std::string> names;
  for (const auto& [column, sign] : sum.terms) names.push_back(table.columns[column].name);
  const bool equal = sum.error <= exact * target.squares;
  const std::string nearly = equal ? "" : fmt::format(" nearly (R² {:.4f})", 1 - sum.error / target.squares);
  return Finding::warn("D02", fmt::format("leakage: {} equals {}{}; {}", terms, target_name, nearly, advice(names)),
                       names);
}

// Adds a finding for each column, or sum of columns, that reveals this target.
void find_leaks_of(const Table& table, int target, std::span<const int> targets, const PreprocessOptions& options,
                   std::span<const std::int64_t> rows, std::vector<Finding>& findings) {
  const Column& column = table.columns[target];
  const std::vector<std::int64_t> sample = sample_of(rows);
  if (column.cell() != 1 || sample.size() < least_sum_rows) return;
  const Target goal = target_of(column, choose_task(column, rows, options.task).task, sample);
  if (goal.rows() == 0 || (goal.classes == 0 && !(goal.squares > 0)) || goal.classes == 1) return;
  std::vector<std::size_t> features, numbers;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (is_feature(table, c, targets, options) && table.columns[c].cell() == 1) features.push_back(c);
  }
  for (const std::size_t c : features) {
    const bool enough = features.size() > 1 && sample.size() >= least_rows;
    const auto told = enough ? told_by(table.columns[c], goal, sample) : std::nullopt;
    if (told) {
      findings.push_back(
          Finding::warn("D02",
                        fmt::format("leakage: column {} alone predicts {} ({}); {}", quote(table.columns[c].name),
                                    column.name, *told, advice({table.columns[c].name})),
                        {table.columns[c].name}));
    } else if (table.columns[c].type == Column::Type::number && table.columns[c].shape.rank() == 0) {
      numbers.push_back(c);
    }
  }
  if (goal.classes > 0 || features.size() < 2) return;
  if (const auto sum = SumSearch(table, numbers, goal, sample).best()) {
    findings.push_back(sum_finding(table, column.name, goal, *sum));
  }
}

}  // namespace

std::vector<Finding> find_leaks(const Table& table, std::span<const int> targets, const PreprocessOptions& options,
                                std::span<const std::int64_t> rows) {
  check_parts(table, targets, {rows});
  std::vector<Finding> findings;
  for (const int target : targets) find_leaks_of(table, target, targets, options, rows, findings);
  return findings;
}

}  // namespace pellucid
