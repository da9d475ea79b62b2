// Error, suggestions for misspelled names (closest), and the table of error codes.
// Not here: which call throws which error (the tests of each subject).
#include "pellucid/error.h"

#include <gtest/gtest.h>

#include <cctype>
#include <set>

#include "core/error_codes.h"

namespace pellucid {
namespace {

TEST(Error, text_has_the_code_the_message_and_one_detail_per_line) {
  const Error error("D13", "houses.csv:7: expected 3 fields, found 4", {"the header has: a, b, c", "look for a comma"});
  EXPECT_STREQ(error.what(), "houses.csv:7: expected 3 fields, found 4");
  EXPECT_EQ(error.text(),
            "error[D13]: houses.csv:7: expected 3 fields, found 4\n  the header has: a, b, c\n  look for a comma");
}

TEST(Error, the_letter_of_the_code_decides_the_exit_status) {
  EXPECT_EQ(Error("U12", "").exit_code(), 2);
  EXPECT_EQ(Error("D10", "").exit_code(), 3);
  EXPECT_EQ(Error("N01", "").exit_code(), 4);
  EXPECT_EQ(Error("M03", "").exit_code(), 5);
  EXPECT_EQ(Error("P01", "").exit_code(), 70);
  EXPECT_EQ(Error("", "").exit_code(), 70);
}

TEST(Error, can_be_caught_as_a_standard_exception) {
  EXPECT_THROW(throw Error("U12", "x"), std::runtime_error);
}

TEST(Closest, finds_misspelled_names_but_no_unrelated_ones) {
  const std::vector<std::string> names{"price", "rooms", "garden_area"};
  EXPECT_EQ(closest("prize", names), "price");
  EXPECT_EQ(closest("garden_aera", names), "garden_area");
  EXPECT_EQ(closest("price", names), "price");
  EXPECT_EQ(closest("elephant", names), "");
  EXPECT_EQ(closest("", names), "");
  EXPECT_EQ(closest("price", {}), "");
}

TEST(ErrorCodes, each_code_is_unique_and_has_a_meaning_and_a_way_out) {
  std::set<std::string> seen;
  for (const CodeInfo& info : code_table()) {
    const std::string code = info.code;
    ASSERT_EQ(code.size(), 3u) << code;
    EXPECT_TRUE(std::string("UDHNMP").find(code[0]) != std::string::npos) << code;
    EXPECT_TRUE(std::isdigit(code[1]) && std::isdigit(code[2])) << code;
    EXPECT_TRUE(seen.insert(code).second) << code << " twice";
    EXPECT_GT(std::string(info.meaning).size(), 10u) << code;
    EXPECT_EQ(std::string(info.way_out).back(), '.') << code;
  }
}

}  // namespace
}  // namespace pellucid
