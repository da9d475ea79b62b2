// Losses of your own with settings and fewer target columns than outputs: several quantiles, and a mixture of normal
// distributions; and one that compares the rows of a batch.
// Not here: a layer and a simple loss (own_layer_and_loss.cc), several heads (number_and_class.cc).
#include <cmath>
#include <iostream>

#include "pellucid/pellucid.h"

using namespace pellucid;

namespace {

// The lower, middle and upper quantile of one number: three outputs, one target column. `share`: the share of the rows
// that should lie between the outer two quantiles.
class Quantiles : public LossOf<Quantiles> {
 public:
  static constexpr std::string_view name = "quantiles", summary = "lower, middle and upper quantile";
  double share = 0.8;

  void describe(Fields& fields) override {
    fields.field({"share", "share of the rows between the outer quantiles", fraction}, share);
  }
  std::int64_t target_columns(std::int64_t outputs) const override {
    if (outputs != 3) throw Error("U33", "quantiles takes 3 outputs, got " + std::to_string(outputs));
    return 1;
  }
  bool predict(std::span<const double> outputs, std::span<double> targets) const override {
    targets[0] = outputs[1];  // validation and evaluate() use the middle quantile
    return true;
  }
  template <class T>
  void rows(View<const T> y, View<const T> target, T* loss, View<T> dy) const {
    const double quantile[] = {(1 - share) / 2, 0.5, (1 + share) / 2};
    for (std::int64_t r = 0; r < y.rows; ++r) {
      loss[r] = 0;
      for (std::int64_t o = 0; o < 3; ++o) {
        const T error = target(r, 0) - y(r, o), slope = static_cast<T>(error > 0 ? quantile[o] : quantile[o] - 1);
        loss[r] += slope * error;
        dy(r, o) = -slope;
      }
    }
  }
};

// A mixture density: −ln of the mean of two normal densities, each with a mean m and a log-width s, up to a constant.
// Outputs m1, s1, m2, s2; one target column. The C library's exp and log may differ in the last bit from machine to
// machine, so this training is the same on one machine only.
class TwoNormals : public LossOf<TwoNormals> {
 public:
  static constexpr std::string_view name = "two_normals", summary = "mixture of two normal distributions";

  std::int64_t target_columns(std::int64_t outputs) const override { return outputs / 4; }
  bool predict(std::span<const double> outputs, std::span<double> targets) const override {
    targets[0] = (outputs[0] + outputs[2]) / 2;
    return true;
  }
  template <class T>
  void rows(View<const T> y, View<const T> target, T* loss, View<T> dy) const {
    for (std::int64_t r = 0; r < y.rows; ++r) {
      T density[2], error[2];
      for (int k = 0; k < 2; ++k) {
        error[k] = (target(r, 0) - y(r, 2 * k)) / std::exp(y(r, 2 * k + 1));
        density[k] = std::exp(-error[k] * error[k] / 2 - y(r, 2 * k + 1));
      }
      const T sum = density[0] + density[1] + T(1e-30);
      loss[r] = -std::log(sum / 2);
      for (int k = 0; k < 2; ++k) {
        const T share = density[k] / sum;  // probability that the row belongs to this part of the mixture
        dy(r, 2 * k) = -share * error[k] / std::exp(y(r, 2 * k + 1));
        dy(r, 2 * k + 1) = share * (1 - error[k] * error[k]);
      }
    }
  }
};

// Contrastive: rows of one class shall lie near each other, rows of different classes at least `margin` apart (squared
// distances). The outputs are coordinates; the target column is the class. It couples the rows of a batch.
class Contrastive : public LossOf<Contrastive> {
 public:
  static constexpr std::string_view name = "contrastive", summary = "near within a class, far between classes";
  double margin = 1;

