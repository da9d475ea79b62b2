// pellucid predict: writes one prediction per row, as CSV or JSON lines.
// Not here: reading the rows (row_source.cc), the text of a prediction (prediction_text.cc).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>

#include "app/cli/data_flags.h"
#include "app/cli/model_path.h"
#include "app/cli/output_file.h"
#include "app/cli/row_source.h"
#include "app/commands/command.h"
#include "app/text/findings_text.h"
#include "app/text/prediction_text.h"
#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/findings.h"
#include "pellucid/table_predictor.h"

namespace pellucid::app {
namespace {

constexpr std::int64_t largest_piece = 4096;  // rows
constexpr std::int64_t enough_to_judge = 16;  // rows read from a slow pipe before findings are shown

// How many rows are read before they are predicted: rows of a slow pipe one by one, rows of a fast one in large pieces.
class PieceSize {
 public:
  explicit PieceSize(bool pipe) : pipe_(pipe), rows_(pipe ? 1 : largest_piece) {}

  Table next(RowSource& source) {
    const auto start = std::chrono::steady_clock::now();
    Table table = source.next(rows_);
    const bool waited = std::chrono::steady_clock::now() - start > std::chrono::milliseconds(2);
    waits_ = pipe_ && waited;
    if (pipe_) rows_ = waited ? 1 : std::min(largest_piece, rows_ * 2);
    return table;
  }
  bool waits() const noexcept { return waits_; }  // rows arrive slowly, possibly without end

 private:
  bool pipe_, waits_ = false;
  std::int64_t rows_;
};

class Predict : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("MODEL", model_name_, "a model file or a run")->group("");
    app.add_option("DATA", data_, "rows with the columns of training; - is standard input")->group("");
    flags_.declare(app);
    app.add_flag("--proba", proba_,
                 "add probabilities, one column per class (with more than 100 classes: the five most likely)")
        ->group("Output");
    app.add_option(
           "--interval", level_,
           "add the prediction interval of this level, such as 0.9: columns low and high; of classes the set of "
           "likely classes: column set")
        ->type_name("LEVEL")
        ->group("Output");
    app.add_option("--keep", keep_texts_, "columns of DATA to copy to the output")
        ->allow_extra_args(false)
        ->type_name("COL,…")
        ->group("Output");
    app.add_option("-o,--output", path_, "write to a file")->type_name("FILE")->group("Output");
    app.add_flag("--json", output.json, "write JSON lines")->group("Output");
    app.add_flag("--spreadsheet-safe", spreadsheet_safe_,
                 "put ' before text that a spreadsheet would read as a formula (it begins with = + - @)")
        ->group("Output");
  }

  int run(Terminal& terminal) override {
    require_model_and_data(model_name_, data_, "predict");
    model_ = load_table_model(model_name_);
    if (!model_.heads().empty()) {
      throw Error("U33", model_name_ + " has several heads, whose predictions this command does not write",
                  {"call predict_targets() of the library"});
    }
    if (proba_ && !model_.preprocessor->is_classification()) {
      throw Error("U02", "--proba: " + model_name_ + " predicts numbers and has no classes");
    }
    keep_ = split_names(join(keep_texts_, ","));
    PredictionText text(model_, {keep_, proba_, level_, output.json, spreadsheet_safe_});
    ReadOptions options = flags_.options();
    options.verbatim = {keep_.begin(), keep_.end()};
    RowSource source(data_, preprocessor(), options);
    OutputFile out(terminal, path_);
    const bool whole = write_all(terminal, source, text, out);
    if (whole) out.commit();
    return 0;
  }

 private:
  const Preprocessor& preprocessor() const { return *model_.preprocessor; }

  // Returns false if the reader of standard output has closed the pipe.
  bool write_all(Terminal& terminal, RowSource& source, PredictionText& text, OutputFile& out) const {
    RowWatch watch(preprocessor());
    TablePredictor predictor(model_);
    std::size_t said = 0;
    PieceSize piece(data_ == "-");
    bool goes_on = true;
    while (goes_on) {
      const Table table = piece.next(source);
      const std::int64_t before = watch.rows();
      if (table.rows == 0 && before == 0) throw Error("D17", file_name(data_) + " has no rows to predict");
      if (table.rows == 0) break;
      if (before == 0) say_first(terminal, table, text);
      if (before > 0) say_findings(terminal, table.notes);
      watch.see(table);
      text.take_from(table);
      goes_on = write_rows(predictor, table, before, text, out);
      if (piece.waits() && said == 0 && watch.rows() >= enough_to_judge) said = say_new(terminal, watch, said);
    }
    say_new(terminal, watch, said);
    return goes_on;
  }

  static void say_first(Terminal& terminal, const Table& table, const PredictionText& text) {
    for (const auto& [name, other] : text.renamed()) {
      terminal.say(terminal.paint(Style::faint, "note") + ": the copied column " + quote(name) + " is called " +
                   quote(other) + ", because the predictions have a column " + quote(name));
    }
    say_findings(terminal, table.notes);
  }

  // Shows the findings again if there are more than were shown before.
  static std::size_t say_new(Terminal& terminal, const RowWatch& watch, std::size_t said) {
    const std::vector<Finding> findings = watch.findings();
    if (findings.size() > said) say_findings(terminal, findings);
    return findings.size();
  }

  bool write_rows(TablePredictor& predictor, const Table& table, std::int64_t before, const PredictionText& text,
                  OutputFile& out) const {
    return predictor.predict(table, [&](std::int64_t first, std::int64_t rows, auto predictions) {
      std::string lines = before + first == 0 ? text.header() : "";
      for (std::int64_t r = 0; r < rows; ++r) lines += text.row(first + r, before + first + r + 1, predictions, r);
      return out.write(lines);
    });
  }

  std::string model_name_, data_, path_;
  std::vector<std::string> keep_texts_, keep_;
  std::optional<double> level_;
  bool proba_ = false, spreadsheet_safe_ = false;
  DataFlags flags_;
  Model model_;
};

}  // namespace

std::unique_ptr<Command> make_predict() {
  return std::make_unique<Predict>();
}

}  // namespace pellucid::app
