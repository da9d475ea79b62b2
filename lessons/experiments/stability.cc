// stability: initial weights by five recipes, each with its proper name; shuffling, momentum, clipping, early stopping.
// Not here: the network to which these are added (neurons.h), why gradients vanish (vanishing.cc).
#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "lessons/experiments/rows.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

/// The text's initialisations for a neuron with n inputs, with the text's names.
Numbers draw(const std::string& recipe, int n, NumpyRandom& random) {
  if (recipe == "xavier") return random.uniform(-std::sqrt(6.0 / n), std::sqrt(6.0 / n), n);
  if (recipe == "he") return random.normal(0, std::sqrt(2.0 / n), n);
  if (recipe == "lecun") return random.normal(0, std::sqrt(1.0 / n), n);
  return random.uniform(-1, 1, n);
}

struct Recipe {
  std::string init = "xavier";
  double momentum = 0.5, clip = 1.0;
};

double sigmoid_of(double z) {
  return 1 / (1 + std::exp(-z));
}

/// The text's last Neuron: sigmoid, momentum, each gradient component clipped.
class SteadyNeuron {
 public:
  SteadyNeuron(int inputs, NumpyRandom& random, const Recipe& recipe)
      : weights(draw(recipe.init, inputs, random)), recipe_(recipe), velocity_(inputs) {
    bias = random.uniform(0.001, 1);
  }

  double forward(const Numbers& inputs) {
    inputs_ = inputs;
    return output_ = sigmoid_of(std::inner_product(inputs.begin(), inputs.end(), weights.begin(), bias));
  }

  /// Clips the step; the error that is passed down (d_2 * self.weights in the text) is not clipped.
  Numbers backpropagate(double error, double rate) {
    const double delta = error * output_ * (1 - output_);
    Numbers passed_down;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      velocity_[i] = recipe_.momentum * velocity_[i] - rate * clipped(delta * inputs_[i]);
      weights[i] += velocity_[i];
      passed_down.push_back(delta * weights[i]);
    }
    bias_velocity_ = recipe_.momentum * bias_velocity_ - rate * clipped(delta);
    bias += bias_velocity_;
    return passed_down;
  }

  Numbers weights;
  double bias;
  int clips = 0;  ///< how many components were clipped

 private:
  double clipped(double gradient) {
    clips += std::abs(gradient) > recipe_.clip;
    return std::clamp(gradient, -recipe_.clip, recipe_.clip);
  }

  Recipe recipe_;
  Numbers velocity_, inputs_;
  double bias_velocity_ = 0, output_ = 0;
};

using SteadyNet = NetOf<SteadyNeuron>;

struct Course {
  figures::Series curve;  ///< mean error per row after each epoch
  bool gave_up = false;
};

struct Flowers {
  Rows inputs, targets;
};

/// In the order of the file: sorted by species.
Flowers iris(Lesson& lesson) {
  const Table table = lesson.shipped("iris");
  const Rows inputs = rows_of(table, 0, 3, 150);
  return {StandardScaler(inputs)(inputs), one_hot(table.columns[4].codes, 3)};
}

Flowers shuffled(const Flowers& rows, NumpyRandom& random) {
  Flowers result;
  for (const std::int64_t r : random.permutation(std::ssize(rows.inputs))) {
    result.inputs.push_back(rows.inputs[r]);
    result.targets.push_back(rows.targets[r]);
  }
  return result;
}

/// Shuffles the rows before each epoch; stops early if the total error has not changed since the last check.
Course train(Lesson& lesson, SteadyNet& net, Flowers rows, NumpyRandom& random, std::string name, bool shuffle = true) {
  const std::int64_t epochs = lesson.integer("epochs"), look_every = 20;
  Course course{{std::move(name), {}, {}}};
  double last = 0;
  for (std::int64_t epoch = 0; epoch < epochs && !course.gave_up; ++epoch) {
    if (shuffle) rows = shuffled(rows, random);
    for (std::size_t r = 0; r < rows.inputs.size(); ++r)
      net.learn(rows.inputs[r], rows.targets[r], lesson.number("lr"));
    const double error = net.total_error(rows.inputs, rows.targets);
    course.curve.x.push_back(static_cast<double>(epoch));
    course.curve.y.push_back(error / static_cast<double>(rows.inputs.size()));
    if (epoch % look_every != 0) continue;
    course.gave_up = error == last;
    last = error;
  }
  lesson.doing(course.curve.name);
  return course;
}

