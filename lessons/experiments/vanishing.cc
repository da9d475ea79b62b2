// vanishing: after eight sigmoid layers the first one has no gradient; after eight ReLU layers it has one.
// Not here: the slopes that cause this (activations_exercise.cc).
#include <cmath>

#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

constexpr int hidden_layers = 8;

Model deep_net(Activation activation) {
  Model net;
  for (int i = 0; i < hidden_layers; ++i) net.add(Dense{32, activation});
  net.add(Dense{10, softmax});
  return net;
}

std::vector<std::string> gradient_names() {
  std::vector<std::string> names;
  for (int i = 1; i <= hidden_layers + 1; ++i) names.push_back("dense" + std::to_string(i) + ".weight.gradient");
  return names;
}

/// The root mean square of each layer's weight gradient over the first epoch, and the losses of all epochs.
class GradientSizes : public Observer {
 public:
  void on_step(std::int64_t, const Values<float>& values) override {
    if (!epochs.empty()) return;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const View<const float> gradient = values.read(names_[i]);
      for (std::int64_t r = 0; r < gradient.rows; ++r) {
        for (std::int64_t c = 0; c < gradient.columns; ++c) {
          squares_[i] += double{gradient(r, c)} * gradient(r, c);
          largest = std::max(largest, std::abs(double{gradient(r, c)}));
        }
      }
      counts_[i] += static_cast<double>(gradient.rows * gradient.columns);
    }
  }
  void on_epoch(const EpochRecord& record) override {
    epochs.push_back(static_cast<double>(record.epoch));
    losses.push_back(record.train_loss);
  }

  std::vector<double> by_layer() const {
    std::vector<double> result;
    for (std::size_t i = 0; i < names_.size(); ++i) result.push_back(std::sqrt(squares_[i] / counts_[i]));
    return result;
  }
  double first_by_last() const { return by_layer().front() / by_layer().back(); }

  std::vector<double> epochs, losses;
  double largest = 0;  ///< of all components of the first epoch

 private:
  std::vector<std::string> names_ = gradient_names();
  std::vector<double> squares_ = std::vector<double>(hidden_layers + 1), counts_ = squares_;
};

GradientSizes train(Lesson& lesson, Model& net, const Split& digits, double clip = 0) {
  GradientSizes seen;
  FitOptions options;
  options.epochs = lesson.integer("epochs");
  options.optimizer = Sgd{.learning_rate = lesson.number("lr")};
  options.clip_value = clip;
  options.seed = lesson.seed(42);
  options.keep = gradient_names();
  options.observers = {&seen};
  options.cancel = lesson.cancel();
  net.build(digits.train.row_shape(), lesson.seed(42));
  fit(net, digits.train, {}, options);
  return seen;
}

bool same_weights(const Model& a, const Model& b) {
  for (std::size_t i = 0; i < a.parameters().size(); ++i) {
    const auto one = a.parameters()[i].value.values(), other = b.parameters()[i].value.values();
    if (!std::equal(one.begin(), one.end(), other.begin())) return false;
  }
  return true;
}

void draw(Lesson& lesson, const GradientSizes& sigmoids, const GradientSizes& relus) {
  std::vector<double> layers;
  for (int i = 1; i <= hidden_layers + 1; ++i) layers.push_back(i);
  lesson.show(figures::Curves{{"Each sigmoid layer passes on a quarter of the gradient, ReLU layers nearly all of it",
                               "layer", "gradient (RMS) in epoch 1"},
                              {{"sigmoid", layers, sigmoids.by_layer()}, {"ReLU", layers, relus.by_layer()}},
                              true});
  lesson.show(figures::Curves{{"The sigmoid network guesses, the ReLU network learns", "epoch", "training loss"},
                              {{"sigmoid", sigmoids.epochs, sigmoids.losses}, {"ReLU", relus.epochs, relus.losses}}});
}

void run(Lesson& lesson) {
  lesson.say(
      "The error that passes down through a layer is multiplied by the layer's weights and its activation's slope. The "
      "sigmoid's slope is at most 0.25, so after eight layers little is left. Two networks with eight hidden layers of "
      "32 units, one with sigmoids and one with ReLUs, read the 8x8 digits; we compare the gradient of the first layer "
      "with that of the last. A ratio below 0.001 is finding H03, vanishing gradient.");
  const Split digits = split(lesson.shipped("digits"), {.target = "digit", .validation = 0, .test = 0.2});
  Model sigmoids = deep_net(sigmoid), relus = deep_net(relu), clipped = deep_net(sigmoid);
  const GradientSizes small = train(lesson, sigmoids, digits), healthy = train(lesson, relus, digits);
  lesson.in_range("sigmoid: gradient of the first layer ÷ the last", 0, 1e-3, small.first_by_last(),
                  "under 0.001: finding H03");
  lesson.in_range("ReLU: gradient of the first layer ÷ the last", 0.1, 10, healthy.first_by_last(), "no finding");
  lesson.in_range("sigmoid: test accuracy, %", 0, 30, 100 * evaluate(sigmoids, digits.test).score(),
                  "no better than guessing");
  lesson.in_range("ReLU: test accuracy, %", 93, 100, 100 * evaluate(relus, digits.test).score());
  draw(lesson, small, healthy);

  lesson.say(
      "The text recommends gradient clipping against vanishing gradients. Clipping makes large gradients smaller; it "
      "makes no small gradient larger. With the text's clip value, 1.0, the sigmoid network ends with exactly the same "
      "weights. What helps is another activation, or initial weights that suit it, as above.");
  const GradientSizes unchanged = train(lesson, clipped, digits, 1.0);
  lesson.in_range("sigmoid: largest component of any gradient in epoch 1", 0, 1, unchanged.largest,
                  "clipping has no effect");
  lesson.holds("clipping at 1.0 does not change one bit of the sigmoid network", same_weights(sigmoids, clipped));
}

}  // namespace

const Tutorial tutorial_vanishing{
    "vanishing",
    "002",
    "eight sigmoid layers leave the first one no gradient, eight ReLU layers do",
    run,
    {{"lr", "0.1", "learning rate"}, {"epochs", "30", "passes over the 1,437 training rows"}}};

}  // namespace pellucid::tutorial
