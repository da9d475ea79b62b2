// learning-rate: one network trained with a rate that is too small, a good one, a large one and one that is too large.
// Not here: rates that change during training (pellucid/schedule.h).
#include <cmath>

#include "lessons/lesson.h"
#include "pellucid/numpy_random.h"

namespace pellucid::tutorial {
namespace {

/// 35 points of y = x1² + x2² between -1 and 1, as the text draws them.
Dataset bowl(std::uint32_t seed) {
  NumpyRandom random(seed);
  const std::vector<double> x = random.uniform(-1, 1, 70);
  std::vector<double> y;
  for (std::size_t r = 0; r < 35; ++r) y.push_back(x[2 * r] * x[2 * r] + x[2 * r + 1] * x[2 * r + 1]);
  return Dataset::regression(x, Shape{2}, y);
}

/// Records the loss of each epoch, also if training ends with an error.
class Losses : public BasicObserver<double> {
 public:
  explicit Losses(std::string name) { series.name = std::move(name); }
  void on_epoch(const EpochRecord& record) override {
    series.x.push_back(static_cast<double>(record.epoch));
    series.y.push_back(record.train_loss);
  }
  double last() const { return finding.empty() ? series.y.back() : infinity; }

  figures::Series series;
  std::string finding;  ///< the message of N01, if training stopped because the loss was not finite
};

/// All 35 rows at once, so only the rate differs; every run starts with the same weights.
Losses train(Lesson& lesson, const Dataset& data, const char* setting) {
  const double rate = lesson.number(setting);
  Losses losses("rate " + lesson.text(setting));
  BasicModel<double> net{Dense{8, pellucid::tanh}, Dense{1}};
  net.build(data.row_shape(), lesson.seed(42));
  try {
    BasicFitOptions<double> options;
    options.epochs = lesson.integer("epochs");
    options.batch_size = data.rows();
    options.optimizer = Sgd{.learning_rate = rate};
    options.shuffle = false;
    options.observers = {&losses};
    options.cancel = lesson.cancel();
    fit(net, data, {}, options);
  } catch (const Error& error) {
    if (error.code() != "N01") throw;
    losses.finding = error.what();
  }
  return losses;
}

/// The part of a curve that fits the range of the other curves.
figures::Series below_thousand(figures::Series series) {
  std::size_t end = 0;
  while (end < series.y.size() && series.y[end] < 1000) ++end;
  series.x.resize(end);
  series.y.resize(end);
  return series;
}

int rises(const Losses& losses) {
  int count = 0;
  for (std::size_t i = 1; i < losses.series.y.size(); ++i) count += losses.series.y[i] > losses.series.y[i - 1];
  return count;
}

void run(Lesson& lesson) {
  lesson.say(
      "The gradient says which way is down; the learning rate says how far to step. Here is one network (2-8-1, tanh, "
      "linear output) with one set of initial weights on the 35 points of a bowl, at four rates. A rate that is too "
      "small goes in the right direction but does not arrive. A good one does. A large one jumps from wall to wall of "
      "the valley. With a still larger one each jump ends higher, until the numbers overflow.");
  const Dataset data = bowl(lesson.seed(42));
  const Losses small = train(lesson, data, "small"), good = train(lesson, data, "good"),
               large = train(lesson, data, "large"), wild = train(lesson, data, "too-large");
  lesson.in_range("loss at the end, rate too small", 0.05, infinity, small.last(), "has not arrived yet");
  lesson.in_range("loss at the end, a good rate", 0, 0.01, good.last());
  lesson.holds("the small and the good rate never step upwards", rises(small) == 0 && rises(good) == 0);
  lesson.in_range("upward steps with the large rate", 10, infinity, rises(large), "it oscillates, as in figure 4");
  lesson.holds("the rate that is too large ends in finding N01, loss not finite", !wild.finding.empty());
  lesson.show(figures::Curves{
      {"The same net at four learning rates; the largest one soon leaves the chart", "epoch", "mean squared error"},
      {small.series, good.series, large.series, below_thousand(wild.series)},
      true});
  if (!wild.finding.empty()) lesson.say("What training says at rate " + lesson.text("too-large") + ": " + wild.finding);
}

}  // namespace

const Tutorial tutorial_learning_rate{"learning-rate",
                                      "002",
                                      "a rate too small, a good one, and one at which training diverges",
                                      run,
                                      {{"small", "0.0001", "a rate that is too small"},
                                       {"good", "0.15", "a good rate"},
                                       {"large", "0.6", "a rate that oscillates"},
                                       {"too-large", "0.8", "a rate that diverges"},
                                       {"epochs", "500", "number of steps, each on all rows"}}};

}  // namespace pellucid::tutorial
