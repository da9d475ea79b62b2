// Training with threads in difficult places: on one CPU, on a busy machine, after a fork, beside another model. The
// bits are the same as with one thread. Not here: the team itself (team_test.cc), kernels and instruction sets
// (bits_test.cc).
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "core/team.h"
#include "pellucid/trainer.h"
#include "support/nets.h"

namespace pellucid {
namespace {

// Trains a model that is wide enough for several threads, and returns its bytes.
std::string trained(std::int64_t threads, Observer* observer = nullptr, std::int64_t units = 400) {
  const Dataset data = test::rows_for("classification", 700, 120);
  Model model{Dense{units, relu}, Dense{300, tanh}, Dense{3, softmax}};
  FitOptions options;
  options.epochs = 2;
  options.batch_size = 200;
  options.threads = threads;
  options.observers = {observer};
  fit(model, data, Dataset(), options);
  return model.to_bytes();
}

// Runs `work` on a thread that may use only one CPU, as under `taskset` or in a container.
template <class F>
void on_one_cpu(const F& work) {
  std::thread([&] {
    cpu_set_t allowed, one;
    ASSERT_EQ(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    CPU_ZERO(&one);
    int first = 0;
    while (!CPU_ISSET(first, &allowed)) ++first;
    CPU_SET(first, &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
    work();
  }).join();
}

TEST(Threads, on_one_cpu_one_thread_is_used_and_more_give_the_same_bits) {
  const std::string alone = trained(1);
  on_one_cpu([&] {
    EXPECT_EQ(usable_cpus(), 1);
    EXPECT_EQ(Team(0).size(), 1);
    EXPECT_EQ(trained(0), alone);
    EXPECT_EQ(trained(3), alone);  // the workers share the CPU
  });
}

// The rows are a multiple of 8 cache lines long, so that the plan adds one cache line between them (plan.cc).
template <class T>
std::vector<double> losses_on_padded_rows(std::int64_t threads) {
  BasicModel<T> model{Dense{200, relu}, Dense{3, softmax}};
  BasicFitOptions<T> options;
  options.epochs = 3;
  options.batch_size = 256;
  options.threads = threads;
  std::vector<double> losses;
  const Dataset data = test::rows_for("classification", 1500, 512 / static_cast<std::int64_t>(sizeof(T)));
  for (const EpochRecord& epoch : fit(model, data, Dataset(), options).epochs) losses.push_back(epoch.train_loss);
  return losses;
}

TEST(Threads, batches_gathered_ahead_have_the_row_distance_of_the_plan) {
  EXPECT_EQ(losses_on_padded_rows<float>(2), losses_on_padded_rows<float>(1));
  EXPECT_EQ(losses_on_padded_rows<double>(2), losses_on_padded_rows<double>(1));
}

TEST(Threads, training_on_a_busy_machine_gives_the_same_bits) {
  const std::string alone = trained(1);
  std::atomic<bool> enough{false};
  std::vector<std::thread> others;
  for (int i = 0; i < 2 * usable_cpus(); ++i) {
    others.emplace_back([&] {
      while (!enough.load(std::memory_order_relaxed)) {
      }
    });
  }
  for (const std::int64_t threads : {2, 3, 8}) EXPECT_EQ(trained(threads), alone) << threads;
  enough = true;
  for (std::thread& other : others) other.join();
}

// Forks in the middle of a training, while the workers of the team wait.
struct Forker : Observer {
  void on_step(std::int64_t step, const Values<float>&) override {
    if (step == 3) child = fork();
  }
  pid_t child = -1;
};

TEST(Threads, a_forked_child_can_finish_the_training_and_start_another_with_the_same_bits) {
#if defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the thread sanitizer does not follow a fork";
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
  GTEST_SKIP() << "the thread sanitizer does not follow a fork";
#endif
#endif
  const std::string alone = trained(1);
  Forker forker;
  const std::string ended = trained(3, &forker);
  if (forker.child == 0) _exit(ended == alone && trained(3) == alone ? 0 : 1);
  EXPECT_EQ(ended, alone);
  int status = 0;
  ASSERT_EQ(waitpid(forker.child, &status, 0), forker.child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(Threads, two_models_that_train_at_the_same_time_get_the_same_bits_as_alone) {
  const std::string first = trained(1), second = trained(1, nullptr, 333);
  for (const std::int64_t threads : {0, 3}) {
    std::string beside;
    std::thread other([&] { beside = trained(threads, nullptr, 333); });
    EXPECT_EQ(trained(threads), first);
    other.join();
    EXPECT_EQ(beside, second);
  }
}

}  // namespace
}  // namespace pellucid
