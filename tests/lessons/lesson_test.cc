// Lessons: comparison with printed digits, and verdicts. Not here: the tutorials (tutorials_test.py).
#include "lessons/lesson.h"

#include <gtest/gtest.h>

#include "lessons/printed.h"
#include "lessons/text_audience.h"
#include "support/files.h"

namespace pellucid::tutorial {
namespace {

TEST(Printed, a_number_is_equal_if_it_rounds_to_the_printed_digits) {
  const Printed loss = parse_printed("0.258").front();
  EXPECT_TRUE(loss.is(0.2576));
  EXPECT_TRUE(loss.is(0.2584));
  EXPECT_FALSE(loss.is(0.2586));
  EXPECT_EQ(loss.like(0.25761), "0.258");
  EXPECT_TRUE(parse_printed("-23.24055489").front().is(-23.240554894));
  EXPECT_FALSE(parse_printed("-23.24055489").front().is(-23.240554896));
  EXPECT_TRUE(parse_printed("2.9e-05").front().is(0.0000286));
  EXPECT_FALSE(parse_printed("2.9e-05").front().is(0.0000284));
}

TEST(Printed, at_most_twelve_digits_are_compared) {
  const Printed long_one = parse_printed("677.625448852107").front();
  EXPECT_TRUE(long_one.is(677.6254488521070003));
  EXPECT_TRUE(long_one.is(677.625448852109));
  EXPECT_FALSE(long_one.is(677.625448856));
}

TEST(Printed, lists_may_contain_spaces_commas_and_brackets) {
  EXPECT_EQ(parse_printed("[[22 0] [0 28]]").size(), 4u);
  EXPECT_EQ(parse_printed("1.5,\n2").back().value, 2);
  EXPECT_EQ(test::refusal([] { parse_printed("1.5 abc"); }).code(), "P01");
}

class Listener : public Audience {
 public:
  void words(const std::string&) override {}
  void comparison(const Comparison& line) override { lines.push_back(line); }
  void figure(const figures::Figure&) override {}
  std::vector<Comparison> lines;
};

void compare_all(Lesson& lesson) {
  lesson.exact("right", "0.5 1", std::vector<double>{0.52, 1.4});
  lesson.exact("wrong", "0.5", 0.56);
  lesson.exact("too few", "1 2", 1);
  lesson.in_range("in", 1, 2, 1.5);
  lesson.in_range("out", 1, 2, 2.5);
  lesson.lower("better", 3, 2);
  lesson.errs("errs", "4", "5", 5, "it miscounts");
  lesson.errs("does not", "4", "5", 4, "");
  lesson.holds("so", lesson.number("lr") == 0.1);
}

const Tutorial tutorial{"made", "000", "for this test", compare_all, {{"lr", "0.1", "rate"}}};

std::vector<Verdict> verdicts(const Choices& choices) {
  Listener listener;
  Lesson lesson(tutorial, choices, listener);
  tutorial.run(lesson);
  std::vector<Verdict> result;
  for (const Comparison& line : listener.lines) result.push_back(line.verdict);
  return result;
}

TEST(Lesson, each_comparison_gets_the_right_verdict) {
  using enum Verdict;
  EXPECT_EQ(verdicts({}), (std::vector<Verdict>{exact, off, off, in_range, off, better, tutorial_errs, off, exact}));
}

TEST(Lesson, with_another_seed_or_setting_nothing_is_compared) {
  EXPECT_EQ(verdicts({.seed = 1}), std::vector<Verdict>(9, Verdict::replayed));
  EXPECT_EQ(verdicts({.settings = {{"lr", "0.2"}}}), std::vector<Verdict>(9, Verdict::replayed));
  EXPECT_EQ(verdicts({.settings = {{"lr", "0.1"}}}).front(), Verdict::exact) << "the same value changes nothing";
}

TEST(Lesson, unknown_settings_and_values_are_refused) {
  EXPECT_EQ(test::refusal([] { verdicts({.settings = {{"lt", "1"}}}); }).code(), "U23");
  EXPECT_EQ(test::refusal([] { verdicts({.settings = {{"lr", "fast"}}}); }).code(), "U12");
}

TEST(Lesson, json_contains_numbers_or_ranges) {
  Listener listener;
  Lesson lesson(tutorial, {}, listener);
  tutorial.run(lesson);
  EXPECT_EQ(json_of(tutorial, listener.lines[0]),
            R"({"v":1,"tutorial":"made","name":"right","expected":[0.5,1.0],"got":[0.52,1.4],"verdict":"exact"})");
  EXPECT_NE(json_of(tutorial, listener.lines[3]).find(R"("expected":"1 … 2","got":1.5)"), std::string::npos);
}

}  // namespace
}  // namespace pellucid::tutorial
