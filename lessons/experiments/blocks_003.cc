// blocks-003: the functions from which text 003 builds a network, with every number that it prints.
// Not here: the network (digits_6_5.cc), matrices (matrices.cc), images from files (images.cc).
#include <algorithm>
#include <cmath>

#include "lessons/experiments/digits.h"
#include "lessons/experiments/matrix.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

Matrix normalize_rows(const Matrix& a) {
  Matrix result = a;
  for (std::size_t r = 0; r < a.rows; ++r) {
    double squares = 0;
    for (std::size_t c = 0; c < a.columns; ++c) squares += a(r, c) * a(r, c);
    for (std::size_t c = 0; c < a.columns; ++c) result(r, c) /= std::sqrt(squares);
  }
  return result;
}

double l1(const Matrix& predicted, const Matrix& truth) {
  double sum = 0;
  for (const double difference : (truth - predicted).values) sum += std::abs(difference);
  return sum;
}

double l2(const Matrix& predicted, const Matrix& truth) {
  double sum = 0;
  for (const double difference : (truth - predicted).values) sum += difference * difference;
  return sum;
}

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}
double relu(double x) {
  return std::max(0.0, x);
}
double tanh_by_exp(double x) {
  return (std::exp(x) - std::exp(-x)) / (std::exp(x) + std::exp(-x));
}

double linear_slope(double) {
  return 1;
}
double relu_slope(double x) {
  return x > 0 ? 1 : 0;
}
double tanh_slope(double x) {
  return 1 - std::tanh(x) * std::tanh(x);
}
double sigmoid_slope(double x) {
  return sigmoid(x) * (1 - sigmoid(x));
}

/// The text divides by the sum over *all* elements; it should divide each row by its own sum.
Matrix softmax_over_all(const Matrix& z) {
  double sum = 0;
  for (const double value : z.values) sum += std::exp(value);
  return map(z, [sum](double value) { return std::exp(value) / sum; });
}

double cross_entropy(const Matrix& truth, const Matrix& predicted) {
  double sum = 0;
  for (std::size_t i = 0; i < truth.values.size(); ++i) sum -= truth.values[i] * std::log(predicted.values[i]);
  return sum;
}

/// w.T * X + b: NumPy arrays multiply element by element (np.matrix would give the matrix product).
Matrix forward_layer(const Matrix& w, const Matrix& b, const Matrix& x) {
  return elementwise(transposed(w), x) + b;
}

/// The output of the library's activation for z, row by row.
Numbers by_library(const Matrix& z, const Activation& activation) {
  BasicModel<double> model{activation};
  model.build({static_cast<std::int64_t>(z.columns)});
  const auto rows = static_cast<std::int64_t>(z.rows), columns = static_cast<std::int64_t>(z.columns);
  const Tensor<double> y = model.predict(View<const double>{z.values.data(), rows, columns, columns});
  return {y.values().begin(), y.values().end()};
}

const Matrix a = {{.9, .2, .1, -.3, -.7}};

void vectors_and_norms(Lesson& lesson) {
  lesson.say(
      "An image of height, width and channels becomes a vector in the order of its memory: channel by channel within a "
      "pixel, pixel by pixel, row by row. Nothing is computed. Normalising divides each row by its length, so only its "
      "direction remains.");
  const Numbers image[3][3] = {{{0.67826139, 0.29380381}, {0.90714982, 0.52835647}, {0.4215251, 0.45017551}},
                               {{0.92814219, 0.96677647}, {0.85304703, 0.52351845}, {0.19981397, 0.27417313}},
                               {{0.60659855, 0.00533165}, {0.10820313, 0.49978937}, {0.34144279, 0.94630077}}};
  Numbers vector;
  for (const auto& line : image) {
    for (const Numbers& pixel : line) vector.insert(vector.end(), pixel.begin(), pixel.end());
  }
  lesson.exact("image2vector of 3x3x2",
               "0.67826139 0.29380381 0.90714982 0.52835647 0.4215251 0.45017551 0.92814219 0.96677647 0.85304703 "
               "0.52351845 0.19981397 0.27417313 0.60659855 0.00533165 0.10820313 0.49978937 0.34144279 0.94630077",
               vector);

  const Matrix normalized = normalize_rows({{8, 1, 2}, {3, 9, 5}});
  lesson.exact("rows of [[8 1 2] [3 9 5]], normalised",
               "[[0.96308682 0.12038585 0.24077171] [0.27975144 0.83925433 0.4662524]]", normalized.values);
  const Matrix squares = dot(elementwise(normalized, normalized), column({1, 1, 1}));
  lesson.exact("sums of their squares", "1. 1.", squares.values);
}

