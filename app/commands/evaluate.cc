// pellucid evaluate: the metrics of a model on labelled rows, and limits that they must reach (--fail-under).
// Not here: computing the metrics (the library).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <optional>

#include "app/cli/data_flags.h"
#include "app/cli/memory_limit.h"
#include "app/cli/model_path.h"
#include "app/commands/command.h"
#include "app/text/findings_text.h"
#include "app/text/result_block.h"
#include "app/text/score_text.h"
#include "core/number_hint.h"
#include "core/settings.h"
#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/prediction_intervals.h"
#include "pellucid/trainer.h"
#include "run/run_json.h"
#include "run/trained_rows.h"

namespace pellucid::app {
namespace {

// One --fail-under, such as "accuracy=0.95" or "rmse.heating=3": the metric must be at least this value, or at most
// this value if lower is better.
struct Bar {
  std::string name;  // as given on the command line
  bool higher_is_better;
  std::function<double(const Evaluation&)> value;
  double least;

  static Bar parse(const std::string& text);
  bool reached(double value) const { return higher_is_better ? value >= least : value <= least; }
};

double metric_of_one(const MetricKind& metric, const Evaluation& evaluation, const std::string& target) {
  std::vector<std::string> names;
  for (const TargetEvaluation& one : evaluation.targets) {
    if (one.name == target) return metric_of(one, metric.name);
    names.push_back(one.name);
  }
  const std::string near = closest(target, names);
  throw Error("U11", fmt::format("{} is not a target of the model", quote(target)),
              {near.empty() ? "targets: " + join(names, ", ") : "did you mean " + near + "?"});
}

// The mean of a metric over the targets; metrics in the unit of a target have no mean.
double metric_of_all(const MetricKind& metric, const Evaluation& evaluation) {
  const std::vector<TargetEvaluation>& targets = evaluation.targets;
  if (targets.size() > 1 && metric.of_values != nullptr && metric.name != name_of(ScoreKind::r2)) {
    metric_of(evaluation, metric.name);  // which refuses it for classes
    throw Error("U02",
                fmt::format("{} has the unit of one target, and there are {} targets", metric.name, targets.size()),
                {"name one: --fail-under " + shell_word(fmt::format("{}.{}=X", metric.name, targets.front().name))});
  }
  return metric_of(evaluation, metric.name);
}

double exact_match_of(const Evaluation& evaluation) {
  if (evaluation.is_classification()) return evaluation.exact_match();
  throw Error("U02", "exact_match is a metric of classification");
}

Bar Bar::parse(const std::string& text) {
  const std::size_t equals = text.rfind('=');  // the name of a target may contain "="
  const std::string name = text.substr(0, equals), metric_name = name.substr(0, name.find('.'));
  double least = 0;
  if (equals == std::string::npos || !parse_number(text.substr(equals + 1), least)) {
    throw Error("U02", "--fail-under takes METRIC=NUMBER or METRIC.TARGET=NUMBER, got " + quote(text) +
                           (equals == std::string::npos ? "" : number_hint(text.substr(equals + 1), false)));
  }
  if (name == "exact_match") return {name, true, exact_match_of, least};
  std::vector<std::string> names;
  for (const MetricKind& metric : metric_kinds()) {
    names.emplace_back(metric.name);
    if (metric.name != metric_name) continue;
    const bool of_one = name.size() > metric_name.size();
    const std::string target = of_one ? name.substr(metric_name.size() + 1) : "";
    const auto value = [metric, of_one, target](const Evaluation& evaluation) {
      return of_one ? metric_of_one(metric, evaluation, target) : metric_of_all(metric, evaluation);
    };
    return {name, metric.higher_is_better, value, least};
  }
  names.emplace_back("exact_match");
  const std::string near = closest(metric_name, names);
  throw Error("U11", "no metric " + quote(metric_name),
              {near.empty() ? "there are: " + join(names, ", ") : "did you mean " + near + "?"});
}

// The rows to evaluate: the test rows of a data set that has its own, otherwise all rows.
Dataset judged_rows(const Dataset& data, std::int64_t rows, std::int64_t tests) {
  if (tests == 0) return data;
  LargeVector<std::int64_t> positions;
  for (std::int64_t p = 0; p < data.rows(); ++p) {
    if (data.indices()[static_cast<std::size_t>(p)] >= rows - tests) positions.push_back(p);
  }
  return data.subset(positions);
}

constexpr double worth_a_warning = 0.05;  // share of the rows that equal training rows

class Evaluate : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("MODEL", model_, "a model file or a run")->group("");
    app.add_option("DATA", data_, "rows with the target column")->group("");
    flags_.declare(app);
    app.add_option("--fail-under", bars_,
                   "exit with status 1 if the metric is worse (for one of several targets: METRIC.TARGET=X)")
        ->allow_extra_args(false)
        ->type_name("METRIC=X")
        ->group("Output");
    app.add_option("--interval", level_,
                   "judge the prediction intervals (of classes: the sets) of this level, such as 0.9")
        ->type_name("LEVEL")
        ->group("Output");
    app.add_flag("--json", output.json, "write the metrics as one JSON object")->group("Output");
  }

