// quadratic: a network learns x₁² + x₂² from 35 points, first with outputs that cannot reach the targets, then scaled.
// Not here: the neurons (neurons.h), data from files (california_250.cc).
#include "lessons/experiments/rows.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

constexpr int points = 35, side = 40;  // training points; points of the test grid along one side

Rows quadratic(const Rows& inputs) {
  Rows targets;
  for (const Numbers& x : inputs) targets.push_back({x[0] * x[0] + x[1] * x[1]});
  return targets;
}

/// 40×40 points of the square -1 … 1, row by row from the bottom.
Rows test_grid() {
  Rows grid;
  for (int r = 0; r < side; ++r) {
    for (int c = 0; c < side; ++c) grid.push_back({-1 + 2.0 * c / (side - 1), -1 + 2.0 * r / (side - 1)});
  }
  return grid;
}

struct Result {
  Rows inputs;
  Numbers outputs, values;  ///< on the grid: the outputs (0 … 1), and the outputs converted to y
};

/// Draws points and a 2-4-4-1 network from `random`, and trains it row by row.
Result train(Lesson& lesson, NumpyRandom random, bool scaled, bool literal = true) {
  Result result;
  for (int i = 0; i < points; ++i) {
    const double x1 = random.uniform(-1, 1);
    result.inputs.push_back({x1, random.uniform(-1, 1)});
  }
  const Rows y = quadratic(result.inputs);
  const MinMaxScaler scaler(y);
  const Rows targets = scaled ? scaler(y) : y;
  NeuronNet net({2, 4, 4, 1}, random, literal);
  for (std::int64_t epoch = 0; epoch < lesson.integer("epochs"); ++epoch) {
    for (std::size_t r = 0; r < targets.size(); ++r) net.learn(result.inputs[r], targets[r], lesson.number("lr"));
  }
  for (const Numbers& place : test_grid()) {
    result.outputs.push_back(net.forward(place)[0]);
    result.values.push_back(scaled ? scaler.back(result.outputs.back()) : result.outputs.back());
  }
  return result;
}

figures::Map map_of(const std::string& title, const Numbers& values, const std::vector<figures::Series>& training) {
  return {{title, "x₁", "x₂"}, -1, 1, -1, 1, side, side, values, {0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75}, training};
}

figures::Series training_points(const Rows& inputs) {
  figures::Series series{"training points", {}, {}};
  for (const Numbers& x : inputs) {
    series.x.push_back(x[0]);
    series.y.push_back(x[1]);
  }
  return series;
}

void show_pair(Lesson& lesson, const Numbers& truth, const Result& result, const std::string& title) {
  lesson.show(map_of("The function, and the 35 training points", truth, {training_points(result.inputs)}));
  lesson.show(map_of(title, result.values, {}));
}

void run(Lesson& lesson) {
  lesson.say(
      "A network can approximate a function that is expensive to compute. Here it is trained on y = x₁² + x₂² at only "
      "35 points, and evaluated at the 1,600 points of a grid. The text draws the maps and prints no numbers; the "
      "expected errors are those of its code, run with its seed.");
  const std::uint32_t seed = lesson.seed(42);
  const Numbers truth = flat(quadratic(test_grid()));
  NumpyRandom after_xor(seed);
  after_xor.skip(9);  // the text has drawn the 9 weights of its XOR network from this seed
  const Result raw = train(lesson, after_xor, false);
  lesson.exact("error on the grid (RMSE in y), targets not scaled", "0.261", score({truth, raw.values}).rmse);
  lesson.in_range("largest output on the grid; the largest y is 2", 0, 1,
                  *std::max_element(raw.outputs.begin(), raw.outputs.end()));
  show_pair(lesson, truth, raw, "Targets not scaled: the outputs stay below 1");

  lesson.say(
      "The last neuron is a sigmoid whose output is below 1, so it cannot reach any point with y > 1. Targets that are "
      "scaled to 0 … 1 are within its range, and its outputs are scaled back.");
  NumpyRandom after_raw(seed);
  after_raw.skip(116);  // those 9, then 70 for the points and 37 for the network above
  const Result scaled = train(lesson, after_raw, true);
  lesson.exact("error on the grid (RMSE in y), targets scaled", "0.161", score({truth, scaled.values}).rmse);
  show_pair(lesson, truth, scaled, "Targets scaled: the bowl is there, only its corners are too low");

  lesson.say(
      "The text calls the second network \"much better\", and so it is; but its outputs cannot exceed the largest of "
      "the 35 targets, 1.29, while y is 2 in the corners of the square. No scaling adds what the points do not show. "
      "Passing the errors down through the weights before they change, as the chain rule requires, helps a little:");
  const Result chain_rule = train(lesson, after_raw, true, false);
  lesson.lower("error on the grid, weights changed last", score({truth, scaled.values}).rmse,
               score({truth, chain_rule.values}).rmse);
}

}  // namespace

const Tutorial tutorial_quadratic{"quadratic",
                                  "002",
                                  "a network learns x₁² + x₂² from 35 points, with and without scaled targets",
                                  run,
                                  {{"lr", "0.1", "learning rate"}, {"epochs", "4500", "passes over the 35 points"}}};

}  // namespace pellucid::tutorial
