// The folder of a run and its files. Not here: the program around it (tests/cli).
#include "run/run_log.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/file.h"
#include "pellucid/error.h"
#include "run/baselines.h"
#include "run/csv_text.h"
#include "run/run_json.h"

namespace pellucid {
namespace {

namespace fs = std::filesystem;

// An output folder for each test, which is removed at the end of the test.
class RunFolder : public ::testing::Test {
 protected:
  RunFolder() : out_(fs::temp_directory_path() / ("pellucid_run_log_" + std::to_string(::getpid()))) {}
  ~RunFolder() override { fs::remove_all(out_); }
  std::string out() const { return out_.string(); }

 private:
  fs::path out_;
};

EpochRecord record_of(std::int64_t epoch) {
  return {
      .epoch = epoch, .train_loss = 1.0 / static_cast<double>(epoch), .validation_loss = 2, .validation_score = 0.5};
}

std::int64_t lines_of(const std::string& path) {
  const std::string text = read_file(path);
  return std::count(text.begin(), text.end(), '\n');
}

std::string code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return "none";
}

using RunLogs = RunFolder;

TEST_F(RunLogs, take_the_number_after_the_highest_existing_one) {
  EXPECT_EQ(RunLog::create(out(), "iris", "", false).folder(), out() + "/iris-001");
  EXPECT_EQ(RunLog::create(out(), "iris", "", false).folder(), out() + "/iris-002");
  fs::create_directory(out() + "/iris-041");
  fs::create_directory(out() + "/iris-wide-900");
  EXPECT_EQ(RunLog::create(out(), "iris", "", false).folder(), out() + "/iris-042");
}

TEST_F(RunLogs, an_existing_name_is_refused_unless_forced) {
  RunLog::create(out(), "iris", "mine", false).write("report.json", "{}");
  EXPECT_EQ(code_of([&] { RunLog::create(out(), "iris", "mine", false); }), "U30");
  const RunLog again = RunLog::create(out(), "iris", "mine", true);
  EXPECT_FALSE(fs::exists(again.path("report.json")));
}

TEST_F(RunLogs, a_forced_run_removes_old_results_but_no_other_files) {
  const std::string folder = RunLog::create(out(), "iris", "mine", false).folder();
  fs::create_directories(folder + "/trials");
  fs::create_directories(folder + "/winner");
  for (const char* file : {"splits.csv", "predictions.csv", "config.toml", "last.checkpoint", "tune.json",
                           "trials.jsonl", "trials/000.toml", "trials/017.toml", "winner/model.safetensors"}) {
    std::ofstream(folder + "/" + file) << "old";
  }
  std::ofstream(folder + "/notes.txt") << "mine";
  RunLog::create(out(), "iris", "mine", true);
  EXPECT_TRUE(fs::exists(folder + "/notes.txt"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
}

TEST_F(RunLogs, a_folder_in_use_is_not_touched) {
  const RunLog log = RunLog::create(out(), "iris", "mine", false);
  log.write("report.json", "{}");
  EXPECT_EQ(code_of([&] { RunLog::create(out(), "iris", "mine", true); }), "U32");
  EXPECT_EQ(code_of([&] { RunLog::reopen(log.folder()); }), "U32");
  EXPECT_TRUE(fs::exists(log.path("report.json")));
}

TEST_F(RunLogs, a_name_must_be_a_single_folder_name) {
  for (const char* name : {"../up", "/tmp/x", "a/b", ".", "..", "a\nb"}) {
    EXPECT_EQ(code_of([&] { RunLog::create(out(), "iris", name, false); }), "U02") << name;
  }
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(RunLogs, a_file_in_place_of_the_folder_is_an_error) {
  std::ofstream(out()) << "not a folder";
  EXPECT_EQ(code_of([&] { RunLog::create(out(), "iris", "", false); }), "M01");
}

TEST_F(RunLogs, an_epoch_is_on_disk_when_the_call_returns) {
  RunLog log = RunLog::create(out(), "iris", "", false);
  log.epoch(record_of(1), ScoreKind::accuracy);
  log.epoch(record_of(2), ScoreKind::accuracy);
  EXPECT_EQ(lines_of(log.path("metrics.jsonl")), 2);
}

TEST_F(RunLogs, a_resumed_run_drops_the_lines_that_it_writes_again) {
  std::string folder;
  {
    RunLog log = RunLog::create(out(), "iris", "", false);
    folder = log.folder();
    for (std::int64_t epoch = 1; epoch <= 5; ++epoch) log.epoch(record_of(epoch), ScoreKind::accuracy);
    log.checkpoint({[] { return std::string("state"); }});
    log.finish();
  }
  RunLog resumed = RunLog::reopen(folder + "/");
  resumed.epoch(record_of(4), ScoreKind::accuracy);
  EXPECT_EQ(lines_of(folder + "/metrics.jsonl"), 4);
}

TEST_F(RunLogs, a_run_without_a_checkpoint_cannot_be_resumed) {
  const std::string folder = RunLog::create(out(), "iris", "", false).folder();
  EXPECT_EQ(code_of([&] { RunLog::reopen(folder); }), "D10");
}

TEST_F(RunLogs, the_last_checkpoint_is_on_disk_after_finish) {
  RunLog log = RunLog::create(out(), "iris", "", false);
  log.checkpoint({[] { return std::string("first"); }});
  log.checkpoint({[] { return std::string("second"); }});
  log.finish();
  EXPECT_EQ(read_file(log.path("last.checkpoint")), "second");
}

TEST_F(RunLogs, an_abandoned_run_is_removed_unless_an_epoch_was_finished) {
  RunLog empty = RunLog::create(out(), "iris", "", false);
  empty.write("log.txt", "a line");
  empty.abandon();
  EXPECT_FALSE(fs::exists(out()));
  RunLog begun = RunLog::create(out(), "iris", "", false);
  begun.epoch(record_of(1), ScoreKind::accuracy);
  begun.abandon();
  EXPECT_TRUE(fs::exists(begun.path("metrics.jsonl")));
}

TEST(RunNames, are_derived_from_the_name_of_the_data) {
  EXPECT_EQ(data_stem("data/digits.csv.gz"), "digits");
  EXPECT_EQ(data_stem("some/mnist/"), "mnist");
  EXPECT_EQ(data_stem("-"), "stdin");
  EXPECT_EQ(data_stem(".."), "run");
}

TEST(RunText, csv_cells_are_quoted_only_if_needed) {
  EXPECT_EQ(csv_cell("plain"), "plain");
  EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_cell("say \"x\""), "\"say \"\"x\"\"\"");
}

TEST(RunText, of_many_classes_the_five_most_probable_are_written) {
  std::vector<std::string> classes;
  for (int c = 0; c < 101; ++c) classes.push_back("c" + std::to_string(c));
  std::vector<double> p(101, 0.001);
  p[7] = 0.5;
  p[100] = 0.25;
  EXPECT_EQ(probability_header(classes), ",p,prediction_2,p_2,prediction_3,p_3,prediction_4,p_4,prediction_5,p_5");
  EXPECT_EQ(probability_cells(classes, p), ",0.5,c100,0.25,c0,0.001,c1,0.001,c2,0.001");
  EXPECT_EQ(likeliest_classes(p, 2), (std::vector<std::size_t>{7, 100}));
  EXPECT_EQ(likeliest_classes({p.data(), 2}, 5), (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(probability_header({"a", "b,c"}), ",p_a,\"p_b,c\"");
  EXPECT_EQ(probability_cells({"a", "b"}, std::vector<double>{1.0 / 3, 2.0 / 3}),
            ",0.3333333333333333,0.6666666666666666");
}

TEST(RunText, a_missing_validation_loss_is_null_in_json) {
  const Json json = epoch_json({.epoch = 1, .train_loss = 0.5}, ScoreKind::rmse);
  EXPECT_EQ(json_text(json).find("\"val_loss\":null") != std::string::npos, true);
  EXPECT_TRUE(json.contains("val_rmse"));
  EXPECT_EQ(json_text(Json("\xff")), "\"\xef\xbf\xbd\"");
}

// 100 rows whose class depends on x; three in ten belong to the rarer class.
Split easy_split() {
  std::string csv = "x,class\n";
  for (int i = 0; i < 100; ++i) csv += std::to_string(i) + (i < 30 ? ",few\n" : ",many\n");
  return split(read_csv(csv), {.target = "class"});
}

TEST(Baseline, the_constant_prediction_is_the_most_frequent_class) {
  const Split data = easy_split();
  const Baselines baselines = constant_baseline(constant_evaluation(data));
  EXPECT_EQ(baselines.constant_answers, std::vector<std::string>{"many"});
  EXPECT_NEAR(baselines.constant, 0.7, 0.05);
}

TEST(Baseline, a_linear_model_learns_a_linear_boundary) {
  FitOptions options;
  options.epochs = 200;
  options.batch_size = 8;
  options.optimizer = Adam{.learning_rate = 0.05};
  const auto judged = linear_baseline(easy_split(), Model{Dense(1, sigmoid)}, options);
  ASSERT_TRUE(judged.has_value());
  EXPECT_GT(judged->evaluation.score(), 0.9);
}

TEST(Baseline, a_linear_model_gets_numbers_without_the_limit_on_outliers) {
  std::string csv = "x,y\n";
  for (int i = -50; i < 50; ++i) {
    const double x = i * i * i / 1000.0;  // the largest are four times as far from the median as the quartiles
    csv += std::to_string(x) + "," + std::to_string(2 * x + 1) + "\n";
  }
  SplitOptions how{.target = "y"};
  how.preprocess.scale = Scaling::robust;
  const Split data = split(read_csv(csv), how);
  ASSERT_GT(data.preprocessor.columns[0].scale()->squash, 0);
  FitOptions options;
  options.epochs = 400;
  options.batch_size = 16;
  options.optimizer = Adam{.learning_rate = 0.01};
  const auto judged = linear_baseline(data, Model{Dense(1)}, options);
  ASSERT_TRUE(judged.has_value());
  EXPECT_LT(judged->evaluation.score(), 0.01 * constant_baseline(constant_evaluation(data)).constant);
}

TEST(Baseline, a_linear_model_that_diverges_has_no_score) {
  FitOptions options;
  options.epochs = 5;
  options.batch_size = 8;
  options.optimizer = Sgd{.learning_rate = 1e30};
  EXPECT_FALSE(linear_baseline(easy_split(), Model{Dense(1, sigmoid)}, options).has_value());
}

TEST(Repeats, the_standard_deviation_divides_by_the_count_minus_one) {
  const Spread spread = spread_of({{.seed = 1, .score = 1}, {.seed = 2, .score = 3}});
  EXPECT_DOUBLE_EQ(spread.mean, 2);
  EXPECT_DOUBLE_EQ(spread.deviation, std::sqrt(2.0));
  EXPECT_EQ(spread_of({{.seed = 1, .score = 1}}).deviation, 0);
}

}  // namespace
}  // namespace pellucid
