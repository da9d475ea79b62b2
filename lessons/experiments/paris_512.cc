// paris-512: house prices, 16-512-1, with the seeds of the text; then the same network with a scaled target.
// Not here: classification (mnist_64.cc), linear regression (regressions.cc).
#include <cmath>
#include <span>

#include "lessons/experiments/drawn_weights.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

using Numbers = std::vector<double>;
using Rows = std::vector<std::int64_t>;

constexpr std::int64_t features = 16;  // all columns except the last, which is the price

/// pandas' df.sample(frac=.80) of 10,000 rows, and df.drop of them, which keeps the others in order.
struct Parts {
  Rows train, dev;
};

Parts sample_rows(std::int64_t rows, NumpyRandom& random) {
  Parts parts{random.choice(rows, rows * 4 / 5), {}};
  std::vector<bool> taken(static_cast<std::size_t>(rows));
  for (const std::int64_t row : parts.train) taken[static_cast<std::size_t>(row)] = true;
  for (std::int64_t row = 0; row < rows; ++row) {
    if (!taken[static_cast<std::size_t>(row)]) parts.dev.push_back(row);
  }
  return parts;
}

Numbers take(std::span<const double> column, const Rows& rows) {
  Numbers taken;
  for (const std::int64_t row : rows) taken.push_back(column[static_cast<std::size_t>(row)]);
  return taken;
}

struct Moments {
  double mean = 0, deviation = 0;
};

Moments moments_of(const Numbers& values) {
  Moments m;
  for (const double value : values) m.mean += value / static_cast<double>(values.size());
  for (const double value : values) m.deviation += (value - m.mean) * (value - m.mean);
  m.deviation = std::sqrt(m.deviation / static_cast<double>(values.size()));
  return m;
}

/// Features standardised with the training rows' mean and standard deviation; `prices` is the scaling of the target.
Dataset dataset_of(const Table& table, const Rows& rows, const Rows& train, const Moments& prices) {
  Numbers x(rows.size() * features), y;
  for (std::size_t c = 0; c < features; ++c) {
    const std::span<const double> column = table.columns[c].numbers;
    const Moments m = moments_of(take(column, train));
    const Numbers taken = take(column, rows);
    for (std::size_t r = 0; r < rows.size(); ++r) x[r * features + c] = (taken[r] - m.mean) / m.deviation;
  }
  for (const double price : take(table.columns[features].numbers, rows)) {
    y.push_back((price - prices.mean) / prices.deviation);
  }
  return Dataset::regression(x, Shape{features}, y);
}

Numbers predict(const BasicModel<double>& model, const Dataset& data, const Moments& prices = {0, 1}) {
  const Tensor<double> outputs = model.predict(data);
  Numbers predicted;
  for (const double output : outputs.values()) {
    predicted.push_back(prices.mean + prices.deviation * output);
  }
  return predicted;
}

double rmse(const Numbers& errors) {
  double sum = 0;
  for (const double error : errors) sum += error * error;
  return std::sqrt(sum / static_cast<double>(errors.size()));
}

std::string whole(double value) {
  return std::to_string(std::llround(value));
}

Numbers differences(const Numbers& truth, const Numbers& predicted) {
  Numbers errors;
  for (std::size_t i = 0; i < truth.size(); ++i) errors.push_back(truth[i] - predicted[i]);
  return errors;
}

/// The text's training loop evaluates the network in every iteration; its losses are roots of mean squared errors.
class Loop : public BasicObserver<double> {
 public:
  Loop(Lesson& lesson, const BasicModel<double>& model, const Dataset& dev, const Numbers& dev_prices)
      : lesson_(lesson), model_(model), dev_(dev), dev_prices_(dev_prices) {}

  void on_epoch(const EpochRecord& record) override {
    const std::int64_t iteration = record.epoch - 1;  // the text counts from 0
    if (iteration % every != 0) return;
    lesson_.doing("iteration " + std::to_string(iteration));
    iterations.push_back(static_cast<double>(iteration));
    train.push_back(std::sqrt(record.train_loss));                         // with the weights before the step
    dev.push_back(rmse(differences(dev_prices_, predict(model_, dev_))));  // with the weights after the step
  }

  static constexpr std::int64_t every = 20;
  Numbers iterations, train, dev;

 private:
  Lesson& lesson_;
  const BasicModel<double>& model_;
  const Dataset& dev_;
  const Numbers& dev_prices_;
};

BasicModel<double> net(Lesson& lesson) {
  return {Dense(lesson.integer("hidden"), Activation::parse(lesson.text("activation"))), Dense(1)};
}

BasicFitOptions<double> full_batch(Lesson& lesson, std::int64_t rows, double step, std::int64_t iterations) {
  BasicFitOptions<double> options;
  options.epochs = iterations;
  options.batch_size = rows;
  options.shuffle = false;
  options.optimizer = Momentum{.learning_rate = step, .momentum = lesson.number("momentum"), .form = "averaged"};
  options.cancel = lesson.cancel();
  return options;
}

