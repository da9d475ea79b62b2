// train() as a library call: events, run folder, cancelling, failing, resuming.
// Not here: the program around it (tests/cli), the sentences about the result (verdict_test.cc).
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include "core/file.h"
#include "pellucid/error.h"
#include "pellucid/run.h"
#include "run/run_files.h"

namespace pellucid {
namespace {

namespace fs = std::filesystem;

using Settings = std::vector<std::pair<std::string, std::string>>;

const std::string iris = std::string(PELLUCID_SOURCE_DIR) + "/data/iris.csv";

Recipe recipe_of(const Settings& settings) {
  Recipe recipe;
  for (const auto& [name, value] : settings) set_setting(recipe, name, value, "test");
  return recipe;
}

// A small model on iris that trains for `epochs` epochs. The learning rate is constant, so that a longer training can
// continue it.
Recipe small_recipe(int epochs, const Settings& more = {}) {
  Settings settings = {
      {"data", iris},    {"target", "species"},    {"preset", "plain"},  {"hidden", "6"},
      {"patience", "0"}, {"schedule", "constant"}, {"batch_size", "16"}, {"epochs", std::to_string(epochs)}};
  settings.insert(settings.end(), more.begin(), more.end());
  return recipe_of(settings);
}

// Each test works in its own empty folder, which is removed at the end.
class Runs : public ::testing::Test {
 protected:
  Runs()
      : before_(fs::current_path()),
        folder_(fs::temp_directory_path() / ("pellucid_run_" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
    fs::current_path(folder_);
  }
  ~Runs() override {
    fs::current_path(before_);
    fs::remove_all(folder_);
  }

 private:
  fs::path before_, folder_;
};

std::set<std::string> files_in(const std::string& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename().string());
  return names;
}

std::map<std::string, std::string> bytes_in(const std::string& folder) {
  std::map<std::string, std::string> bytes;
  for (const std::string& name : files_in(folder)) bytes[name] = read_file(folder + "/" + name);
  return bytes;
}

std::string code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return "none";
}

// Records the names of the events; consecutive equal ones only once.
class EventList : public Events {
 public:
  void on_resume(const ResumedRun& run) override { add("resume"), resumed = run; }
  void on_folder(const std::string&) override { add("folder"); }
  void on_abandoned() override { add("abandoned"); }
  void on_data(const Run&) override { add("data"); }
  void on_finding(const Finding& finding) override { add("finding"), findings.push_back(finding.code); }
  void on_plan(const Run&) override { add("plan"); }
  void on_start(std::int64_t, std::int64_t) override { add("start"); }
  void on_step(std::int64_t, const Values<float>&) override { add("step"); }
  void on_health(const EpochHealth&) override { add("health"); }
  void on_epoch(const EpochRecord& record) override {
    add("epoch");
    if (record.epoch == cancel_after) cancelled = true;
  }
  void on_trained(const Run&) override { add("trained"); }
  void on_training(std::int64_t number, std::int64_t count) override {
    add("training " + std::to_string(number) + " of " + std::to_string(count));
  }
  void on_failure(const Run& run, const Error&) override {
    add("failure");
    last_good = run.model;
  }
  void on_result(const Run& run) override { add("result " + run.status); }

  std::vector<std::string> names, findings;
  ResumedRun resumed;
  Model last_good;
  std::atomic<bool> cancelled{false};
  std::int64_t cancel_after = -1;

