// Formulas as C functions: one line per operation, so that no compiler may reorder or fuse them.
// Not here: which functions a model needs (net.cc, answers.cc).
#include "export/c/functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

#include "export/c/text.h"
#include "kernels/tree.h"
#include "pellucid/error.h"

namespace pellucid::c {

namespace {

template <class T>
constexpr bool single = std::is_same_v<T, float>;

template <class T>
std::string suffix() {
  return single<T> ? "f" : "";
}

template <class T>
constexpr const char* type = single<T> ? "float" : "double";

std::string number(int at) {
  return "t" + std::to_string(at);
}

// How many times each operation is read; a condition that is read once needs no variable.
std::vector<int> uses_of(const Formula& formula) {
  std::vector<int> uses(formula.size(), 0);
  for (const Operation& o : formula) {
    for (const int from : {o.a, o.b, o.c}) {
      if (from >= 0) ++uses[static_cast<std::size_t>(from)];
    }
  }
  uses.back() = 1;
  return uses;
}

// An operation in C, of the variables a, b and c; f is the suffix of functions of float.
constexpr std::string_view helper_call = "@h@(@a@)";
const char* pattern_of(Operator kind) {
  switch (kind) {
    case Operator::add:
      return "@a@ + @b@";
    case Operator::subtract:
      return "@a@ - @b@";
    case Operator::multiply:
      return "@a@ * @b@";
    case Operator::divide:
      return "@a@ / @b@";
    case Operator::negate:
      return "-@a@";
    case Operator::fma:
      return "fma@f@(@a@, @b@, @c@)";
    case Operator::maximum:
      return "@a@ > @b@ ? @a@ : @b@";
    case Operator::minimum:
      return "@a@ < @b@ ? @a@ : @b@";
    case Operator::absolute:
      return "fabs@f@(@a@)";
    case Operator::root:
      return "sqrt@f@(@a@)";
    case Operator::copy_sign:
      return "copysign@f@(@a@, @b@)";
    case Operator::less:
      return "@a@ < @b@";
    case Operator::greater:
      return "@a@ > @b@";
    case Operator::less_or_equal:
      return "@a@ <= @b@";
    case Operator::greater_or_equal:
      return "@a@ >= @b@";
    case Operator::select:
      return "@a@ ? @b@ : @c@";
    default:
      return helper_call.data();  // power_2, exponent, mantissa
  }
}

bool is_condition(Operator kind) {
  return kind == Operator::less || kind == Operator::greater || kind == Operator::less_or_equal ||
         kind == Operator::greater_or_equal;
}

// The bits of a number: what pow2, exponent and mantissa of kernels/scalar.h do.
constexpr const char* power_2_text = R"(static @type@ @name@(@type@ n) {
  const @type@ shifted = n + @magic@;
  @word@ bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits << @width@) + @one@;
  memcpy(&n, &bits, sizeof n);
  return n;
}
)";
constexpr const char* exponent_text = R"(static @type@ @name@(@type@ x) {
  @word@ bits;
  memcpy(&bits, &x, sizeof bits);
  return (@type@)(int)(bits >> @width@) - @bias@;
}
)";
constexpr const char* mantissa_text = R"(static @type@ @name@(@type@ x) {
  @word@ bits;
  memcpy(&bits, &x, sizeof bits);
  bits = (bits & @mask@) | @one@;
  memcpy(&x, &bits, sizeof x);
  return x;
}
)";

}  // namespace

template <class T>
std::string Functions::helper(Operator kind) {
  const char* const text = kind == Operator::power_2    ? power_2_text
                           : kind == Operator::exponent ? exponent_text
                                                        : mantissa_text;
  const char* const stem = kind == Operator::power_2 ? "pow2" : kind == Operator::exponent ? "exponent" : "mantissa";
  std::string name = prefix_ + "_" + stem + suffix<T>();
  if (is_new(name)) {
    helpers_ += filled(text, {{"type", type<T>},
                              {"name", name},
                              {"word", single<T> ? "uint32_t" : "uint64_t"},
                              {"width", single<T> ? "23" : "52"},
                              {"one", single<T> ? "UINT32_C(0x3f800000)" : "UINT64_C(0x3ff0000000000000)"},
                              {"mask", single<T> ? "UINT32_C(0x007fffff)" : "UINT64_C(0x000fffffffffffff)"},
                              {"bias", single<T> ? "127.0f" : "1023.0"},
                              {"magic", single<T> ? "12582912.0f" : "6755399441055744.0"}});
  }
  return name;
}

