// mnist-64: handwritten digits, 784-64-10, with the seed of the text: every line of its training, digit for digit.
// Not here: the same digits with Keras' settings (keras_512.cc), the building blocks (blocks.cc).
#include <algorithm>
#include <numeric>

#include "lessons/experiments/drawn_weights.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

constexpr double epsilon = 1e-10;  // the text adds it before each logarithm

/// The text's PreprocessingData: shuffles the images once, before training, and never again.
Dataset shuffled(const Dataset& all, std::int64_t first, std::int64_t count, NumpyRandom& random) {
  std::vector<std::int64_t> rows = random.permutation(count);
  for (std::int64_t& row : rows) row += first;
  return all.subset(rows);
}

struct Digits {
  Dataset train, dev;
};

/// 60,000 images for training and 10,000 for evaluation, pixels divided by 255. A column of the text is a row here: one
/// row per image.
Digits read_digits(Lesson& lesson, NumpyRandom& random) {
  const Table table = read_table(lesson.data("mnist"));
  std::vector<std::int64_t> train_rows(static_cast<std::size_t>(table.rows - table.test_rows));
  std::iota(train_rows.begin(), train_rows.end(), 0);
  const Dataset all = Preprocessor::fit(table, train_rows, {.target = "label"}).transform(table);
  Digits digits;
  digits.train = shuffled(all, 0, table.rows - table.test_rows, random);
  digits.dev = shuffled(all, table.rows - table.test_rows, table.test_rows, random);
  return digits;
}

std::int32_t most_likely(const double* probabilities) {
  return static_cast<std::int32_t>(std::max_element(probabilities, probabilities + 10) - probabilities);
}

/// The text's log of each epoch.
struct Logs {
  std::vector<double> train_loss, dev_loss, train_accuracy, dev_accuracy;
};

/// The parts of the text's training loop that only observe.
class Loop : public BasicObserver<double> {
 public:
  Loop(Lesson& lesson, const BasicModel<double>& model, const Digits& digits, std::int64_t epochs)
      : lesson_(lesson), model_(model), digits_(digits), epochs_(epochs) {}

  void on_start(std::int64_t, std::int64_t) override { begin_epoch(); }

  void on_step(std::int64_t, const Values<double>& values) override {
    const View<const double> probabilities = values.read("dense2.output");
    double loss = 0;
    for (std::int64_t r = 0; r < probabilities.rows; ++r, ++row_) {
      const std::int32_t label = digits_.train.label(row_);
      loss -= std::log(probabilities(r, label) + epsilon);
      right_ += most_likely(probabilities.row(r)) == label;
    }
    losses_ += loss / static_cast<double>(probabilities.rows);
    ++batches_;
  }

  void on_epoch(const EpochRecord&) override {
    logs.train_loss.push_back(losses_ / batches_);
    logs.train_accuracy.push_back(100 * right_ / static_cast<double>(row_));
    judge();
    if (static_cast<std::int64_t>(logs.train_loss.size()) < epochs_) begin_epoch();
  }

  Logs logs;
  std::vector<double> predictions;  ///< of the dev images after the last epoch, rows × 10

 private:
  void begin_epoch() {
    lesson_.doing("epoch " + std::to_string(logs.train_loss.size() + 1) + " of " + std::to_string(epochs_));
    row_ = 0;
    losses_ = batches_ = right_ = 0;
  }

  void judge() {
    const Tensor<double> probabilities = model_.predict(digits_.dev);
    predictions.assign(probabilities.values().begin(), probabilities.values().end());
    const std::int64_t rows = digits_.dev.rows();
    double loss = 0, right = 0;
    for (std::int64_t r = 0; r < rows; ++r) {
      const double* row = &predictions[static_cast<std::size_t>(10 * r)];
      loss -= std::log(row[digits_.dev.label(r)] + epsilon);
      right += most_likely(row) == digits_.dev.label(r);
    }
    logs.dev_loss.push_back(loss / static_cast<double>(rows));
    logs.dev_accuracy.push_back(100 * right / static_cast<double>(rows));
  }

  Lesson& lesson_;
  const BasicModel<double>& model_;
  const Digits& digits_;
  std::int64_t epochs_, row_ = 0;
  double losses_ = 0, batches_ = 0, right_ = 0;
};

figures::Picture picture_of(const Dataset& data, std::int64_t row, std::string caption) {
  figures::Picture picture{28, 28, std::vector<double>(784), std::move(caption), std::nullopt};
  data.read_row(row, picture.pixels.data());
  return picture;
}

void show_images(Lesson& lesson, const Dataset& train) {
  figures::Pictures grid{{"The first 16 training images after shuffling", "", ""}, {}, 4};
  for (std::int64_t i = 0; i < 16; ++i) {
    grid.pictures.push_back(picture_of(train, i, "label: " + std::to_string(train.label(i))));
  }
  lesson.show(grid);
}

