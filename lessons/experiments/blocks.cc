// blocks: the building blocks of text 000's networks, each with numbers that can be computed by hand.
// Not here: the networks (mnist_64.cc, paris_512.cc), the text's classifier with matrices (text_net.h).
#include <algorithm>
#include <cmath>
#include <map>

#include "lessons/experiments/matrix.h"
#include "lessons/experiments/text_net.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

double relu(double z) {
  return std::max(0.0, z);
}
double relu_slope(double z) {
  return z > 0 ? 1 : 0;
}
double leaky_relu(double z) {
  return z > 0 ? z : 0.01 * z;
}
double leaky_relu_slope(double z) {
  return z > 0 ? 1 : 0.01;
}
double tanh(double z) {
  return std::tanh(z);
}
double tanh_slope(double z) {
  return 1 - std::tanh(z) * std::tanh(z);
}
double sigmoid(double z) {
  return 1 / (1 + std::exp(-z));
}
double sigmoid_slope(double z) {
  return sigmoid(z) * (1 - sigmoid(z));
}

/// Softmax of one column. Subtracts the largest element first; otherwise exp would overflow at 710.
Numbers softmax(const Numbers& z) {
  const double largest = *std::max_element(z.begin(), z.end());
  Numbers shares;
  double sum = 0;
  for (const double value : z) sum += shares.emplace_back(std::exp(value - largest));
  for (double& share : shares) share /= sum;
  return shares;
}

Numbers each(double (*f)(double), Numbers z) {
  for (double& value : z) value = f(value);
  return z;
}

/// The output of the library's activation for one row.
Numbers by_library(const Activation& activation, const Numbers& z) {
  BasicModel<double> model{activation};
  const auto columns = static_cast<std::int64_t>(z.size());
  model.build(Shape{columns});
  const Tensor<double> y = model.predict(View<const double>{z.data(), 1, columns, columns});
  return {y.values().begin(), y.values().end()};
}

/// The library's loss for one batch of logits, or of outputs if no activation is applied.
double loss_by_library(const Activation& last, const Numbers& z, std::int64_t columns, const Numbers& targets) {
  BasicModel<double> model{last};
  model.build(Shape{columns});
  const std::vector<std::int32_t> labels(targets.begin(), targets.end());
  return evaluate(model, last.kind().rowwise || last == pellucid::sigmoid
                             ? Dataset::classification(z, Shape{columns}, labels, columns == 1 ? 2 : 3)
                             : Dataset::regression(z, Shape{columns}, targets))
      .loss;
}

using Function = double (*)(double);

figures::Curves chart(const std::string& title, const std::map<std::string, Function>& functions) {
  figures::Curves curves{{title, "z", ""}, {}};
  for (const auto& [name, f] : functions) {
    figures::Series series{name, {}, {}};
    for (int i = -80; i <= 80; ++i) {
      series.x.push_back(0.05 * i);
      series.y.push_back(f(0.05 * i));
    }
    curves.series.push_back(std::move(series));
  }
  return curves;
}

