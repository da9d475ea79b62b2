// Turns ONNX operators into layers. Not here: operators that only change shapes (shapes.cc), that take parts
// (gather.cc), constants (constants.cc), merging of layers (net.cc).
#include "import/onnx/operators.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "import/onnx/constants.h"
#include "pellucid/error.h"

namespace pellucid::importing {
namespace {

const Constant& weight_of(const Values& values, const Operator& op, std::size_t input) {
  const Constant* const found = values.constant(op, input);
  if (found == nullptr) refuse(values, op, "multiplies two computed arrays; one of them must be a weight");
  if (found->extents.size() != 2 || found->numbers.empty()) {
    refuse(values, op, fmt::format("has a weight of {} axes, expected 2", found->extents.size()));
  }
  return *found;
}

// y = x·W + b with a flat row x.
Value product(Values& values, const Operator& op, const Value& x, const Constant& weight, bool transposed,
              std::vector<double> bias, double alpha) {
  const std::int64_t in = weight.extents[transposed ? 1 : 0], out = weight.extents[transposed ? 0 : 1];
  if (x.extents.size() != 1 || x.size() != in) {
    std::string shape = "rows";
    for (const std::int64_t extent : x.extents) shape += " x " + std::to_string(extent);
    refuse(values, op, fmt::format("multiplies an array of {} by a weight of {} x {}", shape, in, out));
  }
  std::vector<double> w(weight.numbers);
  if (transposed) {
    for (std::int64_t i = 0; i < in; ++i) {
      for (std::int64_t j = 0; j < out; ++j) {
        w[static_cast<std::size_t>(i * out + j)] = weight.numbers[static_cast<std::size_t>(j * in + i)];
      }
    }
  }
  for (double& number : w) number *= alpha;
  if (bias.empty()) bias.assign(static_cast<std::size_t>(out), 0);
  return values.net().dense(op, x, std::move(w), std::move(bias));
}

Value gemm(Values& values, const Operator& op, Attributes& attributes) {
  if (attributes.integer("transA", 0) != 0) refuse(values, op, "has transA, which mixes rows of data");
  const bool transposed = attributes.integer("transB", 0) != 0;
  const double alpha = attributes.number("alpha", 1), beta = attributes.number("beta", 1);
  const Constant& weight = weight_of(values, op, 1);
  std::vector<double> bias;
  if (op.inputs.size() > 2 && !op.inputs[2].empty()) {
    const Constant* const found = values.constant(op, 2);
    if (found == nullptr) refuse(values, op, "adds a computed array");
    bias = one_row(op, *found, {weight.extents[transposed ? 0 : 1]}, values.graph());
    for (double& number : bias) number *= beta;
  }
  return product(values, op, values.take(op, 0), weight, transposed, std::move(bias), alpha);
}

Value matmul(Values& values, const Operator& op, Attributes&) {
  return product(values, op, values.take(op, 0), weight_of(values, op, 1), false, {}, 1);
}

// Adds, subtracts, multiplies or divides; with a constant, each number of a row gets a factor and a shift.
Value binary(Values& values, const Operator& op, Attributes&) {
  if (op.inputs.size() != 2) refuse_file(values.graph().file, op.text() + " takes two inputs");
  const Constant *const left = values.constant(op, 0), *const right = values.constant(op, 1);
  const bool add = op.type == "Add", subtract = op.type == "Sub", divide = op.type == "Div";
  if (left == nullptr && right == nullptr) {
    Value a = values.take(op, 0), b = values.take(op, 1);
    if (divide) refuse(values, op, "divides two computed arrays");
    if (subtract) {
      const auto n = static_cast<std::size_t>(b.size());
      b = values.net().affine(op, std::move(b), std::vector<double>(n, -1), std::vector<double>(n, 0));
    }
    if (add || subtract) return values.net().combine(op, Add(), {std::move(a), std::move(b)});
    return values.net().combine(op, Multiply(), {std::move(a), std::move(b)});
  }
  const Value x = values.take(op, left != nullptr ? 1 : 0);
  if (divide && left != nullptr) refuse(values, op, "divides by a computed array");
  std::vector<double> row = one_row(op, left != nullptr ? *left : *right, x.extents, values.graph());
  std::vector<double> other(row.size(), add || subtract ? 1 : 0);
  if (divide) {
    for (double& number : row) {
      if (number == 0) refuse(values, op, "divides by zero");
      number = 1 / number;
    }
  }
  if (subtract) {
    for (double& number : left != nullptr ? other : row) number = -number;
  }
  if (add || subtract) std::swap(row, other);  // row: the factors; other: the shifts
  return values.net().affine(op, x, std::move(row), std::move(other));
}

Value negative(Values& values, const Operator& op, Attributes&) {
  const Value x = values.take(op, 0);
  const auto n = static_cast<std::size_t>(x.size());
  return values.net().affine(op, x, std::vector<double>(n, -1), std::vector<double>(n, 0));
}

std::vector<Value> all_inputs(const Values& values, const Operator& op) {
  std::vector<Value> inputs;
  for (std::size_t i = 0; i < op.inputs.size(); ++i) inputs.push_back(values.take(op, i));
  if (inputs.empty()) refuse_file(values.graph().file, op.text() + " has no input");
  return inputs;
}

Value sum(Values& values, const Operator& op, Attributes&) {
  return values.net().combine(op, Add(), all_inputs(values, op));
}

Value mean(Values& values, const Operator& op, Attributes&) {
  return values.net().combine(op, Average(), all_inputs(values, op));
}

Value concat(Values& values, const Operator& op, Attributes& attributes) {
  const std::vector<Value> inputs = all_inputs(values, op);
  const auto rank = static_cast<std::int64_t>(inputs[0].extents.size()) + 1;
  std::int64_t axis = attributes.integer("axis", 1);
  if (axis < 0) axis += rank;
  if (axis != 1 || rank != 2) refuse(values, op, "joins arrays of more than two axes, or rows of data");
  for (const Value& input : inputs) {
    if (input.extents.size() != 1) refuse(values, op, "joins arrays of different numbers of axes");
  }
  return values.net().concat(op, inputs);
}

Value scaler(Values& values, const Operator& op, Attributes& attributes) {
  const Value x = values.take(op, 0);
  std::vector<double> offset = attributes.numbers("offset"), scale = attributes.numbers("scale");
  const auto n = static_cast<std::size_t>(x.size());
  for (auto* const list : {&offset, &scale}) {
    if (list->size() == 1) list->resize(n, list->front());
    if (list->size() != n) refuse(values, op, fmt::format("has {} numbers for {} columns", list->size(), n));
  }
  for (std::size_t i = 0; i < n; ++i) offset[i] *= -scale[i];
  return values.net().affine(op, x, std::move(scale), std::move(offset));
}

Value batch_normalization(Values& values, const Operator& op, Attributes& attributes) {
  const double epsilon = attributes.number("epsilon", 1e-5);
  attributes.number("momentum", 0.9);
  if (attributes.integer("training_mode", 0) != 0) refuse(values, op, "was exported in training mode");
  if (attributes.integer("spatial", 1) != 1) refuse(values, op, "has spatial = 0");
  const Value x = values.take(op, 0);
  std::vector<std::vector<double>> rows;
  for (std::size_t i = 1; i < 5; ++i) {
    const Constant* const found = values.constant(op, i);
    const bool fits = found != nullptr && !x.extents.empty() && found->extents == Extents{x.extents[0]};
    if (!fits) refuse(values, op, "has statistics that are not one constant per channel");
    Constant column = *found;
    for (std::size_t axis = 1; axis < x.extents.size(); ++axis) column.extents.push_back(1);
    rows.push_back(one_row(op, column, x.extents, values.graph()));
  }
  std::vector<double>&factor = rows[0], &shift = rows[1], &average = rows[2], &variance = rows[3];
  for (std::size_t i = 0; i < factor.size(); ++i) {
    if (!(variance[i] + epsilon > 0)) refuse_file(values.graph().file, op.text() + " has a variance below 0");
    factor[i] /= std::sqrt(variance[i] + epsilon);
    shift[i] -= average[i] * factor[i];
  }
  return values.net().affine(op, x, std::move(factor), std::move(shift));
}

Value layer_normalization(Values& values, const Operator& op, Attributes& attributes) {
  const double epsilon = attributes.number("epsilon", 1e-5);
  attributes.integer("stash_type", 1);
  const Value x = values.take(op, 0);
  const std::int64_t axis = attributes.integer("axis", -1);
  if (x.extents.size() != 1 || (axis != 1 && axis != -1)) refuse(values, op, "is not over the numbers of a flat row");
  if (!(epsilon > 0)) refuse(values, op, fmt::format("has the epsilon {}, expected a number above 0", epsilon));
  const auto row = [&](std::size_t input) {
    const Constant* const found = values.constant(op, input);
    if (found == nullptr) refuse(values, op, "has a scale or bias that is not a constant");
    return one_row(op, *found, x.extents, values.graph());
  };
  const bool has_bias = op.inputs.size() > 2 && !op.inputs[2].empty();
  return values.net().layer_norm(op, x, epsilon, row(1),
                                 has_bias ? row(2) : std::vector<double>(static_cast<std::size_t>(x.size()), 0));
}

Value identity(Values& values, const Operator& op, Attributes&) {
  return values.take(op, 0);
}

// To floating-point numbers; or a column of the data to integers, as the index of an embedding.
Value cast(Values& values, const Operator& op, Attributes& attributes) {
  Value x = values.take(op, 0);
  const std::int64_t to = attributes.integer("to", 0);
  attributes.integer("saturate", 1);
  constexpr std::int64_t float32 = 1, int32 = 6, int64 = 7, float64 = 11;
  if (to == int32 || to == int64) {
    if (x.part >= 0 || !x.factor.empty()) refuse(values, op, "converts computed numbers to integers");
    x.is_index = x.is_index || !x.integers;
    x.integers = true;
    return x;
  }
  if (to != float32 && to != float64) refuse(values, op, "converts data to another type than float or double");
  if (x.is_index) refuse(values, op, "converts to float what was rounded to integers");
  x.integers = false;
  return x;
}

Value dropout(Values& values, const Operator& op, Attributes& attributes) {
  double rate = attributes.number("ratio", 0.5);
  attributes.integer("seed", 0);
  if (const Constant* const ratio = values.constant(op, 1); ratio != nullptr && ratio->numbers.size() == 1) {
    rate = ratio->numbers[0];
  }
  if (!(rate >= 0 && rate < 1)) refuse(values, op, fmt::format("has the rate {}", rate));
  const Value x = values.take(op, 0);
  return rate == 0 ? x : values.net().dropout(op, x, rate);
}

Value softmax(Values& values, const Operator& op, Attributes& attributes) {
  const Value x = values.take(op, 0);
  const auto rank = static_cast<std::int64_t>(x.extents.size()) + 1;
  const std::int64_t axis = attributes.integer("axis", values.graph().opset < 13 ? 1 : -1);
  if (rank != 2 || (axis != 1 && axis != -1)) refuse(values, op, "is not over the numbers of a flat row");
  return values.net().activate(op, x, Activation::parse("softmax"));
}

// Elu, LeakyRelu: an activation with the slope alpha.
Value with_alpha(Values& values, const Operator& op, Attributes& attributes) {
  const bool elu = op.type == "Elu";
  const double alpha = attributes.number("alpha", elu ? 1 : 0.01);
  if (alpha < 0) refuse(values, op, fmt::format("has the negative alpha {}", alpha));
  const Activation kind = Activation::parse(elu ? "elu" : "leaky_relu");
  return values.net().activate(op, values.take(op, 0), kind(alpha));
}

Value selu(Values& values, const Operator& op, Attributes& attributes) {
  const double alpha = attributes.number("alpha", 1.67326319), gamma = attributes.number("gamma", 1.05070102);
  if (std::abs(alpha - 1.67326324) > 1e-5 || std::abs(gamma - 1.05070099) > 1e-5) {
    refuse(values, op, "has other constants than selu");
  }
  return values.net().activate(op, values.take(op, 0), Activation::parse("selu"));
}

Value gelu(Values& values, const Operator& op, Attributes& attributes) {
  if (attributes.text("approximate", "none") != "none")
    refuse(values, op, "is the tanh approximation of gelu, not gelu");
  return values.net().activate(op, values.take(op, 0), Activation::parse("gelu"));
}

template <const char* name>
Value plain(Values& values, const Operator& op, Attributes&) {
  return values.net().activate(op, values.take(op, 0), Activation::parse(name));
}

constexpr char relu[] = "relu", tanh_[] = "tanh", sigmoid[] = "sigmoid", softplus[] = "softplus", silu[] = "silu",
               mish[] = "mish", cos_[] = "cos";

struct Row {
  const char* type;
  Convert convert;
};

constexpr Row table[] = {{"Add", binary},
                         {"BatchNormalization", batch_normalization},
                         {"Cast", cast},
                         {"Concat", concat},
                         {"Cos", plain<cos_>},
                         {"Div", binary},
                         {"Dropout", dropout},
                         {"Elu", with_alpha},
                         {"Flatten", flatten},
                         {"Gather", gather},
                         {"Gelu", gelu},
                         {"Gemm", gemm},
                         {"Identity", identity},
                         {"LayerNormalization", layer_normalization},
                         {"LeakyRelu", with_alpha},
                         {"MatMul", matmul},
                         {"Mean", mean},
                         {"Mish", plain<mish>},
                         {"Mul", binary},
                         {"Neg", negative},
                         {"Relu", plain<relu>},
                         {"Reshape", reshape},
                         {"Scaler", scaler},
                         {"Selu", selu},
                         {"Sigmoid", plain<sigmoid>},
                         {"Silu", plain<silu>},
                         {"Slice", slice},
                         {"Softmax", softmax},
                         {"Softplus", plain<softplus>},
                         {"Squeeze", squeeze},
                         {"Sub", binary},
                         {"Sum", sum},
                         {"Tanh", plain<tanh_>},
                         {"Transpose", transpose},
                         {"Unsqueeze", unsqueeze}};

}  // namespace

void refuse(const Values& values, const Operator& op, const std::string& what) {
  refuse_part(values.graph().file, op.text() + " " + what);
}

Convert conversion(const std::string& type) {
  const auto* const found = std::ranges::find(table, type, &Row::type);
  return found == std::end(table) ? nullptr : found->convert;
}

}  // namespace pellucid::importing
