// User-defined losses: hand-computed numbers, fewer target columns than outputs, coupled rows, the model file.
// Not here: the built-in losses (loss_rows_test.cc), models with heads (heads_test.cc).
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "pellucid/pellucid.h"
#include "support/nets.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

using test::random_values;

// Pinball loss of e = target − output: share·e if e > 0, else (share − 1)·e; one target column per output.
class Quantile : public LossOf<Quantile> {
 public:
  static constexpr std::string_view name = "test_quantile", summary = "pinball loss", formula = "max(q e, (q - 1) e)";
  double share = 0.5;

  Quantile() = default;
  explicit Quantile(double q) : share(q) {}
  void describe(Fields& fields) override { fields.field({"share", "which quantile", unit_interval}, share); }
  template <class T>
  void rows(View<const T> y, View<const T> target, T* loss, View<T> dy) const {
    for (std::int64_t r = 0; r < y.rows; ++r) {
      loss[r] = 0;
      for (std::int64_t c = 0; c < y.columns; ++c) {
        const T e = target(r, c) - y(r, c), slope = static_cast<T>(e > 0 ? share : share - 1);
        loss[r] += slope * e;
        dy(r, c) = -slope;
      }
    }
  }
};

// Negative log density of a normal distribution with mean m and width w = 1 + s²: ½ ((t − m) / w)² + ln w. The outputs
// are m and s per target column.
class Normal : public LossOf<Normal> {
 public:
  static constexpr std::string_view name = "test_normal", summary = "-ln of a normal density";

  std::int64_t target_columns(std::int64_t outputs) const override { return outputs / 2; }
  bool predict(std::span<const double> outputs, std::span<double> targets) const override {
    for (std::size_t t = 0; t < targets.size(); ++t) targets[t] = outputs[2 * t];
    return true;
  }
  template <class T>
  void rows(View<const T> y, View<const T> target, T* loss, View<T> dy) const {
    for (std::int64_t r = 0; r < y.rows; ++r) {
      loss[r] = 0;
      for (std::int64_t t = 0; t < target.columns; ++t) {
        const T s = y(r, 2 * t + 1), w = 1 + s * s, e = (y(r, 2 * t) - target(r, t)) / w;
        loss[r] += e * e / 2 + std::log(w);
        dy(r, 2 * t) = e / w;
        dy(r, 2 * t + 1) = (1 - e * e) / w * 2 * s;
      }
    }
  }
};

// Pulls rows of the same class together and pushes other rows apart up to a squared distance of 1. The target column is
// the label.
class Contrastive : public LossOf<Contrastive> {
 public:
  static constexpr std::string_view name = "test_contrastive", summary = "near within a class, far between";

  std::int64_t target_columns(std::int64_t) const override { return 1; }
  bool couples_rows() const override { return true; }
  template <class T>
  void rows(View<const T> y, View<const T> target, T* loss, View<T> dy) const {
    for (std::int64_t r = 0; r < y.rows; ++r) {
      loss[r] = 0;
      for (std::int64_t c = 0; c < y.columns; ++c) dy(r, c) = 0;
    }
    for (std::int64_t a = 0; a < y.rows; ++a) {
      for (std::int64_t b = 0; b < a; ++b) {
        T square = 0;
        for (std::int64_t c = 0; c < y.columns; ++c) square += (y(a, c) - y(b, c)) * (y(a, c) - y(b, c));
        const bool same = target(a, 0) == target(b, 0), counts = same || square < 1;
        loss[a] += same ? square : counts ? 1 - square : 0;
        for (std::int64_t c = 0; counts && c < y.columns; ++c) {
          const T slope = (same ? 2 : -2) * (y(a, c) - y(b, c));
          dy(a, c) += slope;
          dy(b, c) -= slope;
        }
      }
    }
  }
};

// The squared error with one-hot rows, as mse has it.
class OneHotMse : public LossOf<OneHotMse> {
 public:
  static constexpr std::string_view name = "one_hot", summary = "";
  template <class T>
  void rows(View<const T> y, View<const T> target, T* loss, View<T> dy) const {
    for (std::int64_t r = 0; r < y.rows; ++r) {
      loss[r] = 0;
      for (std::int64_t c = 0; c < y.columns; ++c) {
        const T e = y(r, c) - target(r, c);
        loss[r] += e * e;
        dy(r, c) = 2 * e;
      }
    }
  }
};

class Stranger : public LossOf<Stranger> {
 public:
  static constexpr std::string_view name = "strange_loss", summary = "";
  std::int64_t target_columns(std::int64_t) const override { return 1; }
  template <class T>
  void rows(View<const T> y, View<const T> target, T* loss, View<T> dy) const {
    Normal{}.rows<T>(y, target, loss, dy);
  }
};

