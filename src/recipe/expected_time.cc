// A few steps on a copy, times their number. Not here: the training itself.
#include "recipe/expected_time.h"

#include <algorithm>
#include <numeric>

namespace pellucid {
namespace {

constexpr double long_training = 1e12;  // operations; tens of seconds on one thread
constexpr std::int64_t tried_steps = 4;

}  // namespace

double expected_seconds(const Model& model, const Split& split, const FitOptions& options, double rounds) {
  const std::int64_t rows = split.train.rows(), batch = std::min(options.batch_size, rows);
  // A weight is used in forward, in its gradient and in dx, each a multiplication and an addition.
  const double operations = 6.0 * static_cast<double>(model.parameter_count()) * static_cast<double>(rows) *
                            static_cast<double>(options.epochs) * rounds;
  if (operations < long_training || options.optimizer.name() == "lbfgs") return 0;
  std::vector<std::int64_t> positions(static_cast<std::size_t>(std::min(rows, tried_steps * batch)));
  std::iota(positions.begin(), positions.end(), std::int64_t{0});
  FitOptions tried = options;
  tried.epochs = 1;
  tried.observers = {};
  tried.checkpoint = nullptr;
  tried.resume.reset();
  Model copy = model;
  const History history = fit(copy, split.train.subset(positions), Dataset(), tried);
  const double a_row = history.train_seconds / static_cast<double>(positions.size());
  const double looked_at = static_cast<double>(split.validation.rows()) / 3;  // forward only
  return a_row * (static_cast<double>(rows) + looked_at) * static_cast<double>(options.epochs) * rounds;
}

}  // namespace pellucid
