// Reads runs and compares them. Not here: the comparison as text (app/text).
#include "run/run_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/convert.h"
#include "core/file.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/table.h"
#include "run/run_files.h"

namespace pellucid {
namespace {

std::string cell_text(const Column& column, std::size_t row) {
  if (column.type != Column::Type::text) return number_text(column.numbers[row]);
  const std::int32_t code = column.codes[row];
  return code < 0 ? "" : column.words[static_cast<std::size_t>(code)];
}

// Names of the columns of one target in predictions.csv.
struct Names {
  std::string truth = "truth", prediction = "prediction";
};

std::vector<Names> names_of(const ComparedRun& run) {
  std::vector<Names> names(run.targets.size());
  for (std::size_t t = 0; t < names.size() && names.size() > 1; ++t) {
    names[t] = {"truth_" + run.targets[t], "prediction_" + run.targets[t]};
  }
  return names;
}

const Column& column_of(const Table& table, const std::string& name) {
  const int at = table.find(name);
  if (at < 0) throw Error("D16", table.source + " is damaged: it lacks row, truth or prediction");
  return table.columns[static_cast<std::size_t>(at)];
}

std::vector<double> errors_of(const Table& table, const ComparedRun& run) {
  std::vector<double> errors(static_cast<std::size_t>(table.rows));
  std::vector<ValuePredictions> values;
  for (const Names& names : names_of(run)) {
    const Column &truth = column_of(table, names.truth), &said = column_of(table, names.prediction);
    if (run.kind != ScoreKind::accuracy) {
      values.push_back({truth.numbers, said.numbers});
      continue;
    }
    for (std::size_t r = 0; r < errors.size(); ++r) {
      errors[r] += cell_text(said, r) == cell_text(truth, r) ? 0 : 1 / static_cast<double>(run.targets.size());
    }
  }
  return values.empty() || table.rows == 0 ? errors : row_errors(values);
}

void read_predictions(ComparedRun& run) {
  const std::string file = run.path + "/predictions.csv";
  if (!is_there(file)) return;
  const AskedKind kind = run.kind == ScoreKind::accuracy ? AskedKind::text : AskedKind::number;
  std::map<std::string, AskedKind> kinds = {{"row", AskedKind::number}};
  for (const Names& names : names_of(run)) kinds[names.truth] = kinds[names.prediction] = kind;
  const Table table = read_table(file, {.kinds = kinds});
  const Column& row = column_of(table, "row");
  for (const Names& names : names_of(run)) {
    for (const std::string& name : {names.truth, names.prediction}) {
      const bool read = (column_of(table, name).type == Column::Type::text) == (run.kind == ScoreKind::accuracy);
      if (!read) throw Error("D16", file + " is damaged: " + name + " is not what the run learned");
    }
  }
  run.truths.resize(static_cast<std::size_t>(table.rows));
  for (const Names& names : names_of(run)) {
    const Column& truth = column_of(table, names.truth);
    for (std::size_t r = 0; r < run.truths.size(); ++r) {
      run.truths[r] += (run.truths[r].empty() ? "" : "\n") + cell_text(truth, r);
    }
  }
  for (const double number : row.numbers) {
    if (!(number >= 1 && number < 1e15))
      throw Error("D16", file + " is damaged: " + number_text(number) + " is not a row");
    run.rows.push_back(static_cast<std::int64_t>(number));
  }
  run.errors = errors_of(table, run);
}

// The targets of a run. If there is only one, the report has a text instead of a list.
std::vector<std::string> targets_in(const Json& report) {
  std::vector<std::string> names;
  const auto list = report.find("targets");
  if (list == report.end() || !list->is_array()) return {text_in(report, "target")};
  for (const Json& entry : *list) names.push_back(entry.is_object() ? text_in(entry, "name") : "");
  return names;
}

PairComparison compare_pair(const std::vector<ComparedRun>& runs, std::size_t better, std::size_t worse) {
  const ComparedRun &a = runs[better], &b = runs[worse];
  PairComparison pair{.better = better, .worse = worse, .difference = std::abs(a.score - b.score), .p = 1};
  const PairedTest test = paired_test(a.errors, b.errors, a.has_one_answer());
  pair.p = test.p;
  if (!a.has_one_answer()) return pair;
  pair.better_only = test.first_better;
  pair.worse_only = test.second_better;
  return pair;
}

std::string obstacle_of(const std::vector<ComparedRun>& runs) {
  for (const ComparedRun& run : runs) {
    if (std::isnan(run.score)) return run.path + " has no result on test rows";
    if (run.errors.empty()) return run.path + " contains no predictions.csv";
  }
  const ComparedRun& first = runs.front();
  for (const ComparedRun& run : runs) {
    if (run.rows == first.rows && run.truths == first.truths) continue;
    return fmt::format("{} and {} were tested on different rows ({} and {} of them)", first.path, run.path,
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
  run.targets = reading_report(path, [&] { return targets_in(run.report); });
  run.kind = score_kind(text_in(run.report, "task") == "classification", run.targets.size());
  run.score = number_in(run.report, ("test_" + std::string(name_of(run.kind))).c_str());
  read_predictions(run);
  return run;
}

Comparison compare_runs(std::vector<ComparedRun> runs) {
  for (const ComparedRun& run : runs) {
    for (const char* what : {"task", "target"}) {
      const std::string mine = text_in(run.report, what), first = text_in(runs.front().report, what);
      if (mine == first && run.targets.size() == runs.front().targets.size()) continue;
      throw Error("D41", fmt::format("{} and {} cannot be compared: the {} is {} and {}", runs.front().path, run.path,
                                     what, quote(first), quote(mine)));
    }
  }
  Comparison comparison{.runs = std::move(runs)};
  list_settings(comparison);
  comparison.obstacle = obstacle_of(comparison.runs);
  if (!comparison.obstacle.empty()) return comparison;
  const auto worse = [&](const ComparedRun& a, const ComparedRun& b) {
    return higher_is_better(a.kind) ? a.score < b.score : a.score > b.score;
  };
  const auto best = static_cast<std::size_t>(std::max_element(comparison.runs.begin(), comparison.runs.end(), worse) -
                                             comparison.runs.begin());
  for (std::size_t other = 0; other < comparison.runs.size(); ++other) {
    if (other != best) comparison.pairs.push_back(compare_pair(comparison.runs, best, other));
  }
  return comparison;
}

}  // namespace pellucid
