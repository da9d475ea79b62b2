// logistic: one sigmoid neuron predicts shirt size L or M from the chest size, trained with Newton's method.
// Not here: linear equations (least_squares.h), neurons trained row by row (neurons.h).
#include <algorithm>
#include <cmath>
#include <numeric>

#include "lessons/experiments/least_squares.h"
#include "lessons/experiments/mock_data.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

using Labels = std::vector<std::int32_t>;

struct Shirts {
  Numbers sizes;  ///< chest sizes in cm
  Labels labels;  ///< 0: M, 1: L
};

/// The parameters of p(x) = sigmoid(a·x + b).
struct Curve {
  double a, b;
};

double sigmoid(double z) {
  return 1 / (1 + std::exp(-z));
}

double probability(const Curve& curve, double x) {
  return sigmoid(curve.a * x + curve.b);
}

Shirts make_shirts(NumpyRandom& random) {
  Shirts shirts;
  for (int i = 0; i < 50; ++i) shirts.sizes.push_back(rounded(random.uniform(94, 114)));
  for (const double size : shirts.sizes) shirts.labels.push_back(size >= 104);
  return shirts;
}

/// -mean(t·ln p + (1 - t)·ln(1 - p)). With the labels as t this is the loss; the text's formula has the sizes in their
/// place.
double log_likelihood_loss(const Curve& curve, const Numbers& sizes, const Numbers& t) {
  double sum = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const double p = probability(curve, sizes[i]);
    sum -= t[i] * std::log(p) + (1 - t[i]) * std::log(1 - p);
  }
  return sum / static_cast<double>(sizes.size());
}

/// The derivative of the loss by b.
double slope_by_b(const Curve& curve, const Numbers& sizes, const Numbers& t) {
  double sum = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) sum += probability(curve, sizes[i]) - t[i];
  return sum / static_cast<double>(sizes.size());
}

/// For the sum of the losses plus penalty·a²/2 (scikit-learn's C is 1/penalty): the gradient by (a, b) and the second
/// derivatives.
struct Bend {
  Numbers gradient = {0, 0};
  std::vector<Numbers> second = {{0, 0}, {0, 0}};
};

Bend bend_at(const Curve& curve, const Shirts& shirts, double penalty) {
  Bend bend{{penalty * curve.a, 0}, {{penalty, 0}, {0, 0}}};
  for (std::size_t i = 0; i < shirts.sizes.size(); ++i) {
    const double x = shirts.sizes[i], p = probability(curve, x), error = p - shirts.labels[i];
    bend.gradient[0] += error * x;
    bend.gradient[1] += error;
    bend.second[0][0] += p * (1 - p) * x * x;
    bend.second[0][1] += p * (1 - p) * x;
    bend.second[1][0] += p * (1 - p) * x;
    bend.second[1][1] += p * (1 - p);
  }
  return bend;
}

/// The value of a after each Newton step from a = b = 0; `curve` receives the final parameters.
Numbers newton(const Shirts& shirts, double penalty, int steps, Curve& curve) {
  Numbers slopes;
  curve = {0, 0};
  for (int step = 0; step < steps; ++step) {
    const Bend bend = bend_at(curve, shirts, penalty);
    const Numbers move = solve(bend.second, bend.gradient);
    curve = {curve.a - move[0], curve.b - move[1]};
    slopes.push_back(curve.a);
  }
  return slopes;
}

Numbers grid(double low, double high, int count = 101) {
  Numbers values;
  for (int i = 0; i < count; ++i) values.push_back(low + (high - low) * i / (count - 1));
  return values;
}

template <class Function>
figures::Series plot(const char* name, const Numbers& x, Function f) {
  figures::Series series{name, x, x};
  std::transform(x.begin(), x.end(), series.y.begin(), f);
  return series;
}

