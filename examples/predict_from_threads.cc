// One model and eight threads, each with its own Predictor: no lock is needed, and each prediction has the same bits as
// in one large batch.
// Not here: training on several threads (FitOptions::threads in trainer.h).
#include <cstring>
#include <iostream>
#include <thread>
#include <vector>

#include "pellucid/pellucid.h"

using namespace pellucid;

namespace {

constexpr std::int64_t threads = 8, columns = 64, classes = 10;

// Predicts every eighth row, one at a time, and stores its prediction in `answers`.
void predict_rows(const Model& model, const Dataset& data, std::int64_t first, float* answers) {
  Predictor<float> predict = model.predictor();
  std::vector<float> row(columns);
  for (std::int64_t r = first; r < data.rows(); r += threads) {
    data.read_row(r, row.data());
    const std::span<const float> answer = predict(row);
    std::memcpy(answers + r * classes, answer.data(), answer.size_bytes());
  }
}

}  // namespace

int main() {
  const Split data = split(read_table("data/digits.csv"), {.target = "digit"});
  Model model{Dense{64, relu}, Dense{classes, softmax}};
  fit(model, data, {.epochs = 5});

  std::vector<float> answers(data.train.rows() * classes);
  std::vector<std::thread> pool;
  for (std::int64_t t = 0; t < threads; ++t) {
    pool.emplace_back([&, t] { predict_rows(model, data.train, t, answers.data()); });
  }
  for (std::thread& thread : pool) thread.join();

  const Tensor<float> at_once = model.predict(data.train);
  const bool same = std::memcmp(at_once.data(), answers.data(), answers.size() * sizeof(float)) == 0;
  std::cout << data.train.rows() << " rows from " << threads
            << " threads: " << (same ? "the same bits as in one batch" : "DIFFERENT from one batch") << "\n";
  return same ? 0 : 1;
}
