// The class Net of pellucid._core: layers, parameters, predictions, files.
// Not here: training (training.cc), tables (tables.cc).
#include "nets.h"

#include <algorithm>

#include "columns.h"
#include "core/json.h"
#include "core/settings.h"
#include "core/text.h"
#include "judge/output_reader.h"
#include "pellucid/error.h"
#include "pellucid/evaluation.h"
#include "pellucid/layers.h"
#include "pellucid/prediction_intervals.h"
#include "pellucid/train_table.h"
#include "recipe/data.h"
#include "run/run_files.h"
#include "run/run_json.h"

namespace pellucid::python {

namespace {

constexpr std::int64_t few = 64;
constexpr std::int64_t most_with_gil = 100'000;  // multiplications that take less than a switch of threads

std::shared_ptr<const Layer> make_layer(const std::string& kind, const std::string& settings) {
  std::vector<std::string> names;
  for (const LayerKind& known : layer_kinds()) {
    names.emplace_back(known.name);
    if (known.name != kind) continue;
    std::shared_ptr<Layer> layer = known.make();
    settings_from_json(*layer, parse_json(settings), "layer " + kind);
    return layer;
  }
  const std::string near = closest(kind, names);
  throw Error("U11", "no layer kind " + quote(kind) + (near.empty() ? "" : "; did you mean " + near + "?"),
              {"kinds: " + join(names, ", ")});
}

void add_layer(Net& net, const std::string& kind, const std::string& settings, const std::string& name,
               const std::vector<std::string>& inputs) {
  const LayerRef layer(make_layer(kind, settings));
  net.change([&](Model& model) { inputs.empty() ? model.add(layer, name) : model.add(layer, name, inputs); });
}

Shape shape_of(const std::vector<std::int64_t>& extents) {
  return Shape(std::span<const std::int64_t>(extents));
}

std::vector<std::int64_t> extents_of(const Shape& shape) {
  return {shape.extents().begin(), shape.extents().end()};
}

bool is_one_row(const Model& model, const Rows<float>& x) {
  const Shape& row = model.row_shape();
  if (x.ndim() != static_cast<std::size_t>(row.rank())) return false;
  for (int axis = 0; axis < row.rank(); ++axis) {
    if (static_cast<std::int64_t>(x.shape(static_cast<std::size_t>(axis))) != row[axis]) return false;
  }
  return true;
}

// A new NumPy array of float32 and a view of it. Making it by NumPy itself is faster than handing memory over.
class NewArray {
 public:
  NewArray(std::int64_t rows, std::int64_t columns, bool flat) : columns_(columns), rows_(rows) {
    // Never freed: the interpreter may be gone when static objects are destroyed.
    static const auto& numpy = *new std::pair<nb::object, nb::object>(nb::module_::import_("numpy").attr("empty"),
                                                                      nb::module_::import_("numpy").attr("float32"));
    array_ = flat ? numpy.first(columns, numpy.second) : numpy.first(nb::make_tuple(rows, columns), numpy.second);
    if (PyObject_GetBuffer(array_.ptr(), &buffer_, PyBUF_WRITABLE | PyBUF_C_CONTIGUOUS) != 0) throw nb::python_error();
  }
  NewArray(const NewArray&) = delete;
  ~NewArray() { PyBuffer_Release(&buffer_); }
  View<float> view() const noexcept { return {static_cast<float*>(buffer_.buf), rows_, columns_, columns_}; }
  const nb::object& array() const noexcept { return array_; }

