// Threads with a small stack (musl, some runtimes): training throws an Error where the stack is too small.
// Not here: other refused calls (misuse_test.cc).
#include <gtest/gtest.h>
#include <pthread.h>

#include "pellucid/pellucid.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

constexpr std::int64_t columns = 200;

Dataset rows() {
  std::vector<std::int32_t> labels(2000);
  for (std::size_t r = 0; r < labels.size(); ++r) labels[r] = static_cast<std::int32_t>(r % 3);
  const std::vector<float> features = test::random_values<float>(2000 * columns, 1);
  return Dataset::classification(std::span<const float>(features), {columns}, labels, 3);
}

// Trains and predicts on a thread with a stack of `bytes` bytes; returns the code of the error, or "none".
std::string code_with_stack(std::size_t bytes) {
  struct Task {
    std::string code = "none";
    Model model{Dense{300, relu}, Dense{3, softmax}};
    std::vector<float> row = std::vector<float>(columns);
  } task;
  task.model.build({columns});
  const auto work = [](void* given) -> void* {
    Task& task = *static_cast<Task*>(given);
    Predictor<float> predict = task.model.predictor();  // predicting one row needs little stack
    predict(std::span<const float>(task.row));
    try {
      fit(task.model, rows(), {}, {.epochs = 1, .batch_size = 1500});
    } catch (const Error& error) {
      task.code = error.code();
    }
    return nullptr;
  };
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  EXPECT_EQ(pthread_attr_setstacksize(&attributes, bytes), 0);
  EXPECT_EQ(pthread_create(&thread, &attributes, work, &task), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
  return task.code;
}

TEST(Stack, training_on_a_thread_with_a_small_stack_throws_an_error) {
  EXPECT_EQ(code_with_stack(256 << 10), "M02");
  EXPECT_EQ(code_with_stack(512 << 10), "M02");
  EXPECT_EQ(code_with_stack(1 << 20), "none");
}

}  // namespace
}  // namespace pellucid
