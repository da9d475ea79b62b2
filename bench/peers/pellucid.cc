// pellucid as one of the compared libraries: runs a job of bench/compare.py with the public API and answers in JSON.
// Not here: the jobs (bench/workloads.json), the other libraries (bench/peers/*_peer.py), the comparison
// (bench/compare.py).
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <exception>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/peak.h"
#include "pellucid/pellucid.h"

namespace pellucid::bench {
namespace {

using Json = nlohmann::json;
/// Wall-clock seconds, or CPU seconds of this process if the machine is not quiet (compare.py --clock cpu).
class Clock {
 public:
  explicit Clock(const Json& job) : id_(job["clock"] == "cpu" ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC) {}
  double now() const {
    timespec time{};
    clock_gettime(id_, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  }

 private:
  clockid_t id_;
};

template <class V>
LargeVector<V> read_numbers(const Json& job, const std::string& name) {
  std::ifstream file(job["folder"].get<std::string>() + "/" + name, std::ios::binary | std::ios::ate);
  if (!file) throw std::runtime_error("cannot read " + name);
  LargeVector<V> values(static_cast<std::size_t>(file.tellg()) / sizeof(V));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(V)));
  return values;
}

Dataset read_rows(const Json& job, const std::string& prefix) {
  auto block = std::make_shared<Block>();
  block->shape = {job["features"].get<std::int64_t>()};
  block->factor = 1 / job.value("divide", 1.0);
  if (job["bytes"]) {
    block->bytes = read_numbers<std::uint8_t>(job, prefix + "x");
  } else {
    block->floats = read_numbers<float>(job, prefix + "x");
  }
  auto targets = std::make_shared<Targets>();
  if (job["loss"] == "mse") {
    const auto values = read_numbers<float>(job, prefix + "y");
    targets->values.assign(values.begin(), values.end());
    targets->columns = 1;
  } else {
    targets->labels = read_numbers<std::int32_t>(job, prefix + "y");
    targets->classes = job["loss"] == "cross_entropy" ? job["layers"].back()[0].get<std::int32_t>() : 2;
  }
  return {block, targets};
}

/// The network with the initial weights that all peers use.
Model make_model(const Json& job, int seed) {
  Model model;
  for (const Json& layer : job["layers"]) {
    model.add(Dense(layer[0].get<std::int64_t>(), Activation::parse(layer[1].get<std::string>())));
  }
  model.build({job["features"].get<std::int64_t>()});
  const auto weights = read_numbers<float>(job, "weights-" + std::to_string(seed));
  auto next = weights.begin();
  for (Parameter<float>& parameter : model.parameters()) {
    for (float& value : parameter.value.values()) value = *next++;
  }
  return model;
}

/// The time between the ends of consecutive epochs: training steps and all other work of fit().
class EpochClock : public Observer {
 public:
  explicit EpochClock(const Clock& clock) : clock_(clock) {}
  void on_start(std::int64_t, std::int64_t) override { last_ = clock_.now(); }
  void on_epoch(const EpochRecord& record) override {
    const double now = clock_.now();
    seconds.push_back(now - last_);
    loss = record.train_loss;
    last_ = now;
  }
  std::vector<double> seconds;
  double loss = 0;

 private:
  const Clock& clock_;
  double last_ = 0;
};

FitOptions make_options(const Json& job) {
  FitOptions options;
  options.epochs = job["epochs"];
  options.batch_size = job["batch"];
  options.optimizer = Optimizer(job["optimizer"].get<std::string>());
  options.optimizer.set_learning_rate(job["learning_rate"]);
  options.schedule.kind = job.value("schedule", "constant");
  options.shuffle = job.value("shuffle", true);
  options.threads = job["threads"];
  return options;
}

Json train(const Json& job) {
  const Dataset rows = read_rows(job, ""), test = read_rows(job, "test_");
  const Clock clock(job);
  FitOptions options = make_options(job);
  Model warm_up = make_model(job, job["seeds"][0]);
  options.epochs = 1;
  fit(warm_up, rows, {}, options);
  options.epochs = job["epochs"];
  Json runs = Json::array();
  for (const int seed : job["seeds"]) {
    Model model = make_model(job, seed);
    EpochClock epochs(clock);
    options.observers = {&epochs};
    options.seed = static_cast<std::uint64_t>(seed);
    fit(model, rows, {}, options);
    const double score = evaluate(model, test).score();
    runs.push_back({{"seconds", epochs.seconds}, {"loss", epochs.loss}, {"score", score}});
  }
  return runs;
}

/// Rows in memory become a data set and are trained on: all that Model.fit does in Python (bench/python.py).
Json train_from_memory(const Json& job) {
  const auto rows = read_numbers<float>(job, "x");
  const auto labels = read_numbers<std::int32_t>(job, "y");
  const Clock clock(job);
  Json seconds = Json::array();
  for (int run = 0; run < 3; ++run) {
    Model model = make_model(job, job["seeds"][0]);
    const double start = clock.now();
    const std::int64_t features = job["features"];
    const Dataset data = Dataset::classification(rows, {features}, labels, job["layers"].back()[0]);
    fit(model, data, {}, make_options(job));
    seconds.push_back(clock.now() - start);
  }
  return {{{"seconds", seconds}}};
}

Json predict(const Json& job) {
  const Model model = make_model(job, job["seeds"][0]);
  const auto rows = read_numbers<float>(job, "x");
  const std::size_t columns = job["features"], count = rows.size() / columns;
  const auto row = [&](std::size_t i) { return std::span(rows).subspan(i % count * columns, columns); };
  Predictor<float> predictor = model.predictor();
  const Clock clock(job);
  float sink = 0;
  const bool at_once = job.value("at_once", 1) > 1;  // all rows in one call, for bench/python.py
  const View<const float> all{rows.data(), static_cast<std::int64_t>(count), static_cast<std::int64_t>(columns),
                              static_cast<std::int64_t>(columns)};
  const auto timed = [&](std::size_t calls) {
    const double start = clock.now();
    for (std::size_t i = 0; i < calls; ++i) sink += at_once ? model.predict(all, 1).data()[0] : predictor(row(i))[0];
    return clock.now() - start;
  };
  std::size_t calls = at_once ? 1 : 16;
  while (timed(calls) < 0.02) calls *= 2;
  Json seconds = Json::array(), outputs = Json::array();
  for (int chunk = 0; chunk < 9; ++chunk) seconds.push_back(timed(calls) / static_cast<double>(calls));
  for (std::size_t i = 0; i < 8; ++i) {
    const auto y = predictor(row(i));
    outputs.push_back(std::vector<float>(y.begin(), y.end()));
  }
  return {{{"seconds", seconds}, {"outputs", outputs}, {"sink", sink}}};
}

Json answer(const std::string& path) {
  if (path == "machine") return {{"kernels", cpu_target()}, {"peak_gflops", peak_gflops()}};
  const Json job = Json::parse(std::ifstream(path));
  const bool from_memory = job.value("from_memory", false);
  return {{"version", "pellucid " + version()},
          {"runs", job.value("predict", false) ? predict(job)
                   : from_memory               ? train_from_memory(job)
                                               : train(job)}};
}

}  // namespace
}  // namespace pellucid::bench

int main(int argc, char** argv) try {
  if (argc != 2) {
    std::fputs("usage: pellucid_peer JOB.json | machine\n", stderr);
    return 2;
  }
  std::puts(pellucid::bench::answer(argv[1]).dump().c_str());
} catch (const std::exception& error) {
  std::fprintf(stderr, "pellucid_peer: %s\n", error.what());
  return 1;
}
