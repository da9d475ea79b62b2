// Models with several heads: hand-computed numbers, gradients, evaluation per target, files, reproducibility, refusals.
// Not here: user-defined losses (own_loss_test.cc), models with one output (training_test.cc).
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <sstream>

#include "model/feeder.h"
#include "model/match.h"
#include "pellucid/pellucid.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

using test::random_values;

std::string code_of(const std::function<void()>& call, std::string* text = nullptr) {
  try {
    call();
  } catch (const Error& error) {
    if (text != nullptr) *text = error.text();
    return error.code();
  }
  return "";
}

// Rows of four features with two targets: a number, and one of three classes.
Dataset mixed_rows(std::int64_t rows, unsigned seed = 7) {
  const auto x = random_values<float>(rows * 4, seed);
  std::vector<float> targets;
  for (std::int64_t r = 0; r < rows; ++r) {
    const float* row = x.data() + r * 4;
    targets.push_back(2 * row[0] - row[1] + 0.5f * row[2] * row[3]);
    targets.push_back(static_cast<float>((row[0] + row[2] > 0) + (row[0] + row[2] > 0 && row[1] > 0)));
  }
  return Dataset::mixed(std::span<const float>(x), Shape{4}, targets, {0, 3});
}

// A trunk with a head for a number and a head for a class.
template <class T = float>
BasicModel<T> two_heads(std::vector<Head> heads = {{.layer = "value"}, {.layer = "kind"}}) {
  BasicModel<T> model;
  model.add(Dense{12, tanh}, "trunk");
  model.add(Dense{1}, "value", {"trunk"});
  model.add(Dense{3, softmax}, "kind", {"trunk"});
  model.set_heads(std::move(heads));
  return model;
}

TEST(Heads, loss_and_gradients_are_weighted_sums_over_the_heads) {
  // Trunk: h = 2x. Head value: y = 3h. Head kind: logits h and -h.
  BasicModel<double> model;
  model.add(Dense{1}, "trunk").add(Dense{1}, "value", {"trunk"}).add(Dense{2, softmax}, "kind", {"trunk"});
  model.set_heads({{.layer = "value", .weight = 0.5}, {.layer = "kind", .weight = 2}});
  model.build(Shape{1});
  model.parameter("trunk.weight").values()[0] = 2;
  model.parameter("value.weight").values()[0] = 3;
  model.parameter("kind.weight").values()[0] = 1;
  model.parameter("kind.weight").values()[1] = -1;
  const std::vector<double> x{1, 0.5}, targets{5, 0, 4, 1};
  const Dataset rows = Dataset::mixed(std::span<const double>(x), Shape{1}, targets, {0, 2});

  const Loss loss = chosen_loss(model, rows, std::nullopt);
  EXPECT_EQ(loss.text(), "value: 0.5 * mse; kind: 2 * cross_entropy");
  const Plan<double> plan(model, {.rows = 2, .loss = loss, .keep = {"kind.output"}, .store_gradients = true});
  Workspace<double> workspace(plan, model);
  const Batches batches(rows, 2, false, 0);
  Feeder<double> feeder(batches, workspace, true, nullptr);
  workspace.forward(feeder.load(0, workspace), true);
  const double sum = workspace.loss(true);
  workspace.backward();
  // value: (6 − 5)² and (3 − 4)²; kind: −ln(1 / (1 + e⁻⁴)) and −ln(1 / (1 + e²))
  const double first = std::log1p(std::exp(-4.0)), second = std::log1p(std::exp(2.0));
  EXPECT_NEAR(workspace.read("value.loss").data[0], 1, 1e-15);
  EXPECT_NEAR(workspace.read("kind.loss").data[0], (first + second) / 2, 1e-14);
  EXPECT_NEAR(sum, 0.5 * 1 + 2 * (first + second) / 2, 1e-14);
  EXPECT_NEAR(workspace.losses()[0], 0.5 * 1 + 2 * first, 1e-14);
  EXPECT_NEAR(workspace.losses()[1], 0.5 * 1 + 2 * second, 1e-14);
  EXPECT_NEAR(workspace.read("kind.output")(0, 0), 1 / (1 + std::exp(-4.0)), 1e-14);
  // ∂/∂h: 0.5 · ½ · 2(y − t) · 3, and 2 · ½ · ((p₀ − t₀) − (p₁ − t₁))
  const double up = 1.5 - 2 / (1 + std::exp(4.0)), down = -1.5 + 2 / (1 + std::exp(-2.0));
  EXPECT_NEAR(workspace.gradient(0).data[0], up * 1 + down * 0.5, 1e-14) << "of the trunk, where both meet";
  EXPECT_NEAR(workspace.gradient(2).data[0], 0.5 * (1 * 2 + -1 * 1), 1e-14) << "of the number's weight";
}

