// Setting hints in messages: written, found again, and replaced by another spelling.
// Not here: hints as flags of the program (cli/settings.txt).
#include "pellucid/setting_hint.h"

#include <gtest/gtest.h>

namespace pellucid {
namespace {

std::string as_flag(std::string_view name, std::string_view value) {
  if (name == "unknown") return "";
  return "--" + std::string(name) + (value.empty() ? "" : " <" + std::string(value) + ">");
}

TEST(SettingHint, names_a_setting_and_its_value_between_backticks) {
  EXPECT_EQ(setting_hint("dropout"), "`dropout`");
  EXPECT_EQ(setting_hint("missing", "drop"), "`missing = drop`");
  EXPECT_EQ(setting_hint("drop", "a`b"), "`drop = a``b`");
}

TEST(SettingHint, a_list_quotes_names_that_contain_a_comma) {
  EXPECT_EQ(setting_hint_list("drop", {"age"}), "`drop = age`");
  EXPECT_EQ(setting_hint_list("drop", {"age", "size, sqm"}), "`drop = age,\"size, sqm\"`");
}

TEST(WithSettings, replaces_every_hint_and_nothing_else) {
  EXPECT_EQ(with_settings("", as_flag), "");
  EXPECT_EQ(with_settings("no hint", as_flag), "no hint");
  EXPECT_EQ(with_settings("try `missing = drop`, or `dropout`.", as_flag), "try --missing <drop>, or --dropout.");
}

TEST(WithSettings, returns_any_value_unchanged) {
  for (const std::string value : {"a`b", "`", "``", "a = b", "x y", "5", "\"q\""}) {
    EXPECT_EQ(with_settings("say " + setting_hint("drop", value) + "!", as_flag), "say --drop <" + value + ">!");
  }
}

TEST(WithSettings, leaves_text_in_backticks_that_is_not_a_setting) {
  for (const std::string text :
       {"run `make all`", "`unknown = 3`", "`Upper`", "`9lives = 1`", "``", "an open ` tick", "`a-b`", "ends in `"}) {
    EXPECT_EQ(with_settings(text, as_flag), text);
  }
  EXPECT_EQ(with_settings("`make all` or `epochs = 5`", as_flag), "`make all` or --epochs <5>");
}

}  // namespace
}  // namespace pellucid