class Thief : public LossOf<Thief> {
 public:
  static constexpr std::string_view name = "mse", summary = "";
  std::int64_t target_columns(std::int64_t) const override { return 0; }
  template <class T>
  void rows(View<const T>, View<const T>, T*, View<T>) const {}
};

std::string code_of(const std::function<void()>& call, std::string* text = nullptr) {
  try {
    call();
  } catch (const Error& error) {
    if (text != nullptr) *text = error.text();
    return error.code();
  }
  return "";
}

// Targets around 2x with a spread of about |x|.
Dataset numbers(std::int64_t rows, std::int64_t columns = 1) {
  const auto x = random_values<float>(rows * 3, 5), noise = random_values<float>(rows * columns, 6);
  std::vector<float> t;
  for (std::int64_t i = 0; i < rows * columns; ++i) {
    const float a = x[static_cast<std::size_t>(i / columns * 3)];
    t.push_back(2 * a + std::abs(a) * noise[static_cast<std::size_t>(i)] + static_cast<float>(i % columns));
  }
  return Dataset::regression(std::span<const float>(x), Shape{3}, t, columns);
}

TEST(OwnLoss, a_quantile_loss_has_the_hand_computed_numbers) {
  // share 0.9: target 3 is above the output 1 by 2, so 0.9 · 2; target 1 is below the output 2 by 1, so 0.1 · 1.
  const double y[] = {1, 2}, t[] = {3, 1};
  double loss[2], dy[2];
  Quantile(0.9).rows<double>({y, 2, 1, 1}, {t, 2, 1, 1}, loss, {dy, 2, 1, 1});
  EXPECT_DOUBLE_EQ(loss[0], 1.8);
  EXPECT_DOUBLE_EQ(loss[1], 0.1);
  EXPECT_DOUBLE_EQ(dy[0], -0.9);
  EXPECT_NEAR(dy[1], 0.1, 1e-15);
}

TEST(OwnLoss, is_averaged_or_summed_over_the_rows) {
  // One linear unit with weight 1: the outputs are 1 and 2, the losses 1.8 and 0.1.
  const std::vector<double> x{1, 2}, t{3, 1};
  const Dataset rows = Dataset::regression(std::span<const double>(x), Shape{1}, t);
  BasicModel<double> model{Dense{1}};
  model.build(Shape{1});
  model.parameter("dense1.weight").values()[0] = 1;
  double seen = 0;
  for (const Reduction reduction : {Reduction::mean, Reduction::sum}) {
    BasicModel<double> copy = model;
    const History history = fit(
        copy, rows, {},
        {.epochs = 1, .batch_size = 2, .optimizer = Sgd{.learning_rate = 0.5}, .loss = Loss(Quantile(0.9), reduction)});
    EXPECT_DOUBLE_EQ(history.epochs[0].train_loss, reduction == Reduction::mean ? 0.95 : 1.9);
    // ∂/∂w = −0.9 · 1 + 0.1 · 2 = −0.7, halved by the mean; the learning rate 0.5 halves it again.
    EXPECT_NEAR(copy.parameter("dense1.weight").values()[0], reduction == Reduction::mean ? 1.175 : 1.35, 1e-12);
    seen += history.epochs[0].train_loss;
  }
  EXPECT_GT(seen, 2);
}

TEST(OwnLoss, gradients_are_right_for_equal_and_fewer_target_columns_and_coupled_rows) {
  BasicModel<double> model{Dense{5, tanh}, Dense{2}};
  model.build(Shape{3}, 3);
  for (const GradientVerdict& v : check_gradients(model, numbers(9, 2), Quantile(0.7))) EXPECT_TRUE(v.ok) << v.name;
  for (const GradientVerdict& v : check_gradients(model, numbers(9), Normal{})) EXPECT_TRUE(v.ok) << v.name;
  BasicModel<double> embedding{Dense{5, tanh}, Dense{4, silu}};
  embedding.build(Shape{3}, 3);
  const Dataset classes = test::rows_for("classification", 9, 3);
  for (const GradientVerdict& v : check_gradients(embedding, classes, Contrastive{})) EXPECT_TRUE(v.ok) << v.name;
}

TEST(OwnLoss, labels_become_one_hot_rows_if_there_is_one_target_column_per_output) {
  const Dataset rows = test::rows_for("classification", 12, 5);
  BasicModel<double> own{Dense{3}}, same{Dense{3}};
  own.build(Shape{5}, 4);
  same.build(Shape{5}, 4);
  fit(own, rows, {}, {.epochs = 3, .batch_size = 4, .loss = Loss(OneHotMse{}, Reduction::sum)});
  fit(same, rows, {}, {.epochs = 3, .batch_size = 4, .loss = Loss("mse", {.reduction = Reduction::sum})});
  for (std::int64_t i = 0; i < 15; ++i) {
    EXPECT_DOUBLE_EQ(own.parameter("dense1.weight").data()[i], same.parameter("dense1.weight").data()[i]);
  }
  register_loss<OneHotMse>();
  EXPECT_EQ(evaluate(own, rows).targets.size(), 1u);
}