TEST(Heads, gradients_are_right_with_every_kind_of_loss) {
  const Dataset rows = mixed_rows(9);
  for (const char* loss : {"mse", "huber(0.3)", "mae"}) {
    auto model = two_heads<double>({{.layer = "kind", .target = "1", .weight = 0.3},
                                    {.layer = "value", .target = "0", .loss = Loss::parse(loss), .weight = 4}});
    model.build(Shape{4}, 3);
    const auto verdicts = check_gradients(model, rows);
    EXPECT_EQ(verdicts.size(), 7u);
    for (const GradientVerdict& v : verdicts) EXPECT_TRUE(v.ok) << loss << " " << v.name << " " << v.relative_error;
  }
}

TEST(Heads, summed_losses_are_not_divided_by_the_number_of_rows) {
  const Dataset rows = mixed_rows(6);
  const auto sum = [](const char* name) { return Loss(name, {.reduction = Reduction::sum}); };
  auto model =
      two_heads<double>({{.layer = "value", .loss = sum("mse")}, {.layer = "kind", .loss = sum("cross_entropy")}});
  model.build(Shape{4}, 3);
  for (const GradientVerdict& v : check_gradients(model, rows)) EXPECT_TRUE(v.ok) << v.name;
  auto means = two_heads<double>();
  means.build(Shape{4}, 3);
  EXPECT_NEAR(evaluate(model, rows).loss, 6 * evaluate(means, rows).loss, 1e-12);
}

TEST(Heads, a_single_head_gives_the_same_bits_as_a_model_without_heads) {
  const auto x = random_values<float>(200, 3), t = random_values<float>(50, 4);
  const Dataset rows = Dataset::regression(std::span<const float>(x), Shape{4}, t);
  Model plain{Dense{8, relu}, Dense{1}}, headed{Dense{8, relu}, Dense{1}};
  headed.set_heads({{.layer = "dense2"}});
  fit(plain, rows, {}, {.epochs = 3, .batch_size = 10});
  fit(headed, rows, {}, {.epochs = 3, .batch_size = 10});
  for (std::size_t p = 0; p < plain.parameters().size(); ++p) {
    for (std::int64_t i = 0; i < plain.parameters()[p].value.size(); ++i) {
      EXPECT_EQ(plain.parameters()[p].value.data()[i], headed.parameters()[p].value.data()[i]);
    }
  }
}

TEST(Heads, can_learn_a_number_and_a_class_from_one_trunk) {
  const Dataset train = mixed_rows(600), test = mixed_rows(300, 8);
  Model model = two_heads();
  const History history = fit(model, train, test, {.epochs = 60, .optimizer = Adam{.learning_rate = 0.01}});
  const Evaluation evaluation = evaluate(model, test);
  ASSERT_EQ(evaluation.targets.size(), 2u);
  EXPECT_EQ(evaluation.targets[0].name, "0");
  EXPECT_FALSE(evaluation.targets[0].classes);
  EXPECT_GT(evaluation.targets[0].values->r2, 0.95);
  EXPECT_FALSE(evaluation.targets[1].values);
  EXPECT_GT(evaluation.targets[1].classes->accuracy, 0.9);
  EXPECT_EQ(evaluation.targets[1].class_names, (std::vector<std::string>{"0", "1", "2"}));
  EXPECT_EQ(evaluation.kind(), ScoreKind::mean);
  EXPECT_FALSE(evaluation.is_classification());
  const double mean = (evaluation.targets[0].values->r2 + evaluation.targets[1].classes->accuracy) / 2;
  EXPECT_DOUBLE_EQ(evaluation.score(), mean);
  double error = 0;
  for (const double e : evaluation.row_errors()) error += e / 300;
  EXPECT_NEAR(1 - error, mean, 1e-9);
  const Interval interval = evaluation.interval(1);
  EXPECT_LT(interval.low, mean);
  EXPECT_GT(interval.high, mean);
  EXPECT_NEAR(history.epochs[static_cast<std::size_t>(history.best_epoch - 1)].validation_score, mean, 1e-6);
  std::ostringstream text;
  text << evaluation;
  EXPECT_NE(text.str().find("the mean of the accuracies and the R²"), std::string::npos) << text.str();
  EXPECT_EQ(model.training->loss, "value: mse; kind: cross_entropy");
}

