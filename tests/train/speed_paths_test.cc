// The fast ways to train give the same bits as the plain way: any number of threads, skipped zeros, chunks.
// Not here: single kernels (kernels_test.cc), the team itself (team_test.cc).
#include <gtest/gtest.h>

#include "pellucid/error.h"
#include "pellucid/trainer.h"

namespace pellucid {
namespace {

// Bytes as in pictures of digits; `zeros` of a hundred are zero.
std::shared_ptr<const Block> pictures(std::int64_t rows, std::int64_t columns, int zeros) {
  auto block = std::make_shared<Block>();
  block->shape = {columns};
  block->factor = 1.0 / 255;
  Random random({.seed = 9});
  for (std::int64_t i = 0; i < rows * columns; ++i) {
    const bool zero = random.below(100) < static_cast<std::uint64_t>(zeros);
    block->bytes.push_back(zero ? 0 : static_cast<std::uint8_t>(1 + random.below(255)));
  }
  return block;
}

Dataset labelled(std::int64_t rows, std::int64_t columns, int zeros) {
  auto targets = std::make_shared<Targets>();
  targets->classes = 10;
  for (std::int64_t r = 0; r < rows; ++r) targets->labels.push_back(static_cast<std::int32_t>(r % 10));
  return Dataset(pictures(rows, columns, zeros), targets);
}

// Reads the input of each step; this needs all of the input, so that zeros are not skipped.
struct Looker : Observer {
  void on_step(std::int64_t, const Values<float>& values) override { seen = values.read("input").columns; }
  std::int64_t seen = 0;
};

std::string trained(const Dataset& data, const Optimizer& optimizer, std::int64_t threads, bool dense, double l2 = 0,
                    std::int64_t batch_size = 100) {
  Model model{Dense{300, relu}, Dense{257, tanh}, Dense{10, softmax}};
  Looker looker;
  FitOptions options;
  options.epochs = 2;
  options.batch_size = batch_size;
  options.optimizer = optimizer;
  options.threads = threads;
  options.l2 = l2;
  if (dense) {
    options.observers = {&looker};
    options.keep = {"input"};
  }
  fit(model, data, data, options);
  EXPECT_EQ(looker.seen, dense ? 310 : 0);
  return model.to_bytes();
}

TEST(SpeedPaths, any_number_of_threads_gives_the_same_bits) {
  const Dataset data = labelled(350, 310, 20);
  const std::string alone = trained(data, Adam{}, 1, false);
  for (std::int64_t threads : {2, 3, 7, 0}) EXPECT_EQ(trained(data, Adam{}, threads, false), alone) << threads;
}

TEST(SpeedPaths, skipped_zeros_give_the_same_bits_with_every_optimizer) {
  for (const int zeros : {80, 97}) {  // zeros found in each batch, and once before the training
    const Dataset data = labelled(350, 310, zeros);
    for (const Optimizer& optimizer : optimizer_kinds()) {
      if (optimizer.name() == "lbfgs") continue;
      for (double l2 : {0.0, 0.01}) {
        const std::string dense = trained(data, optimizer, 1, true, l2);
        EXPECT_EQ(trained(data, optimizer, 1, false, l2), dense) << optimizer.name() << " " << zeros;
        EXPECT_EQ(trained(data, optimizer, 3, false, l2), dense) << optimizer.name() << " " << zeros;
      }
    }
  }
}

TEST(SpeedPaths, small_sparse_batches_give_the_same_bits_as_dense_ones) {
  const Dataset data = labelled(350, 310, 75);
  for (const std::int64_t batch_size : {1, 7, 8, 40}) {
    for (const Optimizer& optimizer : {Optimizer(Sgd{.learning_rate = 0.1}), Optimizer(Adam{})}) {
      const std::string dense = trained(data, optimizer, 1, true, 0, batch_size);
      for (std::int64_t threads : {1, 2, 3, 7}) {
        EXPECT_EQ(trained(data, optimizer, threads, false, 0, batch_size), dense)
            << optimizer.name() << " " << batch_size;
      }
    }
  }
}

TEST(SpeedPaths, an_input_with_skipped_zeros_cannot_be_read) {
  Looker looker;
  FitOptions options;
  options.epochs = 1;
  options.observers = {&looker};
  Model model{Dense{20, relu}, Dense{10, softmax}};
  EXPECT_THROW(fit(model, labelled(50, 310, 97), Dataset(), options), Error);
  options.keep = {"input"};
  fit(model, labelled(50, 310, 97), Dataset(), options);
  EXPECT_EQ(looker.seen, 310);
}

// Keeping a value makes a batch run as a whole; otherwise it runs in chunks of rows.
std::string trained_by_blocks(FitOptions options, std::int64_t threads, bool whole) {
  Model model{Dense{45, tanh}, Dropout{0.3}, Dense{33}, relu, Dense{10, softmax}};
  options.epochs = 2;
  options.batch_size = 730;
  options.row_block = 300;
  options.threads = threads;
  if (whole) options.keep = {"dense1.output"};
  const History history = fit(model, labelled(1100, 31, 50), Dataset(), options);
  return model.to_bytes() + std::to_string(history.epochs.back().train_loss);
}

TEST(SpeedPaths, a_long_batch_in_chunks_gives_the_same_bits_as_in_one_piece) {
  const FitOptions plain{}, clipped{.optimizer = Sgd{.learning_rate = 0.5}, .clip_norm = 0.01},
      weighted{.l2 = 0.1, .balanced_classes = true}, search{.optimizer = Lbfgs{}};
  for (const FitOptions& options : {plain, clipped, weighted, search}) {
    const std::string whole = trained_by_blocks(options, 1, true);
    for (std::int64_t threads : {1, 2, 3, 7}) EXPECT_EQ(trained_by_blocks(options, threads, false), whole) << threads;
  }
}

TEST(SpeedPaths, hidden_values_of_a_long_batch_exist_only_if_kept) {
  struct : Observer {
    void on_step(std::int64_t, const Values<float>& values) override {
      rows = values.read("loss.rows").rows;
      EXPECT_THROW(static_cast<void>(values.read("dense1.output")), Error);
    }
    std::int64_t rows = 0;
  } looker;
  Model model{Dense{20, relu}, Dense{10, softmax}};
  fit(model, labelled(50, 31, 50), Dataset(), {.epochs = 1, .batch_size = 50, .row_block = 20, .observers = {&looker}});
  EXPECT_EQ(looker.rows, 50);
}

TEST(SpeedPaths, a_full_batch_in_row_blocks_gives_the_same_bits_with_several_threads) {
  const Dataset data = labelled(2500, 70, 50);
  const auto run = [&](std::int64_t threads) {
    Model model{Dense{512, tanh}, Dense{10, softmax}};
    fit(model, data, Dataset(), {.epochs = 3, .batch_size = 2500, .threads = threads});
    return model.to_bytes();
  };
  EXPECT_EQ(run(2), run(1));
  EXPECT_EQ(run(5), run(1));
}

}  // namespace
}  // namespace pellucid
