// Calls that are mistakes of the caller: each throws an Error and never crashes.
// Not here: damaged files (hostile_model_test.cc, csv_test.cc).
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include "pellucid/pellucid.h"
#include "support/files.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

using test::random_values;
using test::refusal;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

std::string code_of(const std::function<void()>& call) {
  return refusal(call).code();
}

Dataset labelled(std::int64_t rows, std::int64_t columns, std::int32_t classes = 3) {
  std::vector<std::int32_t> labels;
  for (std::int64_t r = 0; r < rows; ++r) labels.push_back(static_cast<std::int32_t>(r % classes));
  return Dataset::classification(std::span<const float>(random_values<float>(rows * columns, 1)), {columns}, labels,
                                 classes);
}

Dataset numeric(std::int64_t rows, std::int64_t columns, std::int64_t targets = 1) {
  return Dataset::regression(std::span<const float>(random_values<float>(rows * columns, 1)), {columns},
                             std::span<const float>(random_values<float>(rows * targets, 2)), targets);
}

Dataset without_targets(const Dataset& data) {
  return Dataset(std::make_shared<const Block>(data.features()), nullptr);
}

Model small(std::int64_t columns = 4, std::int64_t outputs = 3) {
  Model model{Dense{5, relu}, Dense{outputs, softmax}};
  model.build({columns});
  return model;
}

// ---- training and evaluation

TEST(Misuse, validation_rows_unlike_the_training_rows_are_refused_before_the_first_step) {
  const Dataset train = labelled(30, 4);
  for (const Dataset& odd : {without_targets(labelled(9, 4)), labelled(9, 3), labelled(9, 5), labelled(9, 4, 2),
                             labelled(9, 4, 4), numeric(9, 4), numeric(9, 4, 3)}) {
    Model model = small();
    EXPECT_EQ(code_of([&] { fit(model, train, odd, {.epochs = 1}); }), "U20");
  }
  Model numbers{Dense{1}};
  EXPECT_EQ(code_of([&] { fit(numbers, numeric(30, 4), labelled(9, 4), {.epochs = 1}); }), "U20");
  EXPECT_EQ(code_of([&] { fit(numbers, numeric(30, 4), numeric(9, 4, 2), {.epochs = 1}); }), "U20");
}

TEST(Misuse, every_function_refuses_rows_that_do_not_fit_the_model) {
  const Model model = small();
  for (const Dataset& odd :
       {labelled(9, 3), labelled(9, 5), labelled(9, 4, 2), Dataset(), without_targets(labelled(9, 4))}) {
    EXPECT_THROW(evaluate(model, odd), Error);
    EXPECT_THROW(permutation_importance(model, odd), Error);
    EXPECT_THROW(fit_temperature(model, odd), Error);
    EXPECT_THROW(check_gradients(model.as<double>(), odd, Loss("cross_entropy")), Error);
    Model trained = small();
    EXPECT_THROW(fit(trained, odd, {}), Error);
  }
  for (const Dataset& odd : {labelled(9, 3), labelled(9, 5), Dataset()}) {
    EXPECT_EQ(code_of([&] { model.predict(odd); }), "U20");
    EXPECT_EQ(code_of([&] { predict_proba(model, odd); }), "U20");
    EXPECT_EQ(code_of([&] { predict_values(model, odd); }), "U20");
  }
  EXPECT_EQ(model.predict(labelled(9, 4).subset({})).size(), 0);
}

TEST(Misuse, options_out_of_range_are_refused) {
  const Dataset data = labelled(30, 4);
  const auto code = [&](const FitOptions& options) {
    Model model = small();
    return code_of([&] { fit(model, data, {}, options); });
  };
  constexpr std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(code({.epochs = 0}), "U12");
  EXPECT_EQ(code({.epochs = huge}), "U12");
  EXPECT_EQ(code({.epochs = 1, .batch_size = 0}), "U12");
  EXPECT_EQ(code({.epochs = 1, .l2 = nan}), "U12");
  EXPECT_EQ(code({.epochs = 1, .clip_norm = -1}), "U12");
  EXPECT_EQ(code({.epochs = 1, .row_block = 0}), "U12");
  EXPECT_EQ(code({.epochs = 1, .threads = -1}), "U12");
  FitOptions names, empty;
  names.keep = {""};
  EXPECT_EQ(code(names), "U23");
  empty.resume = "";
  EXPECT_EQ(code(empty), "D21");
  Model model = small();
  EXPECT_NO_THROW(fit(model, data, {}, {.epochs = 1, .batch_size = huge, .patience = huge, .row_block = huge}));
}

