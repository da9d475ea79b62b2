// An activation of your own, outside the library: its value and derivative on a run of numbers, in float and in double.
// Not here: an activation inside the library, which is fused into the products (CONTRIBUTING.md).
#include <cmath>
#include <iostream>

#include "pellucid/pellucid.h"

using namespace pellucid;

namespace {

// squareplus: a smooth relu without exp. No exp, log or tanh of the C library either, whose last bits differ from
// machine to machine; sqrt is exact everywhere.
template <class T>
void value(const T* z, T* y, std::int64_t n, double b) {
  for (std::int64_t i = 0; i < n; ++i) y[i] = (z[i] + std::sqrt(z[i] * z[i] + static_cast<T>(b))) / 2;
}
template <class T>
void gradient(const T* z, const T*, const T* dy, T* dz, std::int64_t n, double b) {
  for (std::int64_t i = 0; i < n; ++i) {
    dz[i] = dy[i] * (1 + z[i] / std::sqrt(z[i] * z[i] + static_cast<T>(b))) / 2;
  }
}

constexpr ActivationKind squareplus_kind{.name = "squareplus",
                                         .formula = "(z + sqrt(z^2 + b)) / 2",
                                         .help = "a smooth relu without exp",
                                         .source = "Barron 2021",
                                         .onnx = "",
                                         .parameter = {"b", "how round the corner is", positive},
                                         .parameter_default = 4,
                                         .initializer = "he_normal",
                                         .value_float = value<float>,
                                         .value_double = value<double>,
                                         .gradient_float = gradient<float>,
                                         .gradient_double = gradient<double>};
constexpr Activation squareplus(&squareplus_kind);

}  // namespace

int main() {
  register_activation(squareplus_kind);  // so that a file which names it can be loaded
  const Split data = split(read_table("data/spiral.csv"), {});
  Model model{Dense{32, squareplus}, Dense{32, squareplus(0.5)}, Dense{3, softmax}};
  model.build(data.train.row_shape());

  bool right = true;
  for (const GradientVerdict& v : check_gradients(model.as<double>(), data.test, default_loss(model, data.test))) {
    std::cout << "gradient of " << v.name << ": " << (v.ok ? "right" : "WRONG") << "\n";
    right = right && v.ok;
  }
  fit(model, data, {.epochs = 200, .optimizer = Adam{.learning_rate = 0.01}});
  const double accuracy = evaluate(model, data.test).score();
  const bool same = Model::from_bytes(model.to_bytes()).nodes().size() == model.nodes().size();
  std::cout << 100 * accuracy << " % of the test rows right\n";
  return right && same && accuracy > 0.9 ? 0 : 1;
}
