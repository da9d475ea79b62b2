// Formula: the value of a built-in function (an activation, exp) as a list of elementary floating-point operations.
// Not here: the formulas themselves (src/activations, kernels/math-inl.h), from which the list is recorded.
#pragma once

#include <vector>

#include "pellucid/activation.h"

namespace pellucid {

/// Operations on numbers of one precision, each rounded once. The kernels execute the same ones in the same order.
enum class Operator {
  argument,  ///< the function's argument
  constant,
  add,
  subtract,
  multiply,
  divide,
  negate,
  fma,      ///< a·b + c
  maximum,  ///< a > b ? a : b
  minimum,  ///< a < b ? a : b
  absolute,
  root,
  copy_sign,  ///< the magnitude of a with the sign of b
  less,       ///< a < b, a condition; likewise the next three
  greater,
  less_or_equal,
  greater_or_equal,
  select,    ///< a ? b : c
  power_2,   ///< 2 to an integral a within the range of normal exponents
  exponent,  ///< e of a = m·2ᵉ with 1 ≤ m < 2, for a positive normal a
  mantissa   ///< m
};

struct Operation {
  Operator kind = Operator::argument;
  int a = -1, b = -1, c = -1;  ///< indices of earlier operations
  double constant = 0;         ///< rounded to the precision
};

/// The result is the last operation's.
using Formula = std::vector<Operation>;

/// The value of an activation in float. Throws U29 for an activation of a user's own and for softmax.
Formula formula_of(const Activation& activation);
Formula exp_in_float();
Formula exp_in_double();

}  // namespace pellucid
