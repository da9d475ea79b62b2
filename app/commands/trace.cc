// pellucid trace: shows a training step on one or a few rows as arithmetic, every number with its formula.
// Not here: computing the step (src/train/trace.cc), the text (trace_text.cc).
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/cli/data_flags.h"
#include "app/cli/model_path.h"
#include "app/commands/command.h"
#include "app/text/findings_text.h"
#include "app/text/trace_text.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/gradient_check.h"
#include "run/run_json.h"

namespace pellucid::app {
namespace {

std::int64_t whole_number(const std::string& text, const char* flag, std::int64_t low, std::int64_t high) {
  std::int64_t value = 0;
  if (parse_integer(text, value) && value >= low && value <= high) return value;
  throw Error("U12", fmt::format("{} takes {} to {}, got {}", flag, low, high, quote(text)));
}

class TraceCommand : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("MODEL", model_, "a model file or a run")->group("");
    app.add_option("DATA", data_, "rows with the target column")->group("");
    flags_.declare(app);
    app.add_option("--row", row_, "row to show, counted from 1")->type_name("N")->group("Trace");
    app.add_option("--batch", batch_, "number of rows in the step, from --row on; the arithmetic of the first is shown")
        ->type_name("N")
        ->group("Trace");
    app.add_option("--top", top_, "number of units, terms and weights that are shown one by one")
        ->type_name("N")
        ->group("Trace");
    app.add_option("--lr", lr_, "learning rate of the step; default: as in training")->type_name("X")->group("Trace");
    app.add_option("--optimizer", optimizer_, "optimizer of the step; default: as in training")
        ->type_name("KIND")
        ->group("Trace");
    app.add_flag("--check", check_, "compare the gradients with numeric ones")->group("Trace");
    app.add_flag("--json", output.json, "write every number as one JSON object")->group("Output");
  }

  int run(Terminal& terminal) override {
    require_model_and_data(model_, data_, "trace");
    const Model model = load_table_model(model_);
    const Dataset rows = chosen_rows(terminal, *model.preprocessor);
    FitOptions options;
    options.loss =
        model.training && model.heads().empty() ? Loss::parse(model.training->loss) : default_loss(model, rows);
    options.optimizer = chosen_optimizer(model);
    const Trace trace = trace_step(model, rows, options);
    if (output.json) {
      terminal.result(json_text(trace_json(trace)) + "\n");
    } else {
      terminal.result(trace_text(model, trace, 0, {whole_number(top_, "top", 1, 1000)}));
    }
    return check_ ? checked(terminal, model, rows, *options.loss) : 0;
  }

 private:
  Dataset chosen_rows(Terminal& terminal, const Preprocessor& preprocessor) const {
    Table table = read_rows_for(preprocessor, data_, flags_.options());
    find_targets(table, preprocessor.target_names());
    say_oddities(terminal, table, preprocessor);
    const Dataset all = preprocessor.transform(std::move(table));
    const std::int64_t first = whole_number(row_, "row", 1, all.rows());
    const std::int64_t count = whole_number(batch_, "batch", 1, all.rows() - first + 1);
    std::vector<std::int64_t> places;
    for (std::int64_t i = 0; i < count; ++i) places.push_back(first - 1 + i);
    return all.subset(places);
  }

  Optimizer chosen_optimizer(const Model& model) const {
    Optimizer optimizer(!optimizer_.empty() ? optimizer_ : model.training ? model.training->optimizer : "sgd");
    double rate = 0;
    if (!lr_.empty() && (!parse_number(lr_, rate) || !(rate > 0)))
      throw Error("U12", "lr takes a number > 0, got " + quote(lr_));
    if (rate > 0) {
      optimizer.set_learning_rate(rate);
    } else if (model.training && optimizer_.empty() && model.training->learning_rate > 0) {
      optimizer.set_learning_rate(model.training->learning_rate);
    }
    return optimizer;
  }

  int checked(Terminal& terminal, const Model& model, const Dataset& rows, const Loss& loss) const {
    bool all = true;
    std::string text = "\ncheck     against numeric gradients in float64\n";
    for (const GradientVerdict& v : check_gradients(model.as<double>(), rows, loss)) {
      text += fmt::format("  {:<20} {:>9.1e}  {}\n", v.name, v.relative_error, v.ok ? "ok" : "WRONG");
      all = all && v.ok;
    }
    if (!output.json) terminal.result(text);
    return all ? 0 : 1;
  }

  std::string model_, data_, row_ = "1", batch_ = "1", top_ = "5", lr_, optimizer_;
  bool check_ = false;
  DataFlags flags_;
};

}  // namespace

std::unique_ptr<Command> make_trace() {
  return std::make_unique<TraceCommand>();
}

}  // namespace pellucid::app
