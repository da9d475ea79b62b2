// Tables with several targets: what is learned about each, what is refused, storing and splitting.
// Not here: training and evaluation (targets_trained_test.cc), one target (preprocess_test.cc).
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/file.h"
#include "pellucid/findings.h"
#include "pellucid/model.h"
#include "pellucid/preprocess.h"
#include "support/files.h"
#include "support/tables.h"

namespace pellucid {
namespace {

using test::fitted;
using test::refusal;
using test::row;
using Names = std::vector<std::string>;

// heat: 1, 3, 5, 7, with mean 4 and variance (9+1+1+9)/4 = 5; cold: 10.5, 10.5, 20.5, 20.5, with mean 15.5 and
// deviation 5.
const char* const numbers = "x,heat,z,cold\n1,1.0,4,10.5\n2,3.0,3,10.5\n3,5.0,9,20.5\n5,7.0,2,20.5\n";
const char* const answers =
    "x,rain,frost,z\n1,yes,1,a\n2,no,0,b\n3,yes,0,a\n4,no,0,b\n5,no,1,a\n6,no,0,b\n7,no,0,a\n8,no,0,b\n9,no,0,a\n9,no,"
    "0,b\n";
const PreprocessOptions both{.target = {"heat", "cold"}};

TEST(Targets, numbers_are_standardised_separately) {
  const Table table = read_csv(numbers);
  const Preprocessor p = fitted(table, both);
  EXPECT_EQ(p.task, Task::regression);
  // `cold` has decimals; `heat` has whole numbers, but too few rows of each for classes.
  EXPECT_EQ(p.task_reason, "numbers");
  ASSERT_EQ(p.target_names(), (Names{"heat", "cold"}));
  EXPECT_EQ(p.targets[0].mean, 4);
  EXPECT_DOUBLE_EQ(p.targets[0].deviation, std::sqrt(5.0));
  EXPECT_EQ(p.targets[1].mean, 15.5);
  EXPECT_EQ(p.targets[1].deviation, 5);
  EXPECT_EQ(p.targets[1].low, 10.5);
  EXPECT_EQ(p.targets[1].high, 20.5);
  const Dataset data = p.transform(table);
  EXPECT_FALSE(data.is_classification());
  EXPECT_EQ(data.targets().columns, 2);
  EXPECT_DOUBLE_EQ(data.value(0, 0), -3 / std::sqrt(5.0));
  EXPECT_EQ(data.value(0, 1), -1);
  EXPECT_EQ(data.value(3, 1), 1);
  EXPECT_EQ(p.targets[1].of_net(data.value(3, 1)), 20.5);
}

TEST(Targets, are_not_features_of_each_other) {
  const Preprocessor p = fitted(read_csv(numbers), both);
  EXPECT_EQ(p.feature_names(), (Names{"x", "z"}));
}

TEST(Targets, are_in_the_order_in_which_they_are_named) {
  EXPECT_EQ(fitted(read_csv(numbers), {.target = {"cold", "heat"}}).target_names(), (Names{"cold", "heat"}));
}

TEST(Targets, with_two_classes_each_become_answers_of_0_and_1) {
  const Table table = read_csv(answers);
  const Preprocessor p = fitted(table, {.target = {"rain", "frost"}});
  EXPECT_TRUE(p.is_multi_label());
  EXPECT_EQ(p.task_reason, "two classes each");
  EXPECT_EQ(p.targets[0].classes, (Names{"no", "yes"}));
  EXPECT_EQ(p.targets[1].classes, (Names{"0", "1"}));
  const Dataset data = p.transform(table);
  EXPECT_TRUE(data.is_classification());
  EXPECT_TRUE(data.is_multi_label());
  EXPECT_FALSE(data.has_labels());
  EXPECT_EQ(data.value(0, 0), 1);
  EXPECT_EQ(data.value(0, 1), 1);
  EXPECT_EQ(data.value(2, 0), 1);
  EXPECT_EQ(data.value(2, 1), 0);
}

TEST(Targets, can_all_be_log_scaled) {
  PreprocessOptions options = both;
  options.target_scale = TargetScaling::log;
  const Preprocessor p = fitted(read_csv(numbers), options);
  EXPECT_EQ(p.targets[0].shift, 0);
  EXPECT_EQ(p.targets[1].shift, 0);
  EXPECT_NEAR(p.targets[1].mean, (std::log(10.5) + std::log(20.5)) / 2, 1e-14);
}

TEST(Targets, are_in_a_dataset_only_if_the_table_has_all_of_them) {
  const Preprocessor p = fitted(read_csv(numbers), both);
  EXPECT_FALSE(p.transform(read_csv("x,heat,z\n1,1,4\n")).has_targets());
  EXPECT_FALSE(p.transform(read_csv(numbers), false).has_targets());
}

Error refused(const std::string& csv, const PreprocessOptions& options) {
  return refusal([&] { fitted(read_csv(csv, "x.csv"), options); });
}

TEST(Targets, mixing_numbers_and_classes_is_refused_with_the_kind_of_each) {
  const std::string csv = "a,n,k\n1,0.5,u\n2,1.5,v\n3,2.5,w\n4,3.5,v\n";
  const Error mixed = refused(csv, {.target = {"n", "k"}});
  EXPECT_EQ(mixed.code(), "D33");
  EXPECT_STREQ(mixed.what(), "x.csv: one model cannot predict both numbers and classes");
  EXPECT_EQ(mixed.details(), (Names{"n: a number (numbers with decimals)", "k: 3 classes (text)",
                                    "predict one at a time: `target = n`"}));
  const std::string counts =
      "a,m,n\n1,0,0\n2,1,1\n3,0,2\n4,1,0\n5,0,1\n1,0,2\n2,1,0\n3,0,1\n4,1,2\n5,0,0\n1,0,1\n2,1,2\n3,0,0\n4,1,1\n5,0,"
      "2\n";
  const Error three = refused(counts, {.target = {"m", "n"}});
  EXPECT_EQ(three.code(), "D33");
  EXPECT_EQ(three.details().at(1), "n: 3 classes (3 distinct integers in 15 rows)");
  EXPECT_EQ(three.details().back(), "or treat all as numbers: `task = regression`");
  EXPECT_EQ(fitted(read_csv(counts), {.target = {"m", "n"}, .task = Task::regression}).targets[1].mean, 1);
  EXPECT_EQ(refused(csv, {.target = {"n", "k"}, .task = Task::regression}).code(), "D38");
  EXPECT_EQ(refused(numbers, {.target = {"heat", "cold"}, .task = Task::classification}).code(), "D33");
}

TEST(Targets, repeated_dropped_or_missing_ones_are_refused) {
  const Error twice = refused(numbers, {.target = {"heat", "cold", "heat"}});
  EXPECT_EQ(twice.code(), "U12");
  EXPECT_STREQ(twice.what(), "the target \"heat\" is named twice");
  EXPECT_EQ(refused(numbers, {.target = {"heat", "cold"}, .drop = {"cold"}}).code(), "U12");
  EXPECT_EQ(refused(numbers, {.target = {"heat", "cold"}, .kinds = {{"cold", AskedKind::drop}}}).code(), "U12");
  EXPECT_EQ(refused(numbers, {.target = {"heat", "cool"}}).code(), "D11");
  EXPECT_EQ(refused("x,a,b\n1,0.5,1.5\n2,1.5,3.5\n3,0.5,3.5\n", {.target = {"a", "b"}, .drop = {"x"}}).code(), "D17");
  const Error lacks = refused("x,a,b\n1,0.5,1.5\n2,1.5,\n3,0.5,3.5\n", {.target = {"a", "b"}});
  EXPECT_EQ(lacks.code(), "D18");
  EXPECT_STREQ(lacks.what(), "x.csv:3: the target \"b\" is missing");
  EXPECT_EQ(refused("x,a,b\n1,0.5,7.5\n2,1.5,7.5\n", {.target = {"a", "b"}}).code(), "D17");
  EXPECT_EQ(refused("x,a,b\n1,u,v\n2,w,v\n", {.target = {"a", "b"}}).code(), "D17");
}

TEST(Targets, that_are_also_group_or_time_column_are_refused) {
  for (const SplitOptions& options : {SplitOptions{.target = {"heat", "cold"}, .group = "cold"},
                                      SplitOptions{.target = {"heat", "cold"}, .time = "cold"}}) {
    EXPECT_EQ(refusal([&] { split(read_csv(numbers), options); }).code(), "U06");
  }
}

TEST(Targets, an_unknown_class_is_refused_with_the_name_of_its_target) {
  const Preprocessor p = fitted(read_csv(answers), {.target = {"rain", "frost"}});
  const Error error = refusal([&] { p.transform(read_csv("x,rain,frost,z\n1,yes,2,a\n", "new.csv")); });
  EXPECT_EQ(error.code(), "D17");
  EXPECT_STREQ(error.what(), "new.csv:2: \"2\" is a class of \"frost\" that no training row has");
}

TEST(Targets, several_class_targets_do_not_stratify_a_split) {
  const std::string csv = answers;
  EXPECT_TRUE(split(read_csv(csv), {.target = "rain", .validation = 0.2, .test = 0.2}).stratified);
  std::string longer = csv;
  for (int i = 0; i < 20; ++i) longer += csv.substr(csv.find('\n') + 1);
  const Split parts = split(read_csv(longer), {.target = {"rain", "frost"}});
  EXPECT_FALSE(parts.stratified);
  EXPECT_EQ(parts.train.rows() + parts.validation.rows() + parts.test.rows(), 210);
}

TEST(TargetsJson, a_round_trip_is_exact_for_numbers_and_classes) {
  PreprocessOptions by_log = both;
  by_log.target_scale = TargetScaling::log;
  for (const Preprocessor& p : {fitted(read_csv(numbers), both), fitted(read_csv(numbers), by_log),
                                fitted(read_csv(answers), {.target = {"rain", "frost"}})}) {
    const std::string json = p.to_json();
    const Preprocessor q = Preprocessor::from_json(json);
    EXPECT_EQ(q.to_json(), json);
    EXPECT_EQ(q.target_names(), p.target_names());
    EXPECT_EQ(q.targets[1].classes, p.targets[1].classes);
    EXPECT_EQ(q.targets[1].of_net(0.25), p.targets[1].of_net(0.25));
  }
}

TEST(TargetsJson, damaged_json_is_refused) {
  using Json = nlohmann::json;
  const Json of_numbers = Json::parse(fitted(read_csv(numbers), both).to_json());
  const Json of_answers = Json::parse(fitted(read_csv(answers), {.target = {"rain", "frost"}}).to_json());
  const auto changed = [](Json document, const char* pointer, const Json& value) {
    document[Json::json_pointer(pointer)] = value;
    return refusal([&] { Preprocessor::from_json(document.dump()); }).code();
  };
  EXPECT_EQ(changed(of_numbers, "/targets", Json::array()), "D21");
  EXPECT_EQ(changed(of_numbers, "/targets", Json::array({of_numbers["targets"][0]})),
            "D21");  // a single target has another format
  EXPECT_EQ(changed(of_numbers, "/targets", 7), "D21");
  EXPECT_EQ(changed(of_numbers, "/targets/1", 7), "D21");
  EXPECT_EQ(changed(of_numbers, "/targets/1/name", "heat"), "D21");
  EXPECT_EQ(changed(of_numbers, "/targets/1/deviation", 0), "D21");
  EXPECT_EQ(changed(of_numbers, "/targets/1/mean", "4"), "D21");
  EXPECT_EQ(changed(of_numbers, "/targets/1/form", "x"), "D21");
  EXPECT_EQ(changed(of_numbers, "/targets/1/more", 1), "D21");
  EXPECT_EQ(changed(of_numbers, "/target", "heat"), "D21");
  EXPECT_EQ(changed(of_numbers, "/targets/0/classes", Json::array({"a", "b"})), "D21");
  EXPECT_EQ(changed(of_answers, "/targets/0/classes", Json::array({"a", "b", "c"})), "D21");
  EXPECT_EQ(changed(of_answers, "/targets/0/classes", Json::array({"a", "a"})), "D21");
}

// Files from a version that supported one target only.
TEST(TargetsJson, older_models_with_one_target_load_and_save_to_the_same_bytes) {
  const std::string folder = std::string(PELLUCID_SOURCE_DIR) + "/tests/golden/";
  const std::string number = read_file(folder + "one_number.safetensors");
  const Model of_number = Model::from_bytes(number);
  EXPECT_EQ(of_number.to_bytes(), number);
  ASSERT_EQ(of_number.preprocessor->target_names(), Names{"price"});
  EXPECT_EQ(of_number.preprocessor->targets[0].shift, 0);
  EXPECT_EQ(of_number.preprocessor->task, Task::regression);
  const std::string kinds = read_file(folder + "one_class.safetensors");
  const Model of_kinds = Model::from_bytes(kinds);
  EXPECT_EQ(of_kinds.to_bytes(), kinds);
  EXPECT_EQ(of_kinds.preprocessor->targets[0].classes, (Names{"big", "mid", "small"}));
}

TEST(TargetsFound, a_column_that_predicts_one_target_is_a_leak_but_other_targets_are_not) {
  std::string csv = "x,other,a,b\n";
  for (int i = 0; i < 200; ++i) {
    const double x = i * 37 % 200, b = i * 91 % 197;
    csv += std::to_string(x) + "," + std::to_string(i % 7) + "," + std::to_string(2 * x + 0.5) + "," +
           std::to_string(b + 0.5) + "\n";
  }
  const Table table = read_csv(csv);
  const std::vector<int> targets{2, 3};
  const auto found = find_leaks(table, targets, {.target = {"a", "b"}}, test::all_rows(table));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].code, "D02");
  EXPECT_EQ(found[0].text.find("leakage: column \"x\" alone predicts a"), 0u) << found[0].text;
}

