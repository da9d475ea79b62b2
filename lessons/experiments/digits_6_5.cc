// digits-6-5: a 64-6-5-10 network on small digits; a backpropagation that learns nothing, how the gradient check shows
// it, and the correct one.
// Not here: the single functions (blocks_003.cc), reading the digits (digits.h).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "lessons/experiments/digits.h"
#include "lessons/experiments/matrix.h"
#include "lessons/lesson.h"
#include "pellucid/numpy_random.h"

namespace pellucid::tutorial {
namespace {

// As in the text, layers count from 1: index 0 is the input, which has no weights. A row of the data is a column here,
// and a label is a row of ten numbers.

constexpr int last = 3;

struct Parameters {
  Matrix w[last + 1], b[last + 1];
};

Matrix relu_of(const Matrix& z) {
  return map(z, [](double x) { return std::max(0.0, x); });
}
Matrix sigmoid_of(const Matrix& z) {
  return map(z, [](double x) { return 1 / (1 + std::exp(-x)); });
}
Matrix softmax_of(const Matrix& z) {
  const Matrix powers = map(z, [](double x) { return std::exp(x); });
  return (1 / std::accumulate(powers.values.begin(), powers.values.end(), 0.0)) * powers;
}
Matrix relu_slope(const Matrix& z) {
  return map(z, [](double x) { return x > 0 ? 1.0 : 0.0; });
}
Matrix sigmoid_slope(const Matrix& z) {
  return map(sigmoid_of(z), [](double y) { return y * (1 - y); });
}

double sum_of(const Matrix& a) {
  return std::accumulate(a.values.begin(), a.values.end(), 0.0);
}

/// The text's earlier random numbers: two vectors of 5,000 (lesson vectorise).
Parameters draw_parameters(NumpyRandom random) {
  random.randint(500, 1000, 5000);
  random.randint(0, 500, 5000);
  const std::size_t units[] = {64, 6, 5, 10};
  Parameters net;
  for (int l = 1; l <= last; ++l) net.w[l] = Matrix(units[l - 1], units[l]);
  for (int l = 1; l <= last; ++l) net.b[l] = Matrix(units[l], 1);
  for (Matrix* group : {net.w, net.b}) {
    for (int l = 1; l <= last; ++l) {
      for (double& value : group[l].values) value = random.normal(0, 0.1);
    }
  }
  return net;
}

struct Pass {
  Matrix z[last + 1], a[last + 1];
};

Pass forward(const Parameters& net, const Matrix& x) {
  const std::function<Matrix(const Matrix&)> activation[] = {nullptr, relu_of, sigmoid_of, softmax_of};
  Pass pass;
  pass.a[0] = x;
  for (int l = 1; l <= last; ++l) {
    pass.z[l] = dot(transposed(net.w[l]), pass.a[l - 1]) + net.b[l];
    pass.a[l] = activation[l](pass.z[l]);
  }
  return pass;
}

double loss(const Matrix& y, const Matrix& predicted) {
  return -sum_of(dot(y, map(predicted, [](double p) { return std::log(p); })));
}

using Slopes = std::vector<std::function<Matrix(const Matrix&)>>;
/// The text's list: for layer l it uses the slope of layer l's own activation at z[l-1], one layer too high.
const Slopes slopes_printed = {nullptr, relu_slope, sigmoid_slope, softmax_of};
/// The correct list: z[l-1] was the input of the activation of layer l-1.
const Slopes slopes_right = {nullptr, nullptr, relu_slope, sigmoid_slope};

/// back_propagation as the text writes it: np.sum reduces the error of each layer to one number.
Parameters as_printed(const Parameters& net, const Pass& pass, const Matrix& y) {
  Parameters gradient;
  double delta = sum_of(pass.a[last] - y);  // a column minus a row: 10 x 10 differences, which add up to 0
  for (int l = last; l > 0; --l) {
    gradient.b[l] = {{delta}};
    gradient.w[l] = delta * pass.a[l - 1];
    if (l > 1) delta = sum_of(dot(transposed(delta * net.w[l]), slopes_printed[l](pass.z[l - 1])));
  }
  return gradient;
}

/// The chain rule: each unit has its own error.
Parameters by_chain_rule(const Parameters& net, const Pass& pass, const Matrix& y, const Slopes& slopes) {
  Parameters gradient;
  Matrix delta = pass.a[last] - transposed(y);
  for (int l = last; l > 0; --l) {
    gradient.b[l] = delta;
    gradient.w[l] = dot(pass.a[l - 1], transposed(delta));
    if (l > 1) delta = elementwise(dot(net.w[l], delta), slopes[l](pass.z[l - 1]));
  }
  return gradient;
}

/// Numeric gradient: changes each parameter by a small amount in both directions.
Parameters by_differences(Parameters net, const Matrix& x, const Matrix& y) {
  constexpr double step = 1e-5;
  Parameters gradient = net;
  const auto measure = [&](Matrix& values, Matrix& slopes) {
    for (std::size_t i = 0; i < values.values.size(); ++i) {
      const double value = values.values[i];
      values.values[i] = value + step;
      const double above = loss(y, forward(net, x).a[last]);
      values.values[i] = value - step;
      const double below = loss(y, forward(net, x).a[last]);
      values.values[i] = value;
      slopes.values[i] = (above - below) / (2 * step);
    }
  };
  for (int l = 1; l <= last; ++l) {
    measure(net.w[l], gradient.w[l]);
    measure(net.b[l], gradient.b[l]);
  }
  return gradient;
}

double length(const Matrix& a) {
  return std::sqrt(sum_of(elementwise(a, a)));
}

/// ‖a − n‖ / (‖a‖ + ‖n‖): 0 if they agree, near 1 if a is unrelated to n.
Numbers distances(const Parameters& analytic, const Parameters& numeric) {
  Numbers result;
  const auto add = [&](const Matrix& a, const Matrix& n) {
    result.push_back(length(a - n) / (length(a + 0 * n) + length(n)));
  };
  for (int l = 1; l <= last; ++l) {
    add(analytic.w[l], numeric.w[l]);
    add(analytic.b[l], numeric.b[l]);
  }
  return result;
}

struct Data {
  Matrix pixels, x, y;  ///< 0 … 16, normalised, one-hot
  Dataset all;
  std::vector<std::int64_t> train, test;  ///< of the first split