TEST(Misuse, an_observer_that_replaces_a_parameter_ends_the_training) {
  struct Replaces : Observer {
    Model* model = nullptr;
    bool at_step = false;
    void replace() { model->parameter("dense1.weight") = Tensor<float>(Shape{4, 5}); }
    void on_step(std::int64_t, const Values<float>&) override {
      if (at_step) replace();
    }
    void on_epoch(const EpochRecord&) override {
      if (!at_step) replace();
    }
  };
  for (const bool at_step : {true, false}) {
    for (const Optimizer& optimizer : {Optimizer(Adam{}), Optimizer(Lbfgs{})}) {
      Model model = small();
      Replaces observer;
      observer.model = &model;
      observer.at_step = at_step;
      FitOptions options;
      options.epochs = 1;
      options.optimizer = optimizer;
      options.observers = {&observer};
      EXPECT_EQ(code_of([&] { fit(model, labelled(30, 4), {}, options); }), "U24");
    }
  }
}

TEST(Misuse, a_model_too_large_for_memory_is_refused_before_allocation) {
  const Dataset data = numeric(40, 4);
  const auto refused = [&](Model model) {
    const Error error = refusal([&] { fit(model, data, {}); });
    EXPECT_EQ(error.code(), "M02") << error.text();
    EXPECT_FALSE(model.is_built());
  };
  refused(Model{Dense{1000000000000, relu}, Dense{1}});
  refused(Model{Dense{3000000, relu}, Dense{3000000, relu}, Dense{1}});
  // The parameters would fit into memory, but the values of a batch would not.
  const auto units = static_cast<std::int64_t>(1.5e10);
  refused(Model{Dense{units, relu, {.bias = false}}, Dense{1}});
  refused(Model{Dense{std::numeric_limits<std::int64_t>::max(), relu}, Dense{1}});
  EXPECT_EQ(code_of([&] { Embedding({{0, 1 << 24}}, std::numeric_limits<std::int64_t>::max()); }), "U12");
  Model embedded{Embedding({{0, 1 << 24}}, 1 << 24), Dense{1}};
  refused(std::move(embedded));
  EXPECT_EQ(code_of([&] { small().predictor(std::numeric_limits<std::int64_t>::max() / 8); }), "M02");
}

// ---- models, predictors, tensors

TEST(Misuse, a_moved_from_model_is_refused_as_not_ready) {
  Model model = small();
  const Model moved = std::move(model);
  EXPECT_FALSE(model.is_built());
  const Dataset data = labelled(6, 4);
  EXPECT_EQ(code_of([&] { model.predict(data); }), "U21");
  EXPECT_EQ(code_of([&] { model.predict(View<const float>{}); }), "U21");
  EXPECT_EQ(code_of([&] { model.predictor(); }), "U21");
  EXPECT_EQ(code_of([&] { model.summary(); }), "U21");
  EXPECT_EQ(code_of([&] { model.to_bytes(); }), "U21");
  EXPECT_EQ(code_of([&] { model.output_shape(); }), "U21");
  EXPECT_EQ(code_of([&] { model.output_shape(0); }), "U21");
  EXPECT_EQ(code_of([&] { model.input_shapes(0); }), "U21");
  EXPECT_EQ(code_of([&] { model.build({4}); }), "U21");
  EXPECT_EQ(code_of([&] { fit(model, data, {}); }), "U21");
  EXPECT_EQ(code_of([&] { evaluate(model, data); }), "U21");
  EXPECT_EQ(code_of([&] { default_loss(model, data); }), "U21");
  EXPECT_EQ(code_of([&] { takes_temperature(model, data); }), "U21");
  EXPECT_EQ(code_of([&] { apply_temperature(model, 2); }), "U21");
  EXPECT_EQ(code_of([&] { model.parameter("dense1.weight"); }), "U23");
  EXPECT_EQ(model.parameter_count(), 0);
  EXPECT_FALSE(model.as<double>().is_built());
  model = moved;
  EXPECT_EQ(model.predict(data).size(), 18);
}