void show_head(Lesson& lesson, const Table& table) {
  figures::Sheet sheet{{"The first three of 10,000 houses", "", ""}, {"column", "0", "1", "2"}, {}};
  double missing = 0;
  Numbers head;
  for (const Column& column : table.columns) {
    sheet.rows.push_back({column.name});
    for (std::size_t r = 0; r < 3; ++r) sheet.rows.back().push_back(figures::tick_text(column.numbers[r]));
    for (const double cell : column.numbers) missing += std::isnan(cell);
    if (column.name == "squareMeters" || column.name == "price") {
      head.insert(head.end(), column.numbers.begin(), column.numbers.begin() + 3);
    }
  }
  lesson.exact("first square metres and prices", "75523 80771 55712 7559081.5 8085989.5 5574642.1", head);
  lesson.exact("missing cells", "0", missing);
  lesson.show(sheet);
}

void show_course(Lesson& lesson, const Loop& loop) {
  const Numbers tutorial_train = {5759240, 354616, 182331, 135302, 119819, 110941, 104349, 103513, 99474, 97333};
  const Numbers tutorial_dev = {5778393, 366701, 199470, 154342, 140174, 131009, 125172, 123096, 123352, 119427};
  figures::Sheet sheet{{"Root mean squared error (RMSE), every 200 iterations", "", ""},
                       {"iteration", "tutorial train", "ours", "tutorial dev", "ours"},
                       {}};
  Numbers ratios;  // ours ÷ the text's, train and dev alternating
  for (std::size_t i = 0, line = 0; i < loop.iterations.size() && line < tutorial_train.size(); i += 10, ++line) {
    ratios.push_back(loop.train[i] / tutorial_train[line]);
    ratios.push_back(loop.dev[i] / tutorial_dev[line]);
    sheet.rows.push_back({figures::tick_text(loop.iterations[i]), whole(tutorial_train[line]), whole(loop.train[i]),
                          whole(tutorial_dev[line]), whole(loop.dev[i])});
  }
  lesson.exact("iteration 0: RMSE train, dev", "5759240 5778393", Numbers{loop.train[0], loop.dev[0]});
  ratios.resize(2 * tutorial_train.size(), std::nan(""));
  lesson.in_range("iteration 200: ours ÷ the tutorial's, train and dev", 0.99, 1.01, std::span(ratios).subspan(2, 2));
  lesson.in_range("iterations 400 … 1,800: the same", 0.92, 1.08, std::span(ratios).subspan(4));
  lesson.show(sheet);
  lesson.show(figures::Curves{{"Unscaled prices: a steep fall, then slow progress", "iteration", "RMSE"},
                              {{"train", loop.iterations, loop.train}, {"dev", loop.iterations, loop.dev, true}},
                              true});
}

/// The share of hidden outputs in the flat range of their activation, from the network without its last layer.
double saturated(Lesson& lesson, const BasicModel<double>& model, const Dataset& data) {
  BasicModel<double> hidden{Dense(lesson.integer("hidden"), Activation::parse(lesson.text("activation")))};
  hidden.build(Shape{features});
  for (Parameter<double>& parameter : hidden.parameters()) parameter.value = model.parameter(parameter.name);
  const Tensor<double> outputs = hidden.predict(data);
  double flat = 0;
  for (const double output : outputs.values()) flat += std::abs(output) > 0.99;
  return flat / static_cast<double>(outputs.size());
}

/// The text's run: unscaled target, all 8,000 rows per step. Returns its predictions of the dev rows.
Numbers train_as_the_text(Lesson& lesson, const Table& table, const Parts& parts, const Numbers& dev_prices) {
  const Dataset train = dataset_of(table, parts.train, parts.train, {0, 1});
  const Dataset dev = dataset_of(table, parts.dev, parts.train, {0, 1});
  BasicModel<double> model = net(lesson);
  NumpyRandom random(lesson.seed(6));
  draw_weights(model, Shape{features}, 1, random);
  lesson.exact("parameters", "9217", static_cast<double>(model.parameter_count()));

  BasicModel<double> other = model;
  const double lr = lesson.number("lr"), step = lr / static_cast<double>(train.rows());
  lesson.errs("effective learning rate", "0.4", "0.00005", step, "the gradient is divided by m = 8000 twice");
  Loop loop(lesson, model, dev, dev_prices);
  BasicFitOptions<double> options = full_batch(lesson, train.rows(), step, lesson.integer("iterations"));
  options.observers = {&loop};
  fit(model, train, {}, options);
  lesson.doing("looking at the result");
  show_course(lesson, loop);
  lesson.in_range("share of hidden outputs beyond ±0.99 at the end", 0.95, 1, saturated(lesson, model, dev));

  const History true_gradient = fit(other, train, {}, full_batch(lesson, train.rows(), lr, 10));
  lesson.in_range("RMSE at iteration 9 with 0.4 and the true gradient", 1e9, infinity,
                  std::sqrt(true_gradient.epochs.back().train_loss),
                  "the loss explodes: the second division by m hid a step that was far too large");
  return predict(model, dev);
}

