// Members: same bits on any number of threads, what each depends on, cross-fitting, one model out.
// Not here: which are chosen (selection_test.cc), runs with members (tests/run/member_run_test.cc).
#include "trainings/members.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/settings.h"
#include "pellucid/temperature.h"
#include "pellucid/train_table.h"
#include "recipe/build.h"
#include "recipe/data.h"
#include "recipe/resolve.h"
#include "support/files.h"
#include "support/train_tables.h"
#include "trainings/average.h"
#include "trainings/member_space.h"
#include "trainings/train_once.h"

namespace pellucid {
namespace {

using test::refusal;
using test::rows;

struct Prepared {
  Recipe recipe;
  Split split;
};

Prepared prepared(const char* target, std::int64_t members, std::int64_t folds, Recipe recipe = {}) {
  recipe.data.target = {target};
  recipe.training.members = members;
  recipe.training.cross_fit = folds;
  if (recipe.training.epochs.is_auto()) recipe.training.epochs = 6;
  const TrainTable data = rows();
  recipe = resolve_by_table(std::move(recipe), data);
  Split split = make_split(data, recipe, 42);
  recipe = resolve_by_split(std::move(recipe), split);
  return {std::move(recipe), std::move(split)};
}

TEST(Members, give_the_same_bits_on_any_number_of_threads) {
  for (const char* target : {"kind", "price"}) {
    for (const std::int64_t folds : {0, 3}) {
      const Prepared p = prepared(target, 4, folds);
      std::string bytes;
      for (const std::int64_t threads : {1, 2, 3, 7}) {
        const TrainedMembers trained = train_members(p.recipe, p.split, {.threads = threads});
        ASSERT_GE(trained.record.chosen(), 1);
        if (bytes.empty()) bytes = trained.model.to_bytes();
        EXPECT_EQ(trained.model.to_bytes(), bytes) << target << ", " << folds << " folds, " << threads << " threads";
      }
    }
  }
}

TEST(Members, the_first_one_is_the_net_of_a_usual_training) {
  const Prepared p = prepared("price", 2, 0);
  const TrainedOnce usual =
      train_once(make_model(p.recipe, p.split.preprocessor), p.split, make_fit_options(p.recipe), OnceOptions{});
  const TrainedMembers trained = train_members(p.recipe, p.split, {});
  const MemberRecord& first = trained.record.members.front();
  EXPECT_EQ(first.settings, "");
  EXPECT_EQ(first.nets.front().best_epoch, usual.history.best_epoch);
  EXPECT_EQ(first.nets.front().validation_score,
            usual.history.epochs[static_cast<std::size_t>(usual.history.best_epoch) - 1].validation_score);
}

// Remembers the threads on which it is called.
class Watching : public Observer {
 public:
  void on_epoch(const EpochRecord&) override { threads.push_back(std::this_thread::get_id()); }
  void on_health(const EpochHealth&) override { ++looks; }
  std::vector<std::thread::id> threads;
  int looks = 0;
};

TEST(Members, the_first_net_is_watched_on_the_calling_thread_and_no_bit_changes) {
  const Prepared p = prepared("kind", 2, 3);
  Watching watching;
  FitOptions first = make_fit_options(p.recipe);
  first.observers = {&watching};
  first.health = true;
  const TrainedMembers seen = train_members(p.recipe, p.split, {.threads = 3, .first = &first});
  EXPECT_EQ(watching.threads, std::vector<std::thread::id>(6, std::this_thread::get_id()));
  EXPECT_GT(watching.looks, 0);
  EXPECT_TRUE(seen.history.health.has_value());
  const TrainedMembers unseen = train_members(p.recipe, p.split, {.threads = 2});
  EXPECT_FALSE(unseen.history.health.has_value());
  EXPECT_EQ(seen.model.to_bytes(), unseen.model.to_bytes());
}

TEST(Members, do_not_depend_on_how_many_follow) {
  const Prepared two = prepared("kind", 2, 2), four = prepared("kind", 4, 2);
  const auto few = train_members(two.recipe, two.split, {}).record.members;
  const auto more = train_members(four.recipe, four.split, {}).record.members;
  ASSERT_EQ(few.size(), 2U);
  for (std::size_t m = 0; m < few.size(); ++m) {
    EXPECT_EQ(few[m].settings, more[m].settings);
    EXPECT_EQ(few[m].loss, more[m].loss);
    for (std::size_t n = 0; n < 2; ++n) EXPECT_EQ(few[m].nets[n].seed, more[m].nets[n].seed);
  }
}

TEST(Members, predict_each_validation_row_by_nets_that_have_not_seen_it) {
  const Prepared p = prepared("price", 1, 4);
  ASSERT_EQ(p.split.folds.size(), 4U);
  EXPECT_EQ(p.split.out_of_fold.rows(), p.split.train.rows() + p.split.validation.rows());
  const TrainedMembers trained = train_members(p.recipe, p.split, {});
  std::int64_t row = 0;
  for (std::size_t f = 0; f < 4; ++f) {
    const Split::Fold& fold = p.split.folds[f];
    EXPECT_EQ(fold.train.rows() + fold.validation.rows(), p.split.out_of_fold.rows());
    for (const std::int64_t stored : fold.validation.indices()) {
      EXPECT_EQ(std::ranges::count(fold.train.indices(), stored), 0);
      EXPECT_EQ(p.split.out_of_fold.indices()[row++], stored);
    }
  }
  // The model has the nets net1 … net4, in the order of the folds; the first alone predicts the first fold.
  const Split::Fold& first = p.split.folds.front();
  const Tensor<float> alone = trained.model.up_to("net1_output").predict(first.validation);
  for (std::int64_t r = 0; r < alone.size(); ++r) {
    EXPECT_EQ(alone.data()[r], trained.validation.outputs.data()[r]);
  }
}

TEST(Members, the_model_predicts_what_the_selection_saw) {
  Recipe recipe;
  recipe.training.epochs = 20;
  const Prepared p = prepared("price", 6, 0, recipe);
  const TrainedMembers trained = train_members(p.recipe, p.split, {});
  const Tensor<float> again = trained.model.predict(p.split.validation);
  for (std::int64_t i = 0; i < again.size(); ++i) EXPECT_EQ(again.data()[i], trained.validation.outputs.data()[i]);
  const double score = trained.record.score, best = trained.record.members[trained.record.best].score;
  EXPECT_NEAR(evaluate(trained.model, p.split.validation).score(), score, 1e-12 * score);
  EXPECT_NEAR(evaluate(trained.best, p.split.validation).score(), best, 1e-12 * best);
}

TEST(Members, settings_that_were_given_are_not_drawn) {
  Recipe recipe;
  recipe.model.dropout = 0.1;
  recipe.origins["dropout"] = "--dropout";
  const Prepared p = prepared("price", 4, 0, recipe);
  const MemberSpace space(p.recipe, p.split.preprocessor);
  EXPECT_EQ(std::ranges::count(space.varied(), "dropout"), 0);
  EXPECT_EQ(std::ranges::count(space.varied(), "learning_rate"), 1);
  EXPECT_EQ(space.settings(3).model.dropout, 0.1);
  EXPECT_NE(space.settings(3).training.learning_rate, p.recipe.training.learning_rate);
}

TEST(Members, a_recipe_that_is_read_again_gives_the_same_bits) {
  Prepared p = prepared("kind", 3, 0);
  p.recipe.training.vary = MemberSpace(p.recipe, p.split.preprocessor).varied();
  Recipe again;
  for (const FieldState& field : list_fields(p.recipe)) {
    set_setting(again, field.info.name, field.text(), "test");
    again.origins[field.info.name] = "config.toml";
  }
  const Prepared q = prepared("kind", 3, 0, again);
  EXPECT_EQ(train_members(p.recipe, p.split, {}).model.to_bytes(),
            train_members(q.recipe, q.split, {}).model.to_bytes());
}

TEST(Members, what_cannot_be_combined_is_refused) {
  Recipe drawn;
  drawn.training.vary = {"epochs"};
  Prepared p = prepared("price", 3, 0, drawn);
  EXPECT_EQ(refusal([&] { train_members(p.recipe, p.split, {}); }).code(), "U34");
  Recipe unvalidated;
  unvalidated.data.val_split = 0;
  p = prepared("price", 3, 0, unvalidated);
  EXPECT_EQ(refusal([&] { train_members(p.recipe, p.split, {}); }).code(), "U34");
  Recipe started;
  started.run.init_from = "model.safetensors";
  p = prepared("price", 3, 0, started);
  EXPECT_EQ(refusal([&] { train_members(p.recipe, p.split, {}); }).code(), "U34");
}

TEST(Members, one_that_diverges_is_left_out_and_all_together_are_an_error) {
  Recipe wild;
  wild.model.preset = Preset::plain;
  wild.training.learning_rate = 1e30;
  wild.training.optimizer.choose(Sgd{});
  const Prepared p = prepared("price", 2, 0, wild);
  int found = 0;
  const TrainedMembers trained = train_members(p.recipe, p.split, {.found = [&](const MemberProgress&) { ++found; }});
  EXPECT_EQ(found, 2);
  ASSERT_TRUE(trained.diverged.has_value());
  EXPECT_EQ(trained.diverged->code(), "N01");
  EXPECT_TRUE(trained.record.members.front().diverged);
}

TEST(Members, cancelling_keeps_those_that_had_ended) {
  const Prepared p = prepared("price", 50, 0);
  std::atomic<bool> cancel{false};
  const TrainedMembers trained =
      train_members(p.recipe, p.split, {.threads = 2, .cancel = &cancel, .found = [&](const MemberProgress& progress) {
                                          if (progress.finished == 2) cancel = true;
                                        }});
  EXPECT_TRUE(trained.cancelled);
  EXPECT_GE(trained.record.members.size(), 2U);
  EXPECT_LT(trained.record.members.size(), 50U);
  EXPECT_GE(trained.record.chosen(), 1);
}

TEST(Members, a_time_limit_ends_with_whole_members_that_can_be_trained_again) {
  Prepared p = prepared("kind", 256, 2);
  p.recipe.training.time_limit = 0.2;
  const TrainedMembers timed = train_members(p.recipe, p.split, {.threads = 3});
  ASSERT_GE(timed.record.members.size(), 1U);
  ASSERT_LT(timed.record.members.size(), 256U);
  for (const MemberRecord& member : timed.record.members) EXPECT_EQ(member.nets.size(), 2U);
  p.recipe.training.time_limit = 0;
  p.recipe.training.members = std::ssize(timed.record.members);
  EXPECT_EQ(train_members(p.recipe, p.split, {.threads = 1}).model.to_bytes(), timed.model.to_bytes());
}

TEST(Members, one_temperature_calibrates_all_nets_of_the_model) {
  Recipe recipe;
  recipe.model.calibrate = Calibrate::temperature;
  const Prepared p = prepared("kind", 2, 0, recipe);
  TrainedMembers trained;
  trained.validation.rows = p.split.validation;
  std::vector<Model> nets;
  for (const std::uint64_t seed : {1, 2}) {
    nets.push_back(train_once(make_model(p.recipe, p.split.preprocessor), p.split, make_fit_options(p.recipe),
                              OnceOptions{.seed = seed})
                       .model);
    trained.validation.members.push_back(nets.back().predict(p.split.validation));
  }
  trained.best = nets.front();
  trained.model = average_of(nets);
  const double of_model = fit_temperature(trained.model, p.split.validation);
  EXPECT_EQ(calibrate_members(trained, p.recipe), of_model);
  EXPECT_NEAR(fit_temperature(trained.model, p.split.validation), 1, 1e-4);
  EXPECT_NEAR(fit_temperature(trained.best, p.split.validation), 1, 1e-4);
  const Tensor<float> predicted = trained.model.predict(p.split.validation);
  for (std::int64_t i = 0; i < predicted.size(); ++i) {
    EXPECT_NEAR(predicted.data()[i], trained.validation.outputs.data()[i], 2e-5);
  }
}

TEST(Members, the_temperature_of_equal_nets_is_that_of_one) {
  const Prepared p = prepared("kind", 1, 0);
  const Model net =
      train_once(make_model(p.recipe, p.split.preprocessor), p.split, make_fit_options(p.recipe), OnceOptions{}).model;
  const Model three = average_of({net, net, net});
  EXPECT_EQ(three.nodes().back().name, "output");
  EXPECT_NEAR(fit_temperature(three, p.split.validation), fit_temperature(net, p.split.validation), 1e-4);
  const Tensor<float> one = net.predict(p.split.test), all = three.predict(p.split.test);
  for (std::int64_t i = 0; i < one.size(); ++i) EXPECT_NEAR(one.data()[i], all.data()[i], 1e-6);
}

TEST(Members, nets_that_were_kept_are_not_trained_again) {
  const Prepared p = prepared("price", 3, 2);
  std::map<std::pair<std::int64_t, std::int64_t>, std::string> files;
  std::mutex guard;
  MemberOptions options;
  options.keep = [&](std::int64_t member, std::int64_t net, const std::string& bytes) {
    const std::lock_guard lock(guard);
    files[{member, net}] = bytes;
  };
  const std::string whole = train_members(p.recipe, p.split, options).model.to_bytes();
  ASSERT_EQ(files.size(), 6U);
  files.erase({2, 2});
  files.erase({3, 1});
  options.kept = [&](std::int64_t member, std::int64_t net) -> std::optional<std::string> {
    const auto file = files.find({member, net});
    return file == files.end() ? std::nullopt : std::optional(file->second);
  };
  int trained = 0;
  options.keep = [&](std::int64_t, std::int64_t, const std::string&) {
    const std::lock_guard lock(guard);
    ++trained;
  };
  EXPECT_EQ(train_members(p.recipe, p.split, options).model.to_bytes(), whole);
  EXPECT_EQ(trained, 2);
  std::swap(files[{1, 1}], files[{1, 2}]);
  EXPECT_EQ(refusal([&] { train_members(p.recipe, p.split, options); }).code(), "U31");
}

}  // namespace
}  // namespace pellucid