void show_functions(Lesson& lesson) {
  lesson.say(
      "The sigmoid maps any number to one between 0 and 1. The loss is made of two logarithms, ln p and ln(1 - p); "
      "each of them is worst where the other is best.");
  lesson.exact("sigmoid at 0; ln p and ln(1 - p) at 0.5", "0.5 -0.693147 -0.693147",
               Numbers{sigmoid(0), std::log(0.5), std::log(1 - 0.5)});
  const double tiny = 1e-9;
  lesson.in_range("x ln x and (1 - x) ln(1 - x) near 0 and near 1: they go to 0", -1e-7, 0,
                  Numbers{tiny * std::log(tiny), (1 - tiny) * std::log1p(-tiny), (1 - tiny) * std::log(1 - tiny)});
  lesson.in_range("(1 - x) ln x near 0, x ln(1 - x) near 1: they go to -∞", -infinity, -20,
                  Numbers{(1 - tiny) * std::log(tiny), (1 - tiny) * std::log(tiny)});
  lesson.show(figures::Curves{{"The sigmoid stays between 0 and 1", "x", "s(x)"},
                              {plot("1 / (1 + exp(-x))", grid(-8, 8), sigmoid)}});
  const Numbers x = grid(0.01, 0.99);
  lesson.show(figures::Curves{{"A confident mistake has an unlimited loss", "x", ""},
                              {plot("ln x", x, [](double v) { return std::log(v); }),
                               plot("ln(1 - x)", x, [](double v) { return std::log(1 - v); })}});
  lesson.show(figures::Curves{{"Multiplied by its own probability, a logarithm stays bounded", "x", ""},
                              {plot("x ln x", x, [](double v) { return v * std::log(v); }),
                               plot("(1 - x) ln(1 - x)", x, [](double v) { return (1 - v) * std::log(1 - v); })}});
  lesson.show(figures::Curves{{"Multiplied by the other probability, it does not", "x", ""},
                              {plot("(1 - x) ln x", x, [](double v) { return (1 - v) * std::log(v); }),
                               plot("x ln(1 - x)", x, [](double v) { return v * std::log(1 - v); })}});
}

Labels predictions(const Curve& curve, const Numbers& sizes) {
  Labels result;
  for (const double size : sizes) result.push_back(probability(curve, size) >= 0.5);
  return result;
}

void show_curve(Lesson& lesson, const char* title, const Curve& curve, const Shirts& shirts) {
  figures::Series m{"M", {}, {}}, l{"L", {}, {}};
  for (std::size_t i = 0; i < shirts.sizes.size(); ++i) {
    figures::Series& series = shirts.labels[i] ? l : m;
    series.x.push_back(shirts.sizes[i]);
    series.y.push_back(shirts.labels[i]);
  }
  const auto p = plot("p(x)", grid(94, 114, 50), [&](double v) { return probability(curve, v); });
  lesson.show(figures::Scatter{{title, "chest, cm", "probability of L"}, {p, m, l}});
}

void show_data(Lesson& lesson, const Shirts& shirts) {
  lesson.exact("chest sizes",
               "102.51 110.29 108.71 111.36 101.67 113.59 111.86 98.19 108.84 107.26 111.74 111.16 108.99 111.4 97.74 "
               "100.51 101.46 109.87 97.02 97.4 95.62 100.1 109.67 97.26 95.41 108.02 97.62 105.98 102.31 104.27 98.41 "
               "108.51 110.99 112.58 108.72 103.53 103.86 105.89 95.52 96.35 113.33 105.67 95.85 94.27 110.74 112.3 "
               "108.09 101.74 108.11 112.47",
               shirts.sizes);
  lesson.exact("shirt sizes: 1 is L",
               "0 1 1 1 0 1 1 0 1 1 1 1 1 1 0 0 0 1 0 0 0 0 1 0 0 1 0 1 0 1 0 1 1 1 1 0 0 1 0 0 1 1 0 0 1 1 1 0 1 1",
               Numbers(shirts.labels.begin(), shirts.labels.end()));
  Labels expert;
  for (const double size : shirts.sizes) expert.push_back(size > 104);
  lesson.holds("the expert's rule, L above 104 cm, is right for all", expert == shirts.labels);
}

