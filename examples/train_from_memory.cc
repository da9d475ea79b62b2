// Trains on numbers in memory: no file, no table, no preprocessing.
// Not here: reading a CSV (README.md), saving a model (save_to_bytes.cc).
#include <cstdint>
#include <iostream>
#include <vector>

#include "pellucid/pellucid.h"

using namespace pellucid;

namespace {

struct Points {
  std::vector<float> xy;             // rows × 2, row-major
  std::vector<std::int32_t> labels;  // 1: inside the ring
};

// Random points in the square from -1 to 1, and whether they lie inside a ring around the centre.
Points draw_points(int count, std::uint32_t stream) {
  Points points;
  Random random({.seed = 7, .purpose = Purpose::user, .stream = stream});
  for (int i = 0; i < count; ++i) {
    const double x = 2 * random.uniform() - 1, y = 2 * random.uniform() - 1;
    const double squared_distance = x * x + y * y;
    points.xy.push_back(static_cast<float>(x));
    points.xy.push_back(static_cast<float>(y));
    points.labels.push_back(squared_distance > 0.2 && squared_distance < 0.7);
  }
  return points;
}

// A Dataset copies the numbers, so the vectors may go out of scope.
Dataset as_dataset(const Points& points) {
  return Dataset::classification(points.xy, Shape{2}, points.labels, 2);
}

}  // namespace

int main() {
  const Dataset train = as_dataset(draw_points(2000, 0));
  const Dataset validation = as_dataset(draw_points(500, 1));
  const Dataset test = as_dataset(draw_points(1000, 2));

  Model model{Dense{32, relu}, Dense{32, relu}, Dense{1, sigmoid}};
  const History history =
      fit(model, train, validation,
          {.epochs = 60, .batch_size = 32, .optimizer = Adam{.learning_rate = 5e-3}, .schedule = {.kind = "cosine"}});

  const double accuracy = evaluate(model, test).score();
  std::cout << model.summary() << "kept epoch " << history.best_epoch << " of " << history.epochs.size() << ", "
            << 100 * accuracy << " % of 1,000 new points right\n";
  return accuracy > 0.95 ? 0 : 1;
}
