// speedy: the same networks with single neurons and rows, and with layers and batches of 16: same numbers, less time.
// Not here: the neurons (neurons.h), training on the digits to the end (digits_32.cc).
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "lessons/experiments/rows.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

struct Task {
  std::string name;
  Rows inputs, targets;
};

Task bowl() {
  Task task{"x1² + x2²", {}, {}};
  NumpyRandom random(42);
  for (int r = 0; r < 35; ++r) {
    const Numbers x = random.uniform(-1, 1, 2);
    task.inputs.push_back(x);
    task.targets.push_back({(x[0] * x[0] + x[1] * x[1]) / 2});
  }
  return task;
}

Task iris(Lesson& lesson) {
  const Table table = lesson.shipped("iris");
  const Rows inputs = rows_of(table, 0, 3, 150);
  return {"iris", StandardScaler(inputs)(inputs), one_hot(table.columns[4].codes, 3)};
}

Task digits(Lesson& lesson) {
  const Table table = lesson.shipped("digits");
  const Rows inputs = rows_of(table, 0, 63, 1797);
  return {"digits", StandardScaler(inputs)(inputs), one_hot(table.columns[64].numbers, 10)};
}

/// The text's Layer: weights in × out, N(0, 1/in), biases N(0, 0.1²). The neurons get the same numbers.
struct Twins {
  BasicModel<double> layers;
  NeuronNet neurons{std::vector<std::vector<Neuron>>{}};

  Twins(const std::vector<std::int64_t>& sizes, NumpyRandom& random) {
    for (std::size_t l = 1; l < sizes.size(); ++l) layers.add(Dense{sizes[l], sigmoid});
    layers.build(Shape{sizes[0]});
    std::vector<std::vector<Neuron>> all;
    for (std::size_t l = 1; l < sizes.size(); ++l) {
      const std::string name = "dense" + std::to_string(l);
      const View<double> weight = layers.parameter(name + ".weight").view();
      const std::span<double> bias = layers.parameter(name + ".bias").values();
      const Numbers drawn =
          random.normal(0, std::sqrt(1.0 / static_cast<double>(weight.rows)), sizes[l - 1] * sizes[l]);
      std::copy(drawn.begin(), drawn.end(), weight.data);
      for (double& one : bias) one = random.normal(0, 0.1);
      all.emplace_back();
      for (std::int64_t n = 0; n < weight.columns; ++n) {
        Numbers column;
        for (std::int64_t i = 0; i < weight.rows; ++i) column.push_back(weight(i, n));
        all.back().emplace_back(column, bias[n], false);
      }
    }
    neurons = NeuronNet(all);
  }
};

template <class Work>
double seconds(Work work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// The text steps along target - output, which is half the slope of the squared error, so the rate is halved here.
double time_layers(BasicModel<double>& net, const Dataset& data, std::int64_t epochs, std::int64_t batch, double rate) {
  BasicFitOptions<double> options;
  options.epochs = epochs;
  options.batch_size = batch;
  options.optimizer = Sgd{.learning_rate = rate / 2};
  options.loss = Loss("mse", {.reduction = Reduction::sum});
  options.shuffle = false;
  options.threads = 1;
  return seconds([&] { fit(net, data, {}, options); });
}

double time_neurons(NeuronNet& net, const Task& task, std::int64_t epochs, double rate) {
  return seconds([&] {
    for (std::int64_t epoch = 0; epoch < epochs; ++epoch) {
      for (std::size_t r = 0; r < task.inputs.size(); ++r) net.learn(task.inputs[r], task.targets[r], rate);
    }
  });
}

double largest_difference(Twins& twins, const Task& task, const Dataset& data) {
  const Tensor<double> outputs = twins.layers.predict(data);
  double largest = 0;
  for (std::size_t r = 0; r < task.inputs.size(); ++r) {
    const Numbers row = twins.neurons.forward(task.inputs[r]);
    for (std::size_t i = 0; i < row.size(); ++i) {
      largest = std::max(largest, std::abs(row[i] - outputs.values()[r * row.size() + i]));
    }
  }
  return largest;
}

void compare(Lesson& lesson, const Task& task, const std::vector<std::int64_t>& sizes, std::int64_t epochs,
             figures::Sheet& sheet) {
  lesson.doing(task.name);
  const Dataset data = dataset_of(task.inputs, task.targets);
  NumpyRandom random(lesson.seed(42));
  Twins twins(sizes, random);
  BasicModel<double> batched = twins.layers;
  const double rate = 0.01, neurons = time_neurons(twins.neurons, task, epochs, rate),
               rows = time_layers(twins.layers, data, epochs, 1, rate),
               batches = time_layers(batched, data, epochs, lesson.integer("batch"), rate);
  std::string net;
  for (const std::int64_t size : sizes) net += (net.empty() ? "" : "-") + std::to_string(size);
  lesson.holds(net + ": neurons and layers give the same outputs, row by row",
               largest_difference(twins, task, data) < 1e-9);
  if (task.name == "digits") {
    lesson.higher(net + ": speedup by layers and batches", 1, neurons / batches,
                  "the text goes from minutes to a few seconds; its neurons are Python, ours are compiled");
  }
  const auto each = [&](double all) { return fmt::format("{:.3g} ms", 1e3 * all / static_cast<double>(epochs)); };
  sheet.rows.push_back(
      {task.name, net, each(neurons), each(rows), each(batches), fmt::format("{:.1f}", neurons / batches)});
}

void run(Lesson& lesson) {
  lesson.say(
      "A network of single neurons goes from one neuron to the next, each with its own list of weights. A layer has "
      "all weights in one matrix and computes the same sums as one product; a batch of 16 rows is one product too, so "
      "each weight is read once for 16 rows. Layers change nothing but the time: trained row by row, both give the "
      "same outputs. Batches make one step where single rows make 16, so the result is similar but not equal.");
  figures::Sheet sheet{{"One epoch, on one thread", "", ""},
                       {"data", "net", "neurons", "layers, rows", "layers, batches", "speedup"},
                       {}};
  compare(lesson, bowl(), {2, 4, 4, 1}, 400, sheet);
  compare(lesson, iris(lesson), {4, 4, 3}, 100, sheet);
  compare(lesson, digits(lesson), {64, 32, 10}, 10, sheet);
  lesson.show(sheet);
}

}  // namespace

const Tutorial tutorial_speedy{"speedy",
                               "002",
                               "layers and batches against single neurons: the same numbers in less time",
                               run,
                               {{"batch", "16", "rows per batch"}}};

}  // namespace pellucid::tutorial
