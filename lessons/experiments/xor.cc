// xor: two hidden neurons learn what one neuron cannot, row by row.
// Not here: the neurons (neurons.h), why one neuron cannot learn it (mcculloch.cc).
#include "lessons/experiments/neurons.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

const std::vector<Numbers> inputs = {{0, 0}, {0, 1}, {1, 0}, {1, 1}}, targets = {{0}, {1}, {1}, {0}};

struct Course {
  /// The error after every 50th epoch; the epochs that the text prints: every 1,000th.
  Numbers epochs, errors, printed;
};

Course train(Lesson& lesson, NeuronNet& net) {
  Course course;
  const std::int64_t epochs = lesson.integer("epochs");
  for (std::int64_t epoch = 0; epoch < epochs; ++epoch) {
    for (std::size_t r = 0; r < inputs.size(); ++r) net.learn(inputs[r], targets[r], lesson.number("lr"));
    if (epoch % 50 != 0) continue;
    course.epochs.push_back(static_cast<double>(epoch));
    course.errors.push_back(net.total_error(inputs, targets));
    if (epoch % 1000 == 0) course.printed.push_back(course.errors.back());
  }
  return course;
}

void run(Lesson& lesson) {
  lesson.say(
      "The output of XOR is 1 if the two inputs differ. No single neuron can compute it, because one straight line "
      "would have to separate opposite corners of a square from the other two. Two hidden neurons draw two lines.");
  NumpyRandom random(lesson.seed(42));
  NeuronNet net({2, 2, 1}, random);
  const Course literal = train(lesson, net);
  lesson.exact("total error after every 1,000 epochs",
               "1.0047 0.7280 0.6700 0.0292 0.0122 0.0075 0.0054 0.0042 0.0035 0.0029", literal.printed);
  Numbers outputs;
  for (const Numbers& row : inputs) outputs.push_back(net.forward(row)[0]);
  lesson.exact("outputs for 00, 01, 10, 11", "0.02384224 0.97261673 0.97321771 0.02207986", outputs);

  lesson.say(
      "The text's neuron changes its weights before it passes the error down through them, so the layer below does not "
      "follow the gradient. With such a small learning rate this has little effect; here is the same network with the "
      "correct order:");
  NumpyRandom again(lesson.seed(42));
  NeuronNet chain_rule({2, 2, 1}, again, false);
  const Course right = train(lesson, chain_rule);
  lesson.in_range("total error at the end, weights changed last", 0, 0.01, chain_rule.total_error(inputs, targets));
  lesson.show(figures::Curves{{"The error falls when the second line is found", "epoch", "total error"},
                              {{"as the text does it", literal.epochs, literal.errors},
                               {"by the chain rule", right.epochs, right.errors, true}},
                              true});
}

}  // namespace

const Tutorial tutorial_xor{"xor",
                            "002",
                            "two hidden neurons learn XOR, row by row",
                            run,
                            {{"lr", "0.5", "learning rate"}, {"epochs", "10000", "passes over the four rows"}}};

}  // namespace pellucid::tutorial
