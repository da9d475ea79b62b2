// Text for the shell, names in lists, suggestions for misspelled numbers, and conversion of doubles to whole numbers.
// Not here: the messages that contain them (cli/names.txt).
#include "core/shell.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <limits>

#include "core/convert.h"
#include "core/number_hint.h"
#include "pellucid/error.h"
#include "pellucid/health.h"

namespace pellucid {
namespace {

using Names = std::vector<std::string>;

TEST(Shell, words_are_quoted_only_where_needed) {
  EXPECT_EQ(shell_word("runs/iris-001"), "runs/iris-001");
  EXPECT_EQ(shell_word("age,size=number"), "age,size=number");
  EXPECT_EQ(shell_word("size, sqm"), "'size, sqm'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word("temp>=30"), "'temp>=30'");
  EXPECT_EQ(shell_word("$HOME `id` \"x\" * ~"), "'$HOME `id` \"x\" * ~'");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("=a"), "'=a'") << "zsh would look for a program named a";
  EXPECT_EQ(shell_word("a\nb'\x1b"), "$'a\\x0ab\\'\\x1b'");
}

TEST(Shell, a_shell_reads_every_quoted_word_unchanged) {
  for (const std::string word :
       {"plain", "size, sqm", "it's", "$(id)", "a\\b", "a\tb", "é ü", "{x}", "[y]", "!1", "#2", "-n"}) {
    FILE* const pipe = popen(("bash -c " + shell_word("printf '%s|' " + shell_word(word))).c_str(), "r");
    ASSERT_NE(pipe, nullptr);
    char read[64] = {};
    const std::size_t length = fread(read, 1, sizeof read - 1, pipe);
    pclose(pipe);
    EXPECT_EQ(std::string(read, length), word == std::string("-n") ? "-n|" : std::string(word) + "|");
  }
}

TEST(Shell, names_in_a_list_are_read_back_unchanged) {
  EXPECT_EQ(split_names("age, size,zone"), (Names{"age", "size", "zone"}));
  EXPECT_EQ(split_names("\"size, sqm\",zone"), (Names{"size, sqm", "zone"}));
  EXPECT_EQ(split_names(""), Names{});
  EXPECT_EQ(split_names("a,"), (Names{"a", ""}));
  EXPECT_EQ(split_names("5\" pipe,b"), (Names{"5\" pipe", "b"})) << "a quote inside a name is a letter like others";
  EXPECT_EQ(split_names("\"open,b"), (Names{"\"open", "b"})) << "nothing closes it";
  for (const std::string name : {"age", "size, sqm", "\"q\"", " x ", "a=b", ",", "\"", "yield, %"}) {
    EXPECT_EQ(split_names(list_name(name)), Names{name});
    EXPECT_EQ(split_names(list_name(name) + ",b"), (Names{name, "b"}));
  }
}

TEST(Shell, a_name_with_an_equals_sign_or_a_comma_can_be_given_a_value) {
  const std::vector<NamedValue> values = split_named_values("\"size, sqm\"=number,a=b=date,\"x=1\"=drop,alone");
  ASSERT_EQ(values.size(), 4u);
  EXPECT_EQ(values[0].name + ":" + values[0].value, "size, sqm:number");
  EXPECT_EQ(values[1].name + ":" + values[1].value, "a=b:date");
  EXPECT_EQ(values[2].name + ":" + values[2].value, "x=1:drop");
  EXPECT_FALSE(values[3].assigned);
  EXPECT_EQ(kind_hint("size, sqm", "number"), "`kind = \"size, sqm\"=number`");
}

TEST(Shell, a_misspelled_number_gets_a_suggestion) {
  EXPECT_EQ(number_hint("0,01", false), "; write 0.01");
  EXPECT_EQ(number_hint("15%", false), "; write 0.15");
  EXPECT_EQ(number_hint("15 %", false), "; write 0.15");
  EXPECT_EQ(number_hint("1.234,5", false), "; write 1234.5");
  EXPECT_EQ(number_hint("10.0", true), "; write 10");
  EXPECT_EQ(number_hint("1e3", true), "; write 1000");
  EXPECT_EQ(number_hint("1,000", true), "; write 1000");
  EXPECT_EQ(number_hint("1_000", true), "; write 1000");
  EXPECT_EQ(number_hint("2.5", true), "");
  EXPECT_EQ(number_hint("many", false), "");
  EXPECT_EQ(number_hint("", false), "");
}

TEST(Shell, the_nearest_name_ignores_case_and_swapped_letters) {
  EXPECT_EQ(closest("Chrun", {"tenure", "Churn"}), "Churn");
  EXPECT_EQ(closest("PRICE", {"price", "prize"}), "price");
  EXPECT_EQ(closest("monthlycharges", {"MonthlyCharges", "TotalCharges"}), "MonthlyCharges");
  EXPECT_EQ(closest("age", {"zone", "y"}), "");
}

TEST(Convert, any_double_becomes_a_whole_number_in_the_range_of_the_type) {
  EXPECT_EQ(to_whole<std::int64_t>(1e308), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(to_whole<std::int64_t>(-1e308), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(to_whole<std::int64_t>(9223372036854775808.0), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(to_whole<std::int64_t>(std::nan("")), 0);
  EXPECT_EQ(to_whole<std::size_t>(-0.5), 0u);
  EXPECT_EQ(to_whole<std::size_t>(-3), 0u);
  EXPECT_EQ(to_whole<int>(7.9), 7);
}

TEST(Convert, bins_work_for_any_range) {
  for (const auto& [low, high] : {std::pair{0.0, 1.0}, {-1e308, 1e308}, {0.0, 5e-324}, {1e-310, 3e-310}, {2.0, 2.0}}) {
    const Bins bin(low, high, 30);
    EXPECT_EQ(bin(low), 0u) << low << " to " << high;
    EXPECT_LT(bin(high), 30u) << low << " to " << high;
    EXPECT_EQ(bin(high), low == high ? 0u : 29u) << low << " to " << high;
    EXPECT_LT(bin(std::nan("")), 30u);
  }
  const std::vector<double> ends{-1e308, 0, 1e308};
  const Distribution spread = distribution_of(ends);
  EXPECT_EQ(spread.counts.front(), 1);
  EXPECT_EQ(spread.counts.back(), 1);
}

TEST(Convert, ties_are_rounded_away_from_zero_as_in_javascript) {
  const auto text = [](double x, int decimals) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.*f", decimals, ties_away(x, decimals));
    return std::string(buffer);
  };
  EXPECT_EQ(text(97.25, 1), "97.3") << "JavaScript: (97.25).toFixed(1)";
  EXPECT_EQ(text(97.75, 1), "97.8");
  EXPECT_EQ(text(97.249999, 1), "97.2");
  EXPECT_EQ(text(-97.25, 1), "-97.3");
  EXPECT_EQ(text(0.0625, 3), "0.063");
  EXPECT_EQ(text(0, 1), "0.0");
  EXPECT_EQ(text(2.5, 0), "3");
}

}  // namespace
}  // namespace pellucid
