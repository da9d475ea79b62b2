// Reading runs and holding them against each other. Not here: words.
#include "report/run_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/table.h"
#include "report/run_files.h"

namespace pellucid {
namespace {

std::string cell_text(const Column& column, std::size_t row) {
  if (column.type != Column::Type::text) return number_text(column.numbers[row]);
  const std::int32_t code = column.codes[row];
  return code < 0 ? "" : column.words[static_cast<std::size_t>(code)];
}

void read_predictions(ComparedRun& run) {
  const std::string file = run.path + "/predictions.csv";
  if (!std::filesystem::exists(file)) return;
  const char* kind = run.classification ? "text" : "number";
  const Table table = read_table(file, {.kinds = {{"truth", kind}, {"prediction", kind}, {"row", "number"}}});
  const int row = table.find("row"), truth = table.find("truth"), prediction = table.find("prediction");
  if (row < 0 || truth < 0 || prediction < 0)
    throw Error("D16", file + " is damaged: it lacks row, truth or prediction");
  const auto column = [&](int index) -> const Column& { return table.columns[static_cast<std::size_t>(index)]; };
  for (std::size_t r = 0; r < static_cast<std::size_t>(table.rows); ++r) {
    run.rows.push_back(static_cast<std::int64_t>(column(row).numbers[r]));
    run.truths.push_back(cell_text(column(truth), r));
    if (run.classification) {
      run.errors.push_back(cell_text(column(prediction), r) == run.truths.back() ? 0 : 1);
    } else {
      const double error = column(prediction).numbers[r] - column(truth).numbers[r];
      run.errors.push_back(error * error);
    }
  }
}

// Of n fair coins, that as few as k or fewer fall on the rarer side, or on the other.
double sign_test(std::int64_t k, std::int64_t n) {
  if (n == 0) return 1;
  double sum = 0;
  for (std::int64_t i = 0; i <= k; ++i) {
    sum += std::exp(std::lgamma(n + 1.0) - std::lgamma(i + 1.0) - std::lgamma(n - i + 1.0) - n * std::log(2.0));
  }
  return std::min(1.0, 2 * sum);
}

double normal_test(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<double>(a.size());
  double mean = 0, squares = 0;
  for (std::size_t r = 0; r < a.size(); ++r) mean += (a[r] - b[r]) / n;
  for (std::size_t r = 0; r < a.size(); ++r) squares += (a[r] - b[r] - mean) * (a[r] - b[r] - mean);
  if (squares == 0) return mean == 0 ? 1 : 0;
  return std::erfc(std::abs(mean) / std::sqrt(squares / (n - 1) / n) / std::sqrt(2.0));
}

PairComparison compare_pair(const std::vector<ComparedRun>& runs, std::size_t better, std::size_t worse) {
  const ComparedRun &a = runs[better], &b = runs[worse];
  PairComparison pair{.better = better, .worse = worse, .difference = std::abs(a.score - b.score), .p = 1};
  if (!a.classification) {
    pair.p = normal_test(a.errors, b.errors);
    return pair;
  }
  for (std::size_t r = 0; r < a.errors.size(); ++r) {
    pair.better_only += a.errors[r] < b.errors[r];
    pair.worse_only += a.errors[r] > b.errors[r];
  }
  pair.p = sign_test(std::min(pair.better_only, pair.worse_only), pair.better_only + pair.worse_only);
  return pair;
}

std::string obstacle_of(const std::vector<ComparedRun>& runs) {
  for (const ComparedRun& run : runs) {
    if (std::isnan(run.score)) return run.path + " has no result on test rows";
    if (run.errors.empty()) return run.path + " holds no predictions.csv";
  }
  const ComparedRun& first = runs.front();
  for (const ComparedRun& run : runs) {
    if (run.rows == first.rows && run.truths == first.truths) continue;
    return fmt::format("{} and {} were judged on different test rows ({} and {} of them)", first.path, run.path,
                       count_text(static_cast<std::int64_t>(first.rows.size())),
                       count_text(static_cast<std::int64_t>(run.rows.size())));
  }
  return "";
}

std::string setting_in(const Json& report, const std::string& name) {
  const auto settings = report.find("settings");
  if (settings == report.end() || !settings->is_object()) return "–";
  const auto setting = settings->find(name);
  return setting == settings->end() || !setting->is_object() ? "–" : text_in(*setting, "value");
}

void list_settings(Comparison& comparison) {
  static const std::set<std::string> ignored = {"name", "out", "resume", "threads", "no_report", "no_health", "repeat"};
  std::vector<std::string> names;
  for (const ComparedRun& run : comparison.runs) {
    const auto settings = run.report.find("settings");
    if (settings == run.report.end() || !settings->is_object()) continue;
    for (const auto& [name, value] : settings->items()) {
      if (!ignored.contains(name) && std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
  }
  for (const std::string& name : names) {
    std::vector<std::string> values;
    for (const ComparedRun& run : comparison.runs) values.push_back(setting_in(run.report, name));
    if (std::ranges::any_of(values, [&](const std::string& v) { return v != values.front(); }))
      comparison.settings.emplace_back(name, std::move(values));
  }
}

}  // namespace

ComparedRun read_compared_run(const std::string& path) {
  ComparedRun run{.path = path, .report = read_report(path)};
  run.classification = text_in(run.report, "task") == "classification";
  run.score = number_in(run.report, run.classification ? "test_accuracy" : "test_rmse");
  read_predictions(run);
  return run;
}

Comparison compare_runs(std::vector<ComparedRun> runs) {
  for (const ComparedRun& run : runs) {
    for (const char* what : {"task", "target"}) {
      const std::string mine = text_in(run.report, what), first = text_in(runs.front().report, what);
      if (mine == first) continue;
      throw Error("D41", fmt::format("{} and {} cannot be compared: the {} is {} and {}", runs.front().path, run.path,
                                     what, quote(first), quote(mine)));
    }
  }
  Comparison comparison{.runs = std::move(runs)};
  list_settings(comparison);
  comparison.obstacle = obstacle_of(comparison.runs);
  if (!comparison.obstacle.empty()) return comparison;
  const auto worse = [&](const ComparedRun& a, const ComparedRun& b) {
    return a.classification ? a.score < b.score : a.score > b.score;
  };
  const auto best = static_cast<std::size_t>(std::max_element(comparison.runs.begin(), comparison.runs.end(), worse) -
                                             comparison.runs.begin());
  for (std::size_t other = 0; other < comparison.runs.size(); ++other) {
    if (other != best) comparison.pairs.push_back(compare_pair(comparison.runs, best, other));
  }
  return comparison;
}

}  // namespace pellucid
