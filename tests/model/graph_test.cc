// Models that are graphs: named inputs, skip connections, shared weights; frozen layers, and parts of models. Not here:
// the combining layers with hand-computed numbers (tests/layers/combining_test.cc).
#include <gtest/gtest.h>

#include "pellucid/gradient_check.h"
#include "pellucid/trace.h"
#include "pellucid/trainer.h"
#include "support/files.h"
#include "support/nets.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

using test::refusal;
using test::rows_for;
using test::same_bits;

template <class T>
void expect_same_values(const Tensor<T>& a, const Tensor<T>& b) {
  ASSERT_EQ(a.shape(), b.shape());
  for (std::int64_t i = 0; i < a.size(); ++i) ASSERT_TRUE(same_bits(a.data()[i], b.data()[i])) << i;
}

void expect_right_gradients(const BasicModel<double>& model, const Dataset& data, const Loss& loss) {
  for (const GradientVerdict& v : check_gradients(model, data, loss, {.most_per_parameter = 40})) {
    EXPECT_TRUE(v.ok) << v.name << ": " << v.relative_error << ", checked " << v.checked;
  }
}

// Two named inputs with 3 and 2 columns, and a skip connection from the first input to the last layer.
template <class T>
BasicModel<T> two_inputs() {
  BasicModel<T> model;
  model.add_input("left", Shape{3}).add_input("right", Shape{2});
  model.add(Dense{4, tanh}, "a", {"left"}).add(Dense{4, tanh}, "b", {"right"}).add(Add{}, "sum", {"a", "b"});
  model.add(Concat{}, "all", {"sum", "left"}).add(Dense{2}, "out");
  model.build(Shape{5}, 3);
  return model;
}

// Both halves of a row go through the same two layers; the output depends on the product of both codes.
template <class T>
BasicModel<T> siamese(std::int64_t columns = 4, std::int64_t units = 6) {
  BasicModel<T> model;
  model.add_input("left", Shape{columns / 2}).add_input("right", Shape{columns / 2});
  model.add(Dense{units, tanh}, "hidden", {"left"}).add(Dense{3}, "code");
  model.add_shared("hidden", "hidden_right", {"right"}).add_shared("code", "code_right", {"hidden_right"});
  model.add(Multiply{}, "product", {"code", "code_right"}).add(Dense{2}, "out");
  model.build(Shape{columns}, 3);
  return model;
}

FitOptions few_epochs() {
  FitOptions options;
  options.epochs = 3;
  options.batch_size = 16;
  options.patience = 0;
  options.optimizer = Adam{.learning_rate = 0.01};
  return options;
}

TEST(Graph, named_inputs_are_columns_of_the_row_in_the_order_of_addition) {
  BasicModel<double> model = two_inputs<double>();
  EXPECT_EQ(model.output_shape(model.node("left")), Shape{3});
  EXPECT_EQ(model.output_shape(model.node("right")), Shape{2});
  expect_right_gradients(model, rows_for("regression", 9, 5), Loss("mse"));
  const BasicModel<double> right = model.up_to("right");
  const double row[] = {1, 2, 3, 4, 5};
  EXPECT_EQ(right.predict(View<const double>{row, 1, 5, 5}).values()[0], 4);
  EXPECT_EQ(refusal([] { two_inputs<float>().build(Shape{6}); }).code(), "U20");
  EXPECT_EQ(refusal([] { two_inputs<float>().set_row_shape(Shape{4}); }).code(), "U20");
}

TEST(Graph, a_model_with_several_inputs_can_be_trained_saved_and_used_for_single_rows) {
  Model model = two_inputs<float>();
  const Dataset data = rows_for("regression", 60, 5);
  const History history = fit(model, data, Dataset{}, few_epochs());
  EXPECT_LT(history.epochs.back().train_loss, history.epochs.front().train_loss);
  const Model loaded = Model::from_bytes(model.to_bytes());
  EXPECT_EQ(loaded.to_bytes(), model.to_bytes());
  const Tensor<float> all = model.predict(data);
  expect_same_values(all, loaded.predict(data));
  Predictor<float> predict = loaded.predictor();
  std::vector<float> row(5);
  data.read_row<float>(7, row.data());
  const auto alone = predict(std::span<const float>(row));
  for (std::size_t c = 0; c < 2; ++c) EXPECT_TRUE(same_bits(alone[c], all.view()(7, static_cast<std::int64_t>(c))));
}

