// Online learning from a stream of rows, one at a time, with a Stepper and with repeated calls of fit().
// Not here: single steps (stepper_test.cc).
#include <gtest/gtest.h>

#include <cmath>

#include "pellucid/stepper.h"
#include "pellucid/trainer.h"

namespace pellucid {
namespace {

// A fit() per row loses the state of Adam each time.
TEST(Stepper, learns_a_stream_better_than_one_fit_per_row) {
  const auto error_after = [](const std::function<void(Model&, View<const float>, View<const float>)>& learn) {
    Model model{Dense{16, pellucid::tanh}, Dense{1}};
    model.build({1}, 3);
    Random random({.seed = 5});
    for (int i = 0; i < 3000; ++i) {
      const float input = static_cast<float>(2 * random.uniform() - 1);
      const float target = std::sin(3 * input);
      learn(model, {&input, 1, 1, 1}, {&target, 1, 1, 1});
    }
    double squares = 0;
    for (int i = 0; i <= 100; ++i) {
      const float input = static_cast<float>(i) / 50 - 1;
      const double error = model.predict(View<const float>{&input, 1, 1, 1}).values()[0] - std::sin(3 * input);
      squares += error * error;
    }
    return std::sqrt(squares / 101);
  };
  const Optimizer adam = Adam{.learning_rate = 3e-3};
  std::optional<Stepper> stepper;
  const double stepped = error_after([&](Model& model, View<const float> x, View<const float> t) {
    if (!stepper) stepper.emplace(model, 1, StepOptions{.optimizer = adam});
    stepper->step(x, t);
  });
  const double refitted = error_after([&](Model& model, View<const float> x, View<const float> t) {
    const Dataset one = Dataset::regression({x.data, 1}, {1}, std::span<const float>(t.data, 1));
    fit(model, one, Dataset(), {.epochs = 1, .optimizer = adam, .patience = 0, .threads = 1});
  });
  RecordProperty("stepper", std::to_string(stepped));
  RecordProperty("fit", std::to_string(refitted));
  EXPECT_LT(stepped, 0.75 * refitted) << stepped << " against " << refitted;
}

}  // namespace
}  // namespace pellucid