/// The variance of an initialisation's weights, times the number of inputs.
double scaled_variance(const std::string& recipe, int n, NumpyRandom& random) {
  double squares = 0;
  const int neurons = 10000;
  for (int i = 0; i < neurons; ++i) {
    for (const double w : draw(recipe, n, random)) squares += w * w;
  }
  return squares / neurons;
}

/// The same for Glorot's initialisation, as the library draws it.
double glorot_variance(int in, int out) {
  Numbers weights(640000);
  Initializer("glorot_uniform").fill(RandomKey{42}, in, out, weights.data(), std::ssize(weights));
  return in * std::inner_product(weights.begin(), weights.end(), weights.begin(), 0.0) /
         static_cast<double>(weights.size());
}

void name_recipes(Lesson& lesson) {
  lesson.say(
      "Initial weights must be neither so large that sigmoids saturate nor so small that no signal passes. What "
      "matters is their variance. The text has two functions called Xavier, and neither is correct: Xavier Glorot's "
      "has the variance 2 / (inputs + outputs), because it also considers the errors on the way back. The neuron's, "
      "uniform between ±√(6/n), has the variance 2/n, which is He's. The layer's, normal with √(1/n), is LeCun's. The "
      "text also recommends LeCun's for the leaky ReLU, which needs He's; LeCun's is for tanh and sigmoid.");
  NumpyRandom random(lesson.seed(42));
  const int in = 64;
  const double glorot = glorot_variance(in, 32), uniform = scaled_variance("xavier", in, random),
               he = scaled_variance("he", in, random), lecun = scaled_variance("lecun", in, random);
  lesson.errs("'Xavier' of the neuron, 64 inputs, 32 outputs: variance · inputs", fmt::format("{:.2f}", uniform),
              "1.33", glorot, "the text's is He uniform");
  lesson.errs("'Xavier' of the layer: variance · inputs", fmt::format("{:.2f}", lecun), "1.33", glorot,
              "the text's is LeCun normal");
  lesson.exact("variance · inputs as drawn: 'xavier' of the neuron, he, lecun", "2.0 2.0 1.0",
               Numbers{uniform, he, lecun});
}

void compare_recipes(Lesson& lesson, const Flowers& rows) {
  lesson.say(
      "The iris network (4-4-3) with four initialisations, each with its proper name. With two layers of four neurons "
      "all of them succeed; deeper networks are more sensitive.");
  std::vector<figures::Series> curves;
  Numbers ends;
  for (const auto& [init, name] : {std::pair{"uniform", "uniform in ±1"},
                                   {"xavier", "He uniform (text: Xavier)"},
                                   {"he", "He normal"},
                                   {"lecun", "LeCun normal"}}) {
    NumpyRandom random(lesson.seed(42));
    SteadyNet net({4, 4, 3}, random, Recipe{init});
    curves.push_back(train(lesson, net, rows, random, name).curve);
    ends.push_back(curves.back().y.back());
  }
  lesson.in_range("error per row at the end, by initialisation", 0, 0.12, ends, "0.67 is what guessing costs");
  lesson.show(
      figures::Curves{{"The iris network with four initialisations", "epoch", "squared error per row"}, curves, true});
}

void compare_momentum(Lesson& lesson, const Flowers& rows) {
  lesson.say("Momentum 0.5 adds half of the previous step to each step: on a long slope that doubles the speed.");
  std::vector<figures::Series> curves;
  Numbers early;
  for (const double momentum : {0.0, 0.5}) {
    NumpyRandom random(lesson.seed(42));
    SteadyNet net({4, 4, 3}, random, Recipe{"xavier", momentum});
    curves.push_back(train(lesson, net, rows, random, fmt::format("momentum {}", momentum)).curve);
    early.push_back(curves.back().y[std::min<std::size_t>(20, curves.back().y.size() - 1)]);
  }
  lesson.lower("error per row after 20 epochs with momentum, against without", early[0], early[1]);
  lesson.show(figures::Curves{{"Momentum is ahead from the start", "epoch", "squared error per row"}, curves, true});
}

