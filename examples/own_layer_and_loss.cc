// A layer and a loss of your own, outside the library: gradients checked, trained, saved and loaded.
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
        if (dx) dx(r, c) = dy(r, c) * factor(0, c);  // nobody asks for the gradient of data
        product(r, c) = dy(r, c) * x(r, c);
      }
    }
    pass.sum_gradient(0, product);  // last: it may update the factors there and then
  }
};

// m rows of n outputs: the loss of each row, and its derivative by each output.
template <class T>
void pseudo_huber(std::int64_t m, std::int64_t n, const T* y, const T* target, T* loss, T* dy, double) {
  for (std::int64_t r = 0; r < m; ++r) loss[r] = 0;
  for (std::int64_t i = 0; i < m * n; ++i) {
    const T error = y[i] - target[i], root = std::sqrt(1 + error * error);
    loss[i / n] += root - 1;
    dy[i] = error / root;
  }
}
constexpr LossKind pseudo_huber_kind{.name = "pseudo_huber",
                                     .formula = "sqrt(1 + (y - t)^2) - 1",
                                     .help = "squared near the target, absolute far from it",
                                     .source = "Charbonnier et al. 1994",
                                     .task = "regression",
                                     .rows_float = pseudo_huber<float>,
                                     .rows_double = pseudo_huber<double>};

}  // namespace

int main() {
  register_layer<Gain>();  // so that a file which names them can be loaded
  register_loss(pseudo_huber_kind);
  const Split data = split(read_table("data/iris.csv"), {.target = "petal_width"});
  Model model{Gain{}, Dense{16, relu}, Dense{1}};
  model.build(data.train.row_shape());

  bool right = true;
  for (const GradientVerdict& v : check_gradients(model.as<double>(), data.test, Loss(pseudo_huber_kind))) {
    std::cout << "gradient of " << v.name << ": " << (v.ok ? "right" : "WRONG") << "\n";
    right = right && v.ok;
  }
  fit(model, data, {.epochs = 100, .loss = Loss(pseudo_huber_kind)});
  const double r2 = evaluate(model, data.test).targets.front().values->r2;
  const bool same = Model::from_bytes(model.to_bytes()).to_bytes() == model.to_bytes();
  std::cout << "R2 of the test rows " << r2 << "; loaded again: " << (same ? "the same" : "DIFFERENT") << "\n";
  return right && same && r2 > 0.8 ? 0 : 1;
}