TEST(Heads, outputs_are_side_by_side_in_the_order_of_the_heads) {
  const Dataset rows = mixed_rows(40);
  Model model = two_heads(), turned = two_heads({{.layer = "kind", .target = "1"}, {.layer = "value", .target = "0"}});
  model.build(Shape{4}, 5);
  turned.build(Shape{4}, 5);
  EXPECT_EQ(model.output_shape(), Shape{4});
  const Tensor<float> y = model.predict(rows), z = turned.predict(rows);
  Predictor<float> one = model.predictor();
  for (std::int64_t r = 0; r < 40; ++r) {
    const float* row = y.view().row(r);
    EXPECT_EQ(row[0], z.view()(r, 3));
    for (int c = 0; c < 3; ++c) EXPECT_EQ(row[1 + c], z.view()(r, c));
    EXPECT_NEAR(row[1] + row[2] + row[3], 1, 1e-6) << "softmax is applied";
    std::vector<float> features(4);
    rows.read_row<float>(r, features.data());
    const std::span<const float> alone = one(std::span<const float>(features));
    for (int c = 0; c < 4; ++c) EXPECT_EQ(alone[c], row[c]);
  }
  model.set_heads({{.layer = "kind"}, {.layer = "value"}});
  EXPECT_EQ(code_of([&] { one(std::span<const float>(std::vector<float>(4))); }), "U24") << "the order has changed";
}

TEST(Heads, float_agrees_with_double) {
  const Dataset rows = mixed_rows(64);
  Model model = two_heads();
  model.build(Shape{4}, 5);
  EXPECT_NEAR(evaluate(model, rows).loss, evaluate(model.as<double>(), rows).loss, 1e-6);
  EXPECT_EQ(model.as<double>().heads().size(), 2u);
}

TEST(Heads, training_gives_the_same_bits_with_any_number_of_threads) {
  const Dataset rows = mixed_rows(3000);
  for (const std::int64_t batch : {64, 3000}) {
    std::string first;
    for (const std::int64_t threads : {1, 2, 3, 7}) {
      Model model;
      model.add(Dense{96, relu}, "trunk").add(Dense{40, relu}, "left", {"trunk"});
      model.add(Dense{1}, "value", {"left"}).add(Dense{3, softmax}, "kind", {"trunk"});
      model.set_heads({{.layer = "value"}, {.layer = "kind"}});
      fit(model, rows, rows, {.epochs = 2, .batch_size = batch, .clip_norm = 1, .threads = threads});
      if (first.empty()) first = model.to_bytes();
      EXPECT_EQ(model.to_bytes(), first) << threads << " threads, batch " << batch;
    }
  }
}

TEST(Heads, are_saved_with_their_target_loss_and_weight) {
  Model model = two_heads({{.layer = "kind", .target = "1", .weight = 0.25},
                           {.layer = "value", .target = "0", .loss = Loss("huber", {.parameter = 2})}});
  const Dataset rows = mixed_rows(50);
  fit(model, rows, {}, {.epochs = 2});
  const std::string bytes = model.to_bytes();
  EXPECT_NE(bytes.find(R"(\"format\":3)"), std::string::npos);
  const Model loaded = Model::from_bytes(bytes);
  ASSERT_EQ(loaded.heads().size(), 2u);
  EXPECT_EQ(loaded.heads()[0].layer, "kind");
  EXPECT_EQ(loaded.heads()[0].target.list(), std::vector<std::string>{"1"});
  EXPECT_EQ(loaded.heads()[0].weight, 0.25);
  EXPECT_FALSE(loaded.heads()[0].loss);
  EXPECT_EQ(loaded.heads()[1].loss->text(), "huber(2)");
  EXPECT_EQ(loaded.to_bytes(), bytes);
  EXPECT_EQ(evaluate(loaded, rows).loss, evaluate(model, rows).loss);
}

TEST(Heads, a_resumed_training_gives_the_same_bits) {
  const Dataset rows = mixed_rows(100);
  const auto train = [&](std::int64_t epochs, std::optional<std::string> from, std::string* checkpoint) {
    Model model = two_heads();
    FitOptions options{.epochs = epochs, .patience = 0};
    options.resume = std::move(from);
    if (checkpoint != nullptr) options.checkpoint = [=](const Checkpoint& c) { *checkpoint = c(); };
    fit(model, rows, rows, options);
    return model.to_bytes();
  };
  std::string half;
  train(2, std::nullopt, &half);
  EXPECT_EQ(train(4, half, nullptr), train(4, std::nullopt, nullptr));
}

