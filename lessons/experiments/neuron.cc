// neuron: one neuron, a network of neurons, one backward step through it; exercises 1 to 5 of the text, and references
// to exercise 7.
// Not here: the neurons (neurons.h), training for many epochs (xor.cc), more activations (activations_exercise.cc).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "lessons/experiments/rows.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

void one_neuron(Lesson& lesson) {
  lesson.say(
      "A neuron multiplies each input by a weight, adds up the products and its bias, and applies an activation to the "
      "sum. Exercise 1: np.dot is a loop, `total = bias; for each i: total += weights[i] * inputs[i]`; neurons.h "
      "contains it. Exercise 3: the outputs differ from run to run because each new neuron draws new weights. A seed "
      "that is set before gives the same weights again; the class need not change.");
  const auto outputs_of = [](std::uint32_t seed) {
    NumpyRandom random(seed);
    Neuron neuron(2, random);
    return Numbers{neuron.forward({1, 2}), neuron.forward({1, -2})};
  };
  const std::uint32_t seed = lesson.seed(42);
  lesson.holds("two neurons of one seed give the same outputs", outputs_of(seed) == outputs_of(seed));
  lesson.holds("two neurons of two seeds do not", outputs_of(seed) != outputs_of(seed + 1));

  const auto sum_before_sigmoid = [](double output) { return std::log(output / (1 - output)); };
  const double first = sum_before_sigmoid(0.6346325032155706), second = sum_before_sigmoid(0.31907088859242594);
  lesson.in_range("w₂ of the text's neuron, computed from its two outputs", -1, 1, (first - second) / 4,
                  "its inputs were (1, 2) and (1, -2), so the two sums differ by 4 w₂");
  lesson.in_range("w₁ + b of that neuron", -2, 2, (first + second) / 2, "both were drawn from -1 … 1");
}

/// An activation, and its derivative as a function of the output y, as the text writes the sigmoid's.
struct Squash {
  const char* name;
  const char* slope_text;
  double (*value)(double z);
  double (*slope)(double y);
};

const std::vector<Squash> squashes = {
    {"sigmoid", "y (1 - y)", [](double z) { return 1 / (1 + std::exp(-z)); }, [](double y) { return y * (1 - y); }},
    {"tanh", "1 - y²", [](double z) { return std::tanh(z); }, [](double y) { return 1 - y * y; }},
    {"ReLU", "1 where y > 0, else 0", [](double z) { return std::max(0.0, z); },
     [](double y) { return y > 0 ? 1.0 : 0.0; }},
    {"leaky ReLU", "1 where y > 0, else 0.01", [](double z) { return z > 0 ? z : 0.01 * z; },
     [](double y) { return y > 0 ? 1 : 0.01; }}};

/// Central difference: (f(x + h) - f(x - h)) / 2h.
double numeric_slope(const std::function<double(double)>& f, double x) {
  constexpr double h = 1e-6;
  return (f(x + h) - f(x - h)) / (2 * h);
}

void activations(Lesson& lesson) {
  lesson.say(
      "The sigmoid is nearly linear from -2 to 2 and flat elsewhere. Exercises 2 and 4: three other activations, and "
      "their derivatives as functions of the output, as the text writes the sigmoid's. A sigmoid suits an output that "
      "is a probability; tanh is centred at 0; ReLU keeps its slope however large the sum is, so deep networks learn "
      "with it."
      "it.");
  figures::Curves curves{{"Sigmoid and tanh level off, ReLU and leaky ReLU do not", "z", "output"}, {}};
  for (const Squash& squash : squashes) {
    figures::Series series{squash.name, {}, {}};
    double worst = 0;
    for (int i = 0; i < 100; ++i) {  // as np.linspace(-3, 3, 100): never exactly 0, where ReLU has a kink
      const double z = -3 + 6 * i / 99.0, y = squash.value(z);
      series.x.push_back(z);
      series.y.push_back(y);
      worst = std::max(worst, std::abs(squash.slope(y) - numeric_slope(squash.value, z)));
    }
    lesson.in_range(fmt::format("{}: {} against finite differences", squash.name, squash.slope_text), 0, 1e-8, worst,
                    "the largest deviation at 100 points from -3 to 3");
    curves.series.push_back(series);
  }
  lesson.show(curves);
}

std::string row_text(const Numbers& values) {
  std::string text;
  for (const double value : values) text += fmt::format("{}{:.4f}", text.empty() ? "" : "  ", value);
  return text;
}