TEST(Misuse, nonexistent_nodes_and_empty_layers_are_refused) {
  Model model = small();
  EXPECT_EQ(code_of([&] { model.output_shape(2); }), "U20");
  EXPECT_EQ(code_of([&] { model.output_shape(-1); }), "U20");
  EXPECT_EQ(code_of([&] { model.input_shapes(7); }), "U20");
  EXPECT_EQ(code_of([&] { model.add(Dense(4), "a", {}); }), "U20");
  EXPECT_EQ(code_of([&] { model.add(Dense(4), "a", {"nobody"}); }), "U23");
  EXPECT_EQ(code_of([&] { model.add(Dense(4), "a", {"a"}); }), "U23");
  EXPECT_EQ(code_of([&] { model.add(LayerRef(std::shared_ptr<const Layer>())); }), "U20");
  EXPECT_EQ(code_of([&] { model.add(Dense(4), "dense1"); }), "U10");
  EXPECT_EQ(code_of([&] { model.add(Dense(4), "input"); }), "U10");
  EXPECT_EQ(code_of([&] { model.add(Dense(4), "a.b"); }), "U12");
  EXPECT_TRUE(model.is_built());
  Model named;
  named.add(Dense(4), "dense2").add(Dense(4)).build({2});
  EXPECT_EQ(named.nodes()[1].name, "dense3");
}

TEST(Misuse, a_model_that_cannot_be_built_stays_unbuilt) {
  Model model;
  model.add(Dense(4), "a").add(Dense(4), "b", {"a", "input"});
  EXPECT_EQ(code_of([&] { model.build({2}); }), "U20");
  EXPECT_FALSE(model.is_built());
  EXPECT_EQ(code_of([&] { model.predict(View<const float>{}); }), "U21");
  Model flat{Dense{2}};
  EXPECT_EQ(code_of([&] { flat.build({0}); }), "U20");
  EXPECT_EQ(code_of([&] { flat.build({-1}); }), "U20");
  EXPECT_EQ(code_of([&] { Model().build({2}); }), "U21");
  EXPECT_EQ(code_of([&] { Dense{0}; }), "U12");
  EXPECT_EQ(code_of([&] { Dropout{static_cast<double>(nan)}; }), "U12");
  EXPECT_EQ(code_of([&] { Scale{-1}; }), "U12");
  EXPECT_EQ(code_of([&] { Embedding({}, 2); }), "U12");
  EXPECT_EQ(code_of([&] { Embedding({{-1, 3}}, 2); }), "U12");
}

TEST(Misuse, a_parameter_of_the_wrong_shape_is_refused_by_every_use) {
  const Dataset data = labelled(6, 4);
  for (int which = 0; which < 4; ++which) {
    Model model = small();
    Tensor<float>& weight = model.parameter("dense1.weight");
    if (which == 0) weight = Tensor<float>(Shape{2, 2});
    if (which == 1) weight = Tensor<float>(Shape{20});
    if (which == 2) const Tensor<float> taken = std::move(weight);
    if (which == 3) model.parameters().pop_back();
    EXPECT_EQ(code_of([&] { model.predict(data); }), "U20");
    EXPECT_EQ(code_of([&] { model.predictor(); }), "U20");
    EXPECT_EQ(code_of([&] { model.to_bytes(); }), "U20");
    EXPECT_EQ(code_of([&] { model.as<double>(); }), "U20");
    EXPECT_EQ(code_of([&] { fit(model, data, {}, {.epochs = 1}); }), "U20");
  }
}

TEST(Misuse, a_model_that_could_not_be_loaded_is_not_saved) {
  Model spoilt = small();
  spoilt.parameter("dense1.bias").data()[2] = nan;
  EXPECT_EQ(code_of([&] { spoilt.to_bytes(); }), "U25");
  Model unlike = small();
  unlike.preprocessor = Preprocessor();
  EXPECT_EQ(code_of([&] { unlike.to_bytes(); }), "U20");
  Model rows = small();
  rows.test_rows.emplace(Shape{2, 3});
  EXPECT_EQ(code_of([&] { rows.to_bytes(); }), "U20");
  rows.test_rows.emplace();  // an empty tensor: random rows are stored instead
  EXPECT_NO_THROW(Model::from_bytes(rows.to_bytes()));
}

