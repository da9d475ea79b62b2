// Described settings: listing, JSON in both directions, text, ranges, and the messages about mistakes.
// Not here: any real setting.
#include "core/settings.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "core/settings_text.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

struct Oven {
  double heat = 180;
  std::int64_t trays = 2;
  bool fan = false;
  std::string mode = "top";
  void describe(Fields& fields) {
    fields.field({"heat", "how hot", {0, 300, true, false}, "degrees"}, heat);
    fields.field({"trays", "how many", {1, 4}}, trays);
    fields.field({"fan", "air moves"}, fan);
    fields.field({"mode", "where heat comes from", {}, "", "top|bottom|both"}, mode);
  }
};

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.text();
  }
  return "accepted";
}

TEST(Settings, are_listed_in_order_with_value_and_range) {
  Oven oven;
  const auto fields = list_fields(oven);
  ASSERT_EQ(fields.size(), 4u);
  EXPECT_STREQ(fields[0].info.name, "heat");
  EXPECT_STREQ(fields[0].info.unit, "degrees");
  EXPECT_EQ(fields[0].text(), "180");
  EXPECT_EQ(fields[0].range(), "0 < x ≤ 300");
  EXPECT_EQ(fields[1].range(), "1 ≤ x ≤ 4");
  EXPECT_EQ(fields[2].text(), "false");
  EXPECT_EQ(fields[2].range(), "");
  EXPECT_EQ(fields[3].range(), "top|bottom|both");
}

TEST(Settings, ranges_respect_open_and_closed_ends) {
  EXPECT_FALSE(positive.contains(0));
  EXPECT_TRUE(positive.contains(1e-300));
  EXPECT_TRUE(not_negative.contains(0));
  EXPECT_TRUE(fraction.contains(0));
  EXPECT_FALSE(fraction.contains(1));
  EXPECT_TRUE(unit_interval.contains(1));
  for (Range range : {positive, not_negative, fraction, unit_interval}) {
    EXPECT_FALSE(range.contains(std::numeric_limits<double>::quiet_NaN()));
  }
}

TEST(Settings, to_json_and_back_are_unchanged) {
  Oven oven{220, 3, true, "both"}, other;
  settings_from_json(other, settings_to_json(oven), "oven");
  EXPECT_EQ(other.heat, 220);
  EXPECT_EQ(other.trays, 3);
  EXPECT_TRUE(other.fan);
  EXPECT_EQ(other.mode, "both");
  EXPECT_EQ(settings_to_json(oven).dump(), R"({"heat":220.0,"trays":3,"fan":true,"mode":"both"})");
}

TEST(Settings, json_changes_only_the_settings_that_it_names) {
  Oven oven{200, 3, true, "both"};
  settings_from_json(oven, Json{{"trays", 1}}, "oven");
  EXPECT_EQ(oven.trays, 1);
  EXPECT_EQ(oven.heat, 200);
}

TEST(Settings, all_json_mistakes_are_reported_together) {
  Oven oven;
  EXPECT_EQ(refusal([&] {
              settings_from_json(oven, Json{{"heet", 1}, {"colour", 2}}, "oven");
            }),
            "error[U05]: oven has 2 problems\n  no setting \"heet\"; did you mean heat?\n"
            "  no setting \"colour\"; there are: heat, trays, fan, mode");
  EXPECT_EQ(refusal([&] {
              settings_from_json(oven, Json{{"trays", 1.5}}, "oven");
            }),
            "error[U12]: oven: trays takes a whole number, got 1.5");
  EXPECT_EQ(refusal([&] {
              settings_from_json(oven, Json{{"heat", 0}}, "oven");
            }),
            "error[U12]: oven: heat takes 0 < x ≤ 300, got 0");
  EXPECT_EQ(refusal([&] {
              settings_from_json(oven, Json{{"mode", "side"}}, "oven");
            }),
            "error[U12]: oven: mode takes top|bottom|both, got \"side\"");
  EXPECT_EQ(refusal([&] { settings_from_json(oven, Json::array(), "oven"); }),
            "error[U05]: oven: expected an object of settings, got array");
}

TEST(Settings, one_setting_can_be_set_from_text) {
  Oven oven;
  set_field(oven, "heat", "250.5", "oven");
  set_field(oven, "trays", "4", "oven");
  set_field(oven, "fan", "true", "oven");
  set_field(oven, "mode", "bottom", "oven");
  EXPECT_EQ(oven.heat, 250.5);
  EXPECT_EQ(oven.trays, 4);
  EXPECT_TRUE(oven.fan);
  EXPECT_EQ(oven.mode, "bottom");
  EXPECT_EQ(refusal([&] { set_field(oven, "trays", "two", "oven"); }),
            "error[U02]: oven: trays takes a whole number, got \"two\"");
  EXPECT_EQ(refusal([&] { set_field(oven, "fan", "yes", "oven"); }),
            "error[U02]: oven: fan takes true or false, got \"yes\"");
  EXPECT_EQ(refusal([&] { set_field(oven, "tray", "1", "oven"); }),
            "error[U05]: oven: no setting \"tray\"; did you mean trays?");
  EXPECT_EQ(refusal([&] { set_field(oven, "heat", "nan", "oven"); }).substr(0, 10), "error[U12]");
}

TEST(Settings, a_refused_value_is_not_stored) {
  Oven oven;
  EXPECT_NE(refusal([&] { set_field(oven, "trays", "9", "oven"); }), "accepted");
  EXPECT_EQ(oven.trays, 2);
  EXPECT_NE(refusal([&] { settings_from_json(oven, Json{{"heat", 999}}, "oven"); }), "accepted");
  EXPECT_EQ(oven.heat, 180);
}

TEST(Settings, checking_reports_the_first_value_out_of_range) {
  Oven oven;
  EXPECT_EQ(refusal([&] { check_settings(oven, "oven"); }), "accepted");
  oven.trays = 5;
  EXPECT_EQ(refusal([&] { check_settings(oven, "oven"); }), "error[U12]: oven: trays takes 1 ≤ x ≤ 4, got 5");
}

TEST(SettingsText, is_one_line_and_can_be_parsed) {
  Oven oven;
  EXPECT_EQ(settings_text("oven", oven), R"(oven(heat=180.0, trays=2, fan=false, mode="top"))");
  settings_from_text(oven, R"( trays = 3 ,mode="both", heat=99.5)", "oven");
  EXPECT_EQ(oven.heat, 99.5);
  EXPECT_EQ(oven.trays, 3);
  EXPECT_EQ(oven.mode, "both");
  EXPECT_FALSE(oven.fan) << "what is not named stays";
  settings_from_text(oven, "120", "oven");
  EXPECT_EQ(oven.heat, 120) << "a value without a name goes to the first setting";
  settings_from_text(oven, "  ", "oven");
  EXPECT_EQ(oven.heat, 120);
}

TEST(SettingsText, wrong_text_is_refused) {
  Oven oven;
  for (const char* text : {"heat", "heat=", "=1", "heat=x", "1, 2", "heat=1 trays=2", "mode=\"top", ","}) {
    EXPECT_EQ(refusal([&] { settings_from_text(oven, text, "oven"); }).substr(0, 10), "error[U12]") << text;
  }
  EXPECT_EQ(refusal([&] { settings_from_text(oven, "hat=1", "oven"); }).substr(0, 10), "error[U05]");
  EXPECT_EQ(refusal([&] { settings_from_text(oven, "heat=301", "oven"); }).substr(0, 10), "error[U12]");
  EXPECT_EQ(oven.heat, 180);
}

}  // namespace
}  // namespace pellucid
