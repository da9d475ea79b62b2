// Augment: what each change does to the pixels, how often, and that it depends only on seed, layer, step and row.
// Not here: what holds for every layer (battery_test.cc).
#include <gtest/gtest.h>

#include <set>

#include "pellucid/augmentation.h"
#include "pellucid/gradient_check.h"
#include "pellucid/stepper.h"
#include "pellucid/trainer.h"
#include "support/files.h"
#include "support/nets.h"

namespace pellucid {
namespace {

using test::refusal;
using test::rows_for;

using Numbers = std::vector<double>;

/// What `rows` copies of the picture become in one training step.
std::vector<Numbers> changed(const AugmentOptions& options, const Shape& shape, const Numbers& picture, int rows,
                             std::int64_t threads = 1) {
  BasicModel<double> whole{Augment(options), Scale{}};
  whole.build(shape);
  BasicStepper<double> stepper(whole, rows, {.loss = Loss("mse"), .threads = threads});
  Numbers all;
  for (int r = 0; r < rows; ++r) all.insert(all.end(), picture.begin(), picture.end());
  const View<const double> y =
      stepper.forward(View<const double>{all.data(), rows, shape.elements(), shape.elements()});
  std::vector<Numbers> results;
  for (int r = 0; r < rows; ++r) results.emplace_back(y.row(r), y.row(r) + y.columns);
  return results;
}

TEST(Augment, flips_half_of_the_pictures) {
  int flipped = 0;
  for (const Numbers& one : changed({.flip = true}, Shape{1, 4}, {1, 2, 3, 4}, 400)) {
    EXPECT_TRUE(one == (Numbers{1, 2, 3, 4}) || one == (Numbers{4, 3, 2, 1}));
    flipped += one.front() == 4;
  }
  EXPECT_NEAR(flipped, 200, 40);
}

TEST(Augment, shifts_by_every_amount_up_to_the_largest_and_fills_with_zeros) {
  std::set<Numbers> seen;
  for (const Numbers& one : changed({.shift = 1}, Shape{2, 2}, {1, 2, 3, 4}, 400)) seen.insert(one);
  EXPECT_EQ(seen, (std::set<Numbers>{{1, 2, 3, 4},
                                     {0, 1, 0, 3},
                                     {2, 0, 4, 0},
                                     {0, 0, 1, 2},
                                     {3, 4, 0, 0},
                                     {0, 0, 0, 1},
                                     {0, 0, 2, 0},
                                     {0, 3, 0, 0},
                                     {4, 0, 0, 0}}));
}

TEST(Augment, colours_of_a_pixel_move_together) {
  std::set<Numbers> seen;
  for (const Numbers& one : changed({.flip = true}, Shape{1, 2, 3}, {1, 2, 3, 4, 5, 6}, 50)) seen.insert(one);
  EXPECT_EQ(seen, (std::set<Numbers>{{1, 2, 3, 4, 5, 6}, {4, 5, 6, 1, 2, 3}}));
}

TEST(Augment, cuts_squares_out_that_may_reach_over_the_edge) {
  std::set<int> zeros;
  for (const Numbers& one : changed({.cutout = 2}, Shape{4, 4}, Numbers(16, 1), 400)) {
    zeros.insert(static_cast<int>(std::count(one.begin(), one.end(), 0)));
  }
  EXPECT_EQ(zeros, (std::set<int>{1, 2, 4}));
}

TEST(Augment, changes_nothing_in_prediction_and_has_right_gradients_in_training) {
  BasicModel<double> model{Dense{18, tanh}, Reshape{Shape{3, 3, 2}}, Augment{{.shift = 1, .flip = true, .cutout = 1}},
                           Dense{2}};
  model.build(Shape{5}, 3);
  const Dataset data = rows_for("regression", 12, 5);
  for (const GradientVerdict& v : check_gradients(model, data, Loss("mse"))) EXPECT_TRUE(v.ok) << v.name;
  BasicModel<double> plain{Dense{18, tanh}, Reshape{Shape{3, 3, 2}}, Dense{2}};
  plain.build(Shape{5}, 3);
  const auto copy = [](const Tensor<double>& from, Tensor<double>& to) { std::ranges::copy(from.values(), to.data()); };
  for (const char* name : {".weight", ".bias"}) {
    copy(model.parameter("dense1" + std::string(name)), plain.parameter("dense1" + std::string(name)));
    copy(model.parameter("dense2" + std::string(name)), plain.parameter("dense2" + std::string(name)));
  }
  const Tensor<double> a = model.predict(data), b = plain.predict(data);
  EXPECT_TRUE(std::ranges::equal(a.values(), b.values()));
}

TEST(Augment, draws_the_same_for_any_number_of_threads_and_anew_in_each_step) {
  const AugmentOptions options{.shift = 3, .flip = true, .cutout = 5};
  Numbers picture(64 * 64);
  for (std::size_t i = 0; i < picture.size(); ++i) picture[i] = static_cast<double>(i + 1);
  const auto one = changed(options, Shape{64, 64}, picture, 300);
  for (const std::int64_t threads : {2, 3, 7}) EXPECT_EQ(changed(options, Shape{64, 64}, picture, 300, threads), one);
  EXPECT_NE(one[0], one[1]);
}

TEST(Augment, needs_pictures_and_settings_in_range) {
  EXPECT_EQ(refusal([] { Augment({.shift = -1}); }).code(), "U12");
  EXPECT_EQ(refusal([] { Augment({.cutout = 5000}); }).code(), "U12");
  EXPECT_EQ(refusal([] {
              Model model{Augment{{.flip = true}}, Dense{2}};
              model.build(Shape{9});
            }).code(),
            "U20");
}

}  // namespace
}  // namespace pellucid
