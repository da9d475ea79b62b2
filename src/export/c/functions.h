// The functions that a C source needs beside its net: activations and exp, written from their formulas.
// Not here: the formulas (export/formula.h), loops over layers (net.h).
#pragma once

#include <set>
#include <string>
#include <vector>

#include "export/formula.h"

namespace pellucid::c {

/// Collects functions as they are needed and gives each a name; text() holds all of them in an order that compiles.
class Functions {
 public:
  explicit Functions(std::string prefix) : prefix_(std::move(prefix)) {}

  /// The name of a function `float f(float z)` for this activation.
  std::string activation(const Activation& activation);
  /// The name of a function that replaces n numbers by their softmax: `void f(float *v)`. Throws U29 above 4,096.
  std::string softmax(std::int64_t n);
  /// The name of a function that normalizes n numbers by their mean and variance:
  /// `void f(const float *x, const float *gamma, const float *beta, float epsilon, float *y)`; y may be x. Throws U29
  /// above 4,096.
  std::string normalize_rows(std::int64_t n);
  std::string exp_in_float();   ///< `float f(float x)`
  std::string exp_in_double();  ///< `double f(double x)`

  std::string text() const { return helpers_ + functions_; }

 private:
  template <class T>
  std::string write(const std::string& name, const Formula& formula);
  template <class T>
  std::string value(const Operation& operation);
  template <class T>
  std::string helper(Operator kind);
  bool is_new(const std::string& name) { return written_.insert(name).second; }

  std::string prefix_, helpers_, functions_;
  std::set<std::string> written_;
};

}  // namespace pellucid::c
