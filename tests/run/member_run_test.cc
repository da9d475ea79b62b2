// Runs with members: their folder, being interrupted and resumed, a time limit, further seeds.
// Not here: members themselves (tests/trainings).
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/file.h"
#include "pellucid/run.h"
#include "run/run_files.h"
#include "support/files.h"
#include "support/train_tables.h"

namespace pellucid {
namespace {

namespace fs = std::filesystem;
using test::refusal;
using test::TempFolder;

class Cancelling : public Events {
 public:
  explicit Cancelling(std::int64_t after = -1) : after_(after) {}
  void on_resume(const ResumedRun& run) override {
    nets_before = run.nets;
    was_judged = run.is_judged;
  }
  void on_epoch(const EpochRecord& record) override {
    EXPECT_EQ(record.epoch, epochs_before + ++epochs);
    EXPECT_EQ(members, 0);
    if (record.epoch == epoch_to_end) cancelled = true;
  }
  void on_member(const MemberProgress& progress) override {
    EXPECT_EQ(progress.member.number, ++members);
    if (progress.finished == after_) cancelled = true;
  }
  std::int64_t members = 0, nets_before = 0, epochs = 0, epochs_before = 0, epoch_to_end = -1;
  bool was_judged = false;
  std::atomic<bool> cancelled{false};

