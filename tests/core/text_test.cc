// Words and numbers in messages. Not here: data formats.
#include "core/text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/visible.h"

namespace pellucid {
namespace {

TEST(Text, bytes_are_printed_in_a_suitable_unit) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(1023), "1023 B");
  EXPECT_EQ(bytes_text(1024), "1.0 KiB");
  EXPECT_EQ(bytes_text(26317), "25.7 KiB");
  EXPECT_EQ(bytes_text(1.5 * 1024 * 1024 * 1024), "1.5 GiB");
  EXPECT_EQ(bytes_text(5e15), "4547.5 TiB");
}

TEST(Text, counts_have_commas_every_three_digits) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1000), "1,000");
  EXPECT_EQ(count_text(1234567), "1,234,567");
  EXPECT_EQ(count_text(-999), "-999");
  EXPECT_EQ(count_text(-1000), "-1,000");
  EXPECT_EQ(count_text(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
}

TEST(Text, a_printed_number_is_parsed_back_unchanged) {
  for (double x : {0.1, 1.0, -2.5e-300, 1e22, 1.0 / 3, std::numeric_limits<double>::denorm_min(),
                   std::numeric_limits<double>::max()}) {
    double back = 0;
    ASSERT_TRUE(parse_number(number_text(x), back)) << x;
    EXPECT_EQ(back, x);
  }
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(3), "3");
}

TEST(Text, nouns_agree_with_their_number) {
  EXPECT_EQ(plural(1, "row"), "1 row");
  EXPECT_EQ(plural(0, "row"), "0 rows");
  EXPECT_EQ(plural(1797, "row"), "1,797 rows");
  EXPECT_EQ(plural(2, "class"), "2 classes");
  EXPECT_EQ(plural(2, "box"), "2 boxes");
  EXPECT_EQ(plural(3, "batch"), "3 batches");
}

TEST(Text, split_text_keeps_empty_parts_and_trims_them) {
  using Parts = std::vector<std::string>;
  EXPECT_EQ(split_text("", ','), Parts{});
  EXPECT_EQ(split_text("a", ','), Parts{"a"});
  EXPECT_EQ(split_text(" a , b", ','), (Parts{"a", "b"}));
  EXPECT_EQ(split_text("a,,b", ','), (Parts{"a", "", "b"}));
  EXPECT_EQ(split_text(",a", ','), (Parts{"", "a"}));
  EXPECT_EQ(split_text("a,", ','), (Parts{"a", ""}));
  EXPECT_EQ(join({"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(join({}, ", "), "");
  EXPECT_EQ(trim("\t a b \r\n"), "a b");
  EXPECT_EQ(trim("  "), "");
}

TEST(Text, characters_that_control_a_terminal_are_escaped) {
  EXPECT_EQ(visible("größe 日本 👩‍🔬\nnext"), "größe 日本 👩‍🔬\nnext")
      << "letters, joined signs and line ends stay";
  EXPECT_EQ(visible("\x1b]0;x\a\r\t\b\x7f"), "\\x1b]0;x\\x07\\x0d\\x09\\x08\\x7f");
  EXPECT_EQ(visible("\u009b31m\u0085"), "\\u009b31m\\u0085") << "C1 controls";
  EXPECT_EQ(visible("\u202eabc\u202c\u2066\u2069\u200f\u061c"), "\\u202eabc\\u202c\\u2066\\u2069\\u200f\\u061c");
  EXPECT_EQ(visible("\u200b\ufeff\u2028\u2060\U000e0041"), "\\u200b\\ufeff\\u2028\\u2060\\ue0041");
  EXPECT_EQ(visible("\x9b"
                    "31m \xc0\x9b \xed\xa0\x80 \xf8\x88\x80\x80"),
            "\\x9b31m \\xc0\\x9b \\xed\\xa0\\x80 \\xf8\\x88\\x80\\x80")
      << "no UTF-8";
  EXPECT_EQ(visible(visible("\x1b")), "\\x1b") << "once is enough";
}

TEST(Text, quote_escapes_what_cannot_be_printed) {
  EXPECT_EQ(quote("plain"), "\"plain\"");
  EXPECT_EQ(quote("größe"), "\"größe\"");
  EXPECT_EQ(quote("a\tb\nc\rd"), "\"a\\tb\\nc\\rd\"");
  EXPECT_EQ(quote("\x1b[31m"), "\"\\x1b[31m\"");
  EXPECT_EQ(quote("\x7f"), "\"\\x7f\"");
  EXPECT_EQ(quote("\xff"), "\"\\xff\"");
  EXPECT_EQ(quote("\xc3"), "\"\\xc3\"") << "a sequence that is cut short";
  EXPECT_EQ(quote("\xc0\xaf"), "\"\\xc0\\xaf\"") << "an overlong form";
  EXPECT_EQ(quote(std::string_view("\0x", 2)), "\"\\x00x\"");
}

TEST(Text, a_long_cell_is_cut_between_two_characters) {
  EXPECT_EQ(quote("abcdef", 3), "\"abc…\"");
  EXPECT_EQ(quote("abc", 3), "\"abc\"");
  EXPECT_EQ(quote("äöüß", 2), "\"äö…\"");
}

TEST(Text, parsing_accepts_only_the_complete_text) {
  double x = 0;
  EXPECT_TRUE(parse_number("1.5", x));
  EXPECT_EQ(x, 1.5);
  EXPECT_TRUE(parse_number("+2e3", x));
  EXPECT_EQ(x, 2000);
  EXPECT_TRUE(parse_number("-.5", x));
  EXPECT_EQ(x, -0.5);
  for (const char* text : {"", " 1", "1 ", "1,5", "0x10", "1e", "one", "+", "+-1", "1.2.3"}) {
    EXPECT_FALSE(parse_number(text, x)) << text;
  }
  std::int64_t n = 0;
  EXPECT_TRUE(parse_integer("-42", n));
  EXPECT_EQ(n, -42);
  for (const char* text : {"", "1.0", "1e3", "9223372036854775808", "7x"}) EXPECT_FALSE(parse_integer(text, n)) << text;
}

}  // namespace
}  // namespace pellucid
