// Shows all numbers of one training step of a tiny network: input, z, outputs, loss and gradients.
// Not here: looking into a long training; use the same observer with `if (step % 1000 == 0)`.
#include <cmath>
#include <iomanip>
#include <iostream>
#include <vector>

#include "pellucid/pellucid.h"

using namespace pellucid;

namespace {

void print(const Values<float>& values, const std::string& name) {
  const View<const float> view = values.read(name);
  std::cout << name << " (" << view.rows << " x " << view.columns << ")\n";
  for (std::int64_t r = 0; r < view.rows; ++r) {
    for (std::int64_t c = 0; c < view.columns; ++c) std::cout << std::setw(10) << view(r, c);
    std::cout << "\n";
  }
}

class Look : public Observer {
 public:
  void on_step(std::int64_t, const Values<float>& values) override {
    for (const char* name : {"input", "dense1.z", "dense1.output", "dense2.z", "dense2.output", "loss.rows", "loss",
                             "dense2.z.gradient", "dense2.weight.gradient", "dense1.weight.gradient"}) {
      print(values, name);
    }
    agrees = check(values);
  }
  bool agrees = false;

 private:
  // Computed by hand: the gradient of the last weights is (outputs of the layer before)ᵀ · (gradient of z).
  static bool check(const Values<float>& values) {
    const auto h = values.read("dense1.output"), dz = values.read("dense2.z.gradient");
    const auto gradient = values.read("dense2.weight.gradient");
    bool same = true;
    for (std::int64_t k = 0; k < gradient.rows; ++k) {
      float sum = 0;
      for (std::int64_t r = 0; r < h.rows; ++r) sum += h(r, k) * dz(r, 0);
      same = same && std::abs(sum - gradient(k, 0)) < 1e-6f;
    }
    return same;
  }
};

}  // namespace

int main() {
  const std::vector<float> x{0, 0, 0, 1, 1, 0, 1, 1};  // four rows of two numbers
  const std::vector<std::int32_t> y{0, 1, 1, 0};       // exclusive or
  Model model{Dense{3, pellucid::tanh}, Dense{1, sigmoid}};
  std::cout << std::fixed << std::setprecision(5);

  // `keep` names values that are normally not stored. The result of the training stays the same, bit for bit.
  Look look;
  fit(model, Dataset::classification(x, Shape{2}, y, 2), {},
      {.epochs = 1,
       .batch_size = 4,
       .optimizer = Sgd{.learning_rate = 0.5},
       .keep = {"dense1.z", "dense1.weight.gradient", "dense2.output", "dense2.weight.gradient"},
       .observers = {&look}});
  std::cout << (look.agrees ? "the gradient agrees with the sum by hand\n" : "the gradient is WRONG\n");
  return look.agrees ? 0 : 1;
}