 private:
  std::int64_t after_;
};

Recipe member_recipe(const TempFolder& folder, const char* name) {
  Recipe recipe;
  recipe.data.target = {"price"};
  recipe.training.members = 4;
  recipe.training.cross_fit = 2;
  recipe.training.epochs = 8;
  recipe.training.threads = 2;
  recipe.run.out = folder.path();
  recipe.run.name = name;
  return recipe;
}

Run run_with(Cancelling& events, Recipe recipe) {
  return train(test::rows(), std::move(recipe), events, {.write = true, .cancel = &events.cancelled});
}

TEST(MemberRun, writes_one_model_and_all_members_and_keeps_only_the_first_checkpoint) {
  const TempFolder folder;
  Cancelling events;
  const pellucid::Run run = run_with(events, member_recipe(folder, "a"));
  EXPECT_EQ(events.members, 4);
  EXPECT_FALSE(fs::exists(run.folder + "/members"));
  EXPECT_TRUE(fs::exists(run.folder + "/last.checkpoint"));
  EXPECT_EQ(events.epochs, 8);
  ASSERT_TRUE(run.history.health.has_value());
  const Json report = read_report(run.folder);
  EXPECT_EQ(report.at("members").at("trained"), 4);
  EXPECT_EQ(report.at("members").at("list").size(), 4U);
  EXPECT_EQ(report.at("members").at("list")[0].at("nets").size(), 2U);
  EXPECT_EQ(report.at("parameters"), run.model.parameter_count());
  const Model read = Model::load(run.model_file);
  EXPECT_EQ(evaluate(read, run.split.test).score(), run.test->score());
  ASSERT_FALSE(read.conformal.empty());
  EXPECT_EQ(read.conformal.front().rows(), run.split.out_of_fold.rows());
}

TEST(MemberRun, interrupted_and_resumed_it_ends_with_the_bits_of_an_undisturbed_one) {
  const TempFolder folder;
  Cancelling undisturbed, first(2), second;
  const pellucid::Run whole = run_with(undisturbed, member_recipe(folder, "whole"));
  const pellucid::Run part = run_with(first, member_recipe(folder, "part"));
  EXPECT_EQ(part.status, "interrupted");
  EXPECT_GE(part.members->members.size(), 2U);
  EXPECT_TRUE(fs::exists(part.model_file));
  ASSERT_TRUE(fs::exists(part.folder + "/members/001-2.checkpoint"));
  Recipe again = member_recipe(folder, "");
  again.run.resume = part.folder;
  const pellucid::Run resumed = run_with(second, again);
  EXPECT_GE(second.nets_before, 4);
  EXPECT_EQ(read_file(resumed.model_file), read_file(whole.model_file));
  EXPECT_FALSE(fs::exists(part.folder + "/members"));
  EXPECT_EQ(std::ranges::count(read_file(resumed.folder + "/metrics.jsonl"), '\n'), 8 + 4);
  Cancelling third;
  EXPECT_EQ(read_file(run_with(third, again).model_file), read_file(whole.model_file));
  EXPECT_TRUE(third.was_judged);
}

TEST(MemberRun, interrupted_in_its_first_net_it_keeps_that_net_and_goes_on_from_there) {
  const TempFolder folder;
  Cancelling undisturbed, first, second;
  const pellucid::Run whole = run_with(undisturbed, member_recipe(folder, "whole"));
  first.epoch_to_end = 3;
  const pellucid::Run part = run_with(first, member_recipe(folder, "part"));
  EXPECT_EQ(part.status, "interrupted");
  EXPECT_EQ(first.members, 0);
  EXPECT_FALSE(Model::load(part.model_file).nodes().empty());
  Recipe again = member_recipe(folder, "");
  again.run.resume = part.folder;
  second.epochs_before = first.epochs;
  EXPECT_EQ(read_file(run_with(second, again).model_file), read_file(whole.model_file));
  EXPECT_EQ(second.epochs, 8 - first.epochs);
  EXPECT_EQ(std::ranges::count(read_file(part.folder + "/metrics.jsonl"), '\n'), 8 + 4);
}

TEST(MemberRun, suspects_are_rows_whose_labels_nets_that_have_not_seen_them_doubt) {
  std::string csv = "x,y\n";
  for (int i = 0; i < 400; ++i) csv += std::to_string(i % 200 - 99) + (i == 7 || (i % 200 < 99) ? ",low\n" : ",high\n");
  csv += "90,low\n";
  Recipe recipe;
  recipe.data.target = {"y"};
  recipe.data.test_split = 0;
  recipe.training.cross_fit = 4;
  recipe.training.epochs = 20;
  const pellucid::Run run = train(read_csv(csv), recipe);
  ASSERT_FALSE(run.suspects.empty());
  EXPECT_EQ(run.suspects.front().row, 400);
  EXPECT_EQ(run.split.out_of_fold.indices()[static_cast<std::size_t>(run.suspects.front().position)], 400);
}

TEST(MemberRun, resumes_only_with_its_own_settings_and_whole_files) {
  const TempFolder folder;
  Cancelling first(2), second;
  const pellucid::Run part = run_with(first, member_recipe(folder, "part"));
  Recipe other = member_recipe(folder, "");
  other.run.resume = part.folder;
  other.training.cross_fit = 3;
  EXPECT_EQ(refusal([&] { run_with(second, other); }).code(), "U31");
  other.training.cross_fit = 2;
  std::ofstream(part.folder + "/members/002-1.checkpoint") << "nothing";
  const Error error = refusal([&] { run_with(second, other); });
  EXPECT_EQ(error.code(), "D21");
}

TEST(MemberRun, with_a_time_limit_writes_down_how_many_ended) {
  const TempFolder folder;
  Recipe recipe = member_recipe(folder, "timed");
  recipe.training.members = {};
  recipe.training.time_limit = 0.1;
  Cancelling events;
  const pellucid::Run run = run_with(events, recipe);
  EXPECT_EQ(run.recipe.training.time_limit, 0);
  EXPECT_EQ(run.recipe.training.members, std::ssize(run.members->members));
  const std::string config = read_file(run.folder + "/config.toml");
  EXPECT_NE(config.find("time_limit = \"none\""), std::string::npos) << config;
  EXPECT_NE(config.find("vary = "), std::string::npos);
}

TEST(MemberRun, further_seeds_train_members_too) {
  const TempFolder folder;
  Recipe recipe = member_recipe(folder, "seeds");
  recipe.training.members = 2;
  recipe.training.repeat = 2;
  Cancelling events;
  const pellucid::Run run = run_with(events, recipe);
  ASSERT_EQ(run.repeats.size(), 2U);
  EXPECT_NE(run.repeats[0].score, run.repeats[1].score);
}

}  // namespace
}  // namespace pellucid
