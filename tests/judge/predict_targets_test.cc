// Predictions of rows without labels, target by target: the same as predict_proba, predict_values and evaluate give.
// Not here: one record (record_test.cc), how the program writes them (cli/predict.txt).
#include <gtest/gtest.h>

#include <algorithm>

#include "pellucid/evaluation.h"
#include "pellucid/trainer.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::refusal;

std::string rows() {
  std::string csv = "x,z,price,size,kind,rain,frost\n";
  for (int r = 0; r < 120; ++r) {
    const int x = r * 37 % 101, z = r * 11 % 13;
    csv += std::to_string(x) + "," + std::to_string(z) + "," + std::to_string(1000.5 + x) + "," +
           std::to_string(3.25 * z) +
           (x > 60  ? ",red"
            : z > 6 ? ",green"
                    : ",blue") +
           (x > 30 ? ",yes" : ",no") + (z > 4 ? ",yes\n" : ",no\n");
  }
  return csv;
}

Split split_for(const ColumnNames& target) {
  const std::vector<std::string> all = {"price", "size", "kind", "rain", "frost"};
  PreprocessOptions how;
  for (const std::string& column : all)
    if (std::ranges::find(target.list(), column) == target.list().end()) how.drop.push_back(column);
  return split(read_csv(rows()), {.target = target, .preprocess = how});
}

TEST(PredictTargets, of_a_class_are_its_probabilities_and_the_class_by_the_decision_threshold) {
  for (const char* const target : {"kind", "rain"}) {
    const Split parts = split_for(target);
    const bool two = std::string_view(target) == "rain";
    Model model = two ? Model{Dense{1, sigmoid}} : Model{Dense{3, softmax}};
    fit(model, parts, {.epochs = 3});
    if (two) model.threshold = 0.35;
    const std::vector<TargetPredictions> found = predict_targets(model, parts.test);
    const Tensor<double> p = predict_proba(model, parts.test);
    const Evaluation evaluation = evaluate(model, parts.test);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].name, target);
    EXPECT_TRUE(std::ranges::equal(found[0].probabilities, p.values()));
    for (std::int64_t r = 0; r < parts.test.rows(); ++r) {
      const std::int32_t expected = evaluation.targets[0].predicted_class(r);
      EXPECT_EQ(found[0].classes[static_cast<std::size_t>(r)], expected);
      EXPECT_EQ(found[0].class_name(r), evaluation.targets[0].class_names[static_cast<std::size_t>(expected)]);
    }
    EXPECT_EQ(refusal([&] { found[0].class_name(parts.test.rows()); }).code(), "U20");
    EXPECT_EQ(refusal([&] { found[0].probabilities_of(-1); }).code(), "U20");
  }
}

TEST(PredictTargets, of_several_yes_or_no_have_both_probabilities) {
  const Split parts = split_for({"rain", "frost"});
  Model model{Dense{2, sigmoid}};
  fit(model, parts, {.epochs = 3});
  const std::vector<TargetPredictions> found = predict_targets(model, parts.test);
  const Tensor<double> yes = predict_proba(model, parts.test);
  ASSERT_EQ(found.size(), 2U);
  for (std::size_t t = 0; t < 2; ++t) {
    for (std::int64_t r = 0; r < parts.test.rows(); ++r) {
      EXPECT_EQ(found[t].probabilities_of(r)[1], yes.view()(r, static_cast<std::int64_t>(t)));
      EXPECT_EQ(found[t].probabilities_of(r)[0], 1 - found[t].probabilities_of(r)[1]);
    }
  }
}

TEST(PredictTargets, of_numbers_are_in_their_units_with_and_without_heads) {
  const Split parts = split_for({"price", "size"});
  Model plain{Dense{2}};
  fit(plain, parts, {.epochs = 3});
  const Tensor<double> values = predict_values(plain, parts.test);
  const std::vector<TargetPredictions> found = predict_targets(plain, parts.test);
  ASSERT_EQ(found.size(), 2U);
  for (std::int64_t r = 0; r < parts.test.rows(); ++r) {
    EXPECT_EQ(found[0].values[static_cast<std::size_t>(r)], values.view()(r, 0));
    EXPECT_EQ(found[1].values[static_cast<std::size_t>(r)], values.view()(r, 1));
  }
  Model heads;
  heads.add(Dense{4, tanh}, "trunk").add(Dense{1}, "a", {"trunk"}).add(Dense{1}, "b", {"trunk"});
  heads.set_heads({{.layer = "a", .target = "size"}, {.layer = "b", .target = "price"}});
  fit(heads, parts, {.epochs = 3});
  const std::vector<TargetPredictions> by_head = predict_targets(heads, parts.test);
  const Evaluation evaluation = evaluate(heads, parts.test);
  ASSERT_EQ(by_head.size(), 2U);
  EXPECT_EQ(by_head[0].name, "size");
  for (std::size_t t = 0; t < 2; ++t) {
    EXPECT_EQ(by_head[t].name, evaluation.targets[t].name);
    EXPECT_TRUE(std::ranges::equal(by_head[t].values, evaluation.targets[t].predicted_values));
  }
}

TEST(PredictTargets, need_a_model_that_was_trained_on_a_table) {
  Model model{Dense{1}};
  model.build({2});
  EXPECT_EQ(refusal([&] {
              predict_targets(model, Dataset::regression(std::vector<float>{1, 2}, {2}, std::vector<float>{0}));
            }).code(),
            "U20");
}

}  // namespace
}  // namespace pellucid
