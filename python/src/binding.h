// What the files of the binding share: nanobind, the functions that fill the module, calls back into Python.
// Not here: anything that a user of Python sees (pellucid/*.py).
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <string>

namespace pellucid::python {

namespace nb = nanobind;

void bind_errors(nb::module_& m);
void bind_tables(nb::module_& m);
void bind_recipe(nb::module_& m);
void bind_nets(nb::module_& m);
void bind_training(nb::module_& m);
void bind_stepper(nb::module_& m);
void bind_exchange(nb::module_& m);
void bind_run(nb::module_& m);

/// Ends a computation that runs without the GIL when a function of the user has raised an exception or a signal has
/// arrived (Ctrl-C). The computation ends by itself once `cancel` is set; raise() then passes the exception on.
class Interrupt {
 public:
  std::atomic<bool> cancel{false};

  /// Lets Python handle signals, at most twenty times per second. Takes the GIL.
  void look();
  /// Calls `use` with the GIL. If it raises, the exception is kept and `cancel` is set.
  template <class Use>
  void call(const Use& use) noexcept {
    const nb::gil_scoped_acquire gil;
    try {
      use();
    } catch (nb::python_error& error) {
      keep(error);
    }
  }
  /// With the GIL: raises what was kept. With `but_interrupt`, a KeyboardInterrupt is dropped.
  void raise(bool but_interrupt = false);

 private:
  void keep(nb::python_error& error) noexcept;

  std::optional<nb::python_error> raised_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace pellucid::python