TEST(OwnLoss, with_fewer_target_columns_metrics_use_its_prediction) {
  const Dataset train = numbers(400), test = numbers(400);
  Model model{Dense{16, tanh}, Dense{2}};
  const History history =
      fit(model, train, test, {.epochs = 40, .optimizer = Adam{.learning_rate = 0.01}, .loss = Normal{}});
  register_loss<Normal>();
  const Evaluation evaluation = evaluate(model, test);
  ASSERT_EQ(evaluation.targets.size(), 1u);
  const Tensor<float> outputs = model.predict(test);
  EXPECT_EQ(outputs.shape(), (Shape{400, 2}));
  for (std::int64_t r = 0; r < 400; ++r) {
    EXPECT_EQ(evaluation.targets[0].predicted_values[r], outputs.view()(r, 0));
    EXPECT_EQ(evaluation.targets[0].truth_values[r], test.value(r));
    EXPECT_EQ(predict_values(model, test).view()(r, 0), outputs.view()(r, 0));
    if (r > 3) break;
  }
  EXPECT_GT(evaluation.targets[0].values->r2, 0.8);
  EXPECT_NEAR(evaluation.score(), history.epochs[static_cast<std::size_t>(history.best_epoch - 1)].validation_score,
              1e-6);
  EXPECT_LT(evaluation.loss, 0.2) << "the width has been learned as well: -ln of a density";
}

TEST(OwnLoss, without_a_prediction_only_the_loss_is_evaluated) {
  register_loss<Contrastive>();
  const Dataset rows = test::rows_for("classification", 300, 5);
  Model model{Dense{8, tanh}, Dense{4}};
  const History history = fit(model, rows, rows, {.epochs = 5, .loss = Contrastive{}});
  const Evaluation evaluation = evaluate(model, rows);
  EXPECT_TRUE(evaluation.targets.empty());
  EXPECT_GT(evaluation.loss, 0);
  EXPECT_TRUE(std::isnan(history.epochs[0].validation_score));
  EXPECT_LT(history.epochs.back().train_loss, history.epochs.front().train_loss);
  EXPECT_EQ(code_of([&] { evaluation.score(); }), "U33");
}

TEST(OwnLoss, one_that_couples_rows_refuses_row_weights) {
  const Dataset rows = test::rows_for("classification", 30, 5);
  Model model{Dense{4}};
  const Dataset heavy = rows.with_weights(LargeVector<float>(30, 2.0f));
  EXPECT_EQ(code_of([&] { fit(model, heavy, {}, {.epochs = 1, .loss = Contrastive{}}); }), "U33");
  EXPECT_EQ(code_of([&] { fit(model, rows, {}, {.epochs = 1, .loss = Contrastive{}, .balanced_classes = true}); }),
            "U33");
}

TEST(OwnLoss, row_weights_multiply_the_loss_and_the_gradient) {
  const Dataset rows = numbers(6);
  std::vector<std::int64_t> twice{0, 1, 2, 3, 4, 5, 0, 2};
  BasicModel<double> weighted{Dense{1}}, repeated{Dense{1}};
  weighted.build(Shape{3}, 2);
  repeated.build(Shape{3}, 2);
  LargeVector<float> weights(6, 1.0f);
  weights[0] = weights[2] = 2;
  const BasicFitOptions<double> options{.epochs = 3,
                                        .batch_size = 8,
                                        .optimizer = Sgd{.learning_rate = 0.01},
                                        .loss = Loss(Quantile(0.3), Reduction::sum)};
  fit(weighted, rows.with_weights(weights), {}, options);
  fit(repeated, rows.subset(twice), {}, options);
  for (std::int64_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(weighted.parameter("dense1.weight").data()[i], repeated.parameter("dense1.weight").data()[i], 1e-12);
  }
}

TEST(OwnLoss, a_wrong_number_of_target_columns_is_refused) {
  Model model{Dense{2}};
  model.build(Shape{3});
  EXPECT_EQ(code_of([&] { fit(model, numbers(8, 2), {}, {.epochs = 1, .loss = Normal{}}); }), "U33");
  EXPECT_EQ(code_of([&] { fit(model, numbers(8), {}, {.epochs = 1, .loss = Thief{}}); }), "U33");
  EXPECT_EQ(code_of([&] { fit(model, test::rows_for("classification", 8, 3), {}, {.epochs = 1, .loss = Normal{}}); }),
            "");
  EXPECT_EQ(code_of([&] { register_loss<Thief>(); }), "U10");
  EXPECT_EQ(code_of([&] { Loss(Quantile(1.5)); }), "U12");
}