TEST(Graph, shared_layers_have_one_set_of_parameters_and_summed_gradients) {
  const BasicModel<double> model = siamese<double>();
  std::vector<std::string> names;
  for (const auto& parameter : model.parameters()) names.push_back(parameter.name);
  EXPECT_EQ(names, (std::vector<std::string>{"hidden.weight", "hidden.bias", "code.weight", "code.bias", "out.weight",
                                             "out.bias"}));
  expect_right_gradients(model, rows_for("regression", 9, 4), Loss("mse"));
}

// With several row blocks, the sum of each use is folded by its own tree; then the two sums are added.
TEST(Graph, shared_layers_have_right_gradients_over_several_row_blocks) {
  const BasicModel<double> model = siamese<double>();
  const Dataset data = rows_for("regression", 2500, 4);
  for (const GradientVerdict& v : check_gradients(model, data, Loss("mse"), {.most_per_parameter = 3}))
    EXPECT_TRUE(v.ok) << v.name;
}

// y = w·x1 + w·x2 with w = 3, x = (2, 5), t = 20: y = 21, dy = 2, so the gradient of w is 2·2 + 2·5 = 14.
TEST(Graph, a_shared_weight_is_updated_once_after_both_uses) {
  for (const bool stored : {false, true}) {
    BasicModel<double> model;
    const DenseOptions plain{.bias = false};
    model.add_input("a", Shape{1}).add_input("b", Shape{1}).add(Dense{1, linear, plain}, "w", {"a"});
    model.add_shared("w", "again", {"b"}).add(Add{}, "sum", {"w", "again"});
    model.build(Shape{2});
    model.parameter("w.weight").data()[0] = 3;
    BasicFitOptions<double> options;
    options.epochs = 1;
    options.optimizer = Sgd{.learning_rate = 0.01};
    options.clip_norm = stored ? 1e9 : 0;
    options.patience = 0;
    fit(model, Dataset::regression(std::vector<double>{2, 5}, Shape{2}, std::vector<double>{20}), Dataset{}, options);
    EXPECT_DOUBLE_EQ(model.parameter("w.weight").data()[0], 3 - 0.01 * 14);
  }
}

TEST(Graph, shared_layers_learn_the_same_bits_with_any_number_of_threads_and_observers) {
  const Dataset data = rows_for("regression", 3000, 64);
  for (const std::int64_t batch : {100, 2500}) {
    std::string first;
    for (const int threads : {1, 2, 3, 7}) {
      Model model = siamese<float>(64, 96);
      FitOptions options = few_epochs();
      options.batch_size = batch;
      options.threads = threads;
      if (threads == 3) options.keep = {"hidden.weight.gradient", "code_right.output"};
      fit(model, data, Dataset{}, options);
      if (first.empty()) first = model.to_bytes();
      EXPECT_EQ(model.to_bytes(), first) << threads << " threads, batch of " << batch;
    }
  }
}

TEST(Graph, shared_layers_are_stored_once_and_load_unchanged) {
  Model model = siamese<float>();
  fit(model, rows_for("regression", 40, 4), Dataset{}, few_epochs());
  Model loaded = Model::from_bytes(model.to_bytes());
  EXPECT_EQ(loaded.parameters().size(), 6u);
  EXPECT_EQ(loaded.nodes()[4].shares, 2);
  EXPECT_EQ(loaded.to_bytes(), model.to_bytes());
  expect_same_values(model.as<double>().predict(rows_for("regression", 5, 4)),
                     loaded.as<double>().predict(rows_for("regression", 5, 4)));
}

TEST(Graph, a_shared_layer_needs_inputs_of_equal_shape) {
  Model model;
  model.add_input("a", Shape{2}).add_input("b", Shape{3}).add(Dense{4}, "first", {"a"});
  model.add_shared("first", "second", {"b"}).add(Add{}, "sum", {"first", "second"});
  const Error error = refusal([&] { model.build(Shape{5}); });
  EXPECT_EQ(error.code(), "U20");
  EXPECT_NE(std::string(error.what()).find("second shares the parameters of first"), std::string::npos) << error.what();
  EXPECT_EQ(refusal([&] { model.add_shared("frist", "third", {"b"}); }).code(), "U23");
  EXPECT_EQ(refusal([&] { model.add_shared("first", "third", {}); }).code(), "U20");
}

