// mcculloch: the neuron of McCulloch and Pitts, which fires or does not: AND, OR, NOT, and why not XOR.
// Not here: the network that can compute XOR (xor.cc), neurons that learn (neurons.h).
#include <set>

#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

using Numbers = std::vector<double>;

/// Fires (1) if the weighted sum of the inputs reaches the threshold. It learns nothing: the weights are chosen by
/// hand.
struct ThresholdNeuron {
  Numbers weights;
  double threshold;

  double operator()(const Numbers& inputs) const {
    double sum = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) sum += weights[i] * inputs[i];
    return sum >= threshold ? 1 : 0;
  }
};

const std::vector<Numbers> pairs = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
const ThresholdNeuron and_neuron{{1, 1}, 1.5}, or_neuron{{1, 1}, 0.5}, nand_neuron{{-1, -1}, -1.5},
    not_neuron{{-1}, -0.5};

template <class Neuron>
Numbers answers(const Neuron& neuron) {
  Numbers result;
  for (const Numbers& pair : pairs) result.push_back(neuron(pair));
  return result;
}

double xor_of_three(const Numbers& pair) {
  return and_neuron({or_neuron(pair), nand_neuron(pair)});
}

/// Every function of two inputs that a neuron can compute with weights and threshold from -3 to 3 in steps of ¼.
std::set<Numbers> reachable() {
  std::set<Numbers> found;
  for (double first = -3; first <= 3; first += 0.25) {
    for (double second = -3; second <= 3; second += 0.25) {
      for (double threshold = -3; threshold <= 3; threshold += 0.25) {
        found.insert(answers(ThresholdNeuron{{first, second}, threshold}));
      }
    }
  }
  return found;
}

/// Where a neuron fires, on a square that contains the four corners.
template <class Neuron>
figures::Map plane(const char* title, const Neuron& neuron) {
  figures::Map map{{title, "first input", "second input"}, -0.5, 1.5, -0.5, 1.5, 41, 41, {}, {0.5}, {}};
  for (int row = 0; row < map.height; ++row) {
    for (int column = 0; column < map.width; ++column) {
      map.values.push_back(neuron({-0.5 + column * 0.05, -0.5 + row * 0.05}));
    }
  }
  figures::Series silent{"target 0", {}, {}}, fires{"target 1", {}, {}};
  for (const Numbers& pair : pairs) {
    figures::Series& one = neuron(pair) > 0 ? fires : silent;
    one.x.push_back(pair[0]);
    one.y.push_back(pair[1]);
  }
  map.points = {silent, fires};
  return map;
}

void run(Lesson& lesson) {
  lesson.say(
      "The first artificial neuron multiplies its inputs by weights, adds them up and fires (1) if the sum reaches a "
      "threshold; otherwise it does not (0). With weights 1 and 1 it is AND at threshold 1.5 and OR at threshold 0.5; "
      "with the single weight -1 at threshold -0.5 it is NOT.");
  lesson.exact("AND of 00, 01, 10, 11", "0 0 0 1", answers(and_neuron));
  lesson.exact("OR of 00, 01, 10, 11", "0 1 1 1", answers(or_neuron));
  lesson.exact("NOT of 0, 1", "1 0", Numbers{not_neuron({0}), not_neuron({1})});
  lesson.show(plane("AND is a straight line that cuts off one corner", and_neuron));

  lesson.say(
      "It cannot compute XOR. It would have to be silent for 00, so the threshold t is above 0; fire for 01 and 10, so "
      "each weight is at least t; and be silent for 11, although both weights together are then at least 2t, which is "
      "above t. No numbers satisfy that. Trying all weights and thresholds of a grid finds 14 of the 16 functions of "
      "two inputs; XOR and its opposite are the two that are missing.");
  const std::set<Numbers> found = reachable();
  lesson.holds("one neuron computes 14 of the 16 functions of two inputs", found.size() == 14);
  lesson.holds("XOR is not among them", found.count({0, 1, 1, 0}) == 0);
  lesson.holds("nor is its opposite, 'equal'", found.count({1, 0, 0, 1}) == 0);

  lesson.say("Three neurons can: OR and NAND each draw a line, and an AND selects the strip between them.");
  lesson.exact("XOR of 00, 01, 10, 11, by OR, NAND and AND", "0 1 1 0", answers(xor_of_three));
  lesson.show(plane("XOR is the strip between two lines", xor_of_three));
}

}  // namespace

const Tutorial tutorial_mcculloch{"mcculloch", "001", "a threshold neuron is AND, OR and NOT, but never XOR", run};

}  // namespace pellucid::tutorial
