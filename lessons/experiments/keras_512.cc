// keras-512: handwritten digits with the settings of a first Keras program, 784-512-10, five epochs.
// Not here: the same digits in float64 with a seed (mnist_64.cc).
#include <algorithm>
#include <cmath>

#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

/// A table of layer, output shape and parameters, which Keras calls the summary.
figures::Sheet summary_of(const Model& model) {
  figures::Sheet sheet{{"Nearly all parameters are in the first layer", "", ""}, {"layer", "output", "parameters"}, {}};
  for (std::size_t n = 0; n < model.nodes().size(); ++n) {
    std::int64_t count = 0;
    for (const Parameter<float>& one : model.parameters()) {
      if (one.node == static_cast<int>(n)) count += one.value.size();
    }
    sheet.rows.push_back({model.nodes()[n].name, "(any, " + model.output_shape(static_cast<int>(n)).text() + ")",
                          std::to_string(count)});
  }
  sheet.rows.push_back({"total", "", std::to_string(model.parameter_count())});
  return sheet;
}

/// Counts the correct predictions of an epoch during its batches, as Keras does for the training accuracy it shows.
class RunningAccuracy : public Observer {
 public:
  explicit RunningAccuracy(Lesson& lesson) : lesson_(lesson) {}
  void on_start(std::int64_t epochs, std::int64_t) override { epochs_ = epochs; }

  /// A row's loss is -ln of the probability of its class. The row is correct if that probability is the largest of the
  /// ten.
  void on_step(std::int64_t, const Values<float>& values) override {
    const View<const float> outputs = values.read("dense2.output"), losses = values.read("loss.rows");
    const float* loss = losses.data;
    for (std::int64_t r = 0; r < outputs.rows; ++r, ++rows_) {
      const float largest = *std::max_element(outputs.row(r), outputs.row(r) + outputs.columns);
      right_ += std::exp(-loss[r]) >= 0.99999f * largest;
    }
  }

  void on_epoch(const EpochRecord& record) override {
    epochs.push_back(static_cast<double>(record.epoch));
    losses.push_back(record.train_loss);
    percent.push_back(100.0 * static_cast<double>(right_) / static_cast<double>(rows_));
    right_ = rows_ = 0;
    lesson_.doing("epoch " + std::to_string(record.epoch) + " of " + std::to_string(epochs_) + " done");
  }

  std::vector<double> epochs, losses, percent;

 private:
  Lesson& lesson_;
  std::int64_t epochs_ = 0, right_ = 0, rows_ = 0;
};

figures::Confusion confusion_of(const TargetEvaluation& test) {
  figures::Confusion confusion{
      {"Nearly all test images are on the diagonal", "predicted", "true"}, test.class_names, std::vector<double>(100)};
  for (std::size_t r = 0; r < test.truth_labels.size(); ++r) {
    const double* row = &test.probabilities[r * 10];
    ++confusion.counts[test.truth_labels[r] * 10 + (std::max_element(row, row + 10) - row)];
  }
  return confusion;
}

void run(Lesson& lesson) {
  lesson.say(
      "Fewer than twenty lines of Keras: 784 pixels, 512 ReLU neurons, ten softmax outputs, RMSProp with Keras's "
      "defaults (ρ 0.9, ε 1e-7 inside the root, learning rate 0.001), a batch size of 128, five epochs. The initial "
      "weights are Glorot uniform in both layers, as in Keras; the text sets no seed.");
  const Split digits = split(read_table(lesson.data("mnist")), {.target = "label", .validation = 0});
  lesson.exact("training and test images", "60000 10000",
               std::vector<double>{double(digits.train.rows()), double(digits.test.rows())});

  const DenseOptions glorot{.weight_initializer = Initializer("glorot_uniform")};
  Model network{Dense{512, relu, glorot}, Dense{10, softmax, glorot}};
  network.build(digits.train.row_shape(), lesson.seed(42));
  lesson.exact("parameters: first layer, second layer, all", "401920 5130 407050",
               std::vector<double>{785 * 512, 513 * 10, double(network.parameter_count())});
  lesson.show(summary_of(network));

  RunningAccuracy seen(lesson);
  FitOptions options;
  options.epochs = lesson.integer("epochs");
  options.batch_size = 128;
  options.optimizer = RmsProp::keras();
  options.seed = lesson.seed(42);
  options.keep = {"dense2.output"};
  options.observers = {&seen};
  options.cancel = lesson.cancel();
  fit(network, digits.train, {}, options);
  const Evaluation test = evaluate(network, digits.test);
  lesson.in_range("running training accuracy of the last epoch, %", 98.6, 99.2, seen.percent.back(),
                  "the text prints 98.9");
  lesson.in_range("test accuracy, %", 97.8, 98.3, 100 * test.score(),
                  "the text's sentence says 97.8, its cell prints 98.16");
  lesson.say(
      "The accuracy is higher on the training images than on the test images: the network has begun to memorise them. "
      "This gap is called overfitting.");
  lesson.show(figures::Curves{{"The loss falls with each epoch", "epoch", "training loss"},
                              {{"training loss", seen.epochs, seen.losses}}});
  lesson.show(confusion_of(test.targets.front()));
}

}  // namespace

const Tutorial tutorial_keras_512{"keras-512",
                                  "001",
                                  "handwritten digits, 784-512-10, as a first Keras program trains them",
                                  run,
                                  {{"epochs", "5", "passes over the 60,000 images"}},
                                  "mnist"};

}  // namespace pellucid::tutorial
