// The learning-rate schedules at hand-computed points. Not here: that training uses them (tests of the trainer).
#include "pellucid/schedule.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/settings.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

TEST(Schedule, constant_is_one) {
  EXPECT_EQ(learning_rate_factor({}, {0, 100}), 1);
  EXPECT_EQ(learning_rate_factor({}, {99, 100, 9, 3}), 1);
}

TEST(Schedule, step_multiplies_by_gamma_every_n_epochs) {
  const Schedule schedule{.kind = "step", .gamma = 0.5, .every = 10};
  EXPECT_EQ(learning_rate_factor(schedule, {0, 1, 9}), 1);
  EXPECT_EQ(learning_rate_factor(schedule, {0, 1, 10}), 0.5);
  EXPECT_EQ(learning_rate_factor(schedule, {0, 1, 35}), 0.125);
}

TEST(Schedule, plateau_multiplies_by_gamma_at_each_plateau) {
  const Schedule schedule{.kind = "plateau", .gamma = 0.1};
  EXPECT_EQ(learning_rate_factor(schedule, {50, 100, 5, 0}), 1);
  EXPECT_NEAR(learning_rate_factor(schedule, {50, 100, 5, 2}), 0.01, 1e-17);
}

TEST(Schedule, cosine_falls_from_one_to_the_minimum) {
  const Schedule schedule{.kind = "cosine", .minimum = 0.2};
  EXPECT_EQ(learning_rate_factor(schedule, {0, 120}), 1);
  EXPECT_NEAR(learning_rate_factor(schedule, {40, 120}), 0.2 + 0.8 * 0.75, 1e-15);  // ½(1 + cos 60°) = 0.75
  EXPECT_NEAR(learning_rate_factor(schedule, {60, 120}), 0.2 + 0.8 * 0.5, 1e-15);
  EXPECT_NEAR(learning_rate_factor(schedule, {120, 120}), 0.2, 1e-15);
  EXPECT_NEAR(learning_rate_factor(schedule, {500, 120}), 0.2, 1e-15) << "further steps stay there";
}

TEST(Schedule, onecycle_rises_and_then_falls) {
  const Schedule schedule{.kind = "onecycle", .warmup = 0.25};
  EXPECT_NEAR(learning_rate_factor(schedule, {0, 400}), 0.04, 1e-16);
  EXPECT_NEAR(learning_rate_factor(schedule, {50, 400}), 0.52, 1e-15);  // half way from 0.04 to 1
  EXPECT_NEAR(learning_rate_factor(schedule, {100, 400}), 1, 1e-15);
  EXPECT_NEAR(learning_rate_factor(schedule, {250, 400}), 1e-4 + (1 - 1e-4) / 2, 1e-15);
  EXPECT_NEAR(learning_rate_factor(schedule, {400, 400}), 1e-4, 1e-15);
  EXPECT_EQ(learning_rate_factor({.kind = "onecycle", .warmup = 0}, {0, 400}), 1);
}

TEST(Schedule, coslog4_has_four_waves_each_twice_as_long_as_the_one_before) {
  const Schedule schedule{.kind = "coslog4"};
  EXPECT_EQ(learning_rate_factor(schedule, {0, 150}), 0);
  for (const std::int64_t end : {10, 30, 70, 150}) {  // 1 + 15 t is 2, 4, 8, 16
    EXPECT_NEAR(learning_rate_factor(schedule, {end, 150}), 0, 1e-14) << end;
  }
  // The first maximum is at log₂(1 + 15 t) = ½, so t = (√2 - 1) / 15; the last one is at 1 + 15 t = 8√2.
  EXPECT_NEAR(learning_rate_factor(schedule, {41421356237, 1500000000000}), 1, 1e-12);
  EXPECT_NEAR(learning_rate_factor(schedule, {1031370849898, 1500000000000}), 1, 1e-12);
  EXPECT_NEAR(learning_rate_factor(schedule, {100, 150}), 0.5 * (1 - std::cos(2 * 3.14159265358979324 * std::log2(11))),
              1e-14);
}

TEST(Schedule, flat_cos_stays_for_half_of_the_steps_and_then_falls_to_zero) {
  const Schedule schedule{.kind = "flat_cos"};
  for (const std::int64_t step : {0, 59, 60}) EXPECT_EQ(learning_rate_factor(schedule, {step, 120}), 1) << step;
  EXPECT_NEAR(learning_rate_factor(schedule, {80, 120}), 0.75, 1e-15);  // ½(1 + cos 60°)
  EXPECT_NEAR(learning_rate_factor(schedule, {90, 120}), 0.5, 1e-15);
  EXPECT_NEAR(learning_rate_factor(schedule, {120, 120}), 0, 1e-15);
  EXPECT_EQ(schedule_factor(FactorSchedule::flat_cos, {80, 120}), learning_rate_factor(schedule, {80, 120}));
  EXPECT_EQ(schedule_factor(FactorSchedule::constant, {80, 120}), 1);
}

TEST(Schedule, refuses_unknown_kinds_and_settings_out_of_range) {
  const auto code = [](const Schedule& schedule) -> std::string {
    try {
      schedule.check();
    } catch (const Error& error) {
      return error.text();
    }
    return "accepted";
  };
  for (const char* kind : {"constant", "step", "cosine", "plateau", "onecycle", "coslog4", "flat_cos"})
    EXPECT_EQ(code({kind}), "accepted");
  EXPECT_EQ(code({"cosin"}), "error[U11]: no schedule \"cosin\"\n  did you mean cosine?");
  EXPECT_EQ(code({.gamma = 0}), "error[U12]: schedule constant: gamma takes 0 < x ≤ 1, got 0");
  EXPECT_EQ(code({.every = 0}), "error[U12]: schedule constant: every takes ≥ 1, got 0");
  EXPECT_EQ(code({.warmup = 1}).substr(0, 10), "error[U12]");
}

TEST(Schedule, all_kinds_are_in_the_table_with_help_and_formula) {
  Schedule schedule;
  std::string names;
  for (const ScheduleKind& kind : schedule_kinds()) {
    schedule.kind = kind.name;
    EXPECT_NO_THROW(schedule.check()) << kind.name;
    EXPECT_FALSE(std::string(kind.help).empty()) << kind.name;
    EXPECT_FALSE(std::string(kind.formula).empty()) << kind.name;
    names += (names.empty() ? "" : "|") + std::string(kind.name);
  }
  EXPECT_EQ(list_fields(schedule).front().info.choices, names);
}

}  // namespace
}  // namespace pellucid