TEST(Heads, a_trace_has_every_value_of_a_step) {
  Model model = two_heads();
  model.build(Shape{4}, 3);
  const Trace trace = trace_step(model, mixed_rows(5), {});
  EXPECT_TRUE(trace.has("value.loss"));
  EXPECT_TRUE(trace.has("kind.output"));
  EXPECT_TRUE(trace.has("trunk.weight.gradient"));
  EXPECT_LT(trace.loss_after, trace.loss);
}

TEST(Heads, several_binary_targets_and_auxiliary_classifiers_can_be_learned) {
  const auto x = random_values<float>(400, 3);
  std::vector<std::int32_t> answers, labels;
  for (int r = 0; r < 100; ++r) {
    const float* row = x.data() + r * 4;
    for (int c = 0; c < 3; ++c) answers.push_back(row[c] > 0);
    labels.push_back((row[0] > 0) + (row[1] > 0));
  }
  Model model;
  model.add(Dense{16, relu}, "trunk").add(Dense{2, sigmoid}, "two", {"trunk"}).add(Dense{1, sigmoid}, "one", {"trunk"});
  model.set_heads({{.layer = "two"}, {.layer = "one"}});
  const Dataset questions = Dataset::multi_label(std::span<const float>(x), Shape{4}, answers, 3);
  fit(model, questions, {}, {.epochs = 100, .optimizer = Adam{.learning_rate = 0.02}});
  const Evaluation of_questions = evaluate(model, questions);
  EXPECT_EQ(of_questions.targets.size(), 3u);
  EXPECT_EQ(of_questions.kind(), ScoreKind::accuracy);
  EXPECT_GT(of_questions.score(), 0.95);
  EXPECT_EQ(model.training->loss, "two: binary_cross_entropy; one: binary_cross_entropy");

  // An auxiliary classifier on a lower layer learns the same labels.
  Model deep;
  deep.add(Dense{16, relu}, "low").add(Dense{3}, "early", {"low"}).add(Dense{16, relu}, "high", {"low"});
  deep.add(Dense{3, softmax}, "late", {"high"});
  deep.set_heads({{.layer = "late"}, {.layer = "early", .weight = 0.3}});
  const Dataset classes = Dataset::classification(std::span<const float>(x), Shape{4}, labels, 3);
  fit(deep, classes, {}, {.epochs = 100, .optimizer = Adam{.learning_rate = 0.02}});
  const Evaluation of_classes = evaluate(deep, classes);
  ASSERT_EQ(of_classes.targets.size(), 2u);
  EXPECT_EQ(of_classes.targets[1].name, "0 (early)");
  EXPECT_GT(of_classes.targets[0].classes->accuracy, 0.9);
  EXPECT_GT(of_classes.targets[1].classes->accuracy, 0.9) << "its outputs are logits";
}

TEST(Heads, wrong_layers_are_refused) {
  Model model;
  model.add(Dense{4, relu}, "trunk").add(Dense{1}, "a", {"trunk"}).add(Dense{3}, "b", {"trunk"});
  EXPECT_EQ(code_of([&] { model.set_heads({{.layer = "c"}}); }), "U23");
  EXPECT_EQ(code_of([&] { model.set_heads({{.layer = "a"}, {.layer = "a"}}); }), "U10");
  EXPECT_EQ(code_of([&] { model.set_heads({{.layer = "a", .weight = -1}}); }), "U12");
  EXPECT_EQ(code_of([&] { model.set_heads({{.layer = "a", .weight = std::nan("")}}); }), "U12");
  std::string text;
  model.set_heads({{.layer = "a"}});
  EXPECT_EQ(code_of([&] { model.build(Shape{4}); }, &text), "U33") << "b is read by nobody";
  EXPECT_NE(text.find("layer b"), std::string::npos) << text;
  model.set_heads({{.layer = "a"}, {.layer = "b"}, {.layer = "trunk"}});
  EXPECT_EQ(code_of([&] { model.build(Shape{4}); }, &text), "U33");
  EXPECT_NE(text.find("head trunk: another layer reads it"), std::string::npos) << text;
  model.set_heads({{.layer = "a"}, {.layer = "b"}});
  model.build(Shape{4});
  EXPECT_EQ(code_of([&] { model.set_heads({{.layer = "a"}}); }), "U33");
  EXPECT_EQ(model.heads().size(), 2u) << "a refused list changes nothing";
}