void activations(Lesson& lesson) {
  lesson.say(
      "The text prints no numbers for its building blocks, so they are computed by hand here and shown in place of the "
      "tutorial's. An activation makes the sum of a layer nonlinear. With logarithms as inputs the results are simple "
      "fractions: tanh(ln 3) = (9 - 1)/(9 + 1), sigmoid(ln 3) = 3/(3 + 1), and softmax of ln 1, ln 2, ln 5 gives 1/8, "
      "2/8 and 5/8.");
  const double ln2 = std::log(2), ln3 = std::log(3), ln5 = std::log(5);
  const Numbers z = {-2, 0, 3}, logs = {-ln3, 0, ln2, ln3};
  lesson.exact("ReLU of -2, 0, 3", "0 0 3", each(relu, z));
  lesson.exact("its slope", "0 0 1", each(relu_slope, z));
  lesson.exact("leaky ReLU", "-0.02 0 3", each(leaky_relu, z));
  lesson.exact("its slope", "0.01 0.01 1", each(leaky_relu_slope, z));
  lesson.exact("tanh of -ln 3, 0, ln 2, ln 3", "-0.8 0.0 0.6 0.8", each(tanh, logs));
  lesson.exact("its slope, 1 - tanh²", "0.36 1.00 0.64 0.36", each(tanh_slope, logs));
  lesson.exact("sigmoid of -ln 3, 0, ln 2, ln 3", "0.2500000 0.5000000 0.6666667 0.7500000", each(sigmoid, logs));
  lesson.exact("its slope, s(1 - s)", "0.1875000 0.2500000 0.2222222 0.1875000", each(sigmoid_slope, logs));
  lesson.exact("softmax of 0, ln 2, ln 5", "0.125 0.250 0.625", softmax({0, ln2, ln5}));

  lesson.exact("the library: ReLU", "0 0 3", by_library(pellucid::relu, z));
  lesson.exact("the library: leaky ReLU", "-0.02 0 3", by_library(pellucid::leaky_relu, z));
  lesson.exact("the library: tanh", "-0.8 0.0 0.6 0.8", by_library(pellucid::tanh, logs));
  lesson.exact("the library: sigmoid", "0.2500000 0.5000000 0.6666667 0.7500000", by_library(pellucid::sigmoid, logs));
  lesson.exact("the library: softmax", "0.125 0.250 0.625", by_library(pellucid::softmax, {0, ln2, ln5}));
  lesson.show(chart("Four activations: two are bounded, two grow without end",
                    {{"ReLU", relu}, {"leaky ReLU", leaky_relu}, {"tanh", tanh}, {"sigmoid", sigmoid}}));
  lesson.show(chart(
      "Their slopes: those of tanh and sigmoid vanish on both sides",
      {{"ReLU", relu_slope}, {"leaky ReLU", leaky_relu_slope}, {"tanh", tanh_slope}, {"sigmoid", sigmoid_slope}}));
}

void softmax_slopes(Lesson& lesson) {
  lesson.say(
      "The derivative of softmax is a matrix: every output depends on every z. The text's dSoftmax, s(1 - s), is only "
      "its diagonal. Its networks never call it, because the loss includes the softmax (dZ = A - Y). They could not "
      "call it anyway: the dictionary has the key \"Softmax\", but the code asks for \"softmax\".");
  const Numbers s = softmax({0, std::log(2), std::log(5)});
  Numbers slopes;
  for (std::size_t i = 0; i < 3; ++i) slopes.push_back(s[0] * ((i == 0) - s[i]));
  lesson.errs("derivative of the first output by each z", "0.109375 0 0", "0.109375 -0.031250 -0.078125", slopes,
              "dSoftmax has only the diagonal");
  Numbers numeric;
  for (std::size_t i = 0; i < 3; ++i) {
    Numbers up = {0, std::log(2), std::log(5)}, down = up;
    up[i] += 1e-6;
    down[i] -= 1e-6;
    numeric.push_back((softmax(up)[0] - softmax(down)[0]) / 2e-6);
  }
  lesson.exact("the same by finite differences", "0.109375 -0.031250 -0.078125", numeric);
}

double binary_cross_entropy(const Numbers& y, const Numbers& predicted) {
  double sum = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    sum -= y[i] * std::log(predicted[i]) + (1 - y[i]) * std::log(1 - predicted[i]);
  }
  return sum / static_cast<double>(y.size());
}

/// predicted: for each row, the probability of the correct class.
double categorical_cross_entropy(const Numbers& predicted) {
  double sum = 0;
  for (const double p : predicted) sum -= std::log(p + 1e-10);
  return sum / static_cast<double>(predicted.size());
}

double mse(const Numbers& y, const Numbers& predicted) {
  double sum = 0;
  for (std::size_t i = 0; i < y.size(); ++i) sum += (predicted[i] - y[i]) * (predicted[i] - y[i]);
  return sum / static_cast<double>(y.size());
}

