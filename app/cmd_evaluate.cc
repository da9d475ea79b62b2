// pellucid evaluate: metrics of labelled rows, and a bar they may have to reach.
// Not here: computing them (the library).
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "arguments.h"
#include "command.h"
#include "core/settings.h"
#include "core/text.h"
#include "data_checks.h"
#include "data_flags.h"
#include "memory_limit.h"
#include "model_path.h"
#include "pellucid/error.h"
#include "pellucid/trainer.h"
#include "report/run_json.h"
#include "result_block.h"

namespace pellucid::app {
namespace {

// "accuracy=0.95": at least that; for metrics where lower is better, at most.
struct Bar {
  MetricKind metric;
  double least;

  static Bar parse(const std::string& text) {
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    std::vector<std::string> names;
    for (const MetricKind& metric : metric_kinds()) {
      double value = 0;
      names.emplace_back(metric.name);
      if (metric.name != name) continue;
      if (equals == std::string::npos || !parse_number(text.substr(equals + 1), value)) {
        throw Error("U02", "--fail-under takes METRIC=NUMBER, got " + quote(text));
      }
      return {metric, value};
    }
    const std::string near = closest(name, names);
    throw Error("U11", "no metric " + quote(name),
                {near.empty() ? "there are: " + join(names, ", ") : "did you mean " + near + "?"});
  }

  double value(const Evaluation& e) const {
    if (e.classes && metric.of_classes != nullptr) return metric.of_classes(*e.classes);
    if (e.values && metric.of_values != nullptr) return metric.of_values(*e.values);
    throw Error("U02", fmt::format("{} is a metric of {}", metric.name, metric.task));
  }
  bool reached(double value) const { return metric.higher_is_better ? value >= least : value <= least; }
};

// The rows to judge: where a data set brings its test rows along, those.
Dataset judged_rows(const Dataset& data, std::int64_t rows, std::int64_t tests) {
  if (tests == 0) return data;
  LargeVector<std::int64_t> positions;
  for (std::int64_t p = 0; p < data.rows(); ++p) {
    if (data.indices()[static_cast<std::size_t>(p)] >= rows - tests) positions.push_back(p);
  }
  return data.subset(positions);
}

class Evaluate : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("MODEL", model_, "a model file or a run")->group("");
    app.add_option("DATA", data_, "rows with the target column")->group("");
    flags_.declare(app);
    app.add_option("--fail-under", bars_, "exit status 1 if the metric is worse than this")
        ->allow_extra_args(false)
        ->type_name("METRIC=X")
        ->group("Output");
    app.add_flag("--json", output.json, "the metrics as one JSON object")->group("Output");
  }

  int run(Terminal& terminal) override {
    require_argument(model_, "evaluate", "MODEL");
    require_argument(data_, "evaluate", "DATA");
    std::vector<Bar> bars;
    for (const std::string& text : bars_) bars.push_back(Bar::parse(text));
    const Model model = load_table_model(model_);
    Table table = read_rows_for(*model.preprocessor, data_, flags_.options());
    table.require(model.preprocessor->target);
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
            fmt::format("{} is {}, {} was asked for", bar.metric.name, number_text(value), number_text(bar.least)));
      }
    }
    show(terminal, evaluation, model.training ? model.training->seed : 42);
    for (const std::string& text : missed) terminal.say(terminal.paint(Style::error, "failed") + ": " + text);
    return missed.empty() ? 0 : 1;
  }

 private:
  void show(Terminal& terminal, const Evaluation& e, std::uint64_t seed) const {
    if (output.json) {
      Json json = {{"v", 1}, {"model", model_}, {"data", data_}};
      json.update(evaluation_json(e, seed));
      terminal.result(json_text(json) + "\n");
      return;
    }
    const Interval interval = e.classes ? wilson_interval(e.classes->correct, e.classes->rows)
                                        : bootstrap_rmse(e.truth_values, e.predicted_values, seed);
    std::string text = score_line(e, interval) + "\n";
    if (e.classes) {
      text += "\n" + classification_report(*e.classes, e.class_names) + "\n" +
              confusion_text(e.classes->confusion, e.class_names);
    }
    for (const MetricKind& metric : metric_kinds()) {
      if (e.values && metric.of_values != nullptr) {
        text += fmt::format("{:<10}{}\n", metric.name, short_number(metric.of_values(*e.values)));
      }
    }
    terminal.result(text);
  }

  std::string model_, data_;
  std::vector<std::string> bars_;
  DataFlags flags_;
};

}  // namespace

std::unique_ptr<Command> make_evaluate() {
  return std::make_unique<Evaluate>();
}

}  // namespace pellucid::app