TEST(Heads, wrong_targets_are_refused_with_the_name_of_the_head) {
  const Dataset rows = mixed_rows(10);
  const auto refused = [&](std::vector<Head> heads, const Dataset& data) {
    std::string text;
    Model model = two_heads(std::move(heads));
    EXPECT_EQ(code_of([&] { fit(model, data, {}, {.epochs = 1}); }, &text), "U33");
    return text;
  };
  const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
  EXPECT_TRUE(has(refused({{.layer = "value", .target = "0"}, {.layer = "kind", .target = "0"}}, rows), "head kind"));
  EXPECT_TRUE(has(refused({{.layer = "value", .target = "2"}, {.layer = "kind"}}, rows), "no target \"2\""));
  EXPECT_TRUE(has(refused({{.layer = "value", .target = "1"}, {.layer = "kind", .target = "0"}}, rows), "head value"));
  EXPECT_TRUE(has(refused({{.layer = "value"}, {.layer = "kind", .target = {"0", "1"}}}, rows), "numbers and classes"));
  const auto sum = Loss("mse", {.reduction = Reduction::sum});
  EXPECT_TRUE(has(refused({{.layer = "value", .loss = sum}, {.layer = "kind"}}, rows), "sum"));
  EXPECT_TRUE(
      has(refused({{.layer = "value", .target = "0"}, {.layer = "kind", .target = "0", .loss = Loss("mse")}}, rows),
          "head kind"));
  Model one{Dense{2}};
  std::string text;
  EXPECT_EQ(code_of([&] { fit(one, rows, {}, {.epochs = 1}); }, &text), "U33");
  EXPECT_TRUE(has(text, "set_heads")) << text;
  Model model = two_heads();
  EXPECT_EQ(code_of([&] { fit(model, rows, {}, {.epochs = 1, .loss = Loss("mse")}); }), "U33");
  model.build(Shape{4});
  EXPECT_EQ(code_of([&] { predict_values(model, rows); }), "U33");
  EXPECT_EQ(code_of([&] { predict_proba(model, rows); }), "U33");
  // No head learns target "2".
  const auto x = random_values<float>(40, 3), t = random_values<float>(30, 4);
  Model numbers;
  numbers.add(Dense{2}, "trunk").add(Dense{1}, "a", {"trunk"}).add(Dense{1}, "b", {"trunk"});
  numbers.set_heads({{.layer = "a"}, {.layer = "b"}});
  EXPECT_EQ(
      code_of([&] { fit(numbers, Dataset::regression(std::span<const float>(x), Shape{4}, t, 3), {}, {.epochs = 1}); },
              &text),
      "U33");
  EXPECT_TRUE(has(text, "target \"2\" is learned by no head")) << text;
}

TEST(MixedDataset, has_numbers_and_classes_and_tells_them_apart) {
  const Dataset rows = mixed_rows(5);
  EXPECT_TRUE(rows.is_mixed());
  EXPECT_FALSE(rows.is_classification());
  EXPECT_EQ(rows.target_count(), 2);
  EXPECT_EQ(rows.classes_of(0), 0);
  EXPECT_EQ(rows.classes_of(1), 3);
  EXPECT_EQ(code_of([&] { static_cast<void>(rows.classes_of(2)); }), "U20");
  const std::vector<float> x{1, 2};
  const auto make = [&](std::vector<float> targets, std::vector<std::int32_t> classes) {
    return code_of([&] { Dataset::mixed(std::span<const float>(x), Shape{1}, targets, classes); });
  };
  EXPECT_EQ(make({1, 0, 2, 1}, {0, 2}), "");
  EXPECT_EQ(make({1, 0, 2, 2}, {0, 2}), "D17");
  EXPECT_EQ(make({1, 0, 2, -1}, {0, 2}), "D17");
  EXPECT_EQ(make({1, 0, 2, 0.5f}, {0, 2}), "D17");
  EXPECT_EQ(make({1, 0, 2}, {0, 2}), "U20");
  EXPECT_EQ(make({1, 0, 2, 1}, {0, -2}), "U20");
  EXPECT_EQ(make({}, {}), "U20");
}

}  // namespace
}  // namespace pellucid