TEST(Misuse, a_predictor_refuses_to_run_after_its_model_changed) {
  const std::vector<float> row(4);
  const auto after = [&](const std::function<void(std::unique_ptr<Model>&)>& change) {
    auto model = std::make_unique<Model>(small());
    Predictor<float> predict = model->predictor();
    EXPECT_EQ(predict(std::span(row)).size(), 3u);
    change(model);
    return code_of([&] { predict(std::span(row)); });
  };
  EXPECT_EQ(after([](auto& m) { m->parameter("dense1.weight") = Tensor<float>(Shape{5, 4}); }), "U24");
  EXPECT_EQ(after([](auto& m) { m->parameter("dense1.bias") = Tensor<float>(); }), "U24");
  EXPECT_EQ(after([](auto& m) { m->parameters().clear(); }), "U24");
  EXPECT_EQ(after([](auto& m) { m->add(Dense(2)); }), "U24");
  EXPECT_EQ(after([](auto& m) { m->build({4}); }), "U24");
  EXPECT_EQ(after([](auto& m) { *m = small(); }), "U24");
  EXPECT_EQ(after([](auto& m) { *m = Model{Dense{1}}; }), "U24");
  EXPECT_EQ(after([](auto& m) {
              const Model other = small();
              *m = other;
            }),
            "U24");
  EXPECT_EQ(after([](auto& m) { const Model taken = std::move(*m); }), "U24");
  EXPECT_EQ(after([](auto& m) { m.reset(); }), "U24");
}

TEST(Misuse, a_predictor_uses_numbers_written_into_its_model) {
  Model model = small();
  Predictor<float> predict = model.predictor();
  const std::vector<float> row(4);
  const float before = predict(std::span(row))[0];
  model.parameter("dense2.bias").data()[0] += 1;
  EXPECT_GT(predict(std::span(row))[0], before);
  model.parameter("dense1.weight") = Tensor<float>(Shape{4, 5});  // zeros in newly allocated memory
  model.parameter("dense2.bias") = Tensor<float>(Shape{3});
  const auto uniform = predict(std::span(row));
  EXPECT_EQ(uniform[0], uniform[1]);
  fit(model, labelled(30, 4), {}, {.epochs = 1});
  EXPECT_EQ(predict(std::span(row))[0], model.predict(View<const float>{row.data(), 1, 4, 4}).data()[0]);
}

TEST(Misuse, invalid_rows_are_refused_by_predictors) {
  const Model model = small();
  Predictor<float> predict = model.predictor(2);
  const std::vector<float> numbers(20);
  EXPECT_EQ(code_of([&] { predict(std::span<const float>()); }), "U20");
  EXPECT_EQ(code_of([&] { predict(std::span(numbers)); }), "U20");
  EXPECT_EQ(code_of([&] { predict(View<const float>{numbers.data(), -1, 4, 4}); }), "U20");
  EXPECT_EQ(code_of([&] { predict(View<const float>{numbers.data(), 3, 4, 4}); }), "U20");
  EXPECT_EQ(code_of([&] { predict(View<const float>{nullptr, 2, 4, 4}); }), "U20");
  EXPECT_EQ(code_of([&] { model.predict(View<const float>{numbers.data(), -1, 4, 4}); }), "U20");
  EXPECT_EQ(code_of([&] { model.predict(View<const float>{nullptr, 2, 4, 4}); }), "U20");
  EXPECT_EQ(code_of([&] { model.predict(View<const float>{}); }), "U20");
  EXPECT_EQ(code_of([&] { model.predictor(0); }), "U12");
  EXPECT_EQ(code_of([&] { model.predictor(-5); }), "U12");
  Predictor<float> other = model.predictor();
  other = std::move(predict);
  EXPECT_EQ(code_of([&] { predict(std::span(numbers).first(4)); }), "U24");
  EXPECT_EQ(other(std::span(numbers).first(4)).size(), 3u);
}

