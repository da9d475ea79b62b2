// pellucid predict: a prediction a row, as CSV or JSON lines. Not here: where rows come from (row_source.cc).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>

#include "arguments.h"
#include "command.h"
#include "core/settings.h"
#include "core/text.h"
#include "data_checks.h"
#include "data_flags.h"
#include "model_path.h"
#include "output_file.h"
#include "pellucid/error.h"
#include "pellucid/trainer.h"
#include "report/csv_text.h"
#include "report/run_json.h"
#include "row_source.h"

namespace pellucid::app {
namespace {

constexpr std::int64_t largest_piece = 4096;  // rows
constexpr std::int64_t enough_to_judge = 16;  // rows of a pipe before they are called far from the training data

// How many rows are read before they are predicted: a slow pipe is answered row by row, a fast one in large pieces.
class PieceSize {
 public:
  explicit PieceSize(bool pipe) : pipe_(pipe), rows_(pipe ? 1 : largest_piece) {}

  Table next(RowSource& source) {
    const auto start = std::chrono::steady_clock::now();
    Table table = source.next(rows_);
    const bool waited = std::chrono::steady_clock::now() - start > std::chrono::milliseconds(2);
    if (pipe_) rows_ = waited ? 1 : std::min(largest_piece, rows_ * 2);
    return table;
  }

 private:
  bool pipe_;
  std::int64_t rows_;
};

std::string cell_text(const Column& column, std::int64_t row) {
  const auto at = static_cast<std::size_t>(row);
  if (column.shape.rank() > 0)
    throw Error("U02", "--keep " + column.name + ": the column holds more than one number a row");
  if (column.type == Column::Type::text) {
    return column.codes[at] < 0 ? "" : column.words[static_cast<std::size_t>(column.codes[at])];
  }
  if (column.type == Column::Type::bytes) return std::to_string(column.bytes[at]);
  return column.numbers[at] != column.numbers[at] ? "" : number_text(column.numbers[at]);
}

class Predict : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("MODEL", model_name_, "a model file or a run")->group("");
    app.add_option("DATA", data_, "rows with the columns of training; - is standard input")->group("");
    flags_.declare(app);
    app.add_flag("--proba", proba_, "probabilities: a column for each class, or each target's second class")
        ->group("Output");
    app.add_option("--keep", keep_text_, "columns of DATA to copy")->type_name("COL,…")->group("Output");
    app.add_option("-o,--output", path_, "write to a file")->type_name("FILE")->group("Output");
    app.add_flag("--json", output.json, "JSON lines")->group("Output");
  }

  int run(Terminal& terminal) override {
    require_argument(model_name_, "predict", "MODEL");
    require_argument(data_, "predict", "DATA");
    model_ = load_table_model(model_name_);
    if (proba_ && !model_.preprocessor->is_classification()) {
      throw Error("U02", "--proba: " + model_name_ + " predicts numbers, it has no classes");
    }
    keep_ = split_text(keep_text_, ',');
    require_other_names();
    RowSource source(data_, *model_.preprocessor, flags_.options());
    OutputFile out(terminal, path_);
    bool checked = false;
    std::int64_t done = 0;
    PieceSize piece(data_ == "-");
    for (Table table = piece.next(source); table.rows > 0 || done == 0; table = piece.next(source)) {
      if (table.rows == 0) throw Error("D17", file_name(data_) + " has no rows to predict");
      std::string text = predictions(table, done);
      if (done == 0 && !output.json) text = header() + text;
      if (!checked && (data_ != "-" || table.rows >= enough_to_judge)) {
        say_oddities(terminal, table, preprocessor());
        checked = true;
      }
      if (!out.write(text)) return 0;
      done += table.rows;
    }
    out.commit();
    return 0;
  }

 private:
  const Preprocessor& preprocessor() const { return *model_.preprocessor; }

  bool has_several() const { return preprocessor().targets.size() > 1; }