TEST(TargetsFound, mixing_numbers_and_classes_is_a_finding_of_check) {
  const Table table = read_csv("a,n,k\n1,0.5,u\n2,1.5,v\n3,2.5,w\n4,3.5,v\n");
  const std::vector<int> targets{1, 2}, fit{1, 0};
  const auto found = find_unlike_targets(table, targets, {}, test::all_rows(table));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].code, "D33");
  EXPECT_TRUE(found[0].warning);
  EXPECT_TRUE(find_unlike_targets(table, fit, {.task = Task::regression}, test::all_rows(table)).empty());
}

TEST(Answers, are_0_or_1_and_are_not_class_labels) {
  const std::vector<float> x{1, 2};
  const std::vector<std::int32_t> right{0, 1, 1, 0}, wrong{0, 1, 2, 0};
  const Dataset data = Dataset::multi_label(x, Shape{1}, right, 2);
  EXPECT_TRUE(data.is_multi_label());
  EXPECT_EQ(data.value(1, 0), 1);
  EXPECT_EQ(refusal([&] { Dataset::multi_label(x, Shape{1}, wrong, 2); }).code(), "D17");
  EXPECT_EQ(refusal([&] { Dataset::multi_label(x, Shape{1}, right, 3); }).code(), "U20");
  EXPECT_EQ(refusal([&] { balanced_weights(data); }).code(), "U20");
}

}  // namespace
}  // namespace pellucid
