// regressions: a line by a formula and by gradient descent, polynomials that underfit and overfit, ridge, lasso.
// Not here: the apartments (mock_data.h), solving the equations (least_squares.h), classification (logistic.cc).
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <string>

#include "lessons/experiments/least_squares.h"
#include "lessons/experiments/mock_data.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

/// One linear neuron trained on all rows at once; returns its weights and, last, its bias. `losses` gets the loss
/// before each step.
Numbers descend(Lesson& lesson, const std::vector<Numbers>& rows, const Numbers& y, BasicFitOptions<double> options,
                Numbers* losses = nullptr) {
  BasicModel<double> neuron{Dense{1, Activation(), {.weight_initializer = Initializer("zeros")}}};
  options.batch_size = static_cast<std::int64_t>(rows.size());
  options.shuffle = false;
  options.loss = Loss("mse");
  options.cancel = lesson.cancel();
  const History history = fit(neuron, dataset_of(rows, y), Dataset(), options);
  for (const EpochRecord& record : history.epochs) {
    if (losses) losses->push_back(record.train_loss);
  }
  Numbers weights(neuron.parameter("dense1.weight").values().begin(), neuron.parameter("dense1.weight").values().end());
  weights.push_back(neuron.parameter("dense1.bias").values()[0]);
  return weights;
}

double largest(const Numbers& values) {
  double most = 0;
  for (const double value : values) most = std::max(most, std::abs(value));
  return most;
}

/// The largest difference, relative to the largest value.
double apart(const Numbers& a, Numbers b) {
  const double scale = largest(b);
  for (std::size_t i = 0; i < a.size(); ++i) b[i] -= a[i];
  return largest(b) / scale;
}

std::string digits(double value) {
  return figures::tick_text(value + 0.0);  // adding 0.0 turns -0 into 0
}

void linear(Lesson& lesson, const Apartments& apartments) {
  const Numbers formula = normal_equation(apartments.rows, apartments.prices);
  const Standardised standard(apartments.rows);
  Numbers scaled_losses, raw_losses;
  Numbers descent =
      descend(lesson, standard.rows, apartments.prices, {.epochs = 200, .optimizer = Sgd{0.2}}, &scaled_losses);
  for (std::size_t c = 0; c < standard.means.size(); ++c) {  // converts the weights back to square metres and metres
    descent[c] /= standard.deviations[c];
    descent.back() -= descent[c] * standard.means[c];
  }
  lesson.in_range("weights and bias: normal equation against gradient descent, largest difference", 0, 1e-6,
                  apart(formula, descent));
  lesson.show(
      figures::Sheet{{"Near the rule behind the prices, but not equal: each price has noise of up to a tenth", "", ""},
                     {"", "per m²", "per m of distance", "bias"},
                     {{"rule", "0.014373", "-0.001286", "1.386"},
                      {"normal equation", digits(formula[0]), digits(formula[1]), digits(formula[2])},
                      {"descent", digits(descent[0]), digits(descent[1]), digits(descent[2])}}});
  descend(lesson, apartments.rows, apartments.prices, {.epochs = 200, .optimizer = Sgd{2e-6}}, &raw_losses);
  Numbers steps(scaled_losses.size());
  std::iota(steps.begin(), steps.end(), 0);
  lesson.show(figures::Curves{
      {"Gradient descent needs columns of similar scale", "step", "mean squared error"},
      {{"mean 0, deviation 1; rate 0.2", steps, scaled_losses}, {"not scaled; rate 2e-6", steps, raw_losses, true}},
      true});
  const double least = mean_squared_error(formula, apartments.rows, apartments.prices);
  lesson.in_range("loss after 200 steps on standardised columns, divided by the least possible", 1 - 1e-9, 1 + 1e-9,
                  scaled_losses.back() / least);
  lesson.in_range("the same on columns that are not scaled", 2, infinity, raw_losses.back() / least);
}

/// Points near a wave; the columns of a polynomial are x, x², … up to the degree.
struct Wave {
  Numbers x, y;

  Wave(NumpyRandom& random, int count, double noise) {
    for (int i = 0; i < count; ++i) x.push_back(random.uniform(-1, 1));
    for (const double at : x) y.push_back(std::sin(std::numbers::pi * at) + random.normal(0, noise));
  }
};

std::vector<Numbers> powers(const Numbers& x, int degree) {
  std::vector<Numbers> rows;
  for (const double at : x) {
    rows.emplace_back();
    double power = 1;
    for (int d = 0; d < degree; ++d) rows.back().push_back(power *= at);
  }
  return rows;
}

double rmse(const Numbers& weights, const Wave& wave) {
  const int degree = static_cast<int>(weights.size()) - 1;
  return std::sqrt(mean_squared_error(weights, powers(wave.x, degree), wave.y));
}

figures::Series drawn(const std::string& name, const Numbers& weights) {
  figures::Series series{name, {}, {}};
  for (int i = 0; i <= 100; ++i) series.x.push_back(-1 + i * 0.02);
  for (const Numbers& row : powers(series.x, static_cast<int>(weights.size()) - 1)) {
    series.y.push_back(std::clamp(line(weights, row), -3.0, 3.0));
  }
  return series;
}