void distances(Lesson& lesson) {
  lesson.say(
      "L1 adds up the absolute differences between predictions and targets, L2 their squares: an error of 0.9 counts "
      "0.9 and 0.81, an error of 0.1 counts 0.1 and 0.01.");
  const Matrix predicted = {{.9, 0.2, 0.1, .4, .9}}, truth = {{1, 0, 0, 1, 1}};
  const Matrix predicted2 = {{.1, 0.7, 0.4, 0.7, .8, 0.2}}, truth2 = {{1, 0, 0, 1, 1, 0}};
  lesson.exact("L1 of the first five", "1.1", l1(predicted, truth));
  lesson.exact("L1 of the other six", "2.7", l1(predicted2, truth2));
  lesson.exact("L2 of the first five", "0.43", l2(predicted, truth));
  lesson.exact("L2 of the other six", "1.630000000000001", l2(predicted2, truth2));
}

void digits_prepared(Lesson& lesson) {
  lesson.say(
      "A label becomes ten numbers, one per digit, so that no digit counts as larger than another. Pixels become "
      "distances from their mean, in standard deviations. Pixels that are always empty have a standard deviation of 0 "
      "and become zeros (NumPy first divides 0 by 0, warns, and replaces the NaN).");
  const Digits data = digits(lesson);
  const Matrix y = one_hot(data.labels, 10);
  lesson.exact("one-hot labels, their shape", "(1797, 10)", Numbers{double(y.rows), double(y.columns)});
  lesson.exact("the label 3", "0. 0. 0. 1. 0. 0. 0. 0. 0. 0.", row(y, 3).values);
  lesson.exact("pixels of the first digit, normalised",
               "0. -0.33501649 -0.04308102 0.27407152 -0.66447751 -0.84412939 -0.40972392 -0.12502292 "
               "-0.05907756 -0.62400926 0.4829745 0.75962245 -0.05842586 1.12772113 0.87958306 -0.13043338 "
               "-0.04462507 0.11144272 0.89588044 -0.86066632 -1.14964846 0.51547187 1.90596347 -0.11422184 "
               "-0.03337973 0.48648928 0.46988512 -1.49990136 -1.61406277 0.07639777 1.54181413 -0.04723238 "
               "0. 0.76465553 0.05263019 -1.44763006 -1.73666443 0.04361588 1.43955804 0. "
               "-0.06134367 0.8105536 0.63011714 -1.12245711 -1.06623158 0.66096475 0.81845076 -0.08874162 "
               "-0.03543326 0.74211893 1.15065212 -0.86867056 0.11012973 0.53761116 -0.75743581 -0.20978513 "
               "-0.02359646 -0.29908135 0.08671869 0.20829258 -0.36677122 -1.14664746 -0.5056698 -0.19600752",
               row(z_scores(data.pixels), 0).values);
}

void activations(Lesson& lesson) {
  lesson.say(
      "The activations at 0.9, 0.2, 0.1, -0.3, -0.7, by the formulas of the text and by the library, which never calls "
      "the C library's exp. The text's softmax is correct here, because there is only one row.");
  lesson.exact("math_sigmoid(5)", "0.9933071490757153", sigmoid(5));
  lesson.exact("exp of 1, 2, 3", "2.71828183 7.3890561 20.08553692", Numbers{std::exp(1), std::exp(2), std::exp(3)});
  lesson.exact("sigmoid", "0.7109495 0.549834 0.52497919 0.42555748 0.33181223", map(a, sigmoid).values);
  lesson.exact("ReLU", "0.9 0.2 0.1 0. 0.", map(a, relu).values);
  lesson.exact("tanh", "0.71629787 0.19737532 0.09966799 -0.29131261 -0.60436778", map(a, tanh_by_exp).values);
  const char* shares = "0.4083291 0.20277023 0.18347409 0.12298636 0.08244022";
  lesson.exact("softmax", shares, softmax_over_all(a).values);
  lesson.exact("sigmoid of the library", "0.7109495 0.549834 0.52497919 0.42555748 0.33181223",
               by_library(a, pellucid::sigmoid));
  lesson.exact("tanh of the library", "0.71629787 0.19737532 0.09966799 -0.29131261 -0.60436778",
               by_library(a, pellucid::tanh));
  lesson.exact("softmax of the library", shares, by_library(a, pellucid::softmax));

  lesson.exact("slope of the identity", "1. 1. 1. 1. 1.", map(a, linear_slope).values);
  lesson.exact("slope of ReLU", "1. 1. 1. 0. 0.", map(a, relu_slope).values);
  lesson.exact("slope of tanh", "0.48691736 0.96104298 0.99006629 0.91513696 0.63473959", map(a, tanh_slope).values);
  lesson.exact("slope of sigmoid", "0.20550031 0.24751657 0.24937604 0.24445831 0.22171287",
               map(a, sigmoid_slope).values);
}

