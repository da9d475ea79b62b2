// loss-shape: after a sigmoid, squared error has flat ends and local minima; cross-entropy has a single minimum.
// Not here: the network that is trained with cross-entropy (make_class.cc).
#include <algorithm>
#include <cmath>

#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

struct Row {
  double x, target;
};

double sigmoid_of(double z) {
  return 1 / (1 + std::exp(-z));
}

/// The sum over the rows for a network with one weight: output sigmoid(w·x).
double squared_error(const std::vector<Row>& rows, double w) {
  double sum = 0;
  for (const Row& row : rows) sum += std::pow(sigmoid_of(w * row.x) - row.target, 2);
  return sum;
}

/// -ln y for target 1, -ln(1 - y) for target 0; computes 1 - sigmoid(z) as sigmoid(-z), which loses no digits.
double cross_entropy(const std::vector<Row>& rows, double w) {
  double sum = 0;
  for (const Row& row : rows) sum -= std::log(sigmoid_of(row.target == 1 ? w * row.x : -w * row.x));
  return sum;
}

/// The loss at weights from -8 to 8 in steps of 1/8.
struct Curve {
  std::vector<double> w, loss;

  template <class LossOf>
  Curve(LossOf loss_of, const std::vector<Row>& rows) {
    for (int i = -64; i <= 64; ++i) {
      w.push_back(i / 8.0);
      loss.push_back(loss_of(rows, w.back()));
    }
  }

  /// How often the curve bends upwards or downwards: the signs of its second differences.
  int bends(int sign) const {
    int count = 0;
    for (std::size_t i = 1; i + 1 < loss.size(); ++i) count += (loss[i - 1] - 2 * loss[i] + loss[i + 1]) * sign > 0;
    return count;
  }

  /// Weights where the loss is lower than at both neighbours.
  std::vector<double> valleys() const {
    std::vector<double> result;
    for (std::size_t i = 1; i + 1 < loss.size(); ++i) {
      if (loss[i] < loss[i - 1] && loss[i] < loss[i + 1]) result.push_back(w[i]);
    }
    return result;
  }
};

/// 10,000 steps of gradient descent with numeric slopes.
template <class LossOf>
double descend(LossOf loss_of, const std::vector<Row>& rows, double w) {
  const double step = 1e-5;
  for (int i = 0; i < 10000; ++i) w -= 0.05 * (loss_of(rows, w + step) - loss_of(rows, w - step)) / (2 * step);
  return w;
}

void run(Lesson& lesson) {
  lesson.say(
      "A network with one weight w reads x = 1 and outputs sigmoid(w), which should be 1. The squared error is flat "
      "where the network is most wrong, so gradient descent hardly moves there; cross-entropy is steeper the more "
      "wrong the network is. A curve is convex if it bends upwards everywhere: then every minimum is the lowest "
      "point.");
  const std::vector<Row> one = {{1, 1}};
  const Curve squares(squared_error, one), logs(cross_entropy, one);
  lesson.holds("squared error bends upwards somewhere", squares.bends(1) > 0);
  lesson.holds("and downwards elsewhere: it is not convex", squares.bends(-1) > 0);
  lesson.holds("cross-entropy bends upwards at all 127 places: it is convex", logs.bends(1) == 127);
  lesson.show(
      figures::Curves{{"Squared error is flat where the network is wrong, cross-entropy is steep", "weight", "loss"},
                      {{"squared error", squares.w, squares.loss}, {"cross-entropy", logs.w, logs.loss, true}}});

  lesson.say(
      "With one row there is no local minimum yet. With three rows (targets 1, 0, 1 for x = 10, 1, 0.1) squared error "
      "has one. Descent from w = -4 stops there; on cross-entropy it finds the only minimum from anywhere.");
  const std::vector<Row> three = {{10, 1}, {1, 0}, {0.1, 1}};
  const Curve squares3(squared_error, three), logs3(cross_entropy, three);
  lesson.holds("squared error over the three rows has two valleys", squares3.valleys().size() == 2);
  lesson.holds("cross-entropy has one, and bends upwards everywhere",
               logs3.valleys().size() == 1 && logs3.bends(1) == 127);
  const double trapped = descend(squared_error, three, -4), best = descend(squared_error, three, 1);
  lesson.holds("descent on squared error from -4 ends in the higher valley",
               trapped < 0 && squared_error(three, trapped) > squared_error(three, best) + 0.5);
  lesson.holds("descent on cross-entropy from -4 and from 4 meets",
               std::abs(descend(cross_entropy, three, -4) - descend(cross_entropy, three, 4)) < 1e-6);
  lesson.show(figures::Curves{{"For three rows, squared error has a second, higher valley near -2", "weight", "loss"},
                              {{"squared error", squares3.w, squares3.loss}}});
  lesson.show(figures::Curves{{"For the same rows, cross-entropy has one valley", "weight", "loss"},
                              {{"cross-entropy", logs3.w, logs3.loss}}});
}

}  // namespace

const Tutorial tutorial_loss_shape{"loss-shape", "001", "squared error after a sigmoid is not convex, cross-entropy is",
                                   run};

}  // namespace pellucid::tutorial
