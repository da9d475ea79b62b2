// fit(): reproducibility, resuming, observers, early stopping, refusals.
// Not here: the arithmetic of one step (worked_step_test.cc, battery_test.cc).
#include "pellucid/trainer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "pellucid/error.h"
#include "support/files.h"

namespace pellucid {
namespace {

// Two noisy clusters per class, so that a small model can learn something and overfit.
Dataset blobs(std::int64_t rows, std::uint64_t seed) {
  Random random({.seed = seed});
  std::vector<float> x;
  std::vector<std::int32_t> y;
  for (std::int64_t r = 0; r < rows; ++r) {
    const auto label = static_cast<std::int32_t>(r % 3);
    const double side = random.uniform() < 0.5 ? -1 : 1;
    x.push_back(static_cast<float>(side * (label + 1) + 0.4 * random.normal()));
    x.push_back(static_cast<float>(side * (2 - label) + 0.4 * random.normal()));
    y.push_back(label);
  }
  return Dataset::classification(x, {2}, y, 3);
}

Dataset line(std::int64_t rows) {
  std::vector<float> x, y;
  for (std::int64_t r = 0; r < rows; ++r) {
    x.push_back(static_cast<float>(r) / static_cast<float>(rows) - 0.5f);
    y.push_back(3 * x.back() + 1);
  }
  return Dataset::regression(x, {1}, y);
}

Model net() {
  return Model{Dense{16, tanh}, Dropout{0.1}, Dense{8, relu}, Dense{3, softmax}};
}

template <class Option>
std::string trained(Option change) {
  Model model = net();
  FitOptions options{.epochs = 6, .batch_size = 16, .patience = 0};
  change(options);
  fit(model, blobs(200, 1), blobs(60, 2), options);
  return model.to_bytes();
}

const auto nothing = [](FitOptions&) {};

TEST(Training, the_same_seed_gives_the_same_bytes_and_another_seed_other_bytes) {
  EXPECT_EQ(trained(nothing), trained(nothing));
  EXPECT_NE(trained(nothing), trained([](FitOptions& o) { o.seed = 43; }));
}

TEST(Training, keeps_the_epoch_with_the_best_validation_loss) {
  Model model = net();
  const History history = fit(model, blobs(300, 1), blobs(99, 2),
                              {.epochs = 60, .batch_size = 16, .optimizer = Adam{.learning_rate = 0.01}});
  ASSERT_GT(history.best_epoch, 0);
  double best = 1e9;
  for (const EpochRecord& e : history.epochs) best = std::min(best, e.validation_loss);
  EXPECT_EQ(history.epochs[static_cast<std::size_t>(history.best_epoch - 1)].validation_loss, best);
  const Evaluation after = evaluate(model, blobs(99, 2));
  EXPECT_NEAR(after.loss, best, 1e-6);
  EXPECT_GT(after.score(), 0.9);
}

struct Reader : Observer {
  void on_step(std::int64_t, const Values<float>& values) override {
    for (const char* name :
         {"input", "dense1.z", "dense1.output", "dense1.output.gradient", "dense1.weight.gradient", "loss"}) {
      const View<const float> view = values.read(name);
      for (std::int64_t r = 0; r < view.rows; ++r) {
        for (std::int64_t c = 0; c < view.columns; ++c) finite = finite && std::isfinite(view(r, c));
      }
      ++read;
    }
    const View<const float> p = values.read("dense3.output");
    float sum = 0;
    for (std::int64_t c = 0; c < p.columns; ++c) sum += p(0, c);
    EXPECT_NEAR(sum, 1, 1e-5);
    EXPECT_THROW(values.read("dense2.z"), Error);  // it was not kept
  }
  int read = 0;
  bool finite = true;
};

TEST(Training, observers_do_not_change_the_bits_and_can_read_every_kept_value) {
  Reader reader;
  const auto observed = [&](FitOptions& o) {
    o.observers = {&reader};
    o.keep = {"dense1.z", "dense1.output.gradient", "dense1.weight.gradient", "dense3.output"};
  };
  EXPECT_EQ(trained(observed), trained(nothing));
  EXPECT_EQ(reader.read, 6 * 13 * 6);
  EXPECT_TRUE(reader.finite);
}

TEST(Training, an_unknown_name_in_keep_is_refused_with_the_nearest_one) {
  const Error error = test::refusal([] { trained([](FitOptions& o) { o.keep = {"dense1.wieght"}; }); });
  EXPECT_EQ(error.code(), "U23");
  EXPECT_NE(error.text().find("dense1.weight"), std::string::npos);
}

TEST(Training, resuming_from_any_epoch_gives_the_same_bytes) {
  std::vector<std::string> checkpoints;
  const std::string whole =
      trained([&](FitOptions& o) { o.checkpoint = [&](const auto& make) { checkpoints.push_back(make()); }; });
  ASSERT_EQ(checkpoints.size(), 6u);
  for (const std::string& checkpoint : {checkpoints[0], checkpoints[3]}) {
    EXPECT_EQ(trained([&](FitOptions& o) { o.resume = checkpoint; }), whole);
  }
}

TEST(Training, a_checkpoint_with_other_settings_or_damage_is_refused) {
  std::string checkpoint;
  trained([&](FitOptions& o) { o.checkpoint = [&](const auto& make) { checkpoint = make(); }; });
  const auto resume = [&](FitOptions& o) {
    o.resume = checkpoint;
    o.batch_size = 8;
  };
  EXPECT_THROW(trained(resume), Error);
  checkpoint[checkpoint.size() / 2] ^= 1;
  EXPECT_THROW(trained([&](FitOptions& o) { o.resume = checkpoint; }), Error);
}

struct CancelAfter : Observer {
  std::atomic<bool> flag{false};
  void on_step(std::int64_t step, const Values<float>&) override { flag = step >= 30; }
};

TEST(Training, a_cancelled_training_can_be_resumed_to_the_bytes_of_an_uncancelled_one) {
  CancelAfter observer;
  std::string checkpoint;
  trained([&](FitOptions& o) {
    o.observers = {&observer};
    o.cancel = &observer.flag;
    o.checkpoint = [&](const auto& make) { checkpoint = make(); };
  });
  EXPECT_EQ(trained([&](FitOptions& o) { o.resume = checkpoint; }), trained(nothing));
}

TEST(Training, patience_and_a_loss_that_no_longer_changes_stop_it) {
  Model model{Dense{1}};
  History history =
      fit(model, line(64), line(64),
          {.epochs = 500, .batch_size = 64, .optimizer = Sgd{.learning_rate = 0.5}, .patience = 3, .min_delta = 1e-3});
  EXPECT_LT(history.epochs.size(), 200u);
  EXPECT_EQ(history.stopped, "no better val loss for 3 epochs");
  Model other{Dense{1}};
  history = fit(other, line(64), Dataset(),
                {.epochs = 5000, .batch_size = 64, .optimizer = Sgd{.learning_rate = 0.5}, .stop_change = 1e-6});
  EXPECT_LT(history.epochs.size(), 2000u);
  EXPECT_NEAR(other.parameter("dense1.weight").data()[0], 3, 0.05);
}

TEST(Training, a_loss_that_is_not_finite_throws_N01_and_keeps_finite_weights) {
  Model model{Dense{8, relu}, Dense{1}};
  try {
    fit(model, line(64), Dataset(), {.epochs = 50, .batch_size = 8, .optimizer = Sgd{.learning_rate = 1e4}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "N01");
    EXPECT_NE(error.text().find("largest gradient was in dense"), std::string::npos) << error.text();
  }
  for (const auto& parameter : model.parameters()) {
    for (float value : parameter.value.values()) ASSERT_TRUE(std::isfinite(value));
  }
}

TEST(Training, lbfgs_finds_a_line_exactly) {
  Model model{Dense{1}};
  const History history = fit(model, line(64), Dataset(), {.epochs = 50, .optimizer = Lbfgs{}});
  EXPECT_LT(history.epochs.size(), 20u);
  EXPECT_NEAR(model.parameter("dense1.weight").data()[0], 3, 1e-3);
  EXPECT_NEAR(model.parameter("dense1.bias").data()[0], 1, 1e-3);
}

TEST(Training, l1_makes_a_useless_weight_exactly_zero_and_l2_shrinks_weights) {
  std::vector<float> x, y;
  Random random({.seed = 5});
  for (int r = 0; r < 200; ++r) {
    x.push_back(static_cast<float>(random.normal()));
    x.push_back(static_cast<float>(random.normal()));
    y.push_back(2 * x[x.size() - 2]);
  }
  const Dataset data = Dataset::regression(x, {2}, y);
  const auto weights = [&](double l1, double l2) {
    Model model{Dense{1}};
    fit(model, data, Dataset(),
        {.epochs = 200, .batch_size = 200, .optimizer = Sgd{.learning_rate = 0.1}, .l1 = l1, .l2 = l2});
    return model.parameter("dense1.weight");
  };
  EXPECT_EQ(weights(0.1, 0).data()[1], 0.0f);
  EXPECT_NEAR(weights(0, 0).data()[0], 2, 1e-3);
  EXPECT_LT(weights(0, 0.5).data()[0], 1.7);
}

TEST(Training, clipping_by_norm_limits_the_step) {
  Model model{Dense{1}}, start{Dense{1}};
  start.build({1});
  fit(model, line(64), Dataset(),
      {.epochs = 1, .batch_size = 64, .optimizer = Sgd{.learning_rate = 1}, .clip_norm = 1e-3});
  double square = 0;
  for (const char* name : {"dense1.weight", "dense1.bias"}) {
    square += std::pow(model.parameter(name).data()[0] - start.parameter(name).data()[0], 2);
  }
  EXPECT_NEAR(std::sqrt(square), 1e-3, 1e-6);
}

TEST(Training, several_row_blocks_give_the_same_gradient_up_to_rounding) {
  const auto weight = [](std::int64_t block) {
    Model model{Dense{4, tanh}, Dense{1}};
    fit(model, line(300), Dataset(),
        {.epochs = 3, .batch_size = 300, .optimizer = Sgd{.learning_rate = 0.1}, .row_block = block});
    return model.parameter("dense1.weight").data()[2];
  };
  EXPECT_NEAR(weight(1024), weight(64), 1e-5);
  EXPECT_EQ(weight(300), weight(1024));
}

TEST(Training, a_row_with_weight_two_counts_twice) {
  const Dataset once = blobs(30, 1);
  std::vector<std::int64_t> doubled;
  for (std::int64_t r = 0; r < 30; ++r) {
    doubled.push_back(r);
    if (once.label(r) == 1) doubled.push_back(r);
  }
  LargeVector<float> weights;
  for (std::int64_t r = 0; r < 30; ++r) weights.push_back(once.label(r) == 1 ? 2.0f : 1.0f);
  const auto loss_of = [](const Dataset& data) {
    Model model{Dense{3, softmax}};
    return fit(model, data, Dataset(), {.epochs = 1, .batch_size = 100, .shuffle = false}).epochs[0].train_loss *
           static_cast<double>(data.rows());
  };
  EXPECT_NEAR(loss_of(once.with_weights(weights)), loss_of(once.subset(doubled)), 1e-4);
}

std::string refusal_of(Model model, const Dataset& data, std::int64_t epochs = 1, double learning_rate = 1e-3) {
  FitOptions options;
  options.epochs = epochs;
  options.optimizer.set_learning_rate(learning_rate);
  return test::refusal([&] { fit(model, data, Dataset(), options); }).code();
}

TEST(Training, models_and_data_that_cannot_be_trained_are_refused) {
  EXPECT_EQ(refusal_of(Model{Dense{4, hard_threshold}, Dense{3, softmax}}, blobs(30, 1)), "U22");
  EXPECT_EQ(refusal_of(Model{Dense{2, softmax}}, blobs(30, 1)), "U20");
  EXPECT_EQ(refusal_of(net(), blobs(30, 1), 0), "U12");
  EXPECT_EQ(refusal_of(net(), blobs(30, 1), 1, -1), "U12");
  EXPECT_EQ(refusal_of(net(), Dataset()), "D17");
  EXPECT_EQ(refusal_of(Model(), blobs(30, 1)), "U21");
}

}  // namespace
}  // namespace pellucid