void losses(Lesson& lesson) {
  lesson.say(
      "The cross-entropy of a row is -ln of the probability of its class: ln 2 for one half, ln 4 for a quarter. The "
      "text adds 1e-10 to this probability, so the loss is at most 23.03; in the binary form it adds nothing, so a "
      "confident mistake has an infinite loss. The library computes the loss from z instead of the probability and "
      "needs neither.");
  const double ln2 = std::log(2), ln3 = std::log(3), ln5 = std::log(5);
  lesson.exact("BCE of 1/2 for target 1 and 3/4 for target 0: (ln 2 + ln 4)/2", "1.0397208",
               binary_cross_entropy({1, 0}, {0.5, 0.75}));
  lesson.exact("the library's, from z = 0 and ln 3", "1.0397208",
               loss_by_library(pellucid::sigmoid, {0, ln3}, 1, {1, 0}));
  lesson.exact("CCE of 5/8 and 1/8 for the correct class: (ln 1.6 + ln 8)/2", "1.2747226",
               categorical_cross_entropy({0.625, 0.125}));
  lesson.exact("the library's, from z", "1.2747226",
               loss_by_library(pellucid::softmax, {0, ln2, ln5, 0, ln2, ln5}, 3, {2, 0}));
  lesson.exact("MSE of 2, 2, 1 for 1, 2, 4: (1 + 0 + 9)/3", "3.3333333", mse({1, 2, 4}, {2, 2, 1}));
  lesson.exact("the library's", "3.3333333", loss_by_library(Activation(), {2, 2, 1}, 1, {1, 2, 4}));
  lesson.exact("CCE of probability 0 for the correct class, -ln 1e-10", "23.0258509", categorical_cross_entropy({0}));
  lesson.exact("the library's, from z = -1000 against 0", "1000",
               loss_by_library(pellucid::softmax, {-1000, 0, -1000}, 3, {0}));
}

/// The text's optimizer on one weight that starts at 1, with the loss w² and thus the gradient 2w.
Numbers descend(const std::string& rule, int steps) {
  const double lr = 0.1, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  double w = 1, momentum = 0, rms = 0;
  Numbers course;
  for (int t = 1; t <= steps; ++t) {
    const double g = 2 * w;
    momentum = beta1 * momentum + (1 - beta1) * g;
    rms = beta2 * rms + (1 - beta2) * g * g;
    if (rule == "sgd") w -= lr * g;
    if (rule == "momentum") w -= lr * momentum;
    if (rule == "rmsprop") w -= lr * (g / std::sqrt(rms + epsilon));
    if (rule == "adam") {
      w -= lr * (momentum / (1 - std::pow(beta1, t))) / (std::sqrt(rms / (1 - std::pow(beta2, t))) + epsilon);
    }
    course.push_back(w);
  }
  return course;
}

class WeightCourse : public BasicObserver<double> {
 public:
  explicit WeightCourse(const BasicModel<double>& model) : model_(model) {}
  void on_epoch(const EpochRecord&) override { course.push_back(model_.parameter("dense1.weight").values()[0]); }
  Numbers course;

 private:
  const BasicModel<double>& model_;
};

/// The same with the library: one weight, no bias, one row x = 1 with target 0, so the squared error is w².
Numbers descend_by_library(const Optimizer& optimizer) {
  BasicModel<double> model{Dense(1, Activation(), {.bias = false, .weight_initializer = Initializer("constant", 1)})};
  const Dataset row = Dataset::regression(Numbers{1}, Shape{1}, Numbers{0});
  model.build(Shape{1});
  WeightCourse weights(model);
  BasicFitOptions<double> options;
  options.epochs = 3;
  options.batch_size = 1;
  options.optimizer = optimizer;
  options.loss = Loss("mse");
  options.observers = {&weights};
  fit(model, row, {}, options);
  return weights.course;
}

