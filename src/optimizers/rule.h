// The interface of an optimizer's settings to a plan: an update rule in the kernel table, its state, and the constants
// of a step.
// Not here: defaults of the settings (pellucid/optimizer.h), the formulas (src/optimizers/*-inl.h).
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

  /// Index in the kernel table's update rules; -1: not an elementwise rule (L-BFGS makes its own steps).
  virtual int rule() const = 0;
  virtual int slots() const = 0;
  /// Whether the size of a step grows with the gradient (SGD), or depends only on its direction (Adam).
  virtual bool follows_size() const = 0;
  /// Whether the constants depend on the step number t.
  virtual bool counts_steps() const = 0;
  /// Constants of step t (the first is 1) for this learning rate, in the order that the formula file documents.
  /// Computed in double, without libm. `decay_rate`: the learning rate for the decay of weights; 0: they do not decay.
  virtual std::array<double, 8> constants(std::int64_t t, double learning_rate, double decay_rate) const = 0;
  /// Whether weights decay by groups (AdamW::decays).
  virtual bool decays_by_groups() const { return false; }
};

}  // namespace pellucid
