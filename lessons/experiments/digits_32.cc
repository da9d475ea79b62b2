// digits-32: handwritten digits of 8×8 pixels, by a 64-32-10 network of sigmoids, in batches.
// Not here: layers written with matrices and their speed (speedy.cc), splitting the rows (rows.h).
#include <fmt/format.h>

#include "lessons/experiments/rows.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

/// The text's layer: weights randn · √(1 / inputs), which it calls Xavier, then biases randn · 0.1.
void draw_layer(BasicModel<double>& net, const std::string& layer, NumpyRandom& random) {
  Tensor<double>& weight = net.parameter(layer + ".weight");
  const double scale = std::sqrt(1.0 / static_cast<double>(weight.shape()[0]));
  for (double& value : weight.values()) value = random.randn() * scale;
  for (double& value : net.parameter(layer + ".bias").values()) value = random.randn() * 0.1;
}

/// Reports progress and records the loss.
class Watch : public BasicObserver<double> {
 public:
  Watch(Lesson& lesson, std::int64_t epochs) : lesson_(lesson), epochs_(epochs) {}
  void on_epoch(const EpochRecord& record) override {
    if (record.epoch % 100 == 0) lesson_.doing(fmt::format("epoch {} of {}", record.epoch, epochs_));
    if (record.epoch % 25 != 1) return;
    curve.x.push_back(static_cast<double>(record.epoch));
    curve.y.push_back(record.train_loss);
  }
  figures::Series curve{"training rows", {}, {}};

 private:
  Lesson& lesson_;
  std::int64_t epochs_;
};

/// The text subtracts learning_rate · (output - target) …, summed over the batch. Our mse has twice that slope.
void train(Lesson& lesson, BasicModel<double>& net, const SplitRows& rows) {
  Watch watch(lesson, lesson.integer("epochs"));
  BasicFitOptions<double> options;
  options.epochs = lesson.integer("epochs");
  options.batch_size = 16;
  options.optimizer = Sgd{lesson.number("lr") / 2};
  options.loss = Loss("mse", {.reduction = Reduction::sum});
  options.seed = lesson.seed(42);
  options.observers = {&watch};
  options.cancel = lesson.cancel();
  fit(net, dataset_of(rows.x_train, rows.y_train), {}, options);
  lesson.show(
      figures::Curves{{"The squared error falls for a long time", "epoch", "squared error"}, {watch.curve}, true});
}

figures::Pictures ten_digits(const Rows& images, const std::vector<int>& truth, const std::vector<int>& said) {
  figures::Pictures pictures{{"Ten digits of the test rows with the predictions", "", ""}, {}, 5};
  for (std::size_t i = 0; i < 10; ++i) {
    figures::Picture picture{8, 8, images[i], fmt::format("predicted {}, actual {}", said[i], truth[i]),
                             said[i] == truth[i]};
    for (double& pixel : picture.pixels) pixel /= 16;
    pictures.pictures.push_back(picture);
  }
  return pictures;
}

void run(Lesson& lesson) {
  lesson.say(
      "1,797 handwritten digits of 8×8 pixels, 360 of them for testing. The network has 32 hidden sigmoids and 10 "
      "outputs, learns the one-hot target with squared error, and trains in batches of 16. Its layers are matrices "
      "now, and errors pass down through the weights before they change, so the library's own layers compute the same "
      "sums.");
  const Table table = lesson.shipped("digits");
  const SplitRows rows = train_test_split(rows_of(table, 0, 63, 1797), one_hot(table.columns[64].numbers, 10), 0.2, 42);
  BasicModel<double> net{Dense{32, sigmoid}, Dense{10, sigmoid}};
  net.build(Shape{64});
  NumpyRandom random(lesson.seed(42));
  draw_layer(net, "dense1", random);
  draw_layer(net, "dense2", random);
  train(lesson, net, rows);

  const Tensor<double> outputs = net.predict(dataset_of(rows.x_test, rows.y_test));
  std::vector<int> truth, said;
  Numbers counts(100, 0);
  double right = 0;
  for (std::size_t r = 0; r < rows.y_test.size(); ++r) {
    truth.push_back(argmax(rows.y_test[r]));
    said.push_back(argmax(outputs.values().subspan(10 * r, 10)));
    right += truth[r] == said[r];
    ++counts[static_cast<std::size_t>(10 * truth[r] + said[r])];
  }
  lesson.in_range("test accuracy, %", 97, 100, 100 * right / static_cast<double>(truth.size()),
                  "the text prints none; other seeds give 96.4 to 98.6 %");
  lesson.show(ten_digits(rows.x_test, truth, said));
  lesson.show(figures::Confusion{{"Confusion matrix of the test rows", "predicted", "digit"},
                                 {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"},
                                 counts});
  lesson.say(
      "Each output is a sigmoid with squared error, whose gradient vanishes where an output is confident and wrong; "
      "with softmax and cross-entropy it would not. The pixels are not scaled (0 to 16), so many hidden neurons start "
      "in the flat range of the sigmoid and learn slowly.");
}

}  // namespace

const Tutorial tutorial_digits_32{
    "digits-32",
    "002",
    "handwritten digits of 8×8 pixels by a 64-32-10 network",
    run,
    {{"lr", "0.01", "learning rate"}, {"epochs", "3000", "passes over the training rows"}}};

}  // namespace pellucid::tutorial