  Matrix input(std::int64_t r) const { return transposed(row(x, static_cast<std::size_t>(r))); }
  Matrix label(std::int64_t r) const { return row(y, static_cast<std::size_t>(r)); }
};

/// 60 % are training rows. The text shuffles with Python's own generator and without a seed, so its split is unknown.
void split(Data& data, std::uint32_t seed) {
  const std::vector<std::int64_t> order = NumpyRandom(seed).permutation(data.all.rows());
  const auto middle = order.begin() + static_cast<std::ptrdiff_t>(0.6 * static_cast<double>(order.size()));
  data.train.assign(order.begin(), middle);
  data.test.assign(middle, order.end());
}

figures::Picture picture_of(const Data& data, std::int64_t r, const std::string& caption) {
  const Matrix image = map(row(data.pixels, static_cast<std::size_t>(r)), [](double pixel) { return pixel / 16; });
  return {8, 8, image.values, caption, std::nullopt};
}

Data prepare(const Lesson& lesson) {
  const Digits raw = digits(lesson);
  Data data{raw.pixels, z_scores(raw.pixels), one_hot(raw.labels, 10), {}, {}, {}};
  data.all = Dataset::classification(data.x.values, Shape{64}, raw.labels, 10);
  split(data, lesson.seed(0));
  return data;
}

constexpr std::int64_t first_row = 1029;  ///< the text's X_train[0], identified by its output

/// The library's network with the text's weights, which have the same layout (in × out).
BasicModel<double> model_with(const Parameters& net) {
  BasicModel<double> model{Dense(6, relu), Dense(5, sigmoid), Dense(10, softmax)};
  model.build(Shape{64});
  for (int l = 1; l <= last; ++l) {
    const std::string name = "dense" + std::to_string(l);
    std::copy(net.w[l].values.begin(), net.w[l].values.end(), model.parameter(name + ".weight").data());
    std::copy(net.b[l].values.begin(), net.b[l].values.end(), model.parameter(name + ".bias").data());
  }
  return model;
}

void train_as_printed(Lesson& lesson, const Data& data, Parameters net, Numbers& losses) {
  const std::int64_t epochs = lesson.integer("epochs");
  for (std::int64_t epoch = 0; epoch < epochs; ++epoch) {
    lesson.doing(fmt::format("as the text trains: epoch {} of {}", epoch + 1, epochs));
    losses.push_back(0);
    for (const std::int64_t r : data.train) {
      const Matrix y = data.label(r);
      const Pass pass = forward(net, data.input(r));
      losses.back() += loss(y, pass.a[last]);
      const Parameters gradient = as_printed(net, pass, y);
      for (int l = 1; l <= last; ++l) {
        net.w[l] = net.w[l] - lesson.number("lr") * gradient.w[l];
        net.b[l] = net.b[l] - lesson.number("lr") * gradient.b[l];
      }
    }
  }
  const auto [low, high] = std::minmax_element(losses.begin(), losses.end());
  lesson.in_range("training loss, minimum and maximum over all epochs", 2480, 2492, Numbers{*low, *high},
                  "the text prints 2486.433448 a hundred times; the other digits depend on the split");

  Numbers said(10), there(10);
  double right = 0;
  for (const std::int64_t r : data.test) {
    const std::int32_t predicted = argmax(forward(net, data.input(r)).a[last].values);
    ++said[static_cast<std::size_t>(predicted)];
    ++there[static_cast<std::size_t>(data.all.label(r))];
    right += predicted == data.all.label(r);
  }
  const auto rows = static_cast<double>(data.test.size());
  const auto favourite = std::max_element(said.begin(), said.end());
  const double others = 1 - there[static_cast<std::size_t>(favourite - said.begin())] / rows;
  lesson.in_range("share of test rows predicted as the same digit", 0.95, 1, *favourite / rows);
  lesson.in_range("share of test rows that are not this digit", 0.88, 0.92, others,
                  "the text prints an accuracy of 0.9012517385257302, or 648 of 719. It counts the rows that are "
                  "correctly predicted *not* to be one particular digit");
  lesson.errs("its accuracy on the test rows", "0.9012517385257302", "0.09", right / rows,
              "a network that learned nothing is correct for one digit in ten");
}

void check(Lesson& lesson, const Data& data, const Parameters& net) {
  const Matrix x = data.input(first_row), y = data.label(first_row);
  const Pass pass = forward(net, x);
  const Parameters numeric = by_differences(net, x, y);
  const Numbers printed = distances(as_printed(net, pass, y), numeric),
                each_unit = distances(by_chain_rule(net, pass, y, slopes_printed), numeric),
                right = distances(by_chain_rule(net, pass, y, slopes_right), numeric);
  figures::Sheet table{{"Relative error of three backpropagations against numeric gradients", "", ""},
                       {"parameter", "as printed", "one error per unit", "and correct slopes"},
                       {}};
  const char* names[] = {"W1", "b1", "W2", "b2", "W3", "b3"};
  for (std::size_t i = 0; i < right.size(); ++i) {
    table.rows.push_back({names[i], fmt::format("{:.2g}", printed[i]), fmt::format("{:.2g}", each_unit[i]),
                          fmt::format("{:.2g}", right[i])});
  }
  lesson.show(table);
  const std::span<const double> all = each_unit;
  lesson.in_range("gradient as printed: wrong in W1 b1 W2 b2 W3 b3", 0.999, 1, printed);
  lesson.in_range("with an error for each unit: right in W3 b3", 0, 1e-6, all.subspan(4));
  lesson.in_range("still wrong in W1 b1 W2 b2", 0.1, 1, all.first(4), "the slopes belong to other layers");
  lesson.in_range("with the slopes of the layer below: right in all six", 0, 1e-6, right);

  const std::int64_t only[] = {first_row};
  Numbers errors;
  for (const GradientVerdict& verdict :
       check_gradients(model_with(net), data.all.subset(only), Loss("cross_entropy"))) {
    errors.push_back(verdict.relative_error);
  }
  lesson.in_range("the library's own, by check_gradients", 0, 1e-7, errors);
}

struct Trained {
  BasicModel<double> model;
  Numbers losses;
  ClassificationScores scores;
};

Trained train_right(Lesson& lesson, Data data, const Parameters& net, std::uint32_t split_seed) {
  split(data, split_seed);
  BasicFitOptions<double> options;
  options.epochs = lesson.integer("epochs");
  options.batch_size = 1;
  options.optimizer = Sgd{.learning_rate = lesson.number("lr")};
  options.seed = split_seed;
  options.cancel = lesson.cancel();
  Trained result{model_with(net), {}, {}};
  const Dataset train = data.all.subset(data.train);
  for (const EpochRecord& epoch : fit(result.model, train, {}, options).epochs) {
    result.losses.push_back(epoch.train_loss * static_cast<double>(train.rows()));
  }
  result.scores = *evaluate(result.model, data.all.subset(data.test)).targets.front().classes;
  return result;
}

void show_result(Lesson& lesson, const Data& data, const Trained& trained, const Numbers& literal) {
  Numbers epochs(literal.size());
  std::iota(epochs.begin(), epochs.end(), 1);
  for (const bool log_y : {false, true}) {
    lesson.show(figures::Curves{{log_y ? "The same on a logarithmic axis" : "One loss is constant, the other falls",
                                 "epoch", "summed cross-entropy"},
                                {{"as printed", epochs, literal, true}, {"by the chain rule", epochs, trained.losses}},
                                log_y});
  }
  figures::Confusion confusion{{"Confusion matrix of the test rows", "predicted", "true"}, {}, {}};
  for (int digit = 0; digit < 10; ++digit) confusion.classes.push_back(std::to_string(digit));
  const std::vector<std::int64_t>& counts = trained.scores.confusion.counts;
  confusion.counts.assign(counts.begin(), counts.end());
  lesson.show(confusion);

  figures::Pictures grid{{"Sixteen test digits with the predictions", "", ""}, {}, 8};
  Predictor<double> predictor = trained.model.predictor();
  for (std::size_t i = 0; i < 16; ++i) {
    const std::int64_t r = data.test[i];
    const std::int32_t predicted = argmax(predictor(data.input(r).values));
    grid.pictures.push_back(picture_of(data, r, fmt::format("{}, predicted {}", data.all.label(r), predicted)));
    grid.pictures.back().right = predicted == data.all.label(r);
  }
  lesson.show(grid);
}

void begin(Lesson& lesson, const Data& data, const Parameters& net) {
  lesson.say(
      "Images of 8 by 8 pixels pass through 6 ReLU units, 5 sigmoid units and a softmax with ten outputs, one row at a "
      "time. The weights follow from the text's seed, and its first training row can be identified among the 1,797 by "
      "its output; so the forward pass gives the same digits.");
  lesson.show(figures::Pictures{
      {"Two of the digits", "", ""}, {picture_of(data, 0, "row 0: 0"), picture_of(data, 5, "row 5: 5")}, 2});
  const Pass pass = forward(net, data.input(first_row));
  lesson.exact("z[3]",
               "-0.11984458 -0.01717129 -0.03416766 0.07349364 -0.03279252 0.09055697 0.03892407 -0.06783218 "
               "0.12426071 0.05734484",
               pass.z[last].values);
  const char* shares =
      "0.08747533 0.09693397 0.09530037 0.10613321 0.09543151 0.10795973 0.10252692 0.09214553 0.11166039 0.10443305";
  lesson.exact("a[3]", shares, pass.a[last].values);
  const BasicModel<double> model = model_with(net);
  Predictor<double> predictor = model.predictor();
  const std::span<const double> ours = predictor(data.input(first_row).values);
  lesson.exact("a[3] by the library", shares, ours);
}

void run(Lesson& lesson) {
  const Data data = prepare(lesson);
  const Parameters net = draw_parameters(NumpyRandom(lesson.seed(27)));
  begin(lesson, data, net);

  lesson.say(
      "The text's backward pass adds up the errors of all ten outputs to one number. The outputs add up to 1 and so "
      "does the label, so this number is always 0. The gradients that it prints, about 1e-17, are rounding errors. The "
      "network keeps its initial weights, and the loss does not change.");
  Numbers literal;
  train_as_printed(lesson, data, net, literal);

  lesson.say(
      "The gradient check changes each parameter by a small amount and measures the change of the loss. It finds the "
      "first mistake and, once each unit has its own error, a second one: for the error of a layer the text uses the "
      "slope of the activation above it (softmax for the sigmoid layer, the sigmoid's slope for the ReLU layer).");
  check(lesson, data, net);

  lesson.say("With the correct gradient the same network learns, from the same weights, on five splits:");
  Numbers accuracies;
  for (std::uint32_t i = 0; i < 5; ++i) {
    lesson.doing(fmt::format("by the chain rule: split {} of 5", i + 1));
    const Trained trained = train_right(lesson, data, net, lesson.seed(0) + i);
    accuracies.push_back(trained.scores.accuracy);
    if (i > 0) continue;
    lesson.lower("training loss at the end, first split", 2486.433448, trained.losses.back());
    show_result(lesson, data, trained, literal);
  }
  std::sort(accuracies.begin(), accuracies.end());
  lesson.in_range("accuracy on the test rows, five splits", 0.85, 1, accuracies);
  lesson.in_range("their median", 0.90, 1, accuracies[2]);
}

}  // namespace

const Tutorial tutorial_digits_6_5{
    "digits-6-5",
    "003",
    "a backpropagation that learns nothing, found by the gradient check",
    run,
    {{"lr", "0.01", "learning rate"}, {"epochs", "100", "passes over the training rows"}}};

}  // namespace pellucid::tutorial