void layers(Lesson& lesson) {
  lesson.say(
      "forward_layer multiplies with a star. In the text's tests its arguments are arrays, for which the star "
      "multiplies element by element: five neurons with one input each. In the network they are np.matrix, for which "
      "the star is the matrix product.");
  const Matrix x = column(a.values), w = {{0.2, 0.1, 1, 3, 0.5}};
  const Matrix z1 = forward_layer(w, {{1}}, x), z2 = forward_layer(w, {{0.5}}, x);
  lesson.exact("linear, b = 1", "1.18 1.02 1.1 0.1 0.65", z1.values);
  lesson.exact("linear, b = 0.5", "0.68 0.52 0.6 -0.4 0.15", z2.values);
  lesson.exact("ReLU, b = 1", "1.18 1.02 1.1 0.1 0.65", map(z1, relu).values);
  lesson.exact("ReLU, b = 0.5", "0.68 0.52 0.6 0. 0.15", map(z2, relu).values);
  lesson.exact("tanh, b = 1", "0.82745161 0.76986654 0.80049902 0.09966799 0.57166997", map(z1, tanh_by_exp).values);
  lesson.exact("tanh, b = 0.5", "0.5915194 0.47770001 0.53704957 -0.37994896 0.14888503", map(z2, tanh_by_exp).values);
  lesson.exact("sigmoid, b = 1", "0.7649478 0.7349726 0.75026011 0.52497919 0.65701046", map(z1, sigmoid).values);
  lesson.exact("sigmoid, b = 0.5", "0.6637387 0.62714777 0.64565631 0.40131234 0.53742985", map(z2, sigmoid).values);
}

void softmax_of_two_columns(Lesson& lesson) {
  const Matrix x = column(a.values), w = {{0.2, 0.1, 1, 3, 0.5}, {0.3, 0.5, 0.1, -0.3, -0.5}};
  const Matrix z = forward_layer(w, {{-1, 3}}, x);
  lesson.exact("two columns: z", "[[-0.82 3.27] [-0.98 3.1] [-0.9 3.01] [-1.9 3.09] [-1.35 3.35]]", z.values);
  const char* printed =
      "[[0.00364271 0.21761522] [0.00310411 0.18359431] [0.00336265 0.16779256] [0.00123705 0.18176751] "
      "[0.00214412 0.23573976]]";
  lesson.exact("two columns: softmax as the text sums it", printed, softmax_over_all(z).values);
  lesson.errs("two columns: softmax of each row", printed,
              "[[0.01646364 0.98353636] [0.01662636 0.98337364] [0.01964677 0.98035323] [0.00675966 0.99324034] "
              "[0.0090133 0.9909867]]",
              by_library(z, pellucid::softmax),
              "The text intends to work row by row, but sums over the whole matrix: its ten numbers add up to 1 "
              "together, and no row does. With one row at a time, as in its training, this makes no difference.");

  const Matrix predicted = {{0.4083291, 0.20277023, 0.18347409, 0.12298636, 0.08244022}};
  lesson.exact("cross-entropy if class 1 is correct", "1.5956818129123256",
               cross_entropy({{0, 1, 0, 0, 0}}, predicted));
}

void run(Lesson& lesson) {
  vectors_and_norms(lesson);
  distances(lesson);
  digits_prepared(lesson);
  activations(lesson);
  layers(lesson);
  softmax_of_two_columns(lesson);
}

}  // namespace

const Tutorial tutorial_blocks_003{"blocks-003", "003", "the functions of a network, number by number", run};

}  // namespace pellucid::tutorial
