// Predicts the rows of tables: features, outputs and their meaning, with predictors that are kept from table to table.
// Not here: the features (prepare/transform.cc), one prediction (model/predictor.cc), what outputs mean
// (output_reader.cc).
#include "pellucid/table_predictor.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <deque>
#include <exception>
#include <optional>

#include "core/team.h"
#include "judge/judge.h"
#include "model/prediction_threads.h"
#include "pellucid/error.h"
#include "prepare/transform.h"

namespace pellucid {

namespace {

constexpr std::int64_t most_rows = 1 << 16;     // predicted before `use` is called
constexpr std::int64_t most_outputs = 1 << 21;  // in memory at the same time

const Preprocessor& preprocessor_of(const Model& model) {
  if (model.preprocessor) return *model.preprocessor;
  throw Error("U20", "a table predictor takes a model that was trained on a table");
}

}  // namespace

struct TablePredictor::State {
  // One thread's share of the work.
  struct Member {
    explicit Member(const Model& model)
        : predictor(model.predictor(rows_predicted_at_once)),
          rows(Shape{rows_predicted_at_once, model.row_shape().elements()}) {}
    Predictor<float> predictor;
    Tensor<float> rows;
    std::exception_ptr thrown{};
  };

  State(const Model& trained, std::int64_t most_threads)
      : model(trained),
        by(preprocessor_of(trained)),
        threads(most_threads),
        width(trained.output_shape().elements()),
        words(words_of(by.columns)),
        reader(OutputReader::of_table_model(trained)),
        predictions(empty_predictions(reader, 0)) {
    members.emplace_back(model);
  }

  // Fills `outputs` with the rows first, first + 1, … of the data.
  void run(const Dataset& data, std::int64_t first) {
    const View<float> y = outputs.view();
    const int parts = threads_for(model, y.rows, threads);
    while (members.size() < static_cast<std::size_t>(parts)) members.emplace_back(model);
    if (!team || team->size() < parts) team.emplace(parts);
    std::atomic<std::int64_t> next{0};
    team->run(parts, [&](int part) {
      Member& member = members[static_cast<std::size_t>(part)];
      try {
        member.thrown = nullptr;
        run_member(member, next, data, first);
      } catch (...) {  // the model has changed, or a layer of the user's own throws
        member.thrown = std::current_exception();
      }
    });
    for (const Member& member : members) {
      if (member.thrown) std::rethrow_exception(member.thrown);
    }
  }

  void run_member(Member& member, std::atomic<std::int64_t>& next, const Dataset& data, std::int64_t first) {
    const View<float> y = outputs.view();
    for (;;) {
      const std::int64_t begin = next.fetch_add(rows_predicted_at_once, std::memory_order_relaxed);
      if (begin >= y.rows) return;
      View<float> rows = member.rows.view();
      rows.rows = std::min(rows_predicted_at_once, y.rows - begin);
      for (std::int64_t r = 0; r < rows.rows; ++r) data.read_row(first + begin + r, rows.row(r));
      const View<const float> found = member.predictor(rows);
      for (std::int64_t r = 0; r < rows.rows; ++r) std::copy_n(found.row(r), y.columns, y.row(begin + r));
    }
  }

  void read(const Table& table, std::int64_t first) {
    const View<float> y = outputs.view();
    clear();
    for (std::int64_t r = 0; r < y.rows; ++r) {
      const std::span<const float> row(y.row(r), static_cast<std::size_t>(y.columns));
      if (!std::ranges::all_of(row, [](float output) { return std::isfinite(output); })) {
        throw Error("D39", table.place(first + r) +
                               ": the model's output is not a finite number; a cell is too far from the training data");
      }
      reader.read(row);
      add_prediction(reader, predictions);
    }
  }

  // The memory is kept.
  void clear() {
    for (TargetPredictions& target : predictions) {
      target.classes.clear();
      target.probabilities.clear();
      target.values.clear();
    }
  }

  bool predict(const Table& table, std::int64_t at_once, const Use& use) {
    const Dataset data = features_of(by, table, words);
    reader.set_threshold(model.threshold);  // it may have been changed since
    for (std::int64_t first = 0; first < data.rows(); first += at_once) {
      const Shape shape{std::min(at_once, data.rows() - first), width};
      if (!(outputs.shape() == shape)) outputs = Tensor<float>(shape);
      run(data, first);
      read(table, first);
      if (!use(first, shape[0], predictions)) return false;
    }
    return true;
  }

  const Model& model;
  const Preprocessor& by;
  std::int64_t threads, width;  // width: outputs per row
  ColumnWords words;
  OutputReader reader;
  std::optional<Team> team{};
  std::deque<Member> members{};
  Tensor<float> outputs{};
  std::vector<TargetPredictions> predictions;
};

TablePredictor::TablePredictor(const Model& model, std::int64_t threads)
    : state_(std::make_unique<State>(model, threads)) {}
TablePredictor::TablePredictor(TablePredictor&&) noexcept = default;
TablePredictor& TablePredictor::operator=(TablePredictor&&) noexcept = default;
TablePredictor::~TablePredictor() = default;

bool TablePredictor::predict(const Table& table, const Use& use) {
  const std::int64_t at_once = std::clamp<std::int64_t>(most_outputs / state_->width, 1, most_rows);
  return state_->predict(table, at_once, use);
}

std::span<const TargetPredictions> TablePredictor::predict(const Table& table) {
  state_->clear();  // the table may have no rows
  state_->predict(table, std::max<std::int64_t>(table.rows, 1), [](auto, auto, auto) { return true; });
  return state_->predictions;
}

}  // namespace pellucid