void optimizers(Lesson& lesson) {
  lesson.say(
      "Four optimizers descend the parabola w² from w = 1, where the gradient is 2w, with the learning rate 0.1. "
      "Momentum in the text's form keeps 0.9 of its velocity and adds a tenth of the gradient: this is the classic "
      "form with a tenth of the learning rate. RMSProp divides by the root of a running mean that starts at 0: with a "
      "decay of 0.999, the first step is the learning rate times √1000, whatever the gradient is. Adam corrects this "
      "bias, and its first step is the learning rate.");
  const std::map<std::string, const char*> by_hand = {{"sgd", "0.80000000 0.64000000 0.51200000"},
                                                      {"momentum", "0.98000000 0.94240000 0.88971200"},
                                                      {"rmsprop", "-2.16227371 0.70817336 -0.19337218"},
                                                      {"adam", "0.90000000 0.80041223 0.70158627"}};
  const std::map<std::string, Optimizer> ours = {
      {"sgd", Sgd{.learning_rate = 0.1}},
      {"momentum", Momentum{.learning_rate = 0.1, .momentum = 0.9, .form = "averaged"}},
      {"rmsprop", RmsProp{.learning_rate = 0.1, .rho = 0.999, .epsilon = 1e-8, .epsilon_inside = true}},
      {"adam", Adam{.learning_rate = 0.1, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8}}};
  figures::Curves curves{{"Four ways down a parabola", "step", "w"}, {}};
  for (const char* rule : {"sgd", "momentum", "rmsprop", "adam"}) {
    const std::string name = rule;
    lesson.exact(name + ": w after one, two, three steps", by_hand.at(rule), descend(rule, 3));
    lesson.exact(name + " of the library", by_hand.at(rule), descend_by_library(ours.at(rule)));
    figures::Series series{rule, {}, descend(rule, 40)};
    for (int t = 1; t <= 40; ++t) series.x.push_back(t);
    curves.series.push_back(std::move(series));
  }
  lesson.exact("momentum, classic with 0.01", by_hand.at("momentum"),
               descend_by_library(Momentum{.learning_rate = 0.01, .momentum = 0.9, .form = "classic"}));
  lesson.show(curves);
}

double deviation(const Numbers& values) {
  double squares = 0;
  for (const double value : values) squares += value * value;
  return std::sqrt(squares / static_cast<double>(values.size()));
}

double deviation_by_library(const Initializer& initializer) {
  BasicModel<double> model{Dense(64, Activation(), {.weight_initializer = initializer})};
  model.build(Shape{784});
  const auto values = model.parameter("dense1.weight").values();
  return deviation({values.begin(), values.end()});
}

void initializers(Lesson& lesson) {
  lesson.say(
      "The initial weights of a layer with 64 units and 784 inputs: normal numbers times √(2/784) (He), √(1/784) or "
      "0.001. The text calls the second one Xavier; but in Xavier Glorot's paper the outputs count too, √(2/(784 + "
      "64)) = 0.0486, and the text's form is LeCun's.");
  NumpyRandom random(lesson.seed(3));
  const Numbers drawn = random.randn(64 * 784);
  const double he = std::sqrt(2 / 784.0), lecun = std::sqrt(1 / 784.0), glorot = std::sqrt(2 / 848.0);
  lesson.exact("√(2/784), √(1/784), √(2/848)", "0.0505076 0.0357143 0.0485643", Numbers{he, lecun, glorot});
  const double d = deviation(drawn);
  lesson.in_range("standard deviation of the text's draws ÷ the required scale", 0.98, 1.02, d);
  lesson.in_range("the same for the library's he, lecun, small and glorot", 0.98, 1.02,
                  Numbers{deviation_by_library(Initializer("he_normal")) / he,
                          deviation_by_library(Initializer("lecun_normal")) / lecun,
                          deviation_by_library(Initializer("normal", 0.001)) / 0.001,
                          deviation_by_library(Initializer("glorot_normal")) / glorot});
}

