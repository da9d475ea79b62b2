// Training a Net on arrays, and the estimators' training on a few rows at a time.
// Not here: training on tables (run.cc), single steps (stepper.cc).
#include <algorithm>

#include "core/json.h"
#include "core/settings.h"
#include "nets.h"
#include "options.h"
#include "pellucid/error.h"
#include "pellucid/observer.h"
#include "pellucid/train_table.h"
#include "pellucid/trainer.h"
#include "recipe/build.h"
#include "recipe/data.h"
#include "recipe/resolve.h"
#include "run/run_json.h"

namespace pellucid::python {

namespace {

template <class T>
Shape row_shape_of(const Rows<T>& x) {
  std::vector<std::int64_t> extents;
  for (std::size_t axis = 1; axis < x.ndim(); ++axis) extents.push_back(static_cast<std::int64_t>(x.shape(axis)));
  return Shape(extents.empty() ? std::vector<std::int64_t>{1} : extents);
}

Dataset weighted(Dataset data, const std::optional<List<float>>& weights) {
  if (!weights) return data;
  const auto values = span_of(*weights);
  return data.with_weights(LargeVector<float>(values.begin(), values.end()));
}

template <class T>
Data labelled(const Rows<T>& x, const List<std::int32_t>& labels, std::int32_t classes,
              const std::optional<List<float>>& weights) {
  const Shape shape = row_shape_of(x);
  const auto numbers = span_of(x);
  const auto targets = span_of(labels);
  const nb::gil_scoped_release released;
  return {weighted(Dataset::classification(numbers, shape, targets, classes), weights)};
}

template <class T>
Data valued(const Rows<T>& x, const Rows<T>& y, const std::optional<List<float>>& weights) {
  const Shape shape = row_shape_of(x);
  const auto numbers = span_of(x);
  const auto targets = span_of(y);
  const std::int64_t columns = y.ndim() < 2 ? 1 : static_cast<std::int64_t>(y.shape(1));
  const nb::gil_scoped_release released;
  return {weighted(Dataset::regression(numbers, shape, targets, columns), weights)};
}

template <class T>
Data answered(const Rows<T>& x, const Rows<std::int32_t>& answers, const std::optional<List<float>>& weights) {
  const Shape shape = row_shape_of(x);
  const auto numbers = span_of(x);
  const auto targets = span_of(answers);
  const auto questions = static_cast<std::int64_t>(answers.shape(1));
  const nb::gil_scoped_release released;
  return {weighted(Dataset::multi_label(numbers, shape, targets, questions), weights)};
}

// Passes epochs on to a function of Python, which returns True to end the training, and looks for Ctrl-C.
class Watch : public Observer {
 public:
  Watch(Interrupt& interrupt, nb::object on_epoch, ScoreKind kind)
      : interrupt_(interrupt), on_epoch_(std::move(on_epoch)), kind_(kind) {}
  void on_step(std::int64_t, const Values<float>&) override { interrupt_.look(); }
  void on_epoch(const EpochRecord& record) override {
    interrupt_.look();
    if (on_epoch_.is_none()) return;
    interrupt_.call([&] {
      if (nb::cast<bool>(on_epoch_(nb::str(json_text(epoch_json(record, kind_)).c_str())))) interrupt_.cancel = true;
    });
  }