void polynomials(Lesson& lesson, const Wave& train, const Wave& test) {
  Numbers degrees, train_errors, test_errors;
  figures::Curves fits{{"A line underfits the wave, degree 3 fits it, degree 15 fits the noise", "x", "y"}, {}};
  for (int degree = 1; degree <= 15; ++degree) {
    const Numbers weights = normal_equation(powers(train.x, degree), train.y);
    degrees.push_back(degree);
    train_errors.push_back(rmse(weights, train));
    test_errors.push_back(rmse(weights, test));
    if (degree == 1 || degree == 3 || degree == 15)
      fits.series.push_back(drawn("degree " + std::to_string(degree), weights));
  }
  lesson.show(fits);
  lesson.show(
      figures::Curves{{"Higher degrees always fit the training points better, and other points only at first", "degree",
                       "root of the mean squared error"},
                      {{"20 training points", degrees, train_errors}, {"200 others", degrees, test_errors, true}},
                      true});
  lesson.holds("the training error falls with every degree",
               std::is_sorted(train_errors.begin(), train_errors.end(), std::greater<>()));
  const auto best = std::min_element(test_errors.begin(), test_errors.end());
  lesson.in_range("the degree that fits other points best", 3, 7, degrees[best - test_errors.begin()]);
  lesson.in_range("their error with degree 1 (too little) and 15 (too much), divided by the least", 1.5, infinity,
                  Numbers{test_errors.front() / *best, test_errors.back() / *best});
}

void ridge(Lesson& lesson, const Wave& train, const Wave& test) {
  const std::vector<Numbers> rows = powers(train.x, 15);
  const double strength = lesson.number("ridge");
  const Numbers free = normal_equation(rows, train.y), formula = normal_equation(rows, train.y, strength);
  BasicFitOptions<double> options{.epochs = 2000, .optimizer = Lbfgs{.tolerance = 1e-11}};
  options.l2 = 2 * strength / static_cast<double>(rows.size());  // mean of the errors + l2/2·Σw²
  lesson.in_range("ridge: normal equation against L-BFGS, largest difference", 0, 1e-6,
                  apart(formula, descend(lesson, rows, train.y, options)));
  lesson.in_range("largest weight of degree 15: free, divided by ridge's", 100, infinity,
                  largest(free) / largest(formula));
  lesson.in_range("error on other points: free, divided by ridge's", 2, infinity,
                  rmse(free, test) / rmse(formula, test));
  lesson.show(figures::Curves{{"Ridge smooths degree 15", "x", "y"}, {drawn("free", free), drawn("ridge", formula)}});
}

void lasso(Lesson& lesson, const Apartments& apartments, NumpyRandom& random) {
  std::vector<Numbers> rows = apartments.rows;
  for (Numbers& row : rows) row.push_back(random.randn());
  rows = Standardised(rows).rows;
  figures::Curves path{{"The weight of the useless column is zero first, the distance next", "l1", "weight"},
                       {{"surface", {}, {}}, {"distance", {}, {}}, {"useless", {}, {}, true}}};
  for (int i = 0; i <= 32; ++i) {
    BasicFitOptions<double> options{.epochs = 200, .optimizer = Sgd{0.2}};
    options.l1 = 0.05 * i;
    const Numbers weights = descend(lesson, rows, apartments.prices, options);
    for (std::size_t c = 0; c < 3; ++c) {
      path.series[c].x.push_back(options.l1);
      path.series[c].y.push_back(weights[c]);
    }
  }
  lesson.show(path);
  BasicFitOptions<double> options{.epochs = 200, .optimizer = Sgd{0.2}};
  options.l1 = lesson.number("l1");
  const Numbers weights = descend(lesson, rows, apartments.prices, options);
  const Numbers shrunk = normal_equation(rows, apartments.prices, 20);
  lesson.holds("lasso sets the useless column's weight to 0 and keeps the two others",
               weights[2] == 0 && weights[0] != 0 && weights[1] != 0);
  lesson.holds("ridge makes it small, not 0", shrunk[2] != 0);
  lesson.show(figures::Sheet{{"Lasso drops a column, ridge shrinks them all", "", ""},
                             {"weight of", "surface", "distance", "useless column"},
                             {{"lasso", digits(weights[0]), digits(weights[1]), digits(weights[2])},
                              {"ridge", digits(shrunk[0]), digits(shrunk[1]), digits(shrunk[2])}}});
}

void run(Lesson& lesson) {
  lesson.say(
      "The first week of the text. The straight line (or plane) that fits points best can be found in two ways: by a "
      "formula, the normal equation, or step by step with gradient descent. Both must agree. Where there is no "
      "formula, as for every network with hidden layers, only gradient descent is left.");
  NumpyRandom random(lesson.seed(47));
  const Apartments apartments(random);
  linear(lesson, apartments);
  lesson.say(
      "A polynomial is linear in its weights too; x, x², x³ are columns like any others. There are twenty points of a "
      "wave with noise, and the question is how many columns to use: with too few the curve cannot follow the wave "
      "(underfitting), with too many it follows every single point (overfitting). The training points cannot tell, "
      "because more columns always fit them better. Points that were not trained on can.");
  const Wave train(random, 20, lesson.number("noise")), test(random, 200, lesson.number("noise"));
  polynomials(lesson, train, test);
  lesson.say(
      "Ridge adds the squares of the weights to the loss. Large weights that cancel each other to fit single points "
      "now increase the loss, and even degree 15 becomes smooth.");
  ridge(lesson, train, test);
  lesson.say(
      "Lasso adds the magnitudes of the weights. Its pull towards 0 does not decrease for small weights, so the weight "
      "of a useless column becomes exactly 0. Plain gradient descent would jump back and forth across 0; the proximal "
      "step moves each weight towards 0 and stops there.");
  lasso(lesson, apartments, random);
}

}  // namespace

const Tutorial tutorial_regressions{"regressions",
                                    "004",
                                    "linear, polynomial, ridge and lasso; underfitting and overfitting",
                                    run,
                                    {{"noise", "0.3", "standard deviation of the noise on the wave"},
                                     {"ridge", "0.1", "strength of ridge on the polynomial of degree 15"},
                                     {"l1", "0.2", "strength of lasso on the apartments"}}};

}  // namespace pellucid::tutorial
