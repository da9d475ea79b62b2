// The gradient of a model's outputs by its input, compared with hand-computed numbers and differences of predictions.
// Not here: the gradients of a Stepper (stepper_test.cc).
#include <gtest/gtest.h>

#include <cmath>

#include "pellucid/error.h"
#include "pellucid/stepper.h"
#include "support/files.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

template <class T>
View<const T> view(const std::vector<T>& values, std::int64_t rows) {
  const auto columns = static_cast<std::int64_t>(values.size()) / rows;
  return {values.data(), rows, columns, columns};
}

using test::refusal;

TEST(InputGradient, is_the_derivative_of_the_outputs) {
  BasicModel<double> model{Dense{2}};
  model.build({2});
  std::ranges::copy(std::vector<double>{1, 2, 3, 4}, model.parameter("dense1.weight").values().begin());
  const std::vector<double> rows{5, 6, 7, 8, 9, 10}, one{1, 0}, each{1, 0, 0, 1, 2, 2};
  const Tensor<double> all = input_gradient(model, view(rows, 3));
  EXPECT_EQ(all.shape().text(), "3x2");
  EXPECT_EQ(all.values()[0], 3);  // 1 + 2
  EXPECT_EQ(all.values()[1], 7);  // 3 + 4
  EXPECT_EQ(input_gradient(model, view(rows, 3), view(one, 1)).values()[5], 3);
  const Tensor<double> own = input_gradient(model, view(rows, 3), view(each, 3));
  EXPECT_EQ(own.values()[0], 1);
  EXPECT_EQ(own.values()[2], 2);
  EXPECT_EQ(own.values()[4], 6);
}

TEST(InputGradient, agrees_with_differences_of_predictions_and_does_not_change_the_model) {
  BasicModel<double> model{Dense{7, pellucid::tanh}, Dropout{0.5}, Dense{3, softmax}};
  model.build({4});
  const std::string before = model.to_bytes();
  const auto rows = test::random_values<double>(300 * 4, 1);
  const std::vector<double> weights{1, -2, 0.5};
  const Tensor<double> slopes = input_gradient(model, view(rows, 300), view(weights, 1));
  for (const std::int64_t r : {0, 255, 256, 299}) {
    for (std::size_t c = 0; c < 4; ++c) {
      std::vector<double> row(rows.begin() + 4 * r, rows.begin() + 4 * r + 4);
      const auto value = [&](double change) {
        std::vector<double> moved = row;
        moved[c] += change;
        const Tensor<double> y = model.predict(view(moved, 1));
        return y.values()[0] - 2 * y.values()[1] + 0.5 * y.values()[2];
      };
      const double numeric = (8 * (value(1e-4) - value(-1e-4)) - (value(2e-4) - value(-2e-4))) / 12e-4;
      EXPECT_NEAR(slopes.view()(r, static_cast<std::int64_t>(c)), numeric, 1e-9);
    }
  }
  EXPECT_EQ(model.to_bytes(), before);
}

TEST(InputGradient, wrong_sizes_are_refused) {
  BasicModel<double> model{Dense{2}};
  const std::vector<double> rows{5, 6, 7, 8};
  EXPECT_EQ(refusal([&] { input_gradient(model, view(rows, 2)); }).code(), "U21");
  model.build({2});
  EXPECT_EQ(refusal([&] { input_gradient(model, view(rows, 1)); }).code(), "U20");
  EXPECT_EQ(refusal([&] { input_gradient(model, view(rows, 2), view(rows, 4)); }).code(), "U20");
  EXPECT_EQ(input_gradient(model, View<const double>{nullptr, 0, 2, 2}).size(), 0);
}

}  // namespace
}  // namespace pellucid