/// A network of the same shape with small initial weights, so that each tanh starts in its linear range; the price
/// scaled like the features; batches and Adam.
Numbers train_scaled(Lesson& lesson, const Table& table, const Parts& parts) {
  const Moments prices = moments_of(take(table.columns[features].numbers, parts.train));
  const Dataset train = dataset_of(table, parts.train, parts.train, prices);
  const DenseOptions small{.weight_initializer = Initializer("normal", 0.01)};
  BasicModel<double> model{Dense(lesson.integer("hidden"), Activation::parse(lesson.text("activation")), small),
                           Dense(1, Activation(), small)};
  BasicFitOptions<double> options;
  options.epochs = 40;
  options.batch_size = 32;
  options.optimizer = Adam{.learning_rate = 1e-3};
  options.seed = lesson.seed(6);
  options.schedule.kind = "cosine";
  options.cancel = lesson.cancel();
  lesson.doing("target scaled");
  fit(model, train, {}, options);
  return predict(model, dataset_of(table, parts.dev, parts.train, prices), prices);
}

void show_predictions(Lesson& lesson, const Rows& rows, const Numbers& prices, const Numbers& literal,
                      const Numbers& scaled) {
  figures::Sheet sheet{{"Predictions of the first and the last five dev rows", "", ""},
                       {"row", "price", "as in the text", "target scaled"},
                       {}};
  Numbers shown;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i >= 5 && i + 5 < rows.size()) continue;
    shown.push_back(prices[i]);
    sheet.rows.push_back({std::to_string(rows[i]), whole(prices[i]), whole(literal[i]), whole(scaled[i])});
  }
  lesson.exact("prices of the first and the last five dev rows",
               "7559081.5 5574642.1 7607322.9 2604486.6 2888047.9 601531.4 8766795.5 2701055.3 9112369.0 176425.9",
               shown);
  lesson.show(sheet);
}

void show_errors(Lesson& lesson, const Numbers& prices, const Numbers& literal, const Numbers& scaled) {
  const Numbers errors = differences(prices, literal), scaled_errors = differences(prices, scaled);
  lesson.in_range("RMSE in dev", 115000, 130000, rmse(errors), "the tutorial prints 122684");
  lesson.in_range("RMSE in dev, target scaled", 0, 5000, rmse(scaled_errors));
  lesson.show(
      figures::Histogram{{"As in the text: errors of a hundred thousand", "price - prediction", "rows"}, errors});
  lesson.show(figures::Histogram{{"With the target scaled: errors of a few thousand", "price - prediction", "rows"},
                                 scaled_errors});
  lesson.show(figures::Scatter{{"Predicted against actual price", "price", "predicted"},
                               {{"as in the text", prices, literal}, {"target scaled", prices, scaled}},
                               true});
}

void run(Lesson& lesson) {
  lesson.say(
      "Sixteen features of a house pass through 512 tanh units to one linear output, the price. The features are "
      "standardised, the price is not: the weights start near zero but must produce millions, and errors of millions "
      "pass back through them. So the first steps are huge and push nearly every tanh into its flat range, where its "
      "output is only -1 or 1. From then on the run depends on the last bit of every sum (it is chaotic), and later "
      "lines agree only approximately.");
  const Table table = read_table(lesson.data("paris-housing/ParisHousing.csv"));
  show_head(lesson, table);
  NumpyRandom random(lesson.seed(1));
  const Parts parts = sample_rows(table.rows, random);
  lesson.exact("train and dev rows", "8000 2000",
               Numbers{static_cast<double>(parts.train.size()), static_cast<double>(parts.dev.size())});
  const Numbers dev_prices = take(table.columns[features].numbers, parts.dev);
  const Numbers literal = train_as_the_text(lesson, table, parts, dev_prices);

  lesson.say(
      "Now a network of the same shape, but with the price scaled to mean 0 and standard deviation 1 like the "
      "features, small initial weights (σ = 0.01), batches of 32 rows and Adam with a falling learning rate: 40 epochs "
      "instead of 2,000. Prices are nearly a linear function of the square metres, and small weights keep each tanh in "
      "its linear range.");
  const Numbers scaled = train_scaled(lesson, table, parts);
  show_errors(lesson, dev_prices, literal, scaled);
  show_predictions(lesson, parts.dev, dev_prices, literal, scaled);
}

}  // namespace

const Tutorial tutorial_paris_512{"paris-512",
                                  "000",
                                  "house prices with 512 hidden units, and the gain from scaling the target",
                                  run,
                                  {{"lr", "0.4", "learning rate, which the text's gradient divides by the rows"},
                                   {"momentum", "0.9", "share of the previous velocity that is kept"},
                                   {"iterations", "2000", "number of steps, each on all training rows"},
                                   {"hidden", "512", "hidden units"},
                                   {"activation", "tanh", "activation of the hidden units"}},
                                  "paris-housing"};

}  // namespace pellucid::tutorial
