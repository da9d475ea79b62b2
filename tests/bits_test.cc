// The promise of bits, workload by workload of bench/workloads.json: threads, targets, zeros skipped, values looked at.
// Rows are made up, with as many zeros as the real ones. Not here: every rule and every layer (speed_paths_test,
// battery).
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "kernels/kernels.h"
#include "pellucid/trainer.h"

namespace pellucid {
namespace {

using Json = nlohmann::json;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool checked = true;
#elif defined(__has_feature)
constexpr bool checked = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool checked = false;
#endif

const Json& workloads() {
  static const Json all = Json::parse(std::ifstream(PELLUCID_SOURCE_DIR "/bench/workloads.json"));
  return all;
}

std::vector<std::string> workload_names() {
  std::vector<std::string> names;
  for (const auto& [name, job] : workloads().items()) {
    if (!job.value("predict", false)) names.push_back(name);
  }
  return names;
}

struct Source {
  std::int64_t columns;
  double zeros;  // share
};
const std::map<std::string, Source> sources = {{"mnist", {784, 0.81}},
                                               {"fashion-mnist", {784, 0.5}},
                                               {"digits", {64, 0.49}},
                                               {"makeclass", {20, 0}},
                                               {"paris", {16, 0}}};

// Bytes as in pictures: some columns are zero in every row, the others in some.
Block make_features(const Json& job, std::int64_t rows, double zeros) {
  const std::int64_t columns = sources.at(job["data"]).columns;
  Block block;
  block.shape = {columns};
  block.factor = 1 / job.value("divide", 1.0);
  Random random({.seed = 9});
  for (std::int64_t i = 0; i < rows * columns; ++i) {
    const bool edge = i % columns < columns / 8;
    const bool zero = edge ? zeros > 0 : random.uniform() < (zeros - 0.125) / 0.875;
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

// How much a step computes: the size of the first layer's output.
std::int64_t size_of(const Json& job) {
  return job["batch"].get<std::int64_t>() * job["layers"][0][0].get<std::int64_t>();
}
constexpr std::int64_t small = 2000, large = 100'000;

// Some whole batches and a short one; a full batch stays one.
std::int64_t rows_of(const Json& job) {
  const std::int64_t batch = job["batch"], size = size_of(job);
  if (batch >= 1000) return checked ? batch / 4 : batch;
  return batch * (size > large || checked ? 1 : size > small ? 2 : 10) + batch / 3 + 1;
}

struct Way {
  const Kernels<float>* kernels;
  std::int64_t threads;
  bool dense, observed;
};

std::ostream& operator<<(std::ostream& out, const Way& way) {
  return out << way.kernels->target << ", " << way.threads << " threads, " << (way.dense ? "dense" : "skipping")
             << (way.observed ? ", observed" : "");
}

struct Looker : Observer {
  void on_step(std::int64_t, const Values<float>& values) override {
    for (const char* name : {"dense1.z", "dense1.weight.gradient", "dense2.output"}) {
      seen += values.read(name).columns;
    }
  }
  std::int64_t seen = 0;
};

Model make_model(const Json& job, const Dataset& data) {
  Model model;
  for (const Json& layer : job["layers"]) {
    model.add(Dense(layer[0].get<std::int64_t>(), Activation::parse(layer[1].get<std::string>())));
  }
  model.build(data.row_shape());
  return model;
}

// Every weight, and the loss of every epoch.
std::vector<float> trained(const Json& job, Model model, const Dataset& data, const Way& way) {
  use_kernels(*way.kernels);
  Looker looker;
  FitOptions options;
  options.epochs = 2;
  options.batch_size = std::min(job["batch"].get<std::int64_t>(), data.rows());
  options.optimizer = Optimizer(job["optimizer"].get<std::string>());
  options.optimizer.set_learning_rate(job["learning_rate"]);
  options.schedule.kind = job.value("schedule", "constant");
  options.threads = way.threads;
  if (way.observed) {
    options.observer = &looker;
    options.keep = {"dense1.z", "dense1.weight.gradient", "dense2.output"};
  }
  if (way.dense) options.keep.push_back("input");  // who looks at the input needs all of it
  const History history = fit(model, data, Dataset(), options);
  EXPECT_EQ(looker.seen > 0, way.observed);
  std::vector<float> numbers;
  for (const Parameter<float>& p : model.parameters()) {
    numbers.insert(numbers.end(), p.value.values().begin(), p.value.values().end());
  }
  for (const EpochRecord& epoch : history.epochs) numbers.push_back(static_cast<float>(epoch.train_loss));
  return numbers;
}

// The plain scalar twin is the reference where it does not take minutes.
std::vector<Way> all_ways(const Json& job) {
  std::vector<Way> ways;
  for (const Kernels<float>* table : all_kernels<float>()) {
    const bool scalar = std::string_view(table->target) == "scalar";
    if (!table->fma || (scalar && size_of(job) > small)) continue;
    for (const std::int64_t threads : {1, 2, 3, 7}) {
      if (threads > 1 && (scalar || (checked && threads != 3))) continue;
      for (const bool dense : {true, false}) {
        for (const bool observed : {false, true}) ways.push_back({table, threads, dense, observed});
      }
    }
  }
  return ways;
}

class Bits : public testing::TestWithParam<std::string> {
 public:
  ~Bits() override { use_kernels(*all_kernels<float>().back()); }
};

TEST_P(Bits, every_way_to_train_gives_the_same_weights) {
  const Json& job = workloads()[GetParam()];
  const std::int64_t rows = rows_of(job);
  const std::vector<Way> ways = all_ways(job);
  if (ways.empty()) GTEST_SKIP() << "this CPU has no fused multiply-add";
  for (const double zeros : {sources.at(job["data"]).zeros, 0.9}) {
    const Dataset data(std::make_shared<Block>(make_features(job, rows, zeros)),
                       std::make_shared<Targets>(make_targets(job, rows)));
    const Model model = make_model(job, data);
    const std::vector<float> reference = trained(job, model, data, ways[0]);
    for (std::size_t i = 1; i < ways.size(); ++i) {
      const std::vector<float> other = trained(job, model, data, ways[i]);
      ASSERT_TRUE(std::ranges::equal(other, reference)) << ways[i] << " against " << ways[0] << ", zeros " << zeros;
    }
  }
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Workloads, Bits, testing::ValuesIn(workload_names()), test_name);

}  // namespace
}  // namespace pellucid