 private:
  Interrupt& interrupt_;
  nb::object on_epoch_;
  ScoreKind kind_;
};

std::string history_text(const History& history, ScoreKind kind) {
  Json epochs = Json::array();
  for (const EpochRecord& record : history.epochs) epochs.push_back(epoch_json(record, kind));
  return json_text({{"epochs", epochs},
                    {"best_epoch", history.best_epoch},
                    {"stopped", history.stopped},
                    {"seconds", history.seconds},
                    {"train_seconds", history.train_seconds}});
}

std::string fit_net(Net& net, const Data& train, const Data& validation, const std::string& options,
                    const nb::object& on_epoch) {
  Interrupt interrupt;
  const ScoreKind kind =
      score_kind(train.data.is_classification(), static_cast<std::size_t>(train.data.target_count()));
  Watch watch(interrupt, on_epoch, kind);
  FitOptions fit_settings = fit_options(options);
  fit_settings.observers = {&watch};
  fit_settings.cancel = &interrupt.cancel;
  const History history =
      net.change([&](Model& model) { return fit(model, train.data, validation.data, fit_settings); });
  interrupt.raise();
  return history_text(history, kind);
}

// The options of a Stepper that makes the steps that fit() would make.
std::string step_options_text(const FitOptions& options) {
  Optimizer optimizer = options.optimizer;
  Json kind = settings_to_json(optimizer);
  kind["kind"] = std::string(optimizer.name());
  Json json = {{"optimizer", kind},
               {"l1", options.l1},
               {"l2", options.l2},
               {"clip_norm", options.clip_norm},
               {"clip_value", options.clip_value},
               {"row_block", options.row_block},
               {"threads", options.threads},
               {"seed", static_cast<std::int64_t>(options.seed)}};
  if (options.loss) json["loss"] = options.loss->text();
  return json_text(json);
}

// The beginning of a training that gets its rows one call at a time.
struct Begun {
  std::unique_ptr<Net> net;
  std::string options;
  std::int64_t batch_size = 0;
};

// The model that train() would begin with for these rows, not trained yet. `classes`: all classes that later rows may
// have, as words; empty for numbers.
Begun begin(TrainTable& data, const Recipe& asked, const std::vector<std::string>& classes) {
  const nb::gil_scoped_release released;
  Recipe recipe = resolve_by_table(asked, data);
  LargeVector<std::int64_t> rows(static_cast<std::size_t>(data.table.rows));
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::int64_t>(i);
  Split split;
  const PreprocessOptions options = preprocess_options(recipe, data.table);
  // The first rows need not have all classes. Classes do not change what is learned about the columns.
  Column& target = data.table.columns[static_cast<std::size_t>(find_targets(data.table, options.target).front())];
  LargeVector<double> labels = target.numbers;
  for (std::size_t i = 0; i < labels.size() && !classes.empty(); ++i) {
    target.numbers[i] = static_cast<double>(i % classes.size());
  }
  split.preprocessor = Preprocessor::fit(data.table, rows, options);
  target.numbers = std::move(labels);
  if (!classes.empty()) split.preprocessor.targets.front().classes = classes;
  split.train = split.preprocessor.transform(data.table);
  recipe = resolve_by_split(std::move(recipe), split);
  Model model = make_model(recipe, split.preprocessor);
  build_to_train(model, recipe, split);
  model.preprocessor = split.preprocessor;
  const FitOptions fit_settings = make_fit_options(recipe);
  return {std::make_unique<Net>(std::move(model)), step_options_text(fit_settings), fit_settings.batch_size};
}

// The rows of a table as the model sees them, with their targets.
Data rows_for(Net& net, const TrainTable& rows) {
  return net.read([&](const Model& model) {
    Data result{model.preprocessor->transform(rows.table)};
    if (!rows.weights.empty()) {
      result.data = result.data.with_weights(LargeVector<float>(rows.weights.begin(), rows.weights.end()));
    }
    return result;
  });
}

}  // namespace

void bind_training(nb::module_& m) {
  nb::class_<Data>(m, "Data", "Features and targets of rows.")
      .def(nb::init<>())
      .def_prop_ro("rows", [](const Data& data) { return data.data.rows(); });
  m.def("labelled", &labelled<float>, nb::arg("x").noconvert(), nb::arg("labels"), nb::arg("classes"),
        nb::arg("weights").none());
  m.def("labelled", &labelled<double>, nb::arg("x").noconvert(), nb::arg("labels"), nb::arg("classes"),
        nb::arg("weights").none());
  m.def("valued", &valued<float>, nb::arg("x").noconvert(), nb::arg("y"), nb::arg("weights").none());
  m.def("valued", &valued<double>, nb::arg("x").noconvert(), nb::arg("y"), nb::arg("weights").none());
  m.def("answered", &answered<float>, nb::arg("x").noconvert(), nb::arg("answers"), nb::arg("weights").none());
  m.def("answered", &answered<double>, nb::arg("x").noconvert(), nb::arg("answers"), nb::arg("weights").none());
  m.def("fit", &fit_net, nb::arg("net"), nb::arg("train"), nb::arg("validation"), nb::arg("options"),
        nb::arg("on_epoch").none());
  m.def(
      "begin",
      [](TrainTable& rows, const Recipe& recipe, const std::vector<std::string>& classes) {
        Begun begun = begin(rows, recipe, classes);
        return nb::make_tuple(std::move(begun.net), begun.options, begun.batch_size);
      },
      nb::arg("rows"), nb::arg("recipe"), nb::arg("classes"));
  m.def("rows_for", &rows_for, nb::arg("net"), nb::arg("rows"));
}

}  // namespace pellucid::python