 private:
  std::int64_t columns_, rows_;
  nb::object array_;
  Py_buffer buffer_{};
};

// The outputs for an array of float32; one row gives one row. Nothing where `x` is something else, or where the model
// has columns, which are found by name.
nb::object predict_array(Net& net, const nb::object& x, std::int64_t threads) {
  Rows<float> array;
  if (net.model().preprocessor || !nb::try_cast(x, array, false)) return nb::none();
  const bool one = is_one_row(net.model(), array);
  const auto size = static_cast<std::int64_t>(array.size());
  const View<const float> rows = one ? View<const float>{array.data(), 1, size, size} : rows_of(array);
  if (rows.rows > few) return nb::cast(owned_array(net.read([&](const Model& m) { return m.predict(rows, threads); })));
  const NewArray outputs(rows.rows, net.model().output_shape().elements(), one);
  net.predict_few(rows, outputs.view());
  return outputs.array();
}

nb::list predictions(std::vector<TargetPredictions> targets) {
  nb::list list;
  for (TargetPredictions& target : targets) {
    nb::dict entry;
    entry["name"] = target.name;
    if (target.class_names.empty()) {
      const std::size_t rows = target.values.size();
      entry["values"] = owned_array(std::move(target.values), {rows});
    } else {
      const std::size_t rows = target.classes.size(), classes = target.class_names.size();
      entry["class_names"] = target.class_names;
      entry["classes"] = owned_array(std::move(target.classes), {rows});
      entry["probabilities"] = owned_array(std::move(target.probabilities), {rows, classes});
    }
    list.append(entry);
  }
  return list;
}

// Per target a dictionary with the name and the limits low and high of each row, or the class names and whether each
// class is in the set, rows × classes.
nb::list predict_intervals(Net& net, const TrainTable& rows, double level, std::int64_t threads) {
  const PredictionIntervals intervals = net.read([&](const Model& model) { return PredictionIntervals(model, level); });
  const std::vector<TargetPredictions> targets = net.predict_table(rows.table, threads);
  nb::list list;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    const TargetPredictions& target = targets[t];
    nb::dict entry;
    entry["name"] = target.name;
    if (target.class_names.empty()) {
      std::vector<double> limits;
      for (const double value : target.values) {
        const Interval interval = intervals.of(t, value);
        limits.insert(limits.end(), {interval.low, interval.high});
      }
      entry["limits"] = owned_array(std::move(limits), {target.values.size(), 2});
    } else {
      const std::size_t count = target.classes.size(), classes = target.class_names.size();
      std::vector<std::uint8_t> inside;
      for (std::size_t i = 0; i < count * classes; ++i) {
        const auto row = static_cast<std::int64_t>(i / classes);
        inside.push_back(intervals.contains(t, target.probabilities_of(row), static_cast<std::int32_t>(i % classes)));
      }
      entry["inside"] = owned_array(std::move(inside), {count, classes});
    }
    list.append(entry);
  }
  return list;
}

nb::list predict_table(Net& net, const TrainTable& rows, std::int64_t threads) {
  return predictions(net.predict_table(rows.table, threads));
}

const Preprocessor& preprocessor_of(Net& net) {
  if (net.model().preprocessor) return *net.model().preprocessor;
  throw Error("D20", "the model was not trained on a table, so it has no columns",
              {"pass an array with the features of each row"});
}

std::string evaluate_table(Net& net, const TrainTable& rows, std::int64_t threads) {
  return net.read([&](const Model& model) {
    return json_text(evaluation_json(evaluate(model, preprocessor_of(net).transform(rows.table), threads), 42));
  });
}

// What the model has learned about its columns, for the estimators and for looking at it.
std::string described(Net& net) {
  const Preprocessor& preprocessor = preprocessor_of(net);
  Json columns = Json::array(), targets = Json::array();
  for (const FittedColumn& column : preprocessor.columns) {
    columns.push_back({{"name", column.name}, {"kind", text_of(column.kind())}, {"features", column.features}});
  }
  for (const FittedTarget& target : preprocessor.targets) {
    targets.push_back({{"name", target.name}, {"classes", target.classes}});
  }
  return json_text({{"classification", preprocessor.is_classification()}, {"columns", columns}, {"targets", targets}});
}

nb::ndarray<nb::numpy, float> parameter(const nb::object& self, const std::string& name) {
  Tensor<float>& value = nb::cast<Net&>(self).model().parameter(name);
  return shown_array(value.view(), value.shape(), self);
}

void bind_files(nb::class_<Net>& net) {
  net.def(
         "save", [](Net& self, const std::string& path) { self.read([&](const Model& model) { model.save(path); }); },
         nb::arg("path"))
      .def("to_bytes",
           [](Net& self) {
             const std::string bytes = self.read([](const Model& model) { return model.to_bytes(); });
             return nb::bytes(bytes.data(), bytes.size());
           })
      .def_static(
          "from_bytes",
          [](const nb::bytes& bytes) {
            return std::make_unique<Net>(Model::from_bytes({bytes.c_str(), bytes.size()}, "<pickle>"));
          },
          nb::arg("bytes"))
      .def_static(
          "load", [](const std::string& path) { return std::make_unique<Net>(Model::load(model_path(path))); },
          nb::arg("path"));
}

void bind_layers(nb::class_<Net>& net) {
  net.def("add", &add_layer, nb::arg("kind"), nb::arg("settings"), nb::arg("name"), nb::arg("inputs"))
      .def(
          "add_input",
          [](Net& self, const std::string& name, const std::vector<std::int64_t>& shape) {
            self.change([&](Model& model) { model.add_input(name, shape_of(shape)); });
          },
          nb::arg("name"), nb::arg("shape"))
      .def(
          "freeze",
          [](Net& self, const std::string& name, bool frozen) {
            self.change([&](Model& model) { model.freeze(name, frozen); });
          },
          nb::arg("name"), nb::arg("frozen"))
      .def(
          "up_to",
          [](Net& self, const std::string& layer) {
            return std::make_unique<Net>(self.read([&](const Model& model) { return model.up_to(layer); }));
          },
          nb::arg("layer"))
      .def(
          "build",
          [](Net& self, const std::vector<std::int64_t>& row_shape, std::uint64_t seed) {
            // Arrays of Python may show the parameters of a built model.
            if (self.model().is_built()) throw Error("U21", "the model is built already", {"make a new Model"});
            self.change([&](Model& model) { model.build(shape_of(row_shape), seed); });
          },
          nb::arg("row_shape"), nb::arg("seed"))
      .def_prop_ro("is_built", [](Net& self) { return self.model().is_built(); })
      .def_prop_ro("row_shape", [](Net& self) { return extents_of(self.model().row_shape()); })
      .def_prop_ro("output",  // how many outputs, and the activation that they end in
                   [](Net& self) {
                     const Model& model = self.model();
                     const Activation* last =
                         model.nodes().empty() ? nullptr : model.nodes().back().layer->output_activation();
                     return nb::make_tuple(model.output_shape().elements(), last == nullptr ? "" : last->kind().name);
                   })
      .def_prop_ro("layer_names", [](Net& self) {
        std::vector<std::string> names;
        for (const Node& node : self.model().nodes()) names.push_back(node.name);
        return names;
      });
}

}  // namespace