void try_a_curve(Lesson& lesson, const Shirts& shirts) {
  const Curve given{1.7, -172};
  const Labels labels = predictions(given, shirts.sizes);
  lesson.exact("predictions of the curve a = 1.7, b = -172",
               "1 1 1 1 1 1 1 0 1 1 1 1 1 1 0 0 1 1 0 0 0 0 1 0 0 1 0 1 1 1 0 1 1 1 1 1 1 1 0 0 1 1 0 0 1 1 1 1 1 1",
               Numbers(labels.begin(), labels.end()));
  show_curve(lesson, "The curve a = 1.7, b = -172 is too far to the left", given, shirts);

  const Numbers truth(shirts.labels.begin(), shirts.labels.end());
  lesson.errs("derivative of the loss by b at this curve", "-104.2114", "0.1238",
              slope_by_b(given, shirts.sizes, truth),
              "The printed formula has the size x in place of the label y (the code has y). Its derivative, the mean "
              "of p - x, is about -104 everywhere and never 0, so there is no minimum to find.");
  const Curve all_large{0, 20};
  lesson.holds("with x for y, to call every shirt an L beats the expert's rule",
               log_likelihood_loss(all_large, shirts.sizes, shirts.sizes) <
                   log_likelihood_loss({1.4, -1.4 * 104}, shirts.sizes, shirts.sizes));
  lesson.holds("with y it does not", log_likelihood_loss(all_large, shirts.sizes, truth) >
                                         log_likelihood_loss({1.4, -1.4 * 104}, shirts.sizes, truth));
}

/// The same neuron with the library. There, the penalty of a weight is l2/2·w², added to the mean of the losses.
BasicModel<double> by_lbfgs(Lesson& lesson, const Dataset& data) {
  BasicModel<double> neuron{Dense{1, pellucid::sigmoid}};
  neuron.build({1});
  BasicFitOptions<double> options{.epochs = 500, .optimizer = Lbfgs{.tolerance = 1e-11}};
  options.l2 = lesson.number("penalty") / static_cast<double>(data.rows());
  options.cancel = lesson.cancel();
  fit(neuron, data, Dataset(), options);
  return neuron;
}

void check_the_chain_rule(Lesson& lesson, const BasicModel<double>& neuron, const Dataset& data) {
  bool all = true;
  for (const GradientVerdict& verdict : check_gradients(neuron, data, Loss("binary_cross_entropy"))) all &= verdict.ok;
  lesson.holds("the gradients by the chain rule agree with finite differences", all);
}

BasicModel<double> train(Lesson& lesson, const Shirts& shirts, const Dataset& data) {
  const double penalty = lesson.number("penalty");
  Curve best{}, endless{};
  const Numbers slopes = newton(shirts, penalty, 14, best);
  lesson.errs("a and b, with the penalty a²/2", "1.413470868291155 -147.3822278881603", "1.4136088656 -147.396605576",
              Numbers{best.a, best.b},
              "The text's search stopped when the gradient was small. That does not mean that it is near the minimum: "
              "the loss hardly changes when a and b change together.");
  const Bend there = bend_at({1.413470868291155, -147.3822278881603}, shirts, penalty);
  lesson.in_range("larger part of the gradient at the text's point; scikit-learn stops at 1e-4", 1e-7, 1e-4,
                  std::max(std::abs(there.gradient[0]), std::abs(there.gradient[1])));
  const BasicModel<double> neuron = by_lbfgs(lesson, data);
  const double a = neuron.parameter("dense1.weight").values()[0], b = neuron.parameter("dense1.bias").values()[0];
  lesson.in_range("a and b of a neuron trained by L-BFGS, divided by Newton's", 1 - 1e-6, 1 + 1e-6,
                  Numbers{a / best.a, b / best.b});
  check_the_chain_rule(lesson, neuron, data);

  const Numbers free = newton(shirts, 0, 14, endless);
  lesson.holds("without the penalty a grows with every step", std::is_sorted(free.begin(), free.end()));
  Numbers steps(slopes.size());
  std::iota(steps.begin(), steps.end(), 1);
  lesson.show(figures::Curves{{"Without a penalty the curve gets steeper without limit", "Newton's step", "a"},
                              {{"penalty a²/2", steps, slopes}, {"none", steps, free, true}}});
  show_curve(lesson, "The learned curve is 0.5 between the largest M and the smallest L", best, shirts);
  return neuron;
}

