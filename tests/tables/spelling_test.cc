// Spellings of the same word: spaces, accents, letter case, whole numbers; and looking up words by them.
// Not here: findings about other spellings (row_watch_test.cc).
#include "tables/spelling.h"

#include <gtest/gtest.h>

namespace pellucid {
namespace {

using Match = KnownWords::Match;

TEST(Spelling, spaces_are_trimmed_and_runs_of_spaces_become_one) {
  EXPECT_EQ(plain_spelling("  new\u00a0 \u2003york\u3000"), "new york");
  EXPECT_EQ(plain_spelling("\ufeffyes\u200b"), "yes");
  EXPECT_EQ(plain_spelling("\u00a0"), "");
  EXPECT_EQ(plain_spelling(""), "");
}

TEST(Spelling, decomposed_accents_are_composed) {
  EXPECT_EQ(plain_spelling("Mu\u0308nchen"), "München");
  EXPECT_EQ(plain_spelling("e\u0301te\u0301"), "été");
  EXPECT_EQ(plain_spelling("A\u030angstro\u0308m"), "Ångström");
  EXPECT_EQ(plain_spelling("\u0301"), "\u0301") << "an accent without a letter stays";
  EXPECT_EQ(plain_spelling("x\u0301"), "x\u0301") << "and one that makes no character";
}

TEST(Spelling, invalid_utf8_is_unchanged) {
  EXPECT_EQ(plain_spelling("a\xff\xc3"), "a\xff\xc3");
  EXPECT_EQ(lower_case("A\xff\xe2\x82"), "a\xff\xe2\x82");
}

TEST(Spelling, lower_case_works_for_latin_greek_and_cyrillic) {
  EXPECT_EQ(lower_case("ÄÖÜ Šibenik ŁÓDŹ Ÿ"), "äöü šibenik łódź ÿ");
  EXPECT_EQ(lower_case("ΑΘΉΝΑ МОСКВА Ё"), "αθήνα москва ё");
  EXPECT_EQ(lower_case("×÷ß 漢字"), "×÷ß 漢字");
}

TEST(Spelling, whole_numbers_are_read_with_leading_and_trailing_zeros) {
  EXPECT_EQ(whole_number_of("21.0"), 21);
  EXPECT_EQ(whole_number_of("021"), 21);
  EXPECT_EQ(whole_number_of("-7.00"), -7);
  EXPECT_EQ(whole_number_of("9007199254740993"), 9007199254740993);
  EXPECT_EQ(whole_number_of("90071992547409930000"), std::nullopt) << "a 64-bit number does not hold it";
  for (const char* word : {"", "-", "21.", ".0", "1.10", "21.05", "1e3", "21a", "+1"}) {
    EXPECT_EQ(whole_number_of(word), std::nullopt) << word;
  }
}

TEST(KnownWords, find_a_word_by_its_closest_spelling) {
  const std::vector<std::string> words = {"21", "Köln", "red", "Red", "007", "7.5"};
  KnownWords known(words);
  const auto expect = [&](std::string_view word, std::int64_t index, Match match) {
    const KnownWords::Found found = known.find(word);
    EXPECT_EQ(found.index, index) << word;
    EXPECT_EQ(found.match, match) << word;
  };
  expect("21", 0, Match::exact);
  expect("21.0", 0, Match::number);
  expect(" Ko\u0308ln\u00a0", 1, Match::spelling);
  expect("KÖLN", 1, Match::letter_case);
  expect("red", 2, Match::exact);
  expect("RED", -1, Match::none);  // two known words match
  expect("7", 4, Match::number);
  expect("7.50", -1, Match::none);
  expect("blue", -1, Match::none);
}

}  // namespace
}  // namespace pellucid
