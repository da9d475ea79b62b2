// An ensemble as one model: several networks on the same input, and the average of their outputs.
// Not here: Average with hand-computed numbers (tests/layers/combining_test.cc).
#include <gtest/gtest.h>

#include "pellucid/gradient_check.h"
#include "pellucid/trace.h"
#include "pellucid/trainer.h"
#include "support/nets.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

using test::rows_for;

// Adds the layers "hidden<k>" and "out<k>".
template <class T>
void add_member(BasicModel<T>& model, int k, std::int64_t outputs, const Activation& end) {
  const std::string hidden = "hidden" + std::to_string(k), out = "out" + std::to_string(k);
  model.add(Dense{6, tanh}, hidden, {"input"}).add(Dense{outputs, end}, out, {hidden});
}

template <class T>
BasicModel<T> ensemble(std::int64_t outputs, const Activation& end) {
  BasicModel<T> model;
  for (int k : {1, 2, 3}) add_member(model, k, outputs, end);
  model.add(Average{}, "mean", {"out1", "out2", "out3"});
  model.build(Shape{5}, 3);
  return model;
}

FitOptions options_of(std::uint64_t seed) {
  FitOptions options;
  options.epochs = 30;
  options.batch_size = 16;
  options.seed = seed;
  options.patience = 0;
  options.optimizer = Adam{.learning_rate = 0.02};
  return options;
}

TEST(Ensemble, separately_trained_members_predict_their_mean_probability) {
  const Dataset data = rows_for("classification", 150, 5);
  Model together = ensemble<float>(3, softmax);
  std::vector<Tensor<float>> answers;
  double worst = 0;
  for (int k : {1, 2, 3}) {
    Model member;
    add_member(member, k, 3, softmax);
    member.build(Shape{5}, static_cast<std::uint64_t>(k));
    fit(member, data, Dataset{}, options_of(static_cast<std::uint64_t>(k)));
    EXPECT_EQ(together.copy_parameters(member).size(), 8u);  // the parameters of the two other members
    answers.push_back(member.predict(data));
    worst = std::max(worst, evaluate(member, data).loss);
  }
  const Tensor<float> mean = together.predict(data);
  for (std::int64_t i = 0; i < mean.size(); ++i) {
    const float sum = answers[0].data()[i] + answers[1].data()[i] + answers[2].data()[i];
    ASSERT_EQ(mean.data()[i], sum * (1.0f / 3));
  }
  const Evaluation judged = evaluate(together, data);
  double loss = 0;
  for (std::int64_t r = 0; r < data.rows(); ++r) loss -= std::log(mean.view()(r, data.label(r)));
  EXPECT_NEAR(judged.loss, loss / static_cast<double>(data.rows()), 1e-6);
  EXPECT_LE(judged.loss, worst);
  EXPECT_GT(judged.score(), 0.7);
  EXPECT_EQ(Model::from_bytes(together.to_bytes()).to_bytes(), together.to_bytes());
  Predictor<float> predict = together.predictor();
  std::vector<float> row(5);
  data.read_row<float>(3, row.data());
  EXPECT_EQ(predict(std::span<const float>(row))[1], mean.view()(3, 1));
}

TEST(Ensemble, an_average_of_probabilities_has_right_gradients_with_every_loss) {
  for (const LossKind* loss : test::built_in_losses()) {
    const Activation end = Activation::parse(loss->output);
    const BasicModel<double> model = ensemble<double>(test::outputs_for(loss->task), end);
    for (const GradientVerdict& v :
         check_gradients(model, rows_for(loss->task, 9, 5), Loss(*loss), {.most_per_parameter = 20})) {
      EXPECT_TRUE(v.ok) << loss->name << ", " << v.name << ": " << v.relative_error;
    }
  }
}

TEST(Ensemble, the_loss_of_averaged_probabilities_uses_the_mean_probability) {
  for (const bool binary : {false, true}) {
    const std::string task = binary ? "binary" : "classification";
    const BasicModel<double> model = ensemble<double>(binary ? 1 : 3, binary ? sigmoid : softmax);
    const Dataset data = rows_for(task, 20, 5);
    const Tensor<double> p = model.predict(data);
    double expected = 0;
    for (std::int64_t r = 0; r < 20; ++r) {
      const std::int32_t label = data.label(r);
      expected -= std::log(binary ? (label == 1 ? p.data()[r] : 1 - p.data()[r]) : p.view()(r, label));
    }
    EXPECT_NEAR(evaluate(model, data).loss, expected / 20, 1e-12);
  }
}

TEST(Ensemble, it_can_be_trained_as_one_model_and_traced) {
  const Dataset data = rows_for("classification", 150, 5);
  Model model = ensemble<float>(3, softmax);
  const History history = fit(model, data, Dataset{}, options_of(1));
  EXPECT_LT(history.epochs.back().train_loss, 0.7 * history.epochs.front().train_loss);
  const Trace trace = trace_step(model, data.subset(std::vector<std::int64_t>{0, 1, 2}), options_of(1));
  EXPECT_LT(trace.loss_after, trace.loss);
  EXPECT_TRUE(trace.has("mean.output"));
  EXPECT_NEAR(trace["mean.output"](0, 0), model.predict(data).view()(0, 0), 1e-6);
  EXPECT_TRUE(trace.has("hidden2.weight.gradient"));
}

TEST(Ensemble, probabilities_of_zero_and_one_give_a_finite_loss) {
  Model model;
  model.add_input("a", Shape{2}).add_input("b", Shape{2});
  model.add(softmax, "pa", {"a"}).add(softmax, "pb", {"b"}).add(Average{}, "mean", {"pa", "pb"});
  model.build(Shape{4});
  const std::vector<float> rows = {500, -500, 500, -500, -500, 500, -500, 500};
  const Dataset data =
      Dataset::classification(std::span<const float>(rows), Shape{4}, std::vector<std::int32_t>{1, 1}, 2);
  const double loss = evaluate(model, data).loss;
  EXPECT_TRUE(std::isfinite(loss));
  EXPECT_GT(loss, 30);
}

}  // namespace
}  // namespace pellucid
