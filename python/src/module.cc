// The module pellucid._core: what the package pellucid is written with.
// Not here: its parts (the other files of this folder).
#include "binding.h"
#include "pellucid/version.h"

namespace pellucid::python {

void Interrupt::look() {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < std::chrono::milliseconds(50)) return;
  last_ = now;
  call([] {
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
  });
}

void Interrupt::keep(nb::python_error& error) noexcept {
  if (!raised_) raised_.emplace(std::move(error));
  cancel = true;
}

void Interrupt::raise(bool but_interrupt) {
  if (!raised_) return;
  nb::python_error error = std::move(*raised_);
  raised_.reset();
  if (but_interrupt && error.matches(PyExc_KeyboardInterrupt)) return;
  throw error;
}

}  // namespace pellucid::python

NB_MODULE(_core, m) {
  using namespace pellucid::python;
  m.doc() = "The compiled part of pellucid. Use the package pellucid; the names here may change.";
  m.attr("version") = pellucid::version();
  m.def("cpu_target", &pellucid::cpu_target, "The instruction set that the kernels use on this machine.");
  bind_errors(m);
  bind_tables(m);
  bind_recipe(m);
  bind_nets(m);
  bind_training(m);
  bind_stepper(m);
  bind_exchange(m);
  bind_run(m);
}
