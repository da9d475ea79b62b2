// Trainer: single epochs, pauses, changes of the learning rate, checkpoints, early stops and failures.
// Not here: what a resumed training refuses (resume_test.cc), the numbers of a training (training_test.cc).
#include <gtest/gtest.h>

#include <cmath>

#include "pellucid/error.h"
#include "pellucid/trainer.h"
#include "support/files.h"
#include "support/nets.h"

namespace pellucid {
namespace {

Dataset training_rows() {
  return test::rows_for("classification", 90, 5);
}
Dataset validation_rows() {
  return test::rows_for("classification", 40, 5, 2);
}

Model small() {
  return Model{Dense{12, relu}, Dropout{0.2}, Dense{3, softmax}};
}

std::vector<float> weights_of(const Model& model) {
  const auto values = model.parameters()[0].value.values();
  return {values.begin(), values.end()};
}

FitOptions usual(std::int64_t epochs = 6) {
  return {.epochs = epochs, .batch_size = 16, .patience = 0, .threads = 1};
}

std::string fitted(const FitOptions& options) {
  Model model = small();
  fit(model, training_rows(), validation_rows(), options);
  return model.to_bytes();
}

TEST(Trainer, single_epochs_give_the_same_bits_as_fit) {
  for (const Optimizer& optimizer : {Optimizer(Adam{}), Optimizer(Lbfgs{})}) {
    for (const std::int64_t threads : {1, 2, 3, 7}) {
      FitOptions options = usual();
      options.optimizer = optimizer;
      options.threads = threads;
      Model model = small();
      Trainer trainer(model, training_rows(), validation_rows(), options);
      std::int64_t epoch = 0;
      while (!trainer.done()) {
        const std::optional<EpochRecord> record = trainer.epoch();
        ASSERT_TRUE(record);
        EXPECT_EQ(record->epoch, ++epoch);
        EXPECT_EQ(record->train_loss, trainer.history().epochs.back().train_loss);
      }
      EXPECT_EQ(epoch, 6);
      EXPECT_EQ(trainer.history().stopped, "all epochs done");
      EXPECT_EQ(model.to_bytes(), fitted(options)) << optimizer.name() << ", threads " << threads;
    }
  }
}

TEST(Trainer, predicting_and_evaluating_between_epochs_do_not_change_the_training) {
  Model model = small();
  Trainer trainer(model, training_rows(), validation_rows(), usual());
  while (!trainer.done()) {
    trainer.epoch();
    evaluate(model, validation_rows());
    model.predict(training_rows());
  }
  EXPECT_EQ(model.to_bytes(), fitted(usual()));
}

TEST(Trainer, two_trainers_in_turn_are_independent) {
  Model a = small(), b = small();
  FitOptions other = usual();
  other.seed = 7;
  Trainer first(a, training_rows(), validation_rows(), usual());
  Trainer second(b, training_rows(), validation_rows(), other);
  while (!first.done() || !second.done()) {
    if (!first.done()) first.epoch();
    if (!second.done()) second.epoch();
  }
  EXPECT_EQ(a.to_bytes(), fitted(usual()));
  EXPECT_EQ(b.to_bytes(), fitted(other));
}

TEST(Trainer, continues_from_its_bytes_with_the_same_bits) {
  FitOptions options = usual();
  options.health = true;
  options.schedule.kind = "cosine";
  for (const int pause : {0, 1, 5}) {
    Model begun = small();
    Trainer trainer(begun, training_rows(), validation_rows(), options);
    for (int e = 0; e < pause; ++e) trainer.epoch();
    FitOptions resumed = options;
    resumed.resume = trainer.to_bytes();
    Model model = small();
    Trainer second(model, training_rows(), validation_rows(), resumed);
    EXPECT_EQ(second.history().epochs.size(), static_cast<std::size_t>(pause));
    while (!second.done()) second.epoch();
    EXPECT_EQ(model.to_bytes(), fitted(options)) << pause;
  }
}

TEST(Trainer, a_learning_rate_set_between_epochs_is_used_and_stored_in_checkpoints) {
  const FitOptions options = usual();
  Model model = small(), model_resumed = small();
  Trainer trainer(model, training_rows(), validation_rows(), options);
  trainer.epoch();
  trainer.set_learning_rate(0.01);
  EXPECT_EQ(trainer.learning_rate(), 0.01);
  FitOptions resumed = options;
  resumed.resume = trainer.to_bytes();
  EXPECT_EQ(trainer.epoch()->learning_rate, 0.01);
  while (!trainer.done()) trainer.epoch();
  EXPECT_NE(model.to_bytes(), fitted(options));

  Trainer second(model_resumed, training_rows(), validation_rows(), resumed);
  EXPECT_EQ(second.learning_rate(), 0.01);
  while (!second.done()) second.epoch();
  EXPECT_EQ(model_resumed.to_bytes(), model.to_bytes());

  for (const double wrong : {-1.0, std::nan(""), HUGE_VAL})
    EXPECT_EQ(test::refusal([&] { trainer.set_learning_rate(wrong); }).code(), "U12");
}

TEST(Trainer, stop_keeps_the_best_weights_and_makes_a_last_checkpoint) {
  FitOptions options = usual();
  std::vector<bool> last;
  options.checkpoint = [&](const Checkpoint& checkpoint) { last.push_back(checkpoint.last); };
  Model model = small();
  Trainer trainer(model, training_rows(), validation_rows(), options);
  trainer.epoch();
  trainer.epoch();
  EXPECT_EQ(trainer.history().stopped, "");
  trainer.stop();
  EXPECT_TRUE(trainer.done());
  EXPECT_EQ(trainer.history().stopped, "stopped by its caller");
  EXPECT_EQ(last, (std::vector<bool>{false, false, true}));
  ASSERT_TRUE(model.training);
  EXPECT_EQ(model.training->epochs, 2);
  EXPECT_EQ(model.to_bytes(), fitted(usual(2)));
  trainer.stop();  // a second call does nothing
  EXPECT_EQ(last.size(), 3u);
}

TEST(Trainer, an_epoch_after_the_end_is_refused) {
  Model model = small();
  Trainer trainer(model, training_rows(), validation_rows(), usual(1));
  trainer.epoch();
  ASSERT_TRUE(trainer.done());
  const Error error = test::refusal([&] { trainer.epoch(); });
  EXPECT_EQ(error.code(), "U27");
  EXPECT_STREQ(error.what(), "this training has ended: all epochs done");
}

struct CancelAt : Observer {
  std::int64_t at = 0;
  std::atomic<bool> flag{false};
  void on_step(std::int64_t step, const Values<float>&) override { flag = step >= at; }
};

TEST(Trainer, a_cancelled_epoch_returns_nothing_and_keeps_the_last_complete_one) {
  CancelAt canceller;
  canceller.at = 8;  // an epoch has 6 steps, so this is in the second
  FitOptions options = usual();
  options.observers = {&canceller};
  options.cancel = &canceller.flag;
  Model model = small();
  Trainer trainer(model, training_rows(), validation_rows(), options);
  EXPECT_TRUE(trainer.epoch());
  EXPECT_FALSE(trainer.epoch());
  EXPECT_TRUE(trainer.done());
  EXPECT_EQ(trainer.history().stopped, "cancelled");
  EXPECT_EQ(model.to_bytes(), fitted(usual(1)));
}

TEST(Trainer, a_loss_that_is_not_finite_restores_the_last_good_weights_and_ends_the_training) {
  const Dataset rows = test::rows_for("regression", 60, 5);
  Model model{Dense{4, relu}, Dense{2}};
  Trainer trainer(model, rows, Dataset(), {.epochs = 4, .batch_size = 16, .optimizer = Sgd{}, .patience = 0});
  trainer.epoch();
  const std::vector<float> good = weights_of(model);
  trainer.set_learning_rate(1e30);
  EXPECT_EQ(test::refusal([&] { trainer.epoch(); }).code(), "N01");
  EXPECT_TRUE(trainer.done());
  EXPECT_EQ(weights_of(model), good);
  const Error again = test::refusal([&] { trainer.epoch(); });
  EXPECT_EQ(again.code(), "U27");
  EXPECT_STREQ(again.what(), "this training has ended: it failed");
}

TEST(Trainer, an_exception_of_an_observer_reaches_the_caller_and_ends_the_training) {
  struct Throws : Observer {
    void on_epoch(const EpochRecord& record) override {
      if (record.epoch == 2) throw std::runtime_error("enough");
    }
  } observer;
  FitOptions options = usual();
  options.observers = {&observer};
  Model model = small();
  Trainer trainer(model, training_rows(), validation_rows(), options);
  trainer.epoch();
  EXPECT_THROW(trainer.epoch(), std::runtime_error);
  EXPECT_TRUE(trainer.done());
}

TEST(Trainer, a_parameter_replaced_between_epochs_is_refused) {
  Model model = small();
  Trainer trainer(model, training_rows(), validation_rows(), usual());
  trainer.epoch();
  model.parameters()[0].value = Tensor<float>(model.parameters()[0].value.shape());
  EXPECT_EQ(test::refusal([&] { trainer.epoch(); }).code(), "U24");
}

TEST(Trainer, can_be_moved) {
  Model model = small();
  Trainer trainer(model, training_rows(), validation_rows(), usual());
  trainer.epoch();
  std::vector<Trainer> trainers;
  trainers.push_back(std::move(trainer));
  while (!trainers[0].done()) trainers[0].epoch();
  EXPECT_EQ(model.to_bytes(), fitted(usual()));
}

TEST(Trainer, observers_are_called_in_their_order) {
  struct Writes : Observer {
    explicit Writes(std::string& text, char name) : log(text), letter(name) {}
    std::string& log;
    char letter;
    void on_start(std::int64_t epochs, std::int64_t steps) override {
      log += letter + std::string("s") + std::to_string(epochs) + std::to_string(steps) + " ";
    }
    void on_step(std::int64_t step, const Values<float>&) override { log += letter + std::to_string(step) + " "; }
    void on_epoch(const EpochRecord& record) override { log += letter + ("e" + std::to_string(record.epoch)) + " "; }
    void on_health(const EpochHealth& health) override { log += letter + ("h" + std::to_string(health.epoch)) + " "; }
  };
  std::string log;
  Writes a(log, 'a'), b(log, 'b');
  FitOptions options = usual(1);
  options.batch_size = 45;
  options.health = true;
  options.observers = {&a, nullptr, &b};
  Model model = small();
  fit(model, training_rows(), validation_rows(), options);
  EXPECT_EQ(log, "as12 bs12 a1 b1 a2 b2 ah1 bh1 ae1 be1 ");
}

TEST(Trainer, a_schedule_function_gives_the_learning_rate_of_every_step) {
  FitOptions kind = usual(), own = usual();
  kind.schedule.kind = "cosine";
  std::int64_t calls = 0;
  own.schedule_function = [&](const Progress& progress) {
    ++calls;
    EXPECT_EQ(progress.steps, 36);
    return learning_rate_factor({.kind = "cosine"}, progress);
  };
  EXPECT_EQ(fitted(own), fitted(kind));
  EXPECT_GE(calls, 36);
}

TEST(Trainer, an_invalid_factor_of_a_schedule_function_or_a_second_schedule_is_refused) {
  FitOptions options = usual();
  options.schedule_function = [](const Progress&) { return -0.5; };
  const Error error = test::refusal([&] { fitted(options); });
  EXPECT_EQ(error.code(), "U12");
  EXPECT_STREQ(error.what(), "a schedule function returns a factor ≥ 0, got -0.5 after 0 steps");
  options.schedule.kind = "cosine";
  EXPECT_EQ(test::refusal([&] { fitted(options); }).code(), "U06");
}

TEST(Trainer, a_checkpoint_can_be_resumed_with_a_schedule_function_but_not_without_it) {
  FitOptions own = usual();
  own.schedule_function = [](const Progress& progress) { return progress.epoch < 3 ? 1.0 : 0.5; };
  Model model = small();
  Trainer trainer(model, training_rows(), validation_rows(), own);
  trainer.epoch();
  own.resume = trainer.to_bytes();
  const std::string resumed = fitted(own);
  while (!trainer.done()) trainer.epoch();
  EXPECT_EQ(resumed, model.to_bytes());
  FitOptions other = usual();
  other.resume = own.resume;
  EXPECT_EQ(test::refusal([&] { fitted(other); }).code(), "U31");
}

}  // namespace
}  // namespace pellucid