template <class T>
std::string Functions::value(const Operation& o) {
  if (o.kind == Operator::argument) return "x";
  if (o.kind == Operator::constant) return single<T> ? literal(static_cast<float>(o.constant)) : literal(o.constant);
  const char* const pattern = pattern_of(o.kind);
  const std::string name = pattern == helper_call ? helper<T>(o.kind) : "";
  return filled(pattern, {{"h", name}, {"a", number(o.a)}, {"b", number(o.b)}, {"c", number(o.c)}, {"f", suffix<T>()}});
}

template <class T>
std::string Functions::write(const std::string& name, const Formula& formula) {
  if (!is_new(name)) return name;
  const std::vector<int> uses = uses_of(formula);
  std::string lines;
  for (std::size_t i = 0; i < formula.size(); ++i) {
    if (uses[i] == 0 && formula[i].kind != Operator::argument) continue;
    lines +=
        fmt::format("  const {} t{} = {};\n", is_condition(formula[i].kind) ? "int" : type<T>, i, value<T>(formula[i]));
  }
  functions_ +=
      fmt::format("static {0} {1}({0} x) {{\n{2}  return t{3};\n}}\n", type<T>, name, lines, formula.size() - 1);
  return name;
}

std::string Functions::activation(const Activation& activation) {
  return write<float>(prefix_ + "_" + identifier(activation.text()), formula_of(activation));
}

std::string Functions::exp_in_float() {
  return write<float>(prefix_ + "_expf", pellucid::exp_in_float());
}

std::string Functions::exp_in_double() {
  return write<double>(prefix_ + "_exp", pellucid::exp_in_double());
}

// The sum has the order of sum_of (kernels/scalar.cc): 16 sums of every sixteenth number, then added in pairs.
std::string Functions::softmax(std::int64_t n) {
  if (n > sum_block) {
    throw Error("U29", fmt::format("a softmax over {} numbers; C sources take at most {}", n, sum_block));
  }
  const std::string name = fmt::format("{}_softmax{}", prefix_, n);
  if (!is_new(name)) return name;
  const std::string exp = exp_in_float();
  const std::int64_t lanes = std::min<std::int64_t>(n, sum_lanes);
  std::string folds;
  for (int half = sum_lanes / 2; half > 0; half /= 2) {
    const std::int64_t count = std::min<std::int64_t>(half, lanes - half);
    if (count > 0) folds += fmt::format("  for (int i = 0; i < {0}; ++i) lane[i] += lane[i + {1}];\n", count, half);
  }
  functions_ += filled(
      R"(static void @name@(float *v) {
  float top = -INFINITY, lane[@lanes@] = {0};
  for (int i = 0; i < @n@; ++i) top = top > v[i] ? top : v[i];
  for (int i = 0; i < @n@; ++i) v[i] = @exp@(v[i] - top);
  for (int i = 0; i < @n@; ++i) lane[i % @lanes@] += v[i];
@folds@  for (int i = 0; i < @n@; ++i) v[i] /= lane[0];
}
)",
      {{"name", name}, {"lanes", std::to_string(lanes)}, {"n", std::to_string(n)}, {"exp", exp}, {"folds", folds}});
  return name;
}

std::string Functions::normalize_rows(std::int64_t n) {
  if (n > sum_block) {
    throw Error("U29", fmt::format("layer normalization of {} numbers; C sources take at most {}", n, sum_block));
  }
  const std::string name = fmt::format("{}_normalize{}", prefix_, n);
  if (!is_new(name)) return name;
  functions_ +=
      filled(R"(static void @name@(const float *x, const float *gamma, const float *beta, float epsilon, float *y) {
  float sum[16] = {0}, squares[16] = {0};
  for (int i = 0; i < @n@; ++i) sum[i % 16] += x[i];
  for (int h = 8; h > 0; h /= 2) for (int i = 0; i < h; ++i) sum[i] += sum[i + h];
  const float mean = sum[0] / @n@.0f;
  for (int i = 0; i < @n@; ++i) squares[i % 16] = fmaf(x[i] - mean, x[i] - mean, squares[i % 16]);
  for (int h = 8; h > 0; h /= 2) for (int i = 0; i < h; ++i) squares[i] += squares[i + h];
  const float factor = 1.0f / sqrtf(squares[0] / @n@.0f + epsilon);
  for (int i = 0; i < @n@; ++i) y[i] = fmaf((x[i] - mean) * factor, gamma[i], beta[i]);
}
)",
             {{"name", name}, {"n", std::to_string(n)}});
  return name;
}

}  // namespace pellucid::c
