// Reads bench/workloads.json and makes random rows.
// Not here: training (tests/steps/main.cc).
#include "support/workloads.h"

#include <algorithm>
#include <fstream>
#include <map>

#include "pellucid/random.h"

namespace pellucid::test {
namespace {

const Json& workloads() {
  static const Json all = Json::parse(std::ifstream(PELLUCID_SOURCE_DIR "/bench/workloads.json"));
  return all;
}

struct Source {
  std::int64_t columns;
  double zeros;  // share of zeros
};
const std::map<std::string, Source> sources = {{"mnist", {784, 0.81}},
                                               {"fashion-mnist", {784, 0.5}},
                                               {"digits", {64, 0.49}},
                                               {"makeclass", {20, 0}},
                                               {"paris", {16, 0}}};

// Bytes as in images: more than half of the zeros fill whole columns (the margin), the others are anywhere.
Block make_features(const Json& job, std::int64_t rows, double zeros) {
  const std::int64_t columns = sources.at(job["data"]).columns;
  Block block;
  block.shape = {columns};
  block.factor = 1 / job.value("divide", 1.0);
  const double margin = 0.6 * zeros;
  Random random({.seed = 9});
  for (std::int64_t i = 0; i < rows * columns; ++i) {
    const bool outside = static_cast<double>(i % columns) < margin * static_cast<double>(columns);
    const bool zero = outside || random.uniform() < (zeros - margin) / (1 - margin);
    if (job.contains("divide")) {
      block.bytes.push_back(zero ? 0 : static_cast<std::uint8_t>(1 + random.below(255)));
    } else {
      block.floats.push_back(zero ? 0 : static_cast<float>(random.normal()));
    }
  }
  return block;
}

Targets make_targets(const Json& job, std::int64_t rows) {
  Targets targets;
  Random random({.seed = 10});
  const bool values = job["loss"] == "mse";
  if (values) targets.columns = 1;
  if (!values) targets.classes = job["loss"] == "cross_entropy" ? job["layers"].back()[0].get<std::int32_t>() : 2;
  for (std::int64_t r = 0; r < rows; ++r) {
    if (values) {
      targets.values.push_back(random.normal());
    } else {
      targets.labels.push_back(static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(targets.classes))));
    }
  }
  return targets;
}

}  // namespace

std::vector<std::string> workload_names() {
  std::vector<std::string> names;
  for (const auto& [name, job] : workloads().items()) {
    if (!job.value("predict", false)) names.push_back(name);
  }
  return names;
}

const Json& workload(const std::string& name) {
  return workloads().at(name);
}

double zeros_of(const Json& job) {
  return sources.at(job["data"]).zeros;
}

Dataset make_data(const Json& job, std::int64_t rows, double zeros) {
  return {std::make_shared<Block>(make_features(job, rows, zeros)), std::make_shared<Targets>(make_targets(job, rows))};
}

Model make_model(const Json& job, const Dataset& data, const Initializer& weights) {
  Model model;
  for (const Json& layer : job["layers"]) {
    model.add(Dense(layer[0].get<std::int64_t>(), Activation::parse(layer[1].get<std::string>()),
                    {.bias = true, .weight_initializer = weights, .bias_initializer = Initializer("zeros")}));
  }
  model.build(data.row_shape());
  return model;
}

FitOptions make_options(const Json& job, const Dataset& data) {
  FitOptions options;
  options.batch_size = std::min(job["batch"].get<std::int64_t>(), data.rows());
  options.optimizer = Optimizer(job["optimizer"].get<std::string>());
  options.optimizer.set_learning_rate(job["learning_rate"]);
  options.schedule.kind = job.value("schedule", "constant");
  return options;
}

}  // namespace pellucid::test
