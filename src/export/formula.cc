// Records formulas: the formula files are compiled once more, for a value type that notes each operation.
// Not here: writing the operations in a language (src/export/c).
#include "export/formula.h"

#include <cmath>
#include <limits>
#include <type_traits>

#include "kernels/formulas.h"
#include "pellucid/error.h"

namespace pellucid {
namespace recorded {

/// The formula under way. Recording is a matter of one call and one thread.
thread_local Formula* recording = nullptr;

int note(Operation operation) {
  recording->push_back(operation);
  return static_cast<int>(recording->size()) - 1;
}

struct Condition {
  int at;
};

/// A number with the operations of Plain (kernels/scalar.h), which are recorded and not computed.
template <class T>
struct Noted {
  using Scalar = T;

  int at = -1;

  Noted() = default;
  explicit Noted(double x)
      : at(note({.kind = Operator::constant, .constant = static_cast<double>(static_cast<T>(x))})) {}

  friend Noted operator+(Noted a, Noted b) { return of({.kind = Operator::add, .a = a.at, .b = b.at}); }
  friend Noted operator-(Noted a, Noted b) { return of({.kind = Operator::subtract, .a = a.at, .b = b.at}); }
  friend Noted operator*(Noted a, Noted b) { return of({.kind = Operator::multiply, .a = a.at, .b = b.at}); }
  friend Noted operator/(Noted a, Noted b) { return of({.kind = Operator::divide, .a = a.at, .b = b.at}); }
  friend Noted operator-(Noted a) { return of({.kind = Operator::negate, .a = a.at}); }
  friend Condition operator<(Noted a, Noted b) { return {note({.kind = Operator::less, .a = a.at, .b = b.at})}; }
  friend Condition operator>(Noted a, Noted b) { return {note({.kind = Operator::greater, .a = a.at, .b = b.at})}; }
  friend Condition operator<=(Noted a, Noted b) {
    return {note({.kind = Operator::less_or_equal, .a = a.at, .b = b.at})};
  }
  friend Condition operator>=(Noted a, Noted b) {
    return {note({.kind = Operator::greater_or_equal, .a = a.at, .b = b.at})};
  }
  friend Noted fma(Noted a, Noted b, Noted c) { return of({.kind = Operator::fma, .a = a.at, .b = b.at, .c = c.at}); }
  friend Noted max(Noted a, Noted b) { return of({.kind = Operator::maximum, .a = a.at, .b = b.at}); }
  friend Noted min(Noted a, Noted b) { return of({.kind = Operator::minimum, .a = a.at, .b = b.at}); }
  friend Noted abs(Noted a) { return of({.kind = Operator::absolute, .a = a.at}); }
  friend Noted sqrt(Noted a) { return of({.kind = Operator::root, .a = a.at}); }
  friend Noted copysign(Noted magnitude, Noted sign) {
    return of({.kind = Operator::copy_sign, .a = magnitude.at, .b = sign.at});
  }
  friend Noted select(Condition condition, Noted yes, Noted no) {
    return of({.kind = Operator::select, .a = condition.at, .b = yes.at, .c = no.at});
  }
  friend Noted pow2(Noted n) { return of({.kind = Operator::power_2, .a = n.at}); }
  friend Noted exponent(Noted x) { return of({.kind = Operator::exponent, .a = x.at}); }
  friend Noted mantissa(Noted x) { return of({.kind = Operator::mantissa, .a = x.at}); }

 private:
  static Noted of(Operation operation) {
    Noted noted;
    noted.at = note(operation);
    return noted;
  }
};

#include "kernels/math-inl.h"
//
#include "activations/formulas.inc"

using Number = Noted<float>;

template <class Kind>
Number value_of(Number z, double parameter) {
  if constexpr (Kind::kind.rowwise) {
    return z;  // refused before
  } else {
    return Kind::template value<Number>(z, Number(parameter));
  }
}

constexpr Number (*values[])(Number, double) = {
#define PELLUCID_KIND(Type, name) &value_of<Type>,
#include "activations/kinds.inc"
#undef PELLUCID_KIND
};

template <class T, class Body>
Formula record(const Body& body) {
  Formula formula;
  recording = &formula;
  Noted<T> argument;
  argument.at = note({});
  const Noted<T> result = body(argument);
  // The result stands last, also where it is an operation that others use: adding -0 changes no number.
  if (result.at + 1 != static_cast<int>(formula.size())) result + Noted<T>(-0.0);
  recording = nullptr;
  return formula;
}

}  // namespace recorded

Formula formula_of(const Activation& activation) {
  const ActivationKind& kind = activation.kind();
  if (kind.builtin < 0 || kind.rowwise) {
    throw Error("U29", std::string("the activation ") + kind.name + " has no formula that an export could write");
  }
  return recorded::record<float>(
      [&](recorded::Number z) { return recorded::values[kind.builtin](z, activation.parameter()); });
}

Formula exp_in_float() {
  return recorded::record<float>([](auto x) { return exp(x); });
}

Formula exp_in_double() {
  return recorded::record<double>([](auto x) { return exp(x); });
}

}  // namespace pellucid