TEST(Graph, frozen_layers_and_parameters_keep_their_values) {
  const Dataset data = rows_for("regression", 64, 5);
  for (const Optimizer& optimizer : {Optimizer(Adam{.learning_rate = 0.01}), Optimizer(Lbfgs{})}) {
    for (const double clip : {0.0, 0.5}) {
      Model model{Dense{6, tanh}, Dense{4, tanh}, Dense{2}};
      model.build(Shape{5}, 3);
      const Model before = model;
      model.freeze("dense1").freeze("dense2.bias");
      FitOptions options = few_epochs();
      options.optimizer = optimizer;
      options.clip_norm = optimizer.name() == "adam" ? clip : 0;
      fit(model, data, Dataset{}, options);
      for (const char* name : {"dense1.weight", "dense1.bias", "dense2.bias"}) {
        expect_same_values(model.parameter(name), before.parameter(name));
      }
      for (const char* name : {"dense2.weight", "dense3.weight", "dense3.bias"}) {
        EXPECT_NE(model.parameter(name).data()[0], before.parameter(name).data()[0]) << name;
      }
    }
  }
}

// The layers above a frozen layer learn exactly what they would learn with its outputs as data.
TEST(Graph, training_above_a_frozen_layer_equals_training_on_its_outputs) {
  const Dataset data = rows_for("regression", 64, 5);
  Model model{Dense{6, tanh}, Dense{4, tanh}, Dense{2}};
  model.build(Shape{5}, 3);
  model.freeze("dense1");
  const Tensor<float> codes = model.up_to("dense1").predict(data);
  Model above{Dense{4, tanh}, Dense{2}};
  above.build(Shape{6}, 3);
  for (int i : {0, 1}) {
    for (const char* what : {".weight", ".bias"}) {
      above.parameter("dense" + std::to_string(i + 1) + what) = model.parameter("dense" + std::to_string(i + 2) + what);
    }
  }
  std::vector<float> targets;
  for (std::int64_t r = 0; r < data.rows(); ++r) {
    for (std::int64_t c : {0, 1}) targets.push_back(static_cast<float>(data.value(r, c)));
  }
  fit(model, data, Dataset{}, few_epochs());
  fit(above, Dataset::regression(codes.values(), Shape{6}, targets, 2), Dataset{}, few_epochs());
  expect_same_values(model.parameter("dense2.weight"), above.parameter("dense1.weight"));
  expect_same_values(model.parameter("dense3.bias"), above.parameter("dense2.bias"));
}

TEST(Graph, frozen_parameters_are_saved_and_can_be_unfrozen) {
  Model model{Dense{6, tanh}, Dense{2}};
  model.freeze("dense1").build(Shape{5}, 3);
  model.freeze("dense2.bias");
  Model loaded = Model::from_bytes(model.to_bytes());
  EXPECT_TRUE(loaded.is_frozen("dense1"));
  EXPECT_TRUE(loaded.is_frozen("dense1.weight"));
  EXPECT_TRUE(loaded.is_frozen("dense2.bias"));
  EXPECT_FALSE(loaded.is_frozen("dense2"));
  EXPECT_FALSE(loaded.is_frozen("dense2.weight"));
  EXPECT_EQ(loaded.to_bytes(), model.to_bytes());
  EXPECT_TRUE(model.as<double>().is_frozen("dense1"));
  loaded.freeze("dense1.bias", false).freeze("dense2", false);
  EXPECT_TRUE(loaded.is_frozen("dense1.weight"));
  EXPECT_FALSE(loaded.is_frozen("dense1.bias"));
  EXPECT_FALSE(loaded.is_frozen("dense2.bias"));
  EXPECT_EQ(refusal([&] { loaded.freeze("dense3"); }).code(), "U23");
  EXPECT_EQ(refusal([&] { loaded.freeze("dense1.wieght"); }).code(), "U23");
}