 private:
  void add(const std::string& name) {
    if (names.empty() || names.back() != name) names.push_back(name);
  }
};

Run train_with(EventList& events, const Recipe& recipe, RunOptions options = {}) {
  options.cancel = &events.cancelled;
  return train(read_train_table(recipe), recipe, events, options);
}

using RunCourse = Runs;

TEST_F(RunCourse, writes_nothing_without_a_folder) {
  const pellucid::Run run = train(small_recipe(3));
  EXPECT_TRUE(files_in(".").empty());
  EXPECT_TRUE(run.folder.empty());
  EXPECT_EQ(run.status, "done");
  EXPECT_EQ(run.history.epochs.size(), 3u);
  EXPECT_GT(run.test->score(), 0.2);
  EXPECT_TRUE(run.baselines->linear);
  EXPECT_FALSE(run.importance.columns.empty());
  EXPECT_FALSE(run.model.test_rows->values().empty());
  EXPECT_EQ(run.split.test.rows(), run.test->rows());
}

TEST_F(RunCourse, gives_the_same_bits_from_table_or_file_with_any_number_of_threads) {
  const std::string bytes = train(small_recipe(3)).model.to_bytes();
  EXPECT_EQ(train(read_table(iris), small_recipe(3)).model.to_bytes(), bytes);
  for (const char* threads : {"1", "2", "3", "7"}) {
    EXPECT_EQ(train(small_recipe(3, {{"threads", threads}})).model.to_bytes(), bytes) << threads;
  }
  EXPECT_NE(train(small_recipe(3, {{"seed", "7"}})).model.to_bytes(), bytes);
}

TEST_F(RunCourse, events_come_in_order) {
  EventList events;
  train_with(events, small_recipe(1, {{"batch_size", "200"}, {"repeat", "3"}}), {.write = true});
  const std::vector<std::string> expected = {"folder",     "data",  "plan",    "start",           "step",
                                             "health",     "epoch", "trained", "training 2 of 3", "training 3 of 3",
                                             "result done"};
  EXPECT_EQ(events.names, expected);
}

TEST_F(RunCourse, findings_about_the_data_come_after_the_data) {
  std::ofstream("flat.csv") << [] {
    std::string text = "x,same,label\n";
    for (int i = 0; i < 60; ++i) text += std::to_string(i * 37 % 61) + ",1," + (i % 2 == 0 ? "a" : "b") + "\n";
    return text;
  }();
  EventList events;
  const pellucid::Run run = train_with(events, recipe_of({{"data", "flat.csv"}, {"hidden", "2"}, {"epochs", "1"}}));
  ASSERT_FALSE(events.findings.empty());
  EXPECT_EQ(events.findings.front(), "D04");
  EXPECT_EQ(std::vector<std::string>(events.names.begin(), events.names.begin() + 3),
            (std::vector<std::string>{"data", "finding", "plan"}));
  EXPECT_EQ(run.findings.front().code, "D04");
}

TEST_F(RunCourse, writes_the_same_files_during_training_and_afterwards) {
  Recipe recipe = small_recipe(4, {{"out", "out"}, {"name", "meanwhile"}});
  EventList events;
  const pellucid::Run written = train_with(events, recipe, {.write = true});
  pellucid::Run run = train_with(events, recipe);
  run.write("out/later");
  EXPECT_EQ(written.folder, "out/meanwhile");
  EXPECT_EQ(run.folder, "out/later");
  const auto meanwhile = bytes_in("out/meanwhile"), later = bytes_in("out/later");
  EXPECT_EQ(files_in("out/meanwhile"), (std::set<std::string>{"config.toml", "examples.json", "last.checkpoint",
                                                              "metrics.jsonl", "model.safetensors", "predictions.csv",
                                                              "report.json", "splits.csv", "train_rows.keys"}));
  EXPECT_EQ(files_in("out/later"), files_in("out/meanwhile"));
  for (const char* same : {"examples.json", "model.safetensors", "predictions.csv", "splits.csv", "train_rows.keys"}) {
    EXPECT_EQ(meanwhile.at(same), later.at(same)) << same;
  }
  EXPECT_EQ(Model::load("out/later/model.safetensors").to_bytes(), run.model.to_bytes());
  EXPECT_EQ(read_report("out/later")["run"], "out/later");
}

TEST_F(RunCourse, fills_the_page_and_stores_the_given_checksum) {
  EventList events;
  const FolderOptions folder{.page = "<p>@PELLUCID_RUN@</p>",
                             .sha256 = [](const std::string& file) { return "sum of " + file; }};
  pellucid::Run run = train_with(events, small_recipe(1));
  run.write("paged", folder);
  EXPECT_EQ(run.page_file, "./paged/report.html");
  EXPECT_TRUE(read_file("paged/report.html").starts_with("<p>{\"report\":"));
  EXPECT_EQ(read_report("paged")["model_sha256"], "sum of ./paged/model.safetensors");
}

TEST_F(RunCourse, an_existing_folder_is_refused_unless_forced) {
  const Recipe recipe = small_recipe(1, {{"name", "mine"}});
  EventList events;
  pellucid::Run run = train_with(events, recipe, {.write = true});
  EXPECT_EQ(code_of([&] { train_with(events, recipe, {.write = true}); }), "U30");
  EXPECT_EQ(code_of([&] { run.write("runs/mine"); }), "U30");
  std::ofstream("runs/mine/notes.txt") << "mine";
  run.write("runs/mine", {.force = true});
  EXPECT_EQ(read_file("runs/mine/notes.txt"), "mine");
  EXPECT_EQ(code_of([&] { train_with(events, recipe, {.write = true, .folder = {.force = true}}); }), "none");
}

TEST_F(RunCourse, a_dry_run_takes_one_step_and_writes_nothing) {
  EventList events;
  const pellucid::Run run = train_with(events, small_recipe(50), {.write = true, .dry_run = true});
  EXPECT_TRUE(files_in(".").empty());
  EXPECT_EQ(run.status, "dry run");
  EXPECT_EQ(run.history.epochs.size(), 1u);
  EXPECT_EQ(events.names, (std::vector<std::string>{"data", "plan", "result dry run"}));
}

TEST_F(RunCourse, a_cancelled_run_can_be_resumed_with_the_bits_of_an_uninterrupted_run) {
  EventList events;
  events.cancel_after = 3;
  const pellucid::Run run = train_with(events, small_recipe(9, {{"name", "cut"}}), {.write = true});
  EXPECT_EQ(run.status, "interrupted");
  EXPECT_EQ(events.names.back(), "result interrupted");
  EXPECT_TRUE(run.test);
  EXPECT_FALSE(run.baselines);
  EXPECT_NE(run.verdict.find("interrupted after epoch 3"), std::string::npos);
  EXPECT_EQ(read_report(run.folder)["status"], "interrupted");
  EXPECT_EQ(Model::load(run.model_file).to_bytes(), run.model.to_bytes());

  EventList further;
  const pellucid::Run resumed = train_with(further, small_recipe(9, {{"resume", "runs/cut"}}));
  EXPECT_EQ(further.resumed.epoch, 3);
  EXPECT_EQ(further.resumed.ended, "");
  EXPECT_EQ(resumed.status, "done");
  EXPECT_EQ(resumed.history.epochs.size(), 9u);
  EXPECT_EQ(resumed.folder, "runs/cut");
  EXPECT_EQ(read_file("runs/cut/model.safetensors"), train(small_recipe(9)).model.to_bytes());
  EXPECT_EQ(read_report("runs/cut")["status"], "done");
}

TEST_F(RunCourse, resuming_a_complete_run_changes_nothing) {
  EventList events;
  const Recipe recipe = small_recipe(2, {{"name", "whole"}});
  const pellucid::Run run = train_with(events, recipe, {.write = true});
  const auto before = bytes_in(run.folder);
  const pellucid::Run again = train_with(events, small_recipe(2, {{"resume", run.folder}}));
  EXPECT_TRUE(events.resumed.is_judged);
  EXPECT_EQ(events.resumed.ended, "all epochs done");
  EXPECT_EQ(again.model.to_bytes(), run.model.to_bytes());
  EXPECT_EQ(again.history.epochs.size(), 2u);
  EXPECT_EQ(bytes_in(run.folder), before);
}

TEST_F(RunCourse, resuming_needs_the_original_settings_and_rows) {
  EventList events;
  train_with(events, small_recipe(2, {{"name", "mine"}}), {.write = true});
  const auto before = bytes_in("runs/mine");
  const Settings resume = {{"resume", "runs/mine"}};
  EXPECT_EQ(code_of([&] { train_with(events, small_recipe(4, {{"resume", "runs/mine"}, {"hidden", "7"}})); }), "U31");
  Recipe other = small_recipe(4, resume);
  Table table = read_table(iris);
  table.columns.front().numbers[7] = 99;
  EXPECT_EQ(code_of([&] { train(std::move(table), other); }), "D42");
  write_file("runs/mine/last.checkpoint", before.at("last.checkpoint").substr(0, 3000));
  EXPECT_EQ(code_of([&] { train_with(events, small_recipe(4, resume)); }), "D21");
  fs::remove("runs/mine/last.checkpoint");
  EXPECT_EQ(code_of([&] { train_with(events, small_recipe(4, resume)); }), "D10");
}

TEST_F(RunCourse, a_diverging_training_keeps_the_last_finite_weights) {
  const Recipe recipe = recipe_of({{"data", iris},
                                   {"target", "species"},
                                   {"hidden", "none"},
                                   {"output", "linear"},
                                   {"loss", "mse"},
                                   {"optimizer", "sgd"},
                                   {"schedule", "constant"},
                                   {"learning_rate", "100"},
                                   {"batch_size", "105"},
                                   {"epochs", "300"},
                                   {"name", "away"}});
  EventList events;
  EXPECT_EQ(code_of([&] { train_with(events, recipe, {.write = true}); }), "N01");
  ASSERT_NE(std::find(events.names.begin(), events.names.end(), "failure"), events.names.end());
  const Json report = read_report("runs/away");
  EXPECT_EQ(report["status"], "diverged");
  EXPECT_TRUE(report["failure"][0].get<std::string>().starts_with("N01: "));
  const Model kept = Model::load("runs/away/model.safetensors");
  EXPECT_EQ(kept.to_bytes(), events.last_good.to_bytes());
  for (const auto& parameter : kept.parameters()) {
    for (const float x : parameter.value.values()) EXPECT_TRUE(std::isfinite(x));
  }
}

TEST_F(RunCourse, a_training_that_fails_in_its_first_epoch_leaves_no_folder) {
  const Recipe recipe = small_recipe(3, {{"optimizer", "sgd"}, {"learning_rate", "1e30"}});
  EventList events;
  EXPECT_EQ(code_of([&] { train_with(events, recipe, {.write = true}); }), "N01");
  EXPECT_FALSE(fs::exists("runs"));
  EXPECT_NE(std::find(events.names.begin(), events.names.end(), "abandoned"), events.names.end());
}

TEST_F(RunCourse, every_fold_is_evaluated_once) {
  EventList events;
  const pellucid::Run run = train_with(events, small_recipe(2, {{"folds", "3"}}));
  ASSERT_EQ(run.repeats.size(), 3u);
  for (std::int64_t n = 0; n < 3; ++n) EXPECT_EQ(run.repeats[static_cast<std::size_t>(n)].fold, n + 1);
  EXPECT_EQ(run.repeats.front().score, run.test->score());
}

TEST_F(RunCourse, a_run_of_an_earlier_version_can_be_resumed) {
  fs::create_directory("runs");
  fs::copy(std::string(PELLUCID_SOURCE_DIR) + "/tests/run/earlier", "runs/earlier");
  EXPECT_EQ(read_report("runs/earlier")["model"], "runs/earlier/model.safetensors");
  const Settings settings = {{"data", iris}, {"target", "species"}, {"hidden", "4"}, {"schedule", "constant"}};
  const auto with = [&](const Settings& more) {
    Settings all = settings;
    all.insert(all.end(), more.begin(), more.end());
    return recipe_of(all);
  };
  EventList events;
  const pellucid::Run resumed = train_with(events, with({{"epochs", "8"}, {"resume", "runs/earlier"}}));
  EXPECT_EQ(events.resumed.epoch, 6);
  EXPECT_EQ(resumed.history.epochs.size(), 8u);
  EXPECT_EQ(resumed.model.to_bytes(), train(with({{"epochs", "8"}})).model.to_bytes());
}

}  // namespace
}  // namespace pellucid
