// The first 250 districts of California, prepared as text 002 does; shared by two lessons.
// Not here: the networks (california_250.cc, california_bigger.cc).
#pragma once

#include "lessons/experiments/rows.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {

/// Eight features per district; the target is the median house value in $100,000.
struct Districts {
  Rows features, prices;
};

inline Districts read_districts(const Lesson& lesson) {
  const Table table = read_table(lesson.data("california-housing/california_housing.csv"));
  const auto rows = static_cast<std::size_t>(table.rows);
  return {rows_of(table, 0, 7, rows), rows_of(table, 8, 8, rows)};
}

inline Districts first_of(const Districts& all, std::size_t count) {
  const auto n = static_cast<std::ptrdiff_t>(count);
  return {Rows(all.features.begin(), all.features.begin() + n), Rows(all.prices.begin(), all.prices.begin() + n)};
}

/// The text's 8-8-1 network with seed 42, after the 385 random numbers that its earlier experiments have drawn.
inline NeuronNet californian_net(const Lesson& lesson, bool literal = true) {
  NumpyRandom random(lesson.seed(42));
  random.skip(385);
  return NeuronNet({8, 8, 1}, random, literal);
}

/// The rows as the networks see them; `price` converts outputs back to prices.
struct Prepared {
  SplitRows rows;
  MinMaxScaler price;
};

/// The text's preparation: scale all rows, split off a fifth for testing, scale again by the training rows.
inline Prepared prepare(const Districts& districts, std::uint32_t split_seed = 42) {
  const StandardScaler all(districts.features);
  const MinMaxScaler price(districts.prices);
  Prepared data{train_test_split(all(districts.features), price(districts.prices), 0.2, split_seed), price};
  standardise(data.rows);
  return data;
}

/// Trains row by row; calls look(epoch) after the first epoch and then after every `step` epochs.
template <class Look>
void train_by_rows(Lesson& lesson, NeuronNet& net, const SplitRows& rows, std::int64_t epochs, double learning_rate,
                   std::int64_t step, Look look) {
  for (std::int64_t epoch = 0; epoch < epochs; ++epoch) {
    if (epoch % 100 == 0) lesson.doing("epoch " + std::to_string(epoch) + " of " + std::to_string(epochs));
    for (std::size_t r = 0; r < rows.x_train.size(); ++r) net.learn(rows.x_train[r], rows.y_train[r], learning_rate);
    if (epoch % step == 0) look(epoch);
  }
}

/// Predicted and actual prices of the test rows, in $100,000.
struct TestPrices {
  Numbers predicted, truth;
};

inline TestPrices test_prices(NeuronNet& net, const Prepared& data) {
  TestPrices prices;
  for (std::size_t r = 0; r < data.rows.x_test.size(); ++r) {
    prices.predicted.push_back(data.price.back(net.forward(data.rows.x_test[r])[0]));
    prices.truth.push_back(data.price.back(data.rows.y_test[r][0]));
  }
  return prices;
}

}  // namespace pellucid::tutorial