  int run(Terminal& terminal) override {
    require_model_and_data(model_, data_, "evaluate");
    std::vector<Bar> bars;
    for (const std::string& text : bars_) bars.push_back(Bar::parse(text));
    const Model model = load_table_model(model_);
    Table table = read_rows_for(*model.preprocessor, data_, flags_.options());
    find_targets(table, model.preprocessor->target_names());
    say_oddities(terminal, table, *model.preprocessor);
    const std::int64_t all = table.rows, tests = table.test_rows;
    const Dataset rows = judged_rows(model.preprocessor->transform(std::move(table)), all, tests);
    say_memory(terminal);
    const Evaluation evaluation = evaluate(model, rows);
    std::vector<std::string> missed;
    for (const Bar& bar : bars) {
      const double value = bar.value(evaluation);
      if (!bar.reached(value)) {
        missed.push_back(
            fmt::format("{} is {}, required was {}", bar.name, number_text(value), number_text(bar.least)));
      }
    }
    std::vector<IntervalCoverage> intervals;
    if (level_) intervals = interval_coverage(model, evaluation, *level_);
    const std::optional<std::int64_t> trained_on = say_trained_on(terminal, rows);
    show(terminal, evaluation, intervals, model.training ? model.training->seed : 42, trained_on);
    for (const std::string& text : missed) terminal.say(terminal.paint(Style::error, "failed") + ": " + text);
    return missed.empty() ? 0 : 1;
  }

 private:
  // Warns if many of the rows equal training rows; does nothing if the run has no record of its training rows.
  std::optional<std::int64_t> say_trained_on(Terminal& terminal, const Dataset& rows) const {
    const auto trained = TrainedRows::beside(model_path(model_));
    if (!trained) return std::nullopt;
    const std::int64_t count = trained->among(rows);
    if (count == 0) return count;
    const double share = static_cast<double>(count) / static_cast<double>(rows.rows());
    const std::string text = fmt::format(
        "{}{} of {} ({:.1f}%) equal rows that the model was trained on, so the scores say little about new rows",
        trained->is_sample() ? "about " : "", count_text(count), plural(rows.rows(), "row"), 100 * share);
    say_findings(terminal, {{.code = "D46", .text = text, .warning = share >= worth_a_warning}});
    return count;
  }

  void show(Terminal& terminal, const Evaluation& e, const std::vector<IntervalCoverage>& intervals, std::uint64_t seed,
            std::optional<std::int64_t> trained_on) const {
    if (output.json) {
      Json json = {{"v", 1}, {"model", model_}, {"data", data_}};
      json["trained_on"] = trained_on ? Json(*trained_on) : Json();
      json.update(evaluation_json(e, seed));
      for (std::size_t t = 0; t < intervals.size(); ++t) {
        add_coverage(e.targets.size() > 1 ? json["targets"][t] : json, e.targets[t], intervals[t]);
      }
      terminal.result(json_text(json) + "\n");
      return;
    }
    terminal.result(score_line(e, e.interval(seed)) + "\n" +
                    (intervals.empty() ? "" : join(coverage_lines(e, intervals), "\n") + "\n") +
                    (e.targets.size() > 1 ? several_text(e) : one_text(e.targets.front())));
  }

  static std::string one_text(const TargetEvaluation& target) {
    if (target.classes) {
      return "\n" + classification_report(*target.classes, target.class_names) + "\n" +
             confusion_text(target.classes->confusion, target.class_names);
    }
    std::string text;
    for (const MetricKind& metric : metric_kinds()) {
      if (metric.of_values == nullptr) continue;
      text += fmt::format("{:<10}{}\n", metric.name, short_number(metric.of_values(*target.values)));
    }
    return text;
  }

  static std::string several_text(const Evaluation& evaluation) {
    std::string text = "\n" + join(target_table(evaluation, nullptr, evaluation.targets.size(), 80), "\n") + "\n";
    if (!evaluation.is_classification()) return text;
    return text + "\n" + join(target_classes_table(evaluation), "\n") + "\n";
  }

  std::string model_, data_;
  std::optional<double> level_;
  std::vector<std::string> bars_;
  DataFlags flags_;
};

}  // namespace

std::unique_ptr<Command> make_evaluate() {
  return std::make_unique<Evaluate>();
}

}  // namespace pellucid::app