void net_of_neurons(Lesson& lesson) {
  lesson.say(
      "A layer is a list of neurons with the same inputs, and a network is a list of layers: the outputs of one are "
      "the inputs of the next. The text sets no seed here, so the weights of its printed outputs are unknown. But its "
      "main point can be checked: the loop over the layers and the class that contains them give the same numbers.");
  NumpyRandom random(lesson.seed(42));
  NeuronNet net({2, 4, 4, 1}, random);
  figures::Sheet sheet{{"Inputs and outputs of each layer of a 2-4-4-1 network", "", ""}, {"layer", "in", "out"}, {}};
  Numbers values = {1, 2};
  for (std::vector<Neuron> layer : net.layers()) {
    Numbers outputs;
    for (Neuron& neuron : layer) outputs.push_back(neuron.forward(values));
    sheet.rows.push_back({std::to_string(sheet.rows.size()), row_text(values), row_text(outputs)});
    values = outputs;
  }
  lesson.show(sheet);
  lesson.holds("the loop over the layers gives what the class gives", values == net.forward({1, 2}));
}

/// Exercise 5: 1 input, 2 hidden neurons, 1 output; every weight is 0.5 (or all hidden weights are w), every bias is 0.
NeuronNet exercise_net(bool literal, double w = 0.5) {
  return NeuronNet({{Neuron({w}, 0, literal), Neuron({0.5}, 0, literal)}, {Neuron({0.5, 0.5}, 0, literal)}});
}

/// The same step with the library. The text's loss is half the mean squared error, so with mse the rate is halved.
Numbers library_step(Lesson& lesson, double learning_rate) {
  BasicModel<double> net{Dense{2, sigmoid}, Dense{1, sigmoid}};
  net.build(Shape{1});
  for (Parameter<double>& parameter : net.parameters()) {
    for (double& value : parameter.value.values()) value = parameter.value.shape().rank() == 2 ? 0.5 : 0;
  }
  const Dataset row = dataset_of({{1}}, {{1}});
  const auto verdicts = check_gradients(net, row, Loss("mse"));
  lesson.holds("the library's gradients pass the check against differences",
               std::all_of(verdicts.begin(), verdicts.end(), [](const GradientVerdict& v) { return v.ok; }));
  fit(net, row, {}, {.epochs = 1, .batch_size = 1, .optimizer = Sgd{learning_rate / 2}, .loss = Loss("mse")});
  return {net.parameter("dense1.weight").values()[0], net.parameter("dense1.bias").values()[0]};
}

void one_step_backwards(Lesson& lesson) {
  lesson.say(
      "Exercise 5: one backward step with every weight 0.5, every bias 0, input 1, target 1 and learning rate 0.8. The "
      "two hidden neurons start with the same weights and get the same errors, so they stay the same: one reason to "
      "draw initial weights at random. v and c are the weight and bias of the output neuron, w and b those of a hidden "
      "one. The text leaves the answer open; the expected numbers are those of its code.");
  const double rate = lesson.number("lr");
  NeuronNet net = exercise_net(true);
  lesson.exact("output before the step", "0.65077768", net.forward({1})[0]);
  net.learn({1}, {1}, rate);
  const Neuron &hidden = net.layers()[0][0], &output = net.layers()[1][0];
  lesson.exact("v, c after the step", "0.53952188 0.06349311", Numbers{output.weights()[0], output.bias()});
  const Numbers literal = {hidden.weights()[0], hidden.bias()};
  lesson.exact("w, b after the step, as the text computes them", "0.50805027 0.00805027", literal);
  lesson.holds("the two hidden neurons are still alike", hidden.weights() == net.layers()[0][1].weights());

  const auto loss_at = [](double w) {
    const double output = exercise_net(true, w).forward({1})[0];
    return 0.5 * (1 - output) * (1 - output);
  };
  const double by_differences = -numeric_slope(loss_at, 0.5), by_text = (literal[0] - 0.5) / rate;
  lesson.in_range("how much the text's step on w is longer than the gradient says, %", 7, 9,
                  100 * (by_text / by_differences - 1),
                  fmt::format("the gradient check: the text moves by {:.6f} times the rate, differences say {:.6f}",
                              by_text, by_differences));
  NeuronNet chain_rule = exercise_net(false);
  chain_rule.learn({1}, {1}, rate);
  const Neuron& right = chain_rule.layers()[0][0];
  lesson.errs("w, b after the step", "0.50805027 0.00805027", "0.50746056 0.00746056",
              Numbers{right.weights()[0], right.bias()},
              "the text changes v first and passes the error down through the new v; the chain rule needs the v that "
              "made the output");
  lesson.exact("w, b after the same step by the library", "0.50746056 0.00746056", library_step(lesson, rate));
}

void run(Lesson& lesson) {
  one_neuron(lesson);
  activations(lesson);
  net_of_neurons(lesson);
  one_step_backwards(lesson);
  lesson.say(
      "The text has two exercises with the number 7. The first, a larger network for the Californian houses, is the "
      "lesson california-bigger: the larger network is better. The second, layers and batches instead of single "
      "neurons, is the lesson speedy: the same sums in a small part of the time.");
}

}  // namespace

const Tutorial tutorial_neuron{"neuron",
                               "002",
                               "one neuron, a network of neurons, and one backward step (exercises 1 to 5)",
                               run,
                               {{"lr", "0.8", "learning rate of the step"}}};

}  // namespace pellucid::tutorial