std::vector<std::string> report_row(const std::string& name, const ClassScore& score) {
  std::vector<std::string> row{name};
  for (const double value : {score.precision, score.recall, score.f1}) row.push_back(figures::tick_text(value));
  row.push_back(std::to_string(score.support));
  return row;
}

void report(Lesson& lesson, const BasicModel<double>& neuron, const Dataset& data) {
  const Evaluation evaluation = evaluate(neuron, data);
  const ClassificationScores& scores = *evaluation.targets.front().classes;
  const Numbers counts(scores.confusion.counts.begin(), scores.confusion.counts.end());
  lesson.exact("confusion matrix", "[[22 0] [0 28]]", counts);
  lesson.show(figures::Confusion{{"Every shirt is on the diagonal", "predicted", "true"}, {"M", "L"}, counts});
  Numbers numbers;
  for (const ClassScore& score : {scores.per_class[0], scores.per_class[1], scores.macro, scores.weighted}) {
    for (const double value : {score.precision, score.recall, score.f1}) numbers.push_back(value);
  }
  numbers.push_back(scores.accuracy);
  lesson.exact("precision, recall and F1 of M, L, mean and weighted mean; accuracy",
               "1.00 1.00 1.00 1.00 1.00 1.00 1.00 1.00 1.00 1.00 1.00 1.00 1.00", numbers);
  lesson.show(figures::Sheet{{"The classification report", "", ""},
                             {"", "precision", "recall", "F1", "rows"},
                             {report_row("M", scores.per_class[0]), report_row("L", scores.per_class[1]),
                              report_row("mean", scores.macro), report_row("weighted", scores.weighted)}});
}

void run(Lesson& lesson) {
  show_functions(lesson);
  lesson.say(
      "Fifty chest sizes, random numbers between 94 and 114 cm; size L is for 104 cm and more. With this rule, no "
      "learning is needed. A neuron has to find it from the fifty labels: p(x) = s(ax + b) is the probability of L, "
      "and where it is at least one half, the prediction is L.");
  NumpyRandom random(lesson.seed(27));
  const Shirts shirts = make_shirts(random);
  show_data(lesson, shirts);
  try_a_curve(lesson, shirts);
  lesson.say(
      "There is no formula for the best a and b, but Newton's method finds them in ten steps: each step goes to the "
      "point where the gradient would be 0 if the second derivatives were constant. The text leaves this to "
      "scikit-learn and does not mention that scikit-learn also penalises large a. Without the penalty there is no "
      "best curve: the two sizes can be separated without a mistake, so a steeper curve is always better.");
  const Dataset data = Dataset::classification(shirts.sizes, Shape{1}, shirts.labels, 2);
  const BasicModel<double> neuron = train(lesson, shirts, data);
  report(lesson, neuron, data);
}

}  // namespace

const Tutorial tutorial_logistic{
    "logistic",
    "004",
    "one sigmoid neuron predicts shirt sizes, with Newton's method",
    run,
    {{"penalty", "1", "factor of a²/2, which is added to the sum of the losses: scikit-learn's 1/C"}}};

}  // namespace pellucid::tutorial
