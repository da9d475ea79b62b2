// Comparison of runs: paired tests, refusals, and runs that are displayed without a test.
// Not here: sentences and tables (cli/compare.txt).
#include "run/run_comparison.h"

#include <gtest/gtest.h>

#include "pellucid/error.h"
#include "run/run_files.h"
#include "support/files.h"

namespace pellucid {
namespace {

// A run with 20 test rows, of which the rows in `wrong` are wrong.
ComparedRun run(const std::string& path, const std::vector<int>& wrong) {
  ComparedRun made{.path = path, .report = {{"v", 1}, {"run", path}, {"task", "classification"}, {"target", "kind"}}};
  made.kind = ScoreKind::accuracy;
  made.targets = {"kind"};
  made.errors.assign(20, 0);
  for (std::int64_t row = 0; row < 20; ++row) {
    made.rows.push_back(row + 1);
    made.truths.push_back("a");
  }
  for (const int row : wrong) made.errors[static_cast<std::size_t>(row)] = 1;
  made.score = 1 - static_cast<double>(wrong.size()) / 20;
  return made;
}

TEST(RunComparison, five_against_two_rows_may_be_chance_but_ten_against_none_are_significant) {
  const Comparison close = compare_runs({run("a", {0, 1}), run("b", {2, 3, 4, 5, 6})});
  ASSERT_EQ(close.pairs.size(), 1u);
  EXPECT_EQ(close.pairs[0].better, 0u);
  EXPECT_EQ(close.pairs[0].better_only, 5);
  EXPECT_EQ(close.pairs[0].worse_only, 2);
  EXPECT_NEAR(close.pairs[0].p, 2 * (1 + 7 + 21) / 128.0, 1e-12);
  EXPECT_FALSE(close.pairs[0].more_than_chance());
  const Comparison far = compare_runs({run("a", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}), run("b", {})});
  EXPECT_EQ(far.pairs[0].better, 1u);
  EXPECT_NEAR(far.pairs[0].p, 2 / 1024.0, 1e-12);
  EXPECT_TRUE(far.pairs[0].more_than_chance());
}

TEST(RunComparison, the_best_of_several_is_compared_with_each_other_run) {
  const Comparison all = compare_runs({run("a", {0, 1}), run("b", {0}), run("c", {0, 1, 2})});
  ASSERT_EQ(all.pairs.size(), 2u);
  for (const PairComparison& pair : all.pairs) EXPECT_EQ(pair.better, 1u);
}

TEST(RunComparison, regression_errors_are_compared_by_their_mean_difference) {
  ComparedRun a = run("a", {}), b = run("b", {});
  a.kind = b.kind = ScoreKind::rmse;
  a.score = 1;
  b.score = 2;
  for (std::size_t r = 0; r < 20; ++r) {
    a.errors[r] = 1;
    b.errors[r] = r % 2 == 0 ? 3 : 5;
  }
  EXPECT_LT(compare_runs({a, b}).pairs[0].p, 1e-6);
  for (std::size_t r = 0; r < 20; ++r) b.errors[r] = r % 2 == 0 ? 0.5 : 1.6;
  EXPECT_GT(compare_runs({a, b}).pairs[0].p, 0.5);
}

TEST(RunComparison, different_test_rows_prevent_the_test_and_different_targets_are_refused) {
  ComparedRun other = run("b", {});
  other.rows.back() = 99;
  const Comparison shown = compare_runs({run("a", {}), other});
  EXPECT_TRUE(shown.pairs.empty());
  EXPECT_NE(shown.obstacle.find("tested on different rows"), std::string::npos);
  other.report["target"] = "size";
  EXPECT_EQ(test::refusal([&] { compare_runs({run("a", {}), other}); }).code(), "D41");
}

TEST(RunComparison, different_settings_are_listed_and_absent_ones_marked) {
  ComparedRun a = run("a", {}), b = run("b", {});
  a.report["settings"] = {{"lr", {{"value", "0.1"}}}, {"seed", {{"value", "1"}}}, {"name", {{"value", "a"}}}};
  b.report["settings"] = {{"lr", {{"value", "0.2"}}}, {"seed", {{"value", "1"}}}, {"new", {{"value", "x"}}}};
  const auto settings = compare_runs({a, b}).settings;
  ASSERT_EQ(settings.size(), 2u);
  EXPECT_EQ(settings[0], std::make_pair(std::string("lr"), std::vector<std::string>{"0.1", "0.2"}));
  EXPECT_EQ(settings[1], std::make_pair(std::string("new"), std::vector<std::string>{"–", "x"}));
}

TEST(RunFiles, newer_and_foreign_reports_are_refused_and_older_ones_are_read) {
  const auto code = [](const char* text) -> std::string {
    const test::TempFolder folder;
    folder.file("report.json", text);
    try {
      read_report(folder.path());
      return "";
    } catch (const Error& error) {
      return error.code();
    }
  };
  EXPECT_EQ(code(R"({"v": 1, "run": "a"})"), "");
  EXPECT_EQ(code(R"({"v": 2, "run": "a"})"), "");
  EXPECT_EQ(code(R"({"run": "a"})"), "");
  EXPECT_EQ(code(R"({"v": 3, "run": "a"})"), "D40");
  EXPECT_EQ(code(R"({"v": "x", "run": "a"})"), "D40");
  EXPECT_EQ(code(R"({"v": 1})"), "D40");
  EXPECT_EQ(code("[1, 2]"), "D16");
  EXPECT_EQ(code("{\"v\":"), "D16");
}

}  // namespace
}  // namespace pellucid
