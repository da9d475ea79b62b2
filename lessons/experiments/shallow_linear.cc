// shallow-linear: two layers without activations learn the prices of apartments by gradient descent.
// Not here: drawing the apartments (mock_data.h), least squares (least_squares.h), one neuron (apartments.cc).
#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "lessons/experiments/least_squares.h"
#include "lessons/experiments/mock_data.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

/// 2-4-1. Draws weights and biases of the first layer, then of the second, each as randn·0.1.
BasicModel<double> make_net(NumpyRandom& random) {
  BasicModel<double> net{Dense{4}, Dense{1}};
  net.build({2});
  for (const char* name : {"dense1.weight", "dense1.bias", "dense2.weight", "dense2.bias"}) {
    for (double& value : net.parameter(name).values()) value = random.randn() * 0.1;
  }
  return net;
}

/// The loss before the first step and after each step. An epoch is one step on all rows; its record contains the loss
/// before the step.
Numbers train(Lesson& lesson, BasicModel<double>& net, const Dataset& data, double learning_rate, std::int64_t steps,
              double delta = 0) {
  BasicFitOptions<double> options{.epochs = steps + 1, .batch_size = data.rows(), .optimizer = Sgd{learning_rate}};
  options.loss = Loss("mse");
  options.shuffle = false;
  options.stop_change = delta;
  options.cancel = lesson.cancel();
  Numbers losses;
  for (const EpochRecord& record : fit(net, data, Dataset(), options).epochs) losses.push_back(record.train_loss);
  return losses;
}

void first_nets(Lesson& lesson, NumpyRandom& random, const Dataset& data) {
  const BasicModel<double> net = make_net(random);
  lesson.exact("first weights of the hidden layer",
               "-0.10476816 0.18570216 0.03204007 -0.10951262 -0.13867874 -0.03539496 -0.02856421 0.20592501",
               net.parameter("dense1.weight").values());
  lesson.exact("predictions before any training", "-23.24055489 -31.54945952 -12.75105332 -2.49026451 -32.3803654",
               net.predict(data).values().first(5));
  lesson.exact("their loss", "677.625448852107", evaluate(net, data).loss);

  NumpyRandom dice(lesson.seed(963));
  Numbers losses;
  for (int i = 0; i < 4; ++i) losses.push_back(evaluate(make_net(dice), data).loss);
  lesson.exact("losses of four nets of seed 963",
               "21.318364917457647 58.190236579106184 4.770288142049728 0.2093294704434788", losses);

  Numbers draws = NumpyRandom(lesson.seed(963)).randn(10000);
  double square = 0;
  for (const double draw : draws) square += draw * 0.1 * draw * 0.1 / static_cast<double>(draws.size());
  lesson.errs(
      "variance of the first weights", "1", "0.01", square,
      "The text says mean 0 and variance 1; its code multiplies by 0.1, which makes the standard deviation 0.1.");
}

void check_the_chain_rule(Lesson& lesson, const BasicModel<double>& net, const Dataset& data) {
  bool all = true;
  for (const GradientVerdict& verdict : check_gradients(net, data, Loss("mse"))) all &= verdict.ok;
  lesson.holds("the gradients by the chain rule agree with finite differences", all);
}

void draw(Lesson& lesson, const Numbers& losses) {
  Numbers steps(losses.size());
  std::iota(steps.begin(), steps.end(), 0);
  for (const bool log_y : {false, true}) {
    lesson.show(figures::Curves{
        {log_y ? "On a logarithmic scale the loss keeps falling" : "The loss falls steeply and then seems constant",
         "step", "mean squared error"},
        {{"seed 37", steps, losses}},
        log_y});
  }
}