template <class Kind, class Make, class Use>
auto Net::with_predictor(Idle<Kind>& idle, const Make& make, const Use& use) {
  std::unique_ptr<Kind> predictor;
  {
    const std::lock_guard lock(idle.mutex);
    if (!idle.list.empty()) {
      predictor = std::move(idle.list.back());
      idle.list.pop_back();
    }
  }
  const auto answer = [&] {
    if (!predictor) predictor = make();
    try {
      return use(*predictor);
    } catch (const Error& error) {
      if (error.code() != "U24") throw;  // the model has changed since the predictor was made
      predictor = make();
      return use(*predictor);
    }
  };
  auto result = answer();
  const std::lock_guard lock(idle.mutex);
  idle.list.push_back(std::move(predictor));
  return result;
}

void Net::predict_few(View<const float> rows, View<float> out) {
  const auto predict = [&](const Model& model) {
    const auto make = [&] { return std::make_unique<Predictor<float>>(model, few); };
    return with_predictor(predictors_, make, [&](Predictor<float>& predictor) {
      const View<const float> outputs = predictor(rows);
      for (std::int64_t r = 0; r < outputs.rows; ++r) std::copy_n(outputs.row(r), outputs.columns, out.row(r));
      return true;
    });
  };
  // Releasing the GIL takes as long as predicting a row. Whoever holds the model without the GIL may wait for the GIL,
  // so a lock is only taken here if it is free.
  if (rows.rows * model_->parameter_count() < most_with_gil && !is_mine()) {
    const std::shared_lock lock(mutex_, std::try_to_lock);
    if (lock) return void(predict(*model_));
  }
  read(predict);
}

// `threads` counts when a predictor is made; the predictions are the same for any number.
std::vector<TargetPredictions> Net::predict_table(const Table& table, std::int64_t threads) {
  return read([&](const Model& model) {
    const auto make = [&] { return std::make_unique<TablePredictor>(model, threads); };
    return with_predictor(table_predictors_, make, [&](TablePredictor& predictor) {
      const auto targets = predictor.predict(table);
      return std::vector<TargetPredictions>(targets.begin(), targets.end());
    });
  });
}

void bind_nets(nb::module_& m) {
  nb::class_<Net> net(m, "Net", "A neural network: layers, parameters, and the preprocessor of a training on a table.");
  net.def(nb::init<>())
      .def("predict_array", &predict_array, nb::arg("x"), nb::arg("threads"))
      .def("predict_table", &predict_table, nb::arg("rows"), nb::arg("threads"))
      .def("predict_intervals", &predict_intervals, nb::arg("rows"), nb::arg("level"), nb::arg("threads"))
      .def("evaluate_table", &evaluate_table, nb::arg("rows"), nb::arg("threads"))
      .def(
          "table_to_predict",
          [](Net& self, Columns& columns, const std::string& name) {
            const Preprocessor& preprocessor = preprocessor_of(self);
            const nb::gil_scoped_release released;
            return TrainTable{columns.finish(options_to_predict(preprocessor, {})), 0, name};
          },
          nb::arg("columns"), nb::arg("name"))
      .def(
          "read_to_predict",
          [](Net& self, const std::string& path) {
            const Preprocessor& preprocessor = preprocessor_of(self);
            const nb::gil_scoped_release released;
            return TrainTable{read_table(path, options_to_predict(preprocessor, {})), 0, path};
          },
          nb::arg("path"))
      .def("described", &described)
      .def_prop_ro("has_table", [](Net& self) { return self.model().preprocessor.has_value(); })
      .def("parameter", &parameter, nb::arg("name"))
      .def_prop_ro("parameter_names",
                   [](Net& self) {
                     std::vector<std::string> names;
                     for (const auto& one : self.model().parameters()) names.push_back(one.name);
                     return names;
                   })
      .def_prop_ro("parameter_count", [](Net& self) { return self.model().parameter_count(); })
      .def("summary", [](Net& self) { return self.model().summary(); })
      .def_prop_rw(
          "threshold", [](Net& self) { return self.model().threshold; },
          [](Net& self, double threshold) { self.change([&](Model& model) { model.threshold = threshold; }); });
  bind_layers(net);
  bind_files(net);
}

}  // namespace pellucid::python
