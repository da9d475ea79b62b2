// An activation of your own, outside the library, with a setting: its value and its derivative.
// Not here: adding an activation to the library, where it is computed inside the kernels (CONTRIBUTING.md).
#include <cmath>
#include <iostream>

#include "pellucid/pellucid.h"

using namespace pellucid;

namespace {

// squareplus: a smooth relu with a setting. It does not use exp, log or tanh of the C library, because their last bits
// differ between machines; sqrt is exact everywhere.
class Squareplus : public ActivationOf<Squareplus> {
 public:
  static constexpr std::string_view name = "squareplus", summary = "a smooth relu without exp (Barron 2021)",
                                    formula = "(z + sqrt(z^2 + b)) / 2", initializer = "he_normal";
  double b = 4;

  Squareplus() = default;
  explicit Squareplus(double roundness) : b(roundness) {}
  void describe(Fields& fields) override { fields.field({"b", "how round the corner is", positive}, b); }

  template <class T>
  void value(const T* z, T* y, std::int64_t n) const {
    for (std::int64_t i = 0; i < n; ++i) y[i] = (z[i] + std::sqrt(z[i] * z[i] + static_cast<T>(b))) / 2;
  }
  template <class T>
  void gradient(const T* z, const T*, const T* dy, T* dz, std::int64_t n) const {
    for (std::int64_t i = 0; i < n; ++i) {
      dz[i] = dy[i] * (1 + z[i] / std::sqrt(z[i] * z[i] + static_cast<T>(b))) / 2;
    }
  }
};

}  // namespace

int main() {
  register_activation<Squareplus>();  // needed to load a model file that uses it
  const Split data = split(read_table("data/spiral.csv"), {});
  Model model{Dense{32, Squareplus{}}, Dense{32, Squareplus{0.5}}, Dense{3, softmax}};
  model.build(data.train.row_shape());

  bool right = true;
  for (const GradientVerdict& v : check_gradients(model.as<double>(), data.test)) {
    std::cout << "gradient of " << v.name << ": " << (v.ok ? "right" : "WRONG") << "\n";
    right = right && v.ok;
  }
  fit(model, data, {.epochs = 200, .optimizer = Adam{.learning_rate = 0.01}});
  const double accuracy = evaluate(model, data.test).score();
  const bool same = Model::from_bytes(model.to_bytes()).nodes().size() == model.nodes().size();
  std::cout << 100 * accuracy << " % of the test rows right\n";
  return right && same && accuracy > 0.9 ? 0 : 1;
}
