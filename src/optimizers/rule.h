// What an optimizer is to a plan: a rule in the kernels' table, its state slots, and the constants of a step.
// Not here: the settings' defaults (pellucid/optimizer.h), the rules' formulas (*-inl.h).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "pellucid/optimizer.h"

namespace pellucid {

class Optimizer::Settings {
 public:
  virtual ~Settings() = default;
  virtual std::unique_ptr<Settings> clone() const = 0;
  virtual std::string_view name() const = 0;
  virtual std::string_view help() const = 0;
  virtual std::string_view formula() const = 0;
  virtual void describe(Fields& fields) = 0;
  virtual double* learning_rate() { return nullptr; }

  /// Index in the kernels' table of update rules; -1: not an elementwise rule (L-BFGS drives the steps itself).
  virtual int rule() const = 0;
  virtual int slots() const = 0;
  /// Whether a step grows with the gradient (SGD), or only its direction counts (Adam).
  virtual bool follows_size() const = 0;
  /// Whether the constants depend on t.
  virtual bool counts_steps() const = 0;
  /// Constants of step t (1 = first) at this learning rate, in the order the formula documents. Computed in double, no
  /// libm.
  virtual std::array<double, 8> constants(std::int64_t t, double learning_rate, bool decays) const = 0;
};

}  // namespace pellucid