  // Of several targets each column has its target's name.
  void require_other_names() const {
    if (!has_several() || output.json) return;
    for (const std::string& target : preprocessor().target_names()) {
      if (std::find(keep_.begin(), keep_.end(), target) == keep_.end()) continue;
      throw Error("U06", fmt::format("--keep {}: a column of predictions has this name", quote(target)),
                  {"--json keeps both: predictions have an object of their own"});
    }
  }

  std::string header() const {
    std::string text = "row";
    for (const std::string& name : keep_) text += "," + csv_cell(name);
    if (!has_several()) text += ",prediction";
    for (const FittedTarget& target : preprocessor().targets) {
      if (has_several()) text += "," + csv_cell(target.name);
      if (has_several() && proba_) text += "," + csv_cell("p_" + target.name + "=" + target.classes[1]);
      for (const std::string& name : target.classes) {
        if (!has_several() && proba_) text += "," + csv_cell("p_" + name);
      }
    }
    return text + "\n";
  }

  std::string predictions(const Table& table, std::int64_t before) const {
    const Dataset rows = preprocessor().transform(table, false);
    const bool classes = preprocessor().is_classification();
    const Tensor<double> values = classes ? predict_proba(model_, rows) : predict_values(model_, rows);
    std::string text;
    for (std::int64_t r = 0; r < rows.rows(); ++r) {
      const double* row = values.view().row(r);
      const std::span<const double> numbers(row, static_cast<std::size_t>(values.view().columns));
      const std::int64_t at = rows.indices()[static_cast<std::size_t>(r)];
      text +=
          output.json ? json_row(table, at, before + at + 1, numbers) : csv_row(table, at, before + at + 1, numbers);
    }
    return text;
  }

  // The class said of a target: `numbers` are its classes' probabilities, or those of all targets' second classes.
  const std::string& class_of(std::size_t target, std::span<const double> numbers) const {
    const std::vector<std::string>& classes = preprocessor().targets[target].classes;
    if (has_several()) return classes[numbers[target] > model_.threshold ? 1 : 0];
    return classes[static_cast<std::size_t>(said_class(numbers, model_.threshold))];
  }

  std::string csv_row(const Table& table, std::int64_t at, std::int64_t number, std::span<const double> numbers) const {
    std::string text = std::to_string(number);
    for (const std::string& name : keep_)
      text += "," + csv_cell(cell_text(table.columns[static_cast<std::size_t>(table.require(name))], at));
    for (std::size_t t = 0; t < preprocessor().targets.size(); ++t) {
      text += "," + (preprocessor().is_classification() ? csv_cell(class_of(t, numbers)) : csv_number(numbers[t]));
      for (const double p : has_several() ? numbers.subspan(t, 1) : numbers) {
        if (proba_) text += "," + csv_number(p);
      }
    }
    return text + "\n";
  }

  Json prediction_json(std::size_t target, std::span<const double> numbers) const {
    return preprocessor().is_classification() ? Json(class_of(target, numbers)) : Json(numbers[target]);
  }

  std::string json_row(const Table& table, std::int64_t at, std::int64_t number,
                       std::span<const double> numbers) const {
    Json json = {{"row", number}};
    for (const std::string& name : keep_)
      json[name] = cell_text(table.columns[static_cast<std::size_t>(table.require(name))], at);
    const std::vector<FittedTarget>& targets = preprocessor().targets;
    if (!has_several()) json["prediction"] = prediction_json(0, numbers);
    for (std::size_t t = 0; has_several() && t < targets.size(); ++t) {
      json["prediction"][targets[t].name] = prediction_json(t, numbers);
    }
    for (std::size_t c = 0; proba_ && c < numbers.size(); ++c) {
      if (!has_several()) {
        json["p"][targets.front().classes[c]] = numbers[c];
      } else {
        json["p"][targets[c].name] = {{targets[c].classes[0], 1 - numbers[c]}, {targets[c].classes[1], numbers[c]}};
      }
    }
    return json_text(json) + "\n";
  }

  std::string model_name_, data_, keep_text_, path_;
  std::vector<std::string> keep_;
  bool proba_ = false;
  DataFlags flags_;
  Model model_;
};

}  // namespace

std::unique_ptr<Command> make_predict() {
  return std::make_unique<Predict>();
}

}  // namespace pellucid::app
