// make-class: a net with one hidden layer tells two classes of made-up points apart, as the text trains it.
// Not here: how the points are made (make_classification.h), why its loss is cross-entropy (loss_shape.cc).
#include <algorithm>
#include <cmath>
#include <numeric>

#include "lessons/experiments/make_classification.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

constexpr std::int64_t columns = 20, train_rows = 4000, rows = 5000, batch = 100;

Dataset rows_of(const Classification& points, std::int64_t first, std::int64_t end) {
  return Dataset::classification(std::span(points.x).subspan(first * columns, (end - first) * columns), Shape{columns},
                                 std::span(points.labels).subspan(first, end - first), 2);
}

/// The text's init_weights: W1 is 10 × 20 and W2 1 × 10 there, 20 × 10 and 10 × 1 here.
BasicModel<double> first_weights(std::uint32_t seed) {
  BasicModel<double> model{Dense{10, pellucid::tanh}, Dense{1, sigmoid}};
  model.build(Shape{columns});
  NumpyRandom random(seed);
  for (const char* name : {"dense1.weight", "dense2.weight"}) {
    const View<double> weight = model.parameter(name).view();
    for (std::int64_t unit = 0; unit < weight.columns; ++unit) {
      for (std::int64_t input = 0; input < weight.rows; ++input) weight(input, unit) = random.randn() * 0.01;
    }
  }
  return model;
}

/// Keeps what the text prints every ten iterations: the loss of the last batch alone.
class LastBatch : public BasicObserver<double> {
 public:
  void on_step(std::int64_t, const Values<double>& values) override { loss_ = values.read("loss")(0, 0); }
  void on_epoch(const EpochRecord& record) override {
    if ((record.epoch - 1) % 10 != 0) return;
    iterations.push_back(static_cast<double>(record.epoch - 1));
    printed.push_back(loss_);
    means.push_back(record.train_loss);
  }

  std::vector<double> iterations, printed, means;

 private:
  double loss_ = 0;
};

/// Rows in their order, batch after batch, plain gradient descent.
LastBatch train(Lesson& lesson, BasicModel<double>& model, const Dataset& data, double learning_rate) {
  LastBatch seen;
  fit(model, data, {},
      {.epochs = lesson.integer("epochs"),
       .batch_size = batch,
       .optimizer = Sgd{.learning_rate = learning_rate},
       .shuffle = false,
       .observers = {&seen},
       .cancel = lesson.cancel()});
  lesson.doing("trained");
  return seen;
}

double percent_right(const BasicModel<double>& model, const Dataset& data) {
  return 100 * evaluate(model, data).score();
}

void show_points(Lesson& lesson, const Classification& points) {
  lesson.exact("first row of the points",
               "0.72613439 -0.09447897 -0.40795222 0.89879088 0.10474933 -1.66342926 -0.72927498 0.10438512 1.56349884 "
               "0.28581615 1.15799916 -0.15592708 0.82470152 -1.19743807 0.68883271 -1.50530988 0.93842871 0.38021827 "
               "-0.66238809 0.43334625",
               std::span(points.x).first(columns));
  lesson.exact("its class", "1", points.labels[0]);
}

/// Each derivative of the text's chapter against the difference quotient.
void check(Lesson& lesson, const Dataset& data) {
  std::vector<std::int64_t> few(batch);
  std::iota(few.begin(), few.end(), 0);
  const auto verdicts = check_gradients(first_weights(1), data.subset(few), Loss("binary_cross_entropy"));
  lesson.holds("the text's gradients agree with numeric ones",
               std::all_of(verdicts.begin(), verdicts.end(), [](const GradientVerdict& one) { return one.ok; }));
}

void run(Lesson& lesson) {
  lesson.say(
      "5,000 points of 20 numbers, of which two matter; 10 hidden tanh neurons and a sigmoid that says how likely "
      "class "
      "1 is. The first 4,000 points train, the others test. The text sets no seed for its weights, so five seeds stand "
      "for it here; the points themselves are its own, made anew by scikit-learn's recipe.");
  const Classification points = make_classification(rows, 123);
  show_points(lesson, points);
  const Dataset training = rows_of(points, 0, train_rows), test = rows_of(points, train_rows, rows);
  check(lesson, training);

  double accuracy = 0;
  std::vector<double> at_first, at_last;
  LastBatch seen;
  for (std::uint32_t i = 0; i < 5; ++i) {
    lesson.doing("net " + std::to_string(i + 1) + " of 5");
    BasicModel<double> model = first_weights(lesson.seed(1) + i);
    seen = train(lesson, model, training, lesson.number("lr"));
    accuracy += percent_right(model, test) / 5;
    at_first.push_back(seen.printed.front());
    at_last.push_back(seen.printed.back());
  }
  lesson.in_range("mean test accuracy of five nets, %", 93, 95, accuracy, "the text prints 94.0");
  lesson.in_range("last batch's loss at iteration 0", 0.15, 0.25, at_first, "the text prints 0.197");
  lesson.in_range("last batch's loss at iteration 290", 0.01, 0.06, at_last, "the text prints 0.047");

  lesson.say(
      "Two things in the text mislead. It calls fit with lr=0.01, but update_weights never looks at it and takes the "
      "whole gradient: the rate is 1. And what it prints as the loss is that of the last 100 rows alone, which happen "
      "to be easy ones; over all rows the loss is larger.");
  BasicModel<double> slow = first_weights(lesson.seed(1));
  const LastBatch slowly = train(lesson, slow, training, 0.01);
  lesson.errs("loss at iteration 0 with the rate that the text names, 0.01", "0.20", "0.69", slowly.printed.front(),
              "lr is passed and never used; 0.69 = ln 2 is what guessing costs");
  lesson.in_range("training loss of all rows at iteration 290", 0.05, 0.1, seen.means.back(),
                  "the text prints the last batch's, 0.047");
  lesson.show(figures::Curves{{"The last batch is an easy one: its loss is not the training loss", "iteration", "loss"},
                              {{"the last batch, as printed", seen.iterations, seen.printed},
                               {"all rows", seen.iterations, seen.means},
                               {"all rows, rate 0.01", slowly.iterations, slowly.means, true}}});
}

}  // namespace

const Tutorial tutorial_make_class{
    "make-class",
    "001",
    "a net with one hidden layer tells two classes apart; its lr argument does nothing",
    run,
    {{"lr", "1", "learning rate; the text says 0.01 and uses 1"}, {"epochs", "300", "passes over the 4,000 rows"}}};

}  // namespace pellucid::tutorial