  void describe(Fields& fields) override {
    fields.field({"margin", "squared distance between classes", positive}, margin);
  }
  std::int64_t target_columns(std::int64_t) const override { return 1; }
  bool couples_rows() const override { return true; }
  bool predict(std::span<const double>, std::span<double>) const override { return false; }
  template <class T>
  void rows(View<const T> y, View<const T> target, T* loss, View<T> dy) const {
    const T far = static_cast<T>(margin), pairs = static_cast<T>(std::max<std::int64_t>(y.rows - 1, 1));
    for (std::int64_t r = 0; r < y.rows; ++r) {
      loss[r] = 0;
      for (std::int64_t c = 0; c < y.columns; ++c) dy(r, c) = 0;
    }
    for (std::int64_t a = 0; a < y.rows; ++a) {
      for (std::int64_t b = 0; b < a; ++b) {
        T square = 0;
        for (std::int64_t c = 0; c < y.columns; ++c) square += (y(a, c) - y(b, c)) * (y(a, c) - y(b, c));
        const bool same = target(a, 0) == target(b, 0);
        if (!same && square >= far) continue;
        loss[a] += (same ? square : far - square) / pairs;
        for (std::int64_t c = 0; c < y.columns; ++c) {
          const T slope = (same ? 2 : -2) * (y(a, c) - y(b, c)) / pairs;
          dy(a, c) += slope;
          dy(b, c) -= slope;
        }
      }
    }
  }
};

bool has_right_gradients(const Model& model, const Dataset& rows, const Loss& loss) {
  bool right = true;
  for (const GradientVerdict& v : check_gradients(model.as<double>(), rows, loss, {.most_rows = 12}))
    right = right && v.ok;
  return right;
}

}  // namespace

int main() {
  register_loss<Quantiles>();  // so that evaluate() and model files find them by name
  register_loss<TwoNormals>();
  register_loss<Contrastive>();

  // A number whose spread grows with x.
  Random random({.seed = 3});
  std::vector<float> x, t;
  for (int row = 0; row < 600; ++row) {
    x.push_back(static_cast<float>(random.uniform()));
    t.push_back(x.back() + 0.5f * x.back() * static_cast<float>(2 * random.uniform() - 1));
  }
  const Dataset rows = Dataset::regression(std::span<const float>(x), Shape{1}, t);

  Model quantiles{Dense{16, tanh}, Dense{3}};
  fit(quantiles, rows, {}, {.epochs = 100, .optimizer = Adam{.learning_rate = 0.01}, .loss = Quantiles{}});
  const Tensor<float> y = quantiles.predict(rows);
  double between = 0;
  for (std::int64_t r = 0; r < 600; ++r) between += t[r] > y.view()(r, 0) && t[r] < y.view()(r, 2) ? 1.0 / 600 : 0;
  const double r2 = evaluate(quantiles, rows).score();

  Model density{Dense{16, tanh}, Dense{4}};
  fit(density, rows, {}, {.epochs = 100, .optimizer = Adam{.learning_rate = 0.01}, .loss = TwoNormals{}});

  // Learns two coordinates in which the species of iris are far apart.
  const Split iris = split(read_table("data/iris.csv"), {.target = "species"});
  Model places{Dense{16, tanh}, Dense{2}};
  const History history =
      fit(places, iris.train, {}, {.epochs = 60, .optimizer = Adam{.learning_rate = 0.01}, .loss = Contrastive{}});

  std::cout << 100 * between << " % of the rows lie between the outer quantiles; RMSE of the middle one " << r2
            << "\ncontrastive loss " << history.epochs.front().train_loss << " -> " << history.epochs.back().train_loss
            << "\n";
  const bool right = has_right_gradients(quantiles, rows, Quantiles{}) &&
                     has_right_gradients(density, rows, TwoNormals{}) &&
                     has_right_gradients(places, iris.train, Contrastive{});
  return right && between > 0.7 && between < 0.9 &&
                 history.epochs.back().train_loss < history.epochs.front().train_loss / 4
             ? 0
             : 1;
}
