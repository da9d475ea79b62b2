// pellucid predict: a prediction a row, as CSV or JSON lines. Not here: where rows come from (row_source.cc).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
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
    app.add_flag("--proba", proba_, "a column of probability for each class")->group("Output");
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

  std::string header() const {
    std::string text = "row";
    for (const std::string& name : keep_) text += "," + csv_cell(name);
    text += ",prediction";
    if (proba_) {
      for (const std::string& name : preprocessor().classes) text += "," + csv_cell("p_" + name);
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

  const std::string& class_of(std::span<const double> numbers) const {
    return preprocessor().classes[static_cast<std::size_t>(said_class(numbers, model_.threshold))];
  }

  std::string csv_row(const Table& table, std::int64_t at, std::int64_t number, std::span<const double> numbers) const {
    std::string text = std::to_string(number);
    for (const std::string& name : keep_)
      text += "," + csv_cell(cell_text(table.columns[static_cast<std::size_t>(table.require(name))], at));
    text += "," + (preprocessor().is_classification() ? csv_cell(class_of(numbers)) : csv_number(numbers[0]));
    if (proba_) {
      for (const double p : numbers) text += "," + csv_number(p);
    }
    return text + "\n";
  }

  std::string json_row(const Table& table, std::int64_t at, std::int64_t number,
                       std::span<const double> numbers) const {
    Json json = {{"row", number}};
    for (const std::string& name : keep_)
      json[name] = cell_text(table.columns[static_cast<std::size_t>(table.require(name))], at);
    if (preprocessor().is_classification()) {
      json["prediction"] = class_of(numbers);
    } else {
      json["prediction"] = numbers[0];
    }
    if (proba_) {
      for (std::size_t c = 0; c < numbers.size(); ++c) json["p"][preprocessor().classes[c]] = numbers[c];
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
