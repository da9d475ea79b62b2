// The class Stepper of pellucid._core: one training step at a time, and the gradients as arrays.
// Not here: epochs (training.cc).
#include "pellucid/stepper.h"

#include "nets.h"
#include "options.h"
#include "pellucid/error.h"

namespace pellucid::python {

namespace {

class PyStepper {
 public:
  PyStepper(Net& net, std::int64_t rows, const std::string& options)
      : net_(net), stepper_(net.model(), rows, step_options(options)) {}

  /// Calls `use` with the stepper, without the GIL and alone.
  template <class Use>
  auto with(const Use& use) {
    return net_.change([&](Model&) { return use(stepper_); });
  }
  Net& net() noexcept { return net_; }
  Stepper& stepper() noexcept { return stepper_; }

 private:
  Net& net_;
  Stepper stepper_;
};

std::span<const float> weights_of(const std::optional<List<float>>& weights) {
  return weights ? span_of(*weights) : std::span<const float>();
}

template <bool is_step>
double on_labels(PyStepper& self, const Rows<float>& x, const List<std::int32_t>& labels,
                 const std::optional<List<float>>& weights) {
  return self.with([&](Stepper& stepper) {
    return is_step ? stepper.step(rows_of(x), span_of(labels), weights_of(weights))
                   : stepper.gradients(rows_of(x), span_of(labels), weights_of(weights));
  });
}

template <bool is_step>
double on_values(PyStepper& self, const Rows<float>& x, const Rows<float>& targets,
                 const std::optional<List<float>>& weights) {
  return self.with([&](Stepper& stepper) {
    const View<const float> rows = rows_of(x);
    View<const float> wanted = rows_of(targets);
    if (targets.ndim() == 1) wanted = {targets.data(), static_cast<std::int64_t>(targets.size()), 1, 1};
    return is_step ? stepper.step(rows, wanted, weights_of(weights))
                   : stepper.gradients(rows, wanted, weights_of(weights));
  });
}

double on_data(PyStepper& self, const Data& data, const std::optional<List<std::int64_t>>& rows) {
  return self.with([&](Stepper& stepper) {
    return stepper.step(data.data, rows ? span_of(*rows) : std::span<const std::int64_t>());
  });
}

nb::ndarray<nb::numpy, float> gradient(const nb::object& self, const std::string& name) {
  auto& stepper = nb::cast<PyStepper&>(self);
  const View<float> view = stepper.stepper().gradient(name);
  return shown_array(view, stepper.net().model().parameter(name).shape(), self);
}

// A copy, because the library keeps these values only until the next call.
nb::ndarray<nb::numpy, float> copied(View<const float> view) {
  Tensor<float> tensor(Shape{view.rows, view.columns});
  for (std::int64_t r = 0; r < view.rows; ++r) std::copy_n(view.row(r), view.columns, tensor.view().row(r));
  return owned_array(std::move(tensor));
}

nb::bytes state_of(PyStepper& self) {
  const std::string bytes = self.with([](Stepper& stepper) { return stepper.to_bytes(); });
  return nb::bytes(bytes.data(), bytes.size());
}

}  // namespace

void bind_stepper(nb::module_& m) {
  const auto x = nb::arg("x").noconvert();
  const auto weights = nb::arg("weights").none();
  nb::class_<PyStepper>(m, "Stepper", "One training step at a time.")
      .def(nb::init<Net&, std::int64_t, const std::string&>(), nb::arg("net"), nb::arg("rows"), nb::arg("options"),
           nb::keep_alive<1, 2>())
      .def("step", &on_labels<true>, x, nb::arg("labels").noconvert(), weights)
      .def("step", &on_values<true>, x, nb::arg("targets").noconvert(), weights)
      .def("step_data", &on_data, nb::arg("data"), nb::arg("rows").none())
      .def("gradients", &on_labels<false>, x, nb::arg("labels").noconvert(), weights)
      .def("gradients", &on_values<false>, x, nb::arg("targets").noconvert(), weights)
      .def(
          "forward",
          [](PyStepper& self, const Rows<float>& rows) {
            return copied(self.with([&](Stepper& stepper) { return stepper.forward(rows_of(rows)); }));
          },
          x)
      .def(
          "backward",
          [](PyStepper& self, const Rows<float>& output_gradient) {
            self.with([&](Stepper& stepper) { stepper.backward(rows_of(output_gradient)); });
          },
          nb::arg("output_gradient").noconvert())
      .def("gradient", &gradient, nb::arg("name"))
      .def("input_gradient", [](PyStepper& self) { return copied(self.stepper().input_gradient()); })
      .def("update", [](PyStepper& self) { self.with([](Stepper& stepper) { stepper.update(); }); })
      .def(
          "accumulate", [](PyStepper& self, bool on) { self.with([&](Stepper& stepper) { stepper.accumulate(on); }); },
          nb::arg("on"))
      .def("value_names", [](PyStepper& self) { return self.stepper().values().names(); })
      .def(
          "value", [](PyStepper& self, const std::string& name) { return copied(self.stepper().values().read(name)); },
          nb::arg("name"))
      .def_prop_rw(
          "learning_rate", [](PyStepper& self) { return self.stepper().learning_rate(); },
          [](PyStepper& self, double rate) { self.with([&](Stepper& stepper) { stepper.set_learning_rate(rate); }); })
      .def_prop_ro("steps", [](PyStepper& self) { return self.stepper().steps(); })
      .def("to_bytes", &state_of)
      .def(
          "restore",
          [](PyStepper& self, const nb::bytes& bytes) {
            const std::string text(bytes.c_str(), bytes.size());
            self.with([&](Stepper& stepper) { stepper.restore(text); });
          },
          nb::arg("bytes"));
}

}  // namespace pellucid::python
