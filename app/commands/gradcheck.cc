// pellucid gradcheck: compares analytic with numeric gradients on a few rows, in float64.
// Not here: the comparison (the library).
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/cli/data_flags.h"
#include "app/cli/model_path.h"
#include "app/commands/command.h"
#include "core/settings.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/gradient_check.h"
#include "pellucid/trainer.h"
#include "run/run_json.h"

namespace pellucid::app {
namespace {

class Gradcheck : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("MODEL", model_, "a model file or a run")->group("");
    app.add_option("DATA", data_, "rows with the target column")->group("");
    flags_.declare(app);
    app.add_option("--rows", rows_, "number of rows to use, from the first on")->type_name("N")->group("Data");
    app.add_flag("--json", output.json, "write the verdicts as one JSON object")->group("Output");
  }

  int run(Terminal& terminal) override {
    require_model_and_data(model_, data_, "gradcheck");
    std::int64_t most = 0;
    if (!parse_integer(rows_, most) || most < 1) throw Error("U12", "rows takes ≥ 1, got " + rows_);
    const BasicModel<double> model = load_table_model(model_).as<double>();
    Table table = read_rows_for(*model.preprocessor, data_, flags_.options());
    find_targets(table, model.preprocessor->target_names());
    const Dataset all = model.preprocessor->transform(std::move(table));
    std::vector<std::int64_t> first(static_cast<std::size_t>(std::min(most, all.rows())));
    for (std::size_t i = 0; i < first.size(); ++i) first[i] = static_cast<std::int64_t>(i);
    const Dataset rows = all.subset(first);
    const Loss loss =
        model.training && model.heads().empty() ? Loss::parse(model.training->loss) : default_loss(model, rows);
    const std::vector<GradientVerdict> verdicts = check_gradients(model, rows, loss);
    terminal.result(output.json ? json_of(verdicts) : text_of(terminal, verdicts, loss, rows.rows()));
    return std::all_of(verdicts.begin(), verdicts.end(), [](const GradientVerdict& v) { return v.ok; }) ? 0 : 1;
  }

 private:
  static std::string json_of(const std::vector<GradientVerdict>& verdicts) {
    Json list = Json::array();
    for (const GradientVerdict& v : verdicts) {
      list.push_back({{"name", v.name},
                      {"relative_error", v.relative_error},
                      {"analytic_norm", v.analytic_norm},
                      {"checked", v.checked},
                      {"skipped", v.skipped},
                      {"ok", v.ok}});
    }
    return json_text({{"v", 1}, {"verdicts", list}}) + "\n";
  }

  static std::string text_of(const Terminal& terminal, const std::vector<GradientVerdict>& verdicts, const Loss& loss,
                             std::int64_t rows) {
    std::size_t width = 9;
    for (const GradientVerdict& v : verdicts) width = std::max(width, v.name.size());
    std::string text = fmt::format("{} · {} · float64\n\n", loss.text(), plural(rows, "row"));
    text += fmt::format("{:<{}}  relative error  gradient norm  checked  skipped\n", "parameter", width);
    for (const GradientVerdict& v : verdicts) {
      text += fmt::format("{:<{}}  {:>14.1e}  {:>13.3e}  {:>7}  {:>7}  {}\n", v.name, width, v.relative_error,
                          v.analytic_norm, v.checked, v.skipped,
                          terminal.paint_result(v.ok ? Style::good : Style::error, v.ok ? "ok" : "WRONG"));
    }
    return text;
  }

  std::string model_, data_, rows_ = "16";
  DataFlags flags_;
};

}  // namespace

std::unique_ptr<Command> make_gradcheck() {
  return std::make_unique<Gradcheck>();
}

}  // namespace pellucid::app
