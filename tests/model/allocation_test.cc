// Memory allocations on the hot paths: training steps and predictions of single rows.
// Not here: counting them (support/allocations.cc), how long they take (bench/).
#include <gtest/gtest.h>

#include "batches/batches.h"
#include "model/feeder.h"
#include "pellucid/pellucid.h"
#include "pellucid/record.h"
#include "support/allocations.h"
#include "support/nets.h"
#include "support/numbers.h"
#include "train/updater.h"

namespace pellucid {
namespace {

TEST(Allocation, operator_new_is_counted) {
  const long before = test::allocations();
  std::vector<int> something(static_cast<std::size_t>(before % 7 + 100));
  EXPECT_GT(test::allocations(), before) << something.size();
}

TEST(Allocation, an_epoch_of_training_steps_allocates_no_memory) {
  const Dataset data = test::rows_for("classification", 50, 20);
  Model model{Dense(40, relu), Dropout(0.5), Dense(16, pellucid::tanh), Dense(3, softmax)};
  model.build(data.row_shape());
  for (const Optimizer& optimizer : {Optimizer(Sgd{}), Optimizer(Adam{}), Optimizer(Momentum{}), Optimizer(AdamW{})}) {
    const Plan<float> plan(model, {.rows = 8, .loss = default_loss(model, data), .keep = {}});
    Workspace<float> workspace(plan, model);
    Updater<float> updater(model, {.optimizer = optimizer});
    updater.attach(workspace);
    Batches batches(data, 8, true, 1);
    Feeder<float> feeder(batches, workspace, true, nullptr);
    for (std::uint32_t epoch = 1; epoch <= 2; ++epoch) {
      const long before = test::allocations();
      batches.begin_epoch(epoch);
      for (std::int64_t b = 0; b < batches.count(); ++b) {
        updater.step(workspace, feeder.load(b, workspace), {.learning_rate = 0.01, .dropout = 0.5, .decay = 0.5});
      }
      EXPECT_EQ(test::allocations(), before) << optimizer.name() << ", epoch " << epoch;
    }
  }
}

TEST(Allocation, an_epoch_of_a_net_with_embedded_numbers_allocates_no_memory) {
  const Dataset data = test::rows_for("classification", 50, 6);
  const LayerRef embeddings[] = {PeriodicEmbedding({0, 2}), CosineEmbedding({1}), PiecewiseLinearEmbedding({0, 5})};
  for (const LayerRef& embedding : embeddings) {
    Model model{embedding, Dense(40), ParametricActivation{mish}, Dense(3, softmax)};
    model.build(data.row_shape());
    set_edges(model, data);
    std::vector<long> counts;
    struct Count : Observer {
      std::vector<long>& counts;
      explicit Count(std::vector<long>& c) : counts(c) { counts.reserve(100); }
      void on_step(std::int64_t, const Values<float>&) override { counts.push_back(test::allocations()); }
    } count(counts);
    FitOptions options{.epochs = 1, .batch_size = 8, .schedule = {.kind = "coslog4"}};
    options.dropout_schedule = options.decay_schedule = FactorSchedule::flat_cos;
    options.observers = {&count};
    fit(model, data, Dataset{}, options);
    ASSERT_EQ(counts.size(), 7u);
    EXPECT_EQ(counts.back(), counts.front()) << model.nodes()[0].name;
  }
}

TEST(Allocation, an_epoch_of_a_net_for_pictures_allocates_no_memory) {
  const Dataset data = test::rows_for("classification", 50, 64);
  Model model{Reshape{Shape{8, 8, 1}},
              Conv2D{8, 3, relu, {.padding = "same"}},
              MaxPool2D{2},
              Conv2D{4, 3, mish, {.stride = 2, .padding = "1", .groups = 2}},
              AveragePool2D{2},
              GlobalAveragePool2D{},
              Dense(3, softmax)};
  model.build(data.row_shape());
  std::vector<long> counts;
  struct Count : Observer {
    std::vector<long>& counts;
    explicit Count(std::vector<long>& c) : counts(c) { counts.reserve(100); }
    void on_step(std::int64_t, const Values<float>&) override { counts.push_back(test::allocations()); }
  } count(counts);
  FitOptions options{.epochs = 1, .batch_size = 8};
  options.observers = {&count};
  fit(model, data, Dataset{}, options);
  ASSERT_EQ(counts.size(), 7u);
  EXPECT_EQ(counts.back(), counts.front());
}

TEST(Allocation, a_stepper_allocates_no_memory_after_its_first_call_of_each_kind) {
  const Dataset data = test::rows_for("classification", 24, 20);
  Model model{Dense(40, relu), Dropout(0.5), Dense(3, softmax)};
  model.build(data.row_shape());
  const auto x = test::random_values<float>(24 * 20, 1);
  const std::vector<std::int32_t> labels(24, 1);
  const std::vector<float> dy(24 * 3, 0.1f);
  for (const double clip_norm : {0.0, 1.0}) {
    Stepper stepper(model, 24, {.clip_norm = clip_norm});
    const auto all_calls = [&] {
      stepper.step(View<const float>{x.data(), 24, 20, 20}, labels);
      stepper.step(data);
      stepper.accumulate(true);
      stepper.gradients(data);
      stepper.gradients(View<const float>{x.data(), 7, 20, 20}, std::span(labels).first(7));
      stepper.update();
      stepper.forward({x.data(), 24, 20, 20});
      stepper.backward({dy.data(), 24, 3, 3});
      stepper.forward({x.data(), 24, 20, 20});
      stepper.backward({dy.data(), 24, 3, 3});
      stepper.update();
    };
    all_calls();
    const long before = test::allocations();
    all_calls();
    EXPECT_EQ(test::allocations(), before) << clip_norm;
  }
}

TEST(Allocation, a_prediction_of_one_row_allocates_no_memory) {
  for (std::int64_t columns : {4, 784}) {
    Model model{Dense(4, relu), Dense(3, softmax)};
    model.build({columns});
    Predictor<float> predictor = model.predictor();
    auto row = test::random_values<float>(columns, 1);
    const long before = test::allocations();
    for (int i = 0; i < 3; ++i) predictor(row);
    EXPECT_EQ(test::allocations(), before);
    std::fill(row.begin() + 1, row.end(), 0.0f);  // if there are enough zeros, they are now skipped
    for (int i = 0; i < 3; ++i) predictor(row);
    EXPECT_EQ(test::allocations(), before);
  }
}

TEST(Allocation, a_prediction_of_a_graph_allocates_no_memory_from_the_first_call) {
  Model model;
  model.add_input("left", Shape{2}).add_input("right", Shape{2}).add(Dense{4, softmax}, "a", {"left"});
  model.add_shared("a", "b", {"right"}).add(Average{}, "mean", {"a", "b"}).add(Multiply{}, "product", {"mean", "a"});
  model.build(Shape{4});
  Predictor<float> predictor = model.predictor();
  const auto row = test::random_values<float>(4, 1);
  const long before = test::allocations();
  for (int i = 0; i < 3; ++i) predictor(row);
  EXPECT_EQ(test::allocations(), before);
  Tensor<float> weight(Shape{2, 4});
  model.parameter("a.weight") = std::move(weight);
  const long assigned = test::allocations();
  predictor(row);
  EXPECT_EQ(test::allocations(), assigned);
}

TEST(Allocation, a_record_allocates_no_memory_after_its_construction) {
  std::string csv = "size,colour,garden,sold,code,y\n";
  for (int r = 0; r < 240; ++r) {
    csv += std::to_string(r * 7 % 90) + ".5," + (r % 2 == 0 ? "red" : "blue") + (r % 5 == 0 ? ",yes," : ",no,") +
           "2023-0" + std::to_string(1 + r % 9) + "-1" + std::to_string(r % 7) + ",k" + std::to_string(r % 12) +
           (r % 3 == 0 ? ",a\n" : ",b\n");
  }
  Model model{Dense(8, relu), Dense(2, softmax)};
  fit(model, split(read_csv(csv), {.target = "y", .preprocess = {.one_hot = 6}}), {.epochs = 2});
  Record record(model);
  const int size = record.index("size"), colour = record.index("colour"), garden = record.index("garden"),
            sold = record.index("sold"), code = record.index("code");
  const long before = test::allocations();
  double sum = 0;
  for (int r = 0; r < 3; ++r) {
    record.set(size, 12.5 + r).set(colour, r == 1 ? "red" : "never seen").set(garden, r == 1 ? "yes" : "no");
    record.set(sold, "2023-04-05").set(code, r == 1 ? "k3" : "k99");
    sum += record.predict().probabilities[0];
    record.set(size, "13.25").set(garden, 1.0).set_missing(sold).set(colour, 0.30000000000000004).set_missing(code);
    sum += record.predict().probabilities[0];
    record.set_missing(size).set_missing(garden);
    sum += record.predict().probabilities[0];
  }
  EXPECT_EQ(test::allocations(), before);
  EXPECT_GT(sum, 0);
}

}  // namespace
}  // namespace pellucid