BasicModel<double> descend(Lesson& lesson, const Dataset& data) {
  NumpyRandom three(lesson.seed(967));
  BasicModel<double> net = make_net(three);
  check_the_chain_rule(lesson, net, data);
  lesson.exact("loss before and after each of three steps, seed 967",
               "13.1869714693353 8.576174190387835 5.818528741557871 4.14790610131927",
               train(lesson, net, data, lesson.number("lr"), 3));

  NumpyRandom random(lesson.seed(37));
  net = make_net(random);
  const Numbers losses = train(lesson, net, data, lesson.number("lr"), lesson.integer("steps"), lesson.number("delta"));
  const std::span<const double> after = std::span<const double>(losses).subspan(1);
  lesson.exact("loss after steps 1 to 18, seed 37",
               "4.639845655363769 3.6055739235388646 3.1219544752264055 2.891370725402625 2.778663798354082 "
               "2.721333641596964 2.6901646643755135 2.671407441095785 2.6585626629544303 2.648548914291606 "
               "2.639902127093024 2.6319255476288577 2.6242871305644138 2.6168284145839156 2.60947364178999 "
               "2.6021864900028118 2.5949494536811937 2.58775401064343",
               after.first(std::min<std::size_t>(18, after.size())));
  lesson.errs("loss after step 19", "2.5805050707014652", "2.580595929791466",
              after.size() > 18 ? after[18] : after.back(),
              "Each step gains a little less than the one before, 0.00720 at the 18th; the printed number would need "
              "0.00725. The line is cut off at the edge of the text's picture.");
  lesson.exact("the step at which the loss moves less than 1e-6", "1868", static_cast<double>(after.size()));
  lesson.exact("and the loss there", "0.16446", after.back());

  draw(lesson, losses);
  return net;
}

/// Two linear layers equal one: W1·W2, and b1·W2 + b2.
void fold(Lesson& lesson, const BasicModel<double>& net, const std::vector<Numbers>& rows, const Dataset& data) {
  const auto w1 = net.parameter("dense1.weight").view(), w2 = net.parameter("dense2.weight").view();
  Numbers one{0, 0, net.parameter("dense2.bias").values()[0]};
  for (std::int64_t h = 0; h < w1.columns; ++h) {
    one[0] += w1(0, h) * w2(h, 0);
    one[1] += w1(1, h) * w2(h, 0);
    one[2] += net.parameter("dense1.bias").values()[h] * w2(h, 0);
  }
  const Tensor<double> predictions = net.predict(data);
  double most = 0;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    most = std::max(most, std::abs(line(one, rows[r]) - predictions.values()[r]));
  }
  lesson.in_range("largest difference between the net and one neuron with W1·W2", 0, 1e-12, most);
}

void run(Lesson& lesson) {
  lesson.say(
      "The apartments again, but now the weights have to be learned. The text uses two layers without an activation, "
      "2-4-1, draws all weights at random, and looks at the predictions of such networks before training: some are "
      "wrong by tens of millions, and one of four is nearly good by luck.");
  NumpyRandom random(lesson.seed(47));
  const Apartments apartments(random);
  const Dataset data = dataset_of(apartments.rows, apartments.prices);
  first_nets(lesson, random, data);

  lesson.say(
      "The chain rule gives the gradient of each of the 17 parameters. Every step uses all hundred rows and moves by "
      "1e-5 times the gradient, because a larger step would diverge: inputs of some hundreds make the gradient steep. "
      "Training stops when a step improves the loss by less than a millionth.");
  const BasicModel<double> net = descend(lesson, data);
  const double stopped = evaluate(net, data).loss;

  lesson.say(
      "Stopping there does not mean that the minimum is reached. The distances make the loss steep in one direction (a "
      "second derivative of 750,000 for a single neuron) while it is flat in another (0.2), and a step that is safe in "
      "the first direction makes no progress in the second. With inputs of mean 0 and standard deviation 1, the same "
      "network can use steps of 0.05 and reaches the result of least squares. It cannot do better than that: two "
      "linear layers equal one.");
  fold(lesson, net, apartments.rows, data);
  NumpyRandom again(lesson.seed(37));
  BasicModel<double> scaled = make_net(again);
  const Dataset standard = dataset_of(Standardised(apartments.rows).rows, apartments.prices);
  train(lesson, scaled, standard, 0.05, 500);
  lesson.lower("loss after 500 steps on standardised inputs", stopped, evaluate(scaled, standard).loss);
  const Numbers best = normal_equation(apartments.rows, apartments.prices);
  const double least = mean_squared_error(best, apartments.rows, apartments.prices);
  lesson.in_range("the same, divided by the least possible", 1 - 1e-9, 1.001, evaluate(scaled, standard).loss / least);
}

}  // namespace

const Tutorial tutorial_shallow_linear{"shallow-linear",
                                       "004",
                                       "two layers without activations, by gradient descent",
                                       run,
                                       {{"lr", "1e-5", "learning rate"},
                                        {"steps", "10000", "most steps of the long run"},
                                        {"delta", "1e-6", "stop when the loss moves less than this"}}};

}  // namespace pellucid::tutorial
