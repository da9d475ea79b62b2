// A layer and a loss of your own, outside the library: checks gradients, trains, saves and loads a model with them.
// Not here: an activation of your own (own_activation.cc), adding to the library itself (CONTRIBUTING.md).
#include <cmath>
#include <iostream>

#include "pellucid/pellucid.h"

using namespace pellucid;

namespace {

// y = x ⊙ g: a learned factor for each column.
class Gain : public LayerOf<Gain> {
 public:
  static constexpr std::string_view name = "gain", summary = "a learned factor for each column";
  double start = 1;

  void describe(Fields& fields) override { fields.field({"start", "what each factor is at first"}, start); }
  Shape output_shape(std::span<const Shape> inputs) const override { return inputs[0]; }
  std::vector<Need> needs(std::span<const Shape> inputs) const override {
    const std::int64_t n = inputs[0].elements();
    return {{.name = "factor", .shape = {n}, .initializer = Initializer("constant", start)},
            {.name = "product", .role = Role::scratch, .shape = {n}}};
  }
  template <class T>
  void run_forward(Pass<T>& pass) const {
    const auto x = pass.x();
    const auto y = pass.y(), factor = pass.slice(0);
    for (std::int64_t r = 0; r < x.rows; ++r) {
      for (std::int64_t c = 0; c < x.columns; ++c) y(r, c) = x(r, c) * factor(0, c);
    }
  }
  template <class T>
  void run_backward(Pass<T>& pass) const {
    const auto x = pass.x();
    const auto dx = pass.dx(), dy = pass.dy(), factor = pass.slice(0), product = pass.slice(1);
    for (std::int64_t r = 0; r < x.rows; ++r) {
      for (std::int64_t c = 0; c < x.columns; ++c) {
        if (dx) dx(r, c) = dy(r, c) * factor(0, c);  // dx is empty if the input is data
        product(r, c) = dy(r, c) * x(r, c);
      }
    }
    pass.sum_gradient(0, product);  // must come last, because it may update the factors at once
  }
};

// sqrt(1 + (e / width)²) - 1, summed over the outputs: squared near the target, absolute far from it.
class PseudoHuber : public LossOf<PseudoHuber> {
 public:
  static constexpr std::string_view name = "pseudo_huber", summary = "squared near the target, absolute far from it";
  double width = 1;

  void describe(Fields& fields) override {
    fields.field({"width", "where it turns from one to the other", positive}, width);
  }
  template <class T>
  void rows(View<const T> y, View<const T> target, T* loss, View<T> dy) const {
    const T w = static_cast<T>(width);
    for (std::int64_t r = 0; r < y.rows; ++r) {
      loss[r] = 0;
      for (std::int64_t o = 0; o < y.columns; ++o) {
        const T error = (y(r, o) - target(r, o)) / w, root = std::sqrt(1 + error * error);
        loss[r] += root - 1;
        dy(r, o) = error / (root * w);
      }
    }
  }
};

}  // namespace

int main() {
  register_layer<Gain>();  // needed to load a model file that uses them
  register_loss<PseudoHuber>();
  const Split data = split(read_table("data/iris.csv"), {.target = "petal_width"});
  Model model{Gain{}, Dense{16, relu}, Dense{1}};
  model.build(data.train.row_shape());

  bool right = true;
  for (const GradientVerdict& v : check_gradients(model.as<double>(), data.test, PseudoHuber{})) {
    std::cout << "gradient of " << v.name << ": " << (v.ok ? "right" : "WRONG") << "\n";
    right = right && v.ok;
  }
  fit(model, data, {.epochs = 100, .loss = PseudoHuber{}});
  const double r2 = evaluate(model, data.test).targets.front().values->r2;
  const bool same = Model::from_bytes(model.to_bytes()).to_bytes() == model.to_bytes();
  std::cout << "R2 of the test rows " << r2 << "; loaded again: " << (same ? "the same" : "DIFFERENT") << "\n";
  return right && same && r2 > 0.8 ? 0 : 1;
}