void compare_orders(Lesson& lesson, const Flowers& rows) {
  lesson.say(
      "In the file the flowers are sorted by species. Without shuffling each epoch ends with fifty flowers of one "
      "species, which biases the network towards it; a new order for each epoch avoids that. (The text says that this "
      "prevents overfitting; but overfitting means better predictions on training rows than on other rows.)");
  std::vector<figures::Series> curves;
  Numbers ends;
  for (const bool shuffle : {false, true}) {
    NumpyRandom random(lesson.seed(42));
    SteadyNet net({4, 4, 3}, random, Recipe{});
    curves.push_back(train(lesson, net, rows, random, shuffle ? "shuffled" : "sorted by species", shuffle).curve);
    ends.push_back(curves.back().y.back());
  }
  lesson.lower("error per row at the end with shuffled rows, against sorted ones", ends[0], ends[1]);
  lesson.show(figures::Curves{{"Sorted rows hold the net back", "epoch", "squared error per row"}, curves, true});
}

int clips_of(const SteadyNet& net) {
  int sum = 0;
  for (const auto& layer : net.layers()) {
    for (const SteadyNeuron& neuron : layer) sum += neuron.clips;
  }
  return sum;
}

void clip_and_stop(Lesson& lesson, const Flowers& rows) {
  lesson.say(
      "Clipping limits each gradient component to ±1. Here none is ever larger, so it does nothing; and it cannot make "
      "a small one larger (see the lesson vanishing). Where it has an effect, it limits only the neuron's own step: "
      "the error that is passed to the layer below is not clipped.");
  NumpyRandom random(lesson.seed(42));
  SteadyNet net({4, 4, 3}, random, Recipe{});
  train(lesson, net, rows, random, "clipping");
  lesson.holds("training clips no gradient at all", clips_of(net) == 0);
  SteadyNeuron neuron(1, random, {});
  neuron.weights = {0.5};
  neuron.bias = 0;
  neuron.forward({1});
  const double slope = sigmoid_of(0.5) * sigmoid_of(-0.5), passed = neuron.backpropagate(100, 1)[0];
  lesson.exact("a weight of 0.5 after an error of 100 at rate 1, clipped", "-0.5", neuron.weights[0]);
  lesson.exact("the error passed down, which is not clipped", "-11.75", passed);
  lesson.holds("that is 100 · slope · the weight after the step", std::abs(passed - 100 * slope * -0.5) < 1e-12);

  lesson.say(
      "Training stops when two checks, 20 epochs apart, find exactly the same error: a network whose neurons are all "
      "saturated no longer changes. Even the last bit must be equal, so this detects a dead network and nothing else; "
      "patience on validation rows is the better criterion.");
  SteadyNet dead({4, 4, 3}, random, Recipe{});
  for (SteadyNeuron& one : dead.layers().back()) one.bias = -800;  // sigmoid(-800) is 0, and so is its slope
  const Course stuck = train(lesson, dead, rows, random, "a dead net");
  lesson.holds("a dead net is given up at the second look", stuck.gave_up && stuck.curve.x.size() == 21);
}

void run(Lesson& lesson) {
  name_recipes(lesson);
  const Flowers rows = iris(lesson);
  compare_recipes(lesson, rows);
  compare_momentum(lesson, rows);
  compare_orders(lesson, rows);
  clip_and_stop(lesson, rows);
}

}  // namespace

const Tutorial tutorial_stability{"stability",
                                  "002",
                                  "initial weights with their proper names; shuffling, momentum, clipping, stopping",
                                  run,
                                  {{"lr", "0.1", "learning rate"}, {"epochs", "100", "passes over the 150 flowers"}}};

}  // namespace pellucid::tutorial
