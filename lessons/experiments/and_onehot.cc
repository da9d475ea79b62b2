// and-onehot: exercise 6, AND with four outputs, one for each pair of inputs.
// Not here: the neurons (neurons.h), XOR with one output (xor.cc).
#include <fmt/format.h>

#include "lessons/experiments/rows.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

const Rows inputs = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};

void run(Lesson& lesson) {
  lesson.say(
      "Exercise 6 asks for AND from a network with four outputs, of which the correct one must be the largest. So each "
      "output stands for one pair of inputs: its target is 1 for that pair and 0 for the others. This is called "
      "one-hot. AND is true if the fourth output is the largest.");
  const Rows targets = one_hot(std::vector<int>{0, 1, 2, 3}, 4);
  NumpyRandom random(lesson.seed(42));
  NeuronNet net({2, 2, 4}, random);
  Numbers epochs, errors;
  for (std::int64_t epoch = 0; epoch < lesson.integer("epochs"); ++epoch) {
    for (std::size_t r = 0; r < inputs.size(); ++r) net.learn(inputs[r], targets[r], lesson.number("lr"));
    if (epoch % 50 != 0) continue;
    epochs.push_back(static_cast<double>(epoch));
    errors.push_back(net.total_error(inputs, targets));
  }

  figures::Sheet sheet{
      {"The largest output of each row is on the diagonal", "", ""}, {"inputs", "0 0", "0 1", "1 0", "1 1"}, {}};
  for (std::size_t r = 0; r < inputs.size(); ++r) {
    const Numbers outputs = net.forward(inputs[r]);
    const std::string pair = fmt::format("{} {}", inputs[r][0], inputs[r][1]);
    lesson.holds("the right output is the largest for " + pair, argmax(outputs) == static_cast<int>(r));
    lesson.holds("AND, read from the largest output, is right for " + pair,
                 (argmax(outputs) == 3) == (inputs[r][0] == 1 && inputs[r][1] == 1));
    sheet.rows.push_back({pair});
    for (const double output : outputs) sheet.rows.back().push_back(fmt::format("{:.3f}", output));
  }
  lesson.in_range("total error at the end", 0, 0.1, net.total_error(inputs, targets));
  lesson.show(sheet);
  lesson.show(figures::Curves{{"The error falls", "epoch", "total error"}, {{"total error", epochs, errors}}, true});
  lesson.say(
      "Two hidden neurons are just enough: the four pairs are the corners of a square, and one straight line separates "
      "any corner from the other three. The outputs are not probabilities, because nothing makes them add up to 1; a "
      "softmax would.");
}

}  // namespace

const Tutorial tutorial_and_onehot{"and-onehot",
                                   "002",
                                   "AND with four outputs, one-hot (exercise 6)",
                                   run,
                                   {{"lr", "0.5", "learning rate"}, {"epochs", "10000", "passes over the four rows"}}};

}  // namespace pellucid::tutorial
