// Output for several targets: predictions, examples, report, comparison of runs.
// Not here: the numbers themselves (targets_trained_test.cc), the program (cli/targets.txt).
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "run/csv_text.h"
#include "run/page/examples.h"
#include "run/run_comparison.h"
#include "run/run_json.h"
#include "support/files.h"
#include "support/targets.h"

namespace pellucid {
namespace {

using test::four_answers;
using test::four_rows;
using test::passes_on;
using test::refusal;
using Names = std::vector<std::string>;

std::string predictions_text(const Evaluation& evaluation, const Dataset& rows) {
  std::string text;
  predictions_csv(evaluation, rows, [&](std::string_view piece) { text += piece; });
  return text;
}

TEST(SeveralTargets, predictions_have_columns_for_each_target) {
  const std::vector<float> x{0, 0};
  const Dataset rows = Dataset::regression(x, Shape{1}, x);
  Evaluation e = four_answers();
  e.targets[0].name = "rain, heavy";
  e.targets[1].name = "frost";
  e.targets[0].class_names = {"no", "yes"};
  e.targets[0].probabilities = {0.25, 0.75, 0.875, 0.125};
  e.targets[1].probabilities = {0.25, 0.75, 0.25, 0.75};
  EXPECT_EQ(predictions_text(e, rows),
            "row,\"truth_rain, heavy\",\"prediction_rain, heavy\",\"p_rain, heavy=yes\",truth_frost,prediction_frost,"
            "p_frost=1\n1,yes,yes,0.75,1,1,0.75\n2,no,no,0.125,0,1,0.75\n");
  EXPECT_EQ(predictions_text(four_rows(), rows),
            "row,truth_0,prediction_0,truth_1,prediction_1\n1,0,1,10,10\n2,2,3,10,20\n");
}

TEST(SeveralTargets, examples_cover_the_cells_of_every_target_and_contain_lists) {
  // The first target comes first, cell by cell: no predicted as no (rows 1 and 3), no predicted as yes (row 2).
  EXPECT_EQ(choose_examples(four_answers(), 2), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(choose_examples(four_answers(), 9), (std::vector<std::int64_t>{0, 1, 2, 3}));
  EXPECT_EQ(choose_examples(four_rows(), 9).size(), 4u);
  const Table table = read_csv("a\n1\n2\n3\n4\n");
  const Model model = passes_on(2, linear);
  const std::vector<float> x{0, 0, 0, 0};
  const Json json = examples_json(four_rows(), Dataset::regression(x, Shape{1}, x), table, Preprocessor(), model);
  EXPECT_EQ(json["rows"][1]["truth"], (std::vector<double>{2, 10}));
  EXPECT_EQ(json["rows"][1]["prediction"], (std::vector<double>{3, 20}));
}

TEST(SeveralTargets, a_report_has_every_target_and_a_version_that_older_programs_refuse) {
  RunResult result;
  result.preprocessor.task = Task::regression;
  result.preprocessor.targets = {{.name = "heat"}, {.name = "cold"}};
  result.test = four_rows();
  result.baselines = Baselines{{"3", "20"}, {2.2, 10}, 0, 0.5};
  const Json json = report_json(result);
  EXPECT_EQ(json["v"], 2);
  EXPECT_EQ(json["target"], "heat, cold");
  EXPECT_EQ(json["targets"][1]["name"], "cold");
  EXPECT_DOUBLE_EQ(json["test_r2"].get<double>(), 0.65);
  EXPECT_FALSE(json.contains("test_rmse"));
  EXPECT_DOUBLE_EQ(json["test"]["targets"][0]["r2"].get<double>(), 0.8);
  EXPECT_EQ(json["test"]["targets"][1]["constant_answer"], "20");
  EXPECT_EQ(json["test"]["targets"][1]["errors"]["counts"].size(), 30u);
  result.preprocessor.targets.pop_back();
  result.test->targets.pop_back();
  result.baselines = Baselines{{"3"}, {2.2}, 2.2, 0.5};
  const Json single = report_json(result);
  EXPECT_EQ(single["v"], 1);
  EXPECT_FALSE(single.contains("targets"));
  EXPECT_EQ(single["test_rmse"], 1);
}

// Two runs on the four rows: in the second, the larger errors of target b are 0.
TEST(SeveralTargets, runs_are_compared_by_the_errors_of_their_rows) {
  const test::TempFolder folder;
  const auto write = [&](const std::string& name, const std::string& rows, double r2) {
    std::filesystem::create_directory(folder.path() + "/" + name);
    folder.file(name + "/report.json", Json{{"v", 2},
                                            {"run", name},
                                            {"task", "regression"},
                                            {"target", "a, b"},
                                            {"targets", {{{"name", "a"}}, {{"name", "b"}}}},
                                            {"test_r2", r2}}
                                           .dump());
    folder.file(name + "/predictions.csv", "row,truth_a,prediction_a,truth_b,prediction_b\n" + rows);
    return read_compared_run(folder.path() + "/" + name);
  };
  const ComparedRun one = write("one", "1,0,1,10,10\n2,2,3,10,20\n3,4,5,30,30\n4,6,7,30,40\n", 0.65);
  const ComparedRun two = write("two", "1,0,1,10,10\n2,2,3,10,10\n3,4,5,30,30\n4,6,7,30,30\n", 0.9);
  EXPECT_EQ(one.kind, ScoreKind::r2);
  EXPECT_EQ(one.targets, (Names{"a", "b"}));
  EXPECT_DOUBLE_EQ(one.errors[1], 0.6);
  EXPECT_DOUBLE_EQ(two.errors[1], 0.1);
  const Comparison both = compare_runs({one, two});
  EXPECT_EQ(both.obstacle, "");
  EXPECT_EQ(both.pairs[0].better, 1u);
  EXPECT_NEAR(both.pairs[0].difference, 0.25, 1e-12);
  // The differences 0, 0.5, 0, 0.5 have mean 0.25 and deviation 0.2887; z = 0.25 / (0.2887 / 2) = √3.
  EXPECT_NEAR(both.pairs[0].p, std::erfc(std::sqrt(1.5)), 1e-9);
  ComparedRun other = one;
  other.targets = {"a"};
  EXPECT_EQ(refusal([&] { compare_runs({one, other}); }).code(), "D41");
}

}  // namespace
}  // namespace pellucid