void summary(Lesson& lesson) {
  lesson.say(
      "The summary of a network: the outputs and the number of parameters of each layer. A unit has one parameter per "
      "input and, with a bias, one more.");
  BasicModel<double> model{Dense(64, pellucid::relu), Dense(10, pellucid::softmax)};
  BasicModel<double> without{Dense(64, pellucid::relu, {.bias = false}), Dense(10, pellucid::softmax, {.bias = false})};
  model.build(Shape{784});
  without.build(Shape{784});
  figures::Sheet sheet{
      {"NN model with 3 layers of which 1 hidden layer", "", ""}, {"layer", "outputs", "activation", "parameters"}, {}};
  sheet.rows.push_back({"input", "784", "", ""});
  Numbers counts;
  for (std::size_t n = 0; n < model.nodes().size(); ++n) {
    const Node& node = model.nodes()[n];
    double count = 0;
    for (const Parameter<double>& p : model.parameters())
      count += p.node == static_cast<int>(n) ? static_cast<double>(p.value.size()) : 0;
    counts.push_back(count);
    sheet.rows.push_back({node.name, model.output_shape(static_cast<int>(n)).text(),
                          node.layer->output_activation()->text(), figures::tick_text(count)});
  }
  lesson.show(sheet);
  lesson.exact("parameters: 64·(784 + 1), 10·(64 + 1)", "50240 650", counts);
  lesson.exact("in all, with and without biases", "50890 50816",
               Numbers{static_cast<double>(model.parameter_count()), static_cast<double>(without.parameter_count())});
}

void gradient_check(Lesson& lesson) {
  lesson.say(
      "The text leaves check_gradient empty. Here it is complete: it changes each parameter by a small amount up and "
      "down, and compares the change of the loss with the result of backpropagation. With m = 4 columns, the text's "
      "gradients are a quarter of the correct ones, a relative error of (m - 1)/(m + 1) = 0.6. The first layer by "
      "equation 5 as printed, with dW in place of W, has a different direction.");
  NumpyRandom random(lesson.seed(3));
  const TextNet net(3, 4, 2, random);
  const Matrix x(3, 4, random.randn(12)), y = {{1, 0, 0, 1}, {0, 1, 1, 0}};
  const Gradients numeric = numeric_gradients(net, x, y);
  std::array<Numbers, 3> errors;
  for (const Backward form : {Backward::literal, Backward::equation_5, Backward::chain_rule}) {
    const Gradients analytic = backward(net, x, y, form);
    for (std::size_t p = 0; p < 4; ++p)
      errors[static_cast<std::size_t>(form)].push_back(relative_error(analytic[p], numeric[p]));
  }
  lesson.exact("relative errors of dW1, dB1, dW2, dB2 as the text's code has them", "0.600 0.600 0.600 0.600",
               errors[0]);
  lesson.in_range("dW1, dB1 by equation 5 as printed", 0.1, 1, std::span(errors[1]).first(2),
                  "the equation has dWᵀ instead of Wᵀ");
  lesson.in_range("all four, divided once and with Wᵀ", 0, 1e-7, errors[2]);

  const Numbers rows = random.randn(8 * 3);
  const std::vector<std::int32_t> labels = {0, 1, 2, 0, 1, 2, 0, 1};
  bool ok = true;
  for (const Activation& activation :
       {activations::relu, activations::leaky_relu, activations::tanh, activations::sigmoid, activations::softmax}) {
    BasicModel<double> model{Dense(5, activation), Dense(3, pellucid::softmax)};
    model.build(Shape{3});
    for (const GradientVerdict& verdict :
         check_gradients(model, Dataset::classification(rows, Shape{3}, labels, 3), Loss("cross_entropy")))
      ok = ok && verdict.ok;
  }
  lesson.holds("the library's gradients pass for all five activations", ok);
}

void run(Lesson& lesson) {
  activations(lesson);
  softmax_slopes(lesson);
  losses(lesson);
  optimizers(lesson);
  initializers(lesson);
  summary(lesson);
  gradient_check(lesson);
}

}  // namespace

const Tutorial tutorial_blocks{
    "blocks", "000", "activations, losses, optimizers, initial weights and a gradient check, computed by hand", run};

}  // namespace pellucid::tutorial