TEST(Misuse, a_moved_from_tensor_is_empty) {
  Tensor<float> tensor(Shape{2, 3});
  const Tensor<float> taken = std::move(tensor);
  EXPECT_EQ(tensor.size(), 0);
  EXPECT_EQ(tensor.values().size(), 0u);
  EXPECT_FALSE(tensor.view());
  const Tensor<float> copy = tensor;
  EXPECT_EQ(copy.size(), 0);
  tensor = taken;
  EXPECT_EQ(tensor.size(), 6);
  EXPECT_EQ(code_of([&] { Tensor<float>(Shape{2, 3}, std::vector<float>(5)); }), "U20");
  EXPECT_EQ(code_of([&] { Tensor<float>(Shape{1LL << 40, 1LL << 40}); }), "M02");
  EXPECT_EQ(code_of([&] { Shape{1, 1, 1, 1, 1, 1, 1}; }), "U20");
}

// ---- datasets

TEST(Misuse, a_dataset_without_rows_or_targets_is_refused) {
  const Dataset none;
  EXPECT_EQ(none.rows(), 0);
  EXPECT_EQ(none.features().floats.size(), 0u);
  EXPECT_EQ(code_of([&] { none.targets(); }), "U20");
  EXPECT_EQ(code_of([&] { none.label(0); }), "U20");
  EXPECT_EQ(code_of([&] { none.value(0); }), "U20");
  EXPECT_EQ(code_of([&] { none.subset(std::vector<std::int64_t>{0}); }), "U20");
  EXPECT_EQ(code_of([&] { balanced_weights(none); }), "U20");
  float out[4];
  EXPECT_EQ(code_of([&] { none.read_row(0, out); }), "U20");
  const Dataset data = labelled(6, 4);
  EXPECT_EQ(code_of([&] { data.label(6); }), "U20");
  EXPECT_EQ(code_of([&] { data.label(-1); }), "U20");
  EXPECT_EQ(code_of([&] { data.value(0); }), "U20");
  EXPECT_EQ(code_of([&] { data.read_row(6, out); }), "U20");
  EXPECT_EQ(code_of([&] { numeric(6, 4).value(0, 1); }), "U20");
  EXPECT_EQ(code_of([&] { numeric(6, 4).label(0); }), "U20");
  EXPECT_EQ(code_of([&] { data.with_weights(LargeVector<float>(6, nan)); }), "U20");
  EXPECT_EQ(code_of([&] { data.with_features(nullptr); }), "U20");
}

TEST(Misuse, a_moved_from_dataset_stays_valid) {
  Dataset data = labelled(6, 4);
  const Dataset moved = std::move(data);
  EXPECT_EQ(data.rows(), 6);
  EXPECT_EQ(data.label(5), moved.label(5));
}

TEST(Misuse, inconsistent_blocks_and_targets_are_refused) {
  const auto made = [](Targets targets) {
    auto block = std::make_shared<Block>();
    block->shape = Shape{2};
    block->floats.assign(6, 0.5f);
    return code_of([&] { Dataset(block, std::make_shared<Targets>(std::move(targets))); });
  };
  using Values = LargeVector<double>;
  EXPECT_EQ(made({{0, 1, 2}, 2, {}, 0, false}), "D17");
  EXPECT_EQ(made({{0, -1, 1}, 2, {}, 0, false}), "D17");
  EXPECT_EQ(made({{0, 1}, 2, {}, 0, false}), "U20");
  EXPECT_EQ(made({{0, 1, 0}, -2, {}, 0, false}), "U20");
  EXPECT_EQ(made({{}, 0, Values{1, 2, nan}, 1, false}), "D15");
  EXPECT_EQ(made({{}, 0, Values{1, 2}, 1, false}), "U20");
  EXPECT_EQ(made({{}, 0, Values{1, 2, 3}, -1, false}), "U20");
  EXPECT_EQ(made({{}, 0, {}, 0, false}), "U20");
  EXPECT_EQ(made({{}, 0, Values{1, 2, 0}, 1, true}), "D17");
  EXPECT_EQ(code_of([&] { Dataset(nullptr, nullptr); }), "U20");
  EXPECT_EQ(code_of([&] { Dataset::regression(std::vector<float>{1, nan}, {2}, std::vector<float>{1}); }), "D15");
  EXPECT_EQ(code_of([&] { Dataset::regression(std::vector<float>{1, 2}, {2}, std::vector<float>{1}, -1); }), "U20");
  EXPECT_EQ(code_of([&] {
              Dataset::classification(std::vector<float>{1, 2}, {2}, std::vector<std::int32_t>{4}, 2);
            }),
            "D17");
}

}  // namespace
}  // namespace pellucid