void show_course(Lesson& lesson, const Logs& logs) {
  lesson.exact("train loss",
               "0.258 0.127 0.096 0.078 0.066 0.056 0.048 0.040 0.035 0.030 0.025 0.022 0.019 0.016 0.013",
               logs.train_loss);
  lesson.exact("dev loss", "0.139 0.105 0.094 0.088 0.086 0.083 0.084 0.085 0.085 0.086 0.089 0.091 0.094 0.092 0.093",
               logs.dev_loss);
  lesson.exact("train accuracy, %", "92 96 97 98 98 98 99 99 99 99 99 99 100 100 100", logs.train_accuracy);
  lesson.exact("dev accuracy, %", "96 97 97 97 97 98 97 97 97 98 97 98 98 98 98", logs.dev_accuracy);
  std::vector<double> epochs(logs.train_loss.size());
  std::iota(epochs.begin(), epochs.end(), 1);
  for (const bool log_y : {false, true}) {
    lesson.show(
        figures::Curves{{log_y ? "On a logarithmic axis: the training loss falls by about the same factor per epoch"
                               : "From the sixth epoch on only the training loss still falls",
                         "epoch", "cross-entropy"},
                        {{"train", epochs, logs.train_loss}, {"dev", epochs, logs.dev_loss, true}},
                        log_y});
  }
  lesson.show(figures::Curves{
      {"In the end nearly all training images are correct; 2 % of the dev images remain wrong", "epoch", "accuracy, %"},
      {{"train", epochs, logs.train_accuracy}, {"dev", epochs, logs.dev_accuracy, true}}});
}

void show_confusion(Lesson& lesson, const Dataset& dev, const std::vector<double>& predictions) {
  figures::Confusion confusion{
      {"Confusion matrix of the dev images", "predicted", "true"}, {}, std::vector<double>(100)};
  for (int digit = 0; digit < 10; ++digit) confusion.classes.push_back(std::to_string(digit));
  double errors = 0;
  for (std::int64_t r = 0; r < dev.rows(); ++r) {
    const std::int32_t truth = dev.label(r), predicted = most_likely(&predictions[static_cast<std::size_t>(10 * r)]);
    ++confusion.counts[static_cast<std::size_t>(10 * truth + predicted)];
    errors += truth != predicted;
  }
  lesson.exact("wrong of 10,000 dev images", "228", errors);
  lesson.show(confusion);
}

/// The text selects 64 dev images with randint, after all its other random numbers.
void show_predictions(Lesson& lesson, const Dataset& dev, const std::vector<double>& predictions, NumpyRandom& random) {
  figures::Pictures grid{{"64 random dev images: label l, prediction p", "", ""}, {}, 8};
  std::vector<double> chosen;
  for (int i = 0; i < 64; ++i) {
    const std::int64_t j = random.randint(0, dev.rows());
    const std::int32_t label = dev.label(j), predicted = most_likely(&predictions[static_cast<std::size_t>(10 * j)]);
    figures::Picture picture = picture_of(dev, j, "l: " + std::to_string(label) + " p: " + std::to_string(predicted));
    picture.right = label == predicted;
    grid.pictures.push_back(std::move(picture));
    if (i < 4) chosen.push_back(static_cast<double>(j));
  }
  lesson.exact("the first four of them", "4751 3101 5527 3869", chosen);
  lesson.show(grid);
}

void run(Lesson& lesson) {
  lesson.say(
      "Images of 28 × 28 pixels become rows of 784 numbers; 64 hidden units and ten outputs predict the digit. All "
      "random numbers of the text come from one seed, in this order: the shuffle of the training images, that of the "
      "dev images, the weights, and after training the 64 images that it shows. So its 15 lines can be reproduced "
      "digit for digit.");
  NumpyRandom random(lesson.seed(3));
  const Digits digits = read_digits(lesson, random);
  show_images(lesson, digits.train);

  BasicModel<double> model{Dense(lesson.integer("hidden"), Activation::parse(lesson.text("activation"))),
                           Dense(10, softmax)};
  draw_weights(model, Shape{784}, 2, random);
  lesson.exact("parameters", "50890", static_cast<double>(model.parameter_count()));

  lesson.say(
      "The text divides by the batch size m twice: once in dZ = (A - Y)/m and again in dW = dZ·Aᵀ/m. Its gradient is "
      "the correct one divided by m, so with batches of 8 its learning rate of 0.4 has the effect of 0.05. This is "
      "harmless as long as m is constant: with another batch size the same 0.4 would be another step. The library gets "
      "the learning rate that is actually in effect.");
  const std::int64_t batch = lesson.integer("batch"), epochs = lesson.integer("epochs");
  const double step = lesson.number("lr") / static_cast<double>(batch);
  lesson.errs("effective learning rate", "0.4", "0.05", step, "the gradient is divided by m = 8 twice");

  Loop loop(lesson, model, digits, epochs);
  BasicFitOptions<double> options;
  options.epochs = epochs;
  options.batch_size = batch;
  options.optimizer = Sgd{.learning_rate = step};
  options.shuffle = false;
  options.keep = {"dense2.output"};
  options.observers = {&loop};
  options.cancel = lesson.cancel();
  fit(model, digits.train, {}, options);
  lesson.doing("looking at the result");
  show_course(lesson, loop.logs);
  show_confusion(lesson, digits.dev, loop.predictions);
  show_predictions(lesson, digits.dev, loop.predictions, random);
}

}  // namespace

const Tutorial tutorial_mnist_64{"mnist-64",
                                 "000",
                                 "handwritten digits with 64 hidden units: 15 lines of training, digit for digit",
                                 run,
                                 {{"lr", "0.4", "learning rate, which the text's gradient divides by the batch size"},
                                  {"batch", "8", "images per training step"},
                                  {"epochs", "15", "passes over the training images"},
                                  {"hidden", "64", "hidden units"},
                                  {"activation", "relu", "activation of the hidden units"}},
                                 "mnist"};

}  // namespace pellucid::tutorial
