// Twelve training steps compared with numbers from NumPy (tests/golden/make_golden.py): loss and gradients of every
// step, and the final weights. Not here: steps that can be followed by hand (worked_step_test.cc).
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/file.h"
#include "pellucid/trainer.h"

namespace pellucid {
namespace {

using Json = nlohmann::json;

/// Appends all numbers in nested arrays, in order.
void flatten(const Json& json, std::vector<double>& numbers) {
  if (json.is_number()) return numbers.push_back(json.get<double>());
  for (const Json& part : json) flatten(part, numbers);
}
std::vector<double> flat(const Json& json) {
  std::vector<double> numbers;
  flatten(json, numbers);
  return numbers;
}

/// "dense1.weight", "dense1.bias", "dense2.weight", …
std::string parameter_name(std::size_t layer, std::size_t which) {
  return "dense" + std::to_string(layer + 1) + (which == 0 ? ".weight" : ".bias");
}

template <class T>
class Against : public BasicObserver<T> {
 public:
  Against(const Json& golden, double tolerance) : golden_(golden), tolerance_(tolerance) {}

  void on_step(std::int64_t step, const Values<T>& values) override {
    const Json& expected = golden_["steps"].at(static_cast<std::size_t>(step - 1));
    EXPECT_NEAR(values.read("loss")(0, 0), expected["loss"].get<double>(), tolerance_) << "step " << step;
    for (std::size_t layer = 0; layer < expected["gradients"].size(); ++layer) {
      for (std::size_t which : {0u, 1u}) {
        const std::string name = parameter_name(layer, which) + ".gradient";
        const View<const T> gradient = values.read(name);
        const std::vector<double> numbers = flat(expected["gradients"][layer][which]);
        ASSERT_EQ(gradient.rows * gradient.columns, static_cast<std::int64_t>(numbers.size()));
        for (std::size_t i = 0; i < numbers.size(); ++i)
          EXPECT_NEAR(gradient.data[i], numbers[i], tolerance_) << name << " " << i << ", step " << step;
      }
    }
    ++seen;
  }
  std::int64_t seen = 0;

 private:
  const Json& golden_;
  double tolerance_;
};

Dataset data_of(const Json& golden) {
  const std::vector<double> x = flat(golden["x"]);
  const Shape row{golden["sizes"][0].get<std::int64_t>()};
  const auto outputs = golden["sizes"].back().get<std::int32_t>();
  const std::vector<double> target = flat(golden["target"]);
  if (golden["target"][0].is_array()) return Dataset::regression(std::span<const double>(x), row, target, outputs);
  const std::vector<std::int32_t> labels(target.begin(), target.end());
  return Dataset::classification(std::span<const double>(x), row, labels, outputs);
}

template <class T>
BasicModel<T> model_of(const Json& golden) {
  BasicModel<T> model;
  for (std::size_t i = 0; i < golden["activations"].size(); ++i) {
    model.add(Dense(golden["sizes"][i + 1].get<std::int64_t>(),
                    Activation::parse(golden["activations"][i].get<std::string>())));
  }
  model.build(Shape{golden["sizes"][0].get<std::int64_t>()});
  return model;
}

template <class T>
void run(const std::string& name, BasicFitOptions<T> options, double tolerance) {
  const Json golden = Json::parse(read_file(PELLUCID_SOURCE_DIR "/tests/golden/" + name + ".json"));
  BasicModel<T> model = model_of<T>(golden);
  for (std::size_t layer = 0; layer < golden["start"].size(); ++layer) {
    for (std::size_t which : {0u, 1u}) {
      const std::vector<double> numbers = flat(golden["start"][layer][which]);
      std::copy(numbers.begin(), numbers.end(), model.parameter(parameter_name(layer, which)).data());
      options.keep.push_back(parameter_name(layer, which) + ".gradient");
    }
  }
  Against<T> against(golden, tolerance);
  options.epochs = 4;  // of three batches
  options.batch_size = 4;
  options.shuffle = false;
  options.keep_best = false;
  options.patience = 0;
  options.observers = {&against};
  fit(model, data_of(golden), Dataset{}, options);
  EXPECT_EQ(against.seen, 12);
  for (std::size_t layer = 0; layer < golden["end"].size(); ++layer) {
    for (std::size_t which : {0u, 1u}) {
      const std::vector<double> numbers = flat(golden["end"][layer][which]);
      const auto values = model.parameter(parameter_name(layer, which)).values();
      for (std::size_t i = 0; i < numbers.size(); ++i)
        EXPECT_NEAR(values[i], numbers[i], tolerance) << parameter_name(layer, which) << " " << i;
    }
  }
}

template <class T>
BasicFitOptions<T> classify_options() {
  BasicFitOptions<T> options;
  options.optimizer = Adam{.learning_rate = 0.01};
  return options;
}

template <class T>
BasicFitOptions<T> regress_options() {
  BasicFitOptions<T> options;
  options.optimizer = Momentum{0.1, 0.9, "nesterov"};
  options.clip_norm = 0.5;
  options.l2 = 0.01;
  return options;
}

TEST(Golden, classification_with_adam_agrees_with_numpy) {
  run<double>("classify", classify_options<double>(), 1e-13);
  run<float>("classify", classify_options<float>(), 2e-6);
}

TEST(Golden, regression_with_nesterov_clipping_and_decay_agrees_with_numpy) {
  run<double>("regress", regress_options<double>(), 1e-13);
  run<float>("regress", regress_options<float>(), 2e-6);
}

}  // namespace
}  // namespace pellucid