TEST(Graph, a_model_whose_parameters_are_all_frozen_cannot_be_trained) {
  Model model{Dense{6, tanh}, Dense{2}};
  model.build(Shape{5}, 3);
  model.freeze("dense1").freeze("dense2");
  for (const Optimizer& optimizer : {Optimizer(Adam{.learning_rate = 0.01}), Optimizer(Lbfgs{})}) {
    FitOptions options = few_epochs();
    options.optimizer = optimizer;
    EXPECT_EQ(refusal([&] { fit(model, rows_for("regression", 20, 5), Dataset{}, options); }).code(), "U28");
  }
  EXPECT_NO_THROW(model.predict(rows_for("regression", 3, 5)));
}

TEST(Graph, up_to_returns_a_model_that_ends_at_a_hidden_layer) {
  const BasicModel<double> model = two_inputs<double>();
  const BasicModel<double> part = model.up_to("sum");
  EXPECT_EQ(part.nodes().size(), 5u);
  EXPECT_EQ(part.output_shape(), Shape{4});
  const Dataset data = rows_for("regression", 3, 5);
  const Tensor<double> sum = part.predict(data), a = model.up_to("a").predict(data), b = model.up_to("b").predict(data);
  for (std::int64_t i = 0; i < sum.size(); ++i) EXPECT_EQ(sum.data()[i], a.data()[i] + b.data()[i]);
  EXPECT_EQ(BasicModel<double>::from_bytes(part.to_bytes()).to_bytes(), part.to_bytes());
  EXPECT_EQ(refusal([&] { model.up_to("sun"); }).code(), "U23");
}

TEST(Graph, up_to_can_end_at_the_second_use_of_a_shared_layer) {
  const BasicModel<double> model = siamese<double>();
  const BasicModel<double> right = model.up_to("code_right"), left = model.up_to("code");
  ASSERT_EQ(right.parameters().size(), 4u);
  EXPECT_EQ(right.parameters()[0].name, "hidden_right.weight");
  const double there[] = {1, 2, 3, 4}, turned[] = {3, 4, 1, 2};
  expect_same_values(right.predict(View<const double>{there, 1, 4, 4}),
                     left.predict(View<const double>{turned, 1, 4, 4}));
}

TEST(Graph, pop_removes_the_last_layer_and_keeps_the_other_parameters) {
  BasicModel<double> model{Dense{6, tanh}, Dense{4, tanh}, Dense{2}};
  model.build(Shape{5}, 3);
  const BasicModel<double> part = model.up_to("dense2");
  model.pop();
  EXPECT_EQ(model.parameters().size(), 4u);
  const Dataset data = rows_for("regression", 3, 5);
  expect_same_values(model.predict(data), part.predict(data));
  model.pop().pop();
  EXPECT_EQ(refusal([&] { model.pop(); }).code(), "U21");
}

TEST(Graph, parameters_are_copied_by_name_if_the_shapes_are_equal) {
  Model from{Dense{6, tanh}, Dense{4, tanh}, Dense{2}};
  from.build(Shape{5}, 3);
  Model to = from.up_to("dense2");
  to.add(Dense{3}, "head").build(Shape{5}, 9);
  const float* const place = to.parameter("dense1.weight").data();
  EXPECT_EQ(to.copy_parameters(from), (std::vector<std::string>{"head.weight", "head.bias"}));
  EXPECT_EQ(to.parameter("dense1.weight").data(), place);
  expect_same_values(to.parameter("dense2.weight"), from.parameter("dense2.weight"));
  Model other{Dense{7, tanh}};
  other.build(Shape{5});
  EXPECT_EQ(other.copy_parameters(from), (std::vector<std::string>{"dense1.weight", "dense1.bias"}));
  EXPECT_EQ(refusal([&] { to.copy_parameters(Model{Dense{2}}); }).code(), "U21");
}

TEST(Graph, the_summary_of_a_graph_shows_the_inputs_of_each_layer) {
  Model model = siamese<float>();
  model.freeze("out.bias");
  const std::string text = model.summary();
  EXPECT_NE(text.find("reads"), std::string::npos) << text;
  EXPECT_NE(text.find("product       code, code_right"), std::string::npos) << text;
  EXPECT_NE(text.find("3 + 3 -> 3"), std::string::npos) << text;
  EXPECT_NE(text.find("those of hidden"), std::string::npos) << text;
  EXPECT_NE(text.find("frozen: bias"), std::string::npos) << text;
  Model chain{Dense{2}, Dense{1}};
  chain.build(Shape{3});
  EXPECT_EQ(chain.summary().find("reads"), std::string::npos);
}

}  // namespace
}  // namespace pellucid
