// what-if: one network on the small digits, and the effect of changing one setting; wide against deep.
// Not here: learning rates in detail (learning_rate.cc), the optimizers themselves (blocks.cc).
#include <cmath>
#include <span>

#include "lessons/experiments/digits.h"
#include "lessons/lesson.h"
#include "pellucid/numpy_random.h"

namespace pellucid::tutorial {
namespace {

struct Settings {
  std::string init, activation, optimizer;
  double lr;
  std::int64_t batch, hidden, epochs;
};

struct Parts {
  Dataset train, test;
};

/// A random fifth of the rows for evaluation.
Parts split_by_chance(const Matrix& x, std::span<const std::int32_t> labels, std::int32_t classes, NumpyRandom random) {
  const Dataset all = Dataset::classification(x.values, Shape{static_cast<std::int64_t>(x.columns)}, labels, classes);
  const std::vector<std::int64_t> order = random.permutation(all.rows());
  const auto fifth = static_cast<std::size_t>(all.rows() / 5);
  const std::span<const std::int64_t> rows(order);
  return {all.subset(rows.subspan(fifth)), all.subset(rows.first(fifth))};
}

struct Outcome {
  BasicModel<double> model;
  Numbers epochs, losses;
  bool diverged = false;
  double accuracy = 0;  ///< test accuracy in %
};

Outcome train(Lesson& lesson, BasicModel<double> model, const Settings& settings, const Parts& parts,
              std::uint64_t seed) {
  lesson.doing("init " + settings.init + ", " + settings.activation + ", " + settings.optimizer);
  BasicFitOptions<double> options;
  options.epochs = settings.epochs;
  options.batch_size = settings.batch;
  options.optimizer = Optimizer(settings.optimizer);
  options.optimizer.set_learning_rate(settings.lr);
  options.seed = seed;
  options.cancel = lesson.cancel();
  Outcome outcome{std::move(model), {}, {}};
  try {
    for (const EpochRecord& record : fit(outcome.model, parts.train, {}, options).epochs) {
      outcome.epochs.push_back(static_cast<double>(record.epoch));
      outcome.losses.push_back(record.train_loss);
    }
  } catch (const Error& error) {
    if (error.code() != "N01") throw;  // the loss became infinite; the model keeps the last good weights
    outcome.diverged = true;
  }
  outcome.accuracy = 100 * evaluate(outcome.model, parts.test).score();
  return outcome;
}

BasicModel<double> digits_net(const Settings& settings) {
  const DenseOptions begin{.weight_initializer = Initializer::parse(settings.init)};
  return {Dense(settings.hidden, Activation::parse(settings.activation), begin), Dense(10, softmax, begin)};
}

Outcome train_digits(Lesson& lesson, const Settings& settings, const Parts& parts) {
  return train(lesson, digits_net(settings), settings, parts, lesson.seed(1));
}

/// The largest difference between a weight of one hidden unit and the same weight of another.
double difference_of_units(const BasicModel<double>& model) {
  const View<const double> w = model.parameter("dense1.weight").view();
  double largest = 0;
  for (std::int64_t input = 0; input < w.rows; ++input) {
    for (std::int64_t unit = 1; unit < w.columns; ++unit) {
      largest = std::max(largest, std::abs(w(input, unit) - w(input, 0)));
    }
  }
  return largest;
}

/// The weights of the first units as 8x8 images; mid-grey is 0.
figures::Pictures pictures_of(const BasicModel<double>& model, const std::string& title) {
  const View<const double> w = model.parameter("dense1.weight").view();
  double largest = 1e-300;
  for (const double value : model.parameter("dense1.weight").values()) largest = std::max(largest, std::abs(value));
  figures::Pictures pictures{{title, "", ""}, {}, 4};
  for (std::int64_t unit = 0; unit < std::min<std::int64_t>(4, w.columns); ++unit) {
    figures::Picture picture{8, 8, {}, "unit " + std::to_string(unit + 1), std::nullopt};
    for (std::int64_t input = 0; input < w.rows; ++input) picture.pixels.push_back(0.5 + w(input, unit) / largest / 2);
    pictures.pictures.push_back(std::move(picture));
  }
  return pictures;
}

void equal_beginnings(Lesson& lesson, const Settings& base, const Outcome& usual, const Parts& parts) {
  lesson.say(
      "What if all weights start at zero? Every hidden unit then computes the same, gets the same gradient and stays "
      "equal to the others: 32 units act as one. With ReLU nothing passes in either direction, and only the last "
      "biases learn; a sigmoid outputs 0.5 for a sum of 0, so its units do change, but all in the same way.");
  Settings zeros = base;
  zeros.init = "zeros";
  const Outcome still = train_digits(lesson, zeros, parts);
  zeros.activation = "sigmoid";
  zeros.lr = 1;
  const Outcome together = train_digits(lesson, zeros, parts);
  lesson.exact("zeros: largest difference between two units", "0", difference_of_units(still.model));
  lesson.exact("zeros, sigmoid: the same", "0", difference_of_units(together.model));
  lesson.in_range(base.init + ": the same", 0.1, infinity, difference_of_units(usual.model));
  lesson.in_range("zeros: test accuracy, %", 0, 20, still.accuracy, "a guess is right in 10 %");
  lesson.in_range("zeros, sigmoid", 0, 60, together.accuracy, "what one unit can tell of ten digits");
  lesson.in_range(base.init, 93, 100, usual.accuracy);
  lesson.show(pictures_of(together.model, "Weights that start equal stay equal (zeros, sigmoid, after training)"));
  lesson.show(pictures_of(usual.model, "Weights of the base network after training (" + base.init + ")"));
}

/// Each row of the table changes one setting of the base.
std::vector<std::pair<std::string, Settings>> changes_of(const Settings& base) {
  std::vector<std::pair<std::string, Settings>> changes = {{"as it is", base}};
  const auto add = [&](const std::string& what, auto change) {
    changes.emplace_back(what, base);
    change(changes.back().second);
  };
  for (const char* init : {"zeros", "normal(0.001)", "lecun_normal", "glorot_normal", "normal(1)"}) {
    add("init = " + std::string(init), [init](Settings& s) { s.init = init; });
  }
  for (const char* activation : {"linear", "sigmoid", "tanh", "leaky_relu"}) {
    add("activation = " + std::string(activation), [activation](Settings& s) { s.activation = activation; });
  }
  for (const double factor : {0.01, 0.1, 10.0, 100.0}) {
    add("lr = " + figures::tick_text(factor * base.lr), [factor](Settings& s) { s.lr *= factor; });
  }
  for (const std::int64_t batch : {8, 256}) {
    add("batch = " + std::to_string(batch), [batch](Settings& s) { s.batch = batch; });
  }
  for (const std::int64_t hidden : {4, 128}) {
    add("hidden = " + std::to_string(hidden), [hidden](Settings& s) { s.hidden = hidden; });
  }
  for (const char* optimizer : {"momentum", "rmsprop", "adam"}) {
    add("optimizer = " + std::string(optimizer) + ", lr = 0.01", [optimizer](Settings& s) {
      s.optimizer = optimizer;
      s.lr = 0.01;
    });
  }
  return changes;
}

void one_thing_at_a_time(Lesson& lesson, const Settings& base, const Parts& parts) {
  lesson.say(
      "One setting at a time is changed, the others stay the same. To start from other settings: `pellucid tutorial "
      "what-if --set lr=0.01`. This works for every lesson; `pellucid tutorial` lists the settings of each.");
  figures::Sheet sheet{{"What one setting changes", "", ""}, {"changed", "last training loss", "test accuracy, %"}, {}};
  figures::Curves curves{
      {"Learning rates: too small is slow, too large is erratic", "epoch", "training loss"}, {}, true};
  for (const auto& [what, settings] : changes_of(base)) {
    const Outcome outcome = train_digits(lesson, settings, parts);
    sheet.rows.push_back({what, outcome.diverged ? "diverged" : figures::tick_text(outcome.losses.back()),
                          figures::tick_text(outcome.accuracy)});
    const bool of_rate = what == "as it is" || what.starts_with("lr = ");
    if (of_rate) curves.series.push_back({"lr = " + figures::tick_text(settings.lr), outcome.epochs, outcome.losses});
  }
  lesson.show(sheet);
  lesson.show(curves);
}

/// Hidden layers of these sizes on the spiral's two coordinates; the mean over five splits and initial weights.
double mean_accuracy(Lesson& lesson, const Table& spiral, const std::vector<std::int64_t>& layers, double& parameters) {
  Matrix x(static_cast<std::size_t>(spiral.rows), 2);
  for (std::size_t r = 0; r < x.rows; ++r) {
    for (std::size_t c = 0; c < 2; ++c) x(r, c) = spiral.columns[c].numbers[r];
  }
  const Settings settings{"he_normal", "relu", "adam", 0.01, 16, 0, 150};
  double sum = 0;
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    BasicModel<double> model;
    for (const std::int64_t units : layers) model.add(Dense(units, relu));
    model.add(Dense(3, softmax));
    const Parts parts = split_by_chance(x, spiral.columns[2].codes, 3, NumpyRandom(lesson.seed(0) + seed));
    const Outcome outcome = train(lesson, std::move(model), settings, parts, lesson.seed(0) + seed);
    parameters = static_cast<double>(outcome.model.parameter_count());
    sum += outcome.accuracy;
  }
  return sum / 5;
}

void wide_and_deep(Lesson& lesson) {
  lesson.say(
      "A wide network has one hidden layer of many units, a deep one several hidden layers of few units. On three arms "
      "of a spiral, with the same number of parameters:");
  const Table spiral = lesson.shipped("spiral");
  figures::Sheet sheet{{"Wide against deep at equal parameters: test accuracy in %, mean of five", "", ""},
                       {"parameters", "wide", "", "deep", ""},
                       {}};
  Numbers wide, deep, parameters;
  for (const auto& [units, three] : {std::pair{7, 3}, {20, 6}, {32, 8}}) {
    double of_wide = 0, of_deep = 0;
    wide.push_back(mean_accuracy(lesson, spiral, {units}, of_wide));
    deep.push_back(mean_accuracy(lesson, spiral, {three, three, three}, of_deep));
    parameters.insert(parameters.end(), {of_wide, of_deep});
    const std::string name = std::to_string(three);
    sheet.rows.push_back({figures::tick_text(of_wide), std::to_string(units), figures::tick_text(wide.back()),
                          name + "-" + name + "-" + name, figures::tick_text(deep.back())});
  }
  lesson.exact("parameters, wide and deep in turn", "45 45 123 123 195 195", parameters);
  lesson.show(sheet);
  lesson.in_range("wide: % right", 95, 100, wide);
  lesson.in_range("deep, 6 and 8 units per layer: accuracy, %", 95, 100, std::span(deep).subspan(1),
                  "the text: comparable or better with fewer neurons");
  lesson.in_range("deep, 3 units per layer", 40, 95, deep[0], "such narrow layers pass on too little information");
}

void run(Lesson& lesson) {
  const Settings base{lesson.text("init"),     lesson.text("activation"), lesson.text("optimizer"), lesson.number("lr"),
                      lesson.integer("batch"), lesson.integer("hidden"),  lesson.integer("epochs")};
  const Digits all = digits(lesson);
  const Parts parts = split_by_chance((1 / 16.0) * all.pixels, all.labels, 10, NumpyRandom(lesson.seed(1)));
  equal_beginnings(lesson, base, train_digits(lesson, base, parts), parts);
  one_thing_at_a_time(lesson, base, parts);
  wide_and_deep(lesson);
}

}  // namespace

const Tutorial tutorial_what_if{"what-if",
                                "000",
                                "effects of initial weights, activation, learning rate, width and depth",
                                run,
                                {{"init", "he_normal", "weight initialisation: zeros, normal(0.01), …"},
                                 {"activation", "relu", "activation of the hidden units"},
                                 {"optimizer", "sgd", "sgd, momentum, rmsprop, adam, …"},
                                 {"lr", "0.1", "learning rate"},
                                 {"batch", "32", "batch size: rows per training step"},
                                 {"hidden", "32", "hidden units"},
                                 {"epochs", "30", "passes over the training rows"}}};

}  // namespace pellucid::tutorial