TEST(OwnLoss, text_has_the_name_and_the_settings_and_can_be_parsed) {
  register_loss<Quantile>();
  const Loss loss(Quantile(0.9), Reduction::sum);
  EXPECT_EQ(loss.text(), "test_quantile(share=0.9), sum");
  EXPECT_EQ(Loss::parse(loss.text()).text(), loss.text());
  EXPECT_EQ(Loss::parse("test_quantile(0.25)").text(), "test_quantile(share=0.25)");
  EXPECT_EQ(Loss("test_quantile").text(), "test_quantile(share=0.5)");
  EXPECT_EQ(code_of([] { Loss::parse("test_quantile(share=2)"); }), "U12");
  EXPECT_EQ(code_of([] { Loss("test_quantile", {.parameter = 1}); }), "U12");
}

TEST(OwnLoss, a_loaded_model_is_evaluated_with_the_same_settings) {
  register_loss<Quantile>();
  const Dataset rows = numbers(50);
  Model model{Dense{4, tanh}, Dense{1}};
  fit(model, rows, {}, {.epochs = 2, .loss = Quantile(0.9)});
  const Model loaded = Model::from_bytes(model.to_bytes());
  EXPECT_EQ(loaded.training->loss, "test_quantile(share=0.9)");
  EXPECT_EQ(evaluate(loaded, rows).loss, evaluate(model, rows).loss);
  EXPECT_NE(evaluate(loaded, rows).loss, [&] {
    Model other = loaded;
    other.training->loss = "test_quantile(share=0.1)";
    return evaluate(other, rows).loss;
  }());
}

TEST(OwnLoss, evaluating_with_an_unregistered_loss_says_how_to_register_it) {
  const Dataset rows = numbers(50);
  Model model{Dense{4, tanh}, Dense{2}};
  fit(model, rows, {}, {.epochs = 1, .loss = Stranger{}});
  const Model loaded = Model::from_bytes(model.to_bytes());
  EXPECT_EQ(loaded.predict(rows).size(), 100) << "predictions need no loss";
  std::string text;
  EXPECT_EQ(code_of([&] { evaluate(loaded, rows); }, &text), "U11");
  EXPECT_NE(text.find("register_loss<Yours>()"), std::string::npos) << text;
}

TEST(OwnLoss, training_gives_the_same_bits_with_any_number_of_threads) {
  for (const std::int64_t batch : {100, 3000}) {
    const Dataset rows = numbers(3000);
    std::string first;
    for (const std::int64_t threads : {1, 2, 3, 7}) {
      Model model{Dense{32, relu}, Dense{2}};
      fit(model, rows, {}, {.epochs = 2, .batch_size = batch, .loss = Normal{}, .threads = threads});
      if (first.empty()) first = model.to_bytes();
      EXPECT_EQ(model.to_bytes(), first) << threads << " threads, batch " << batch;
    }
  }
}

TEST(OwnLoss, one_target_of_a_table_can_have_several_outputs) {
  register_loss<Normal>();
  std::string csv = "a,b,price\n";
  for (int i = 0; i < 200; ++i)
    csv += std::to_string(i % 17) + "," + std::to_string(i % 5) + "," + std::to_string(1000 + 10 * (i % 17) + i % 3) +
           "\n";
  const Split parts = split(read_csv(csv), {.target = "price"});
  Model model{Dense{8, tanh}, Dense{2}};
  fit(model, parts, {.epochs = 60, .optimizer = Adam{.learning_rate = 0.02}, .loss = Normal{}});
  const Model loaded = Model::from_bytes(model.to_bytes());
  const Evaluation evaluation = evaluate(loaded, parts.test);
  EXPECT_EQ(evaluation.targets[0].name, "price");
  EXPECT_GT(evaluation.targets[0].values->r2, 0.8);
  EXPECT_NEAR(evaluation.targets[0].predicted_values[0], 1080, 200) << "in the target's unit";
  EXPECT_EQ(predict_values(loaded, parts.test).shape(), (Shape{parts.test.rows(), 1}));
  Record record(loaded);
  const Answer one = record.set(0, 3.0).set(1, 2.0).predict();
  ASSERT_EQ(one.values.size(), 1U) << "the width of the density is no prediction";
  const Dataset row = loaded.preprocessor->transform(read_csv("a,b\n3,2\n"), false);
  EXPECT_EQ(one.value(), predict_values(loaded, row).data()[0]);
  EXPECT_EQ(permutation_importance(loaded, parts.test).columns.at(0).column, "a");
}

}  // namespace
}  // namespace pellucid
