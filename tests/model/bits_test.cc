// Identical results, for every workload of bench/workloads.json: any number of threads, instruction set, skipped zeros,
// observers.
// Not here: every update rule and layer (speed_paths_test.cc, battery_test.cc).
#include <gtest/gtest.h>

#include "kernels/kernels.h"
#include "support/workloads.h"

namespace pellucid {
namespace {

using test::Json;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool checked = true;
#elif defined(__has_feature)
constexpr bool checked = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool checked = false;
#endif

// A measure of the work of one step: the size of the first layer's output.
std::int64_t size_of(const Json& job) {
  return job["batch"].get<std::int64_t>() * job["layers"][0][0].get<std::int64_t>();
}
constexpr std::int64_t small = 2000, large = 100'000;

// Some full batches and a short one; for batches of 1000 rows and more, only one full batch.
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

// Trains in the given way and returns every weight and the loss of every epoch.
std::vector<float> trained(const Json& job, Model model, const Dataset& data, const Way& way) {
  use_kernels(*way.kernels);
  Looker looker;
  FitOptions options = test::make_options(job, data);
  options.epochs = 2;
  options.threads = way.threads;
  if (way.observed) {
    options.observers = {&looker};
    options.keep = {"dense1.z", "dense1.weight.gradient", "dense2.output"};
  }
  if (way.dense) options.keep.push_back("input");  // reading the input needs all of it, so zeros are not skipped
  const History history = fit(model, data, Dataset(), options);
  EXPECT_EQ(looker.seen > 0, way.observed);
  std::vector<float> numbers;
  for (const Parameter<float>& p : model.parameters()) {
    numbers.insert(numbers.end(), p.value.values().begin(), p.value.values().end());
  }
  for (const EpochRecord& epoch : history.epochs) numbers.push_back(static_cast<float>(epoch.train_loss));
  return numbers;
}

// The scalar twin is the reference, except for workloads where it would take minutes.
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

TEST_P(Bits, all_ways_to_train_give_the_same_weights) {
  const Json& job = test::workload(GetParam());
  const std::int64_t rows = rows_of(job);
  const std::vector<Way> ways = all_ways(job);
  if (ways.empty()) GTEST_SKIP() << "this CPU has no fused multiply-add";
  for (const double zeros : {test::zeros_of(job), 0.9, 0.98}) {
    const Dataset data = test::make_data(job, rows, zeros);
    const Model model = test::make_model(job, data);
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

INSTANTIATE_TEST_SUITE_P(Workloads, Bits, testing::ValuesIn(test::workload_names()), test_name);

}  // namespace
}  // namespace pellucid
