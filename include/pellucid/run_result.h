// RunResult: all facts about a training run: its rows, settings, course, and how well the model predicts.
// Not here: training (run.h), its JSON and its files (src/run/run_json.h, run_log.h).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pellucid/calibration.h"
#include "pellucid/evaluation.h"
#include "pellucid/findings.h"
#include "pellucid/health.h"
#include "pellucid/history.h"
#include "pellucid/importance.h"
#include "pellucid/members.h"
#include "pellucid/prediction_intervals.h"
#include "pellucid/preprocess.h"

namespace PELLUCID_EXPORT pellucid {

/// One setting of the run: its value as it would be typed, and where the value comes from ("default", "--epochs",
/// "auto: 105 training rows", "preset tabular").
struct SettingRecord {
  std::string name, value, origin;
};

/// One node of the model.
struct LayerRecord {
  std::string name, kind, activation;
  Shape input, output;
  std::int64_t parameters = 0;
};
std::vector<LayerRecord> layer_records(const Model& model);

/// Scores of two simpler predictors on the test rows: a constant prediction, and a model without hidden layers. Scores
/// are of the run's ScoreKind.
struct Baselines {
  /// For each target the most frequent class of the training rows, or the mean of the training rows.
  std::vector<std::string> constant_answers;
  std::vector<double> constant_scores;  ///< for each target: accuracy, or RMSE in the target's unit
  double constant = 0;                  ///< the score of the constant predictions for all targets together
  std::optional<double> linear;         ///< a trained model without hidden layers; empty: not run, or it diverged
  double linear_p = 1;                  ///< paired test of the run's model against that one (PairedTest::p)
};

/// The metric by which a run is judged (setting `metric`), on the test rows.
struct MetricRecord {
  std::string name;  ///< as in metric_kinds()
  double value = 0;
  std::optional<Interval> interval;  ///< 95 %; empty where none is known (metric_interval)
  std::optional<double> linear;      ///< of the model without hidden layers; empty: not run, or it diverged
};

/// One of several trainings with other seeds (`repeat`) or on other folds (`folds`).
struct RepeatRecord {
  std::uint64_t seed = 0;
  std::int64_t fold = 0;  ///< 1 … folds; 0 for trainings with other seeds
  double score = 0, loss = 0;
  std::int64_t best_epoch = 0, epochs = 0;
  double seconds = 0;
  std::optional<double> metric{};  ///< the metric by which the run is judged; empty: the setting is "auto"
};

/// One of the predictors that a run compares on its test rows.
struct LeaderboardEntry {
  /// constant: always the most frequent class, or the mean · linear: a model without hidden layers · best_member: the
  /// best single member (members.h), where the model averages several · model: of the run · distilled: the small net
  std::string name;
  double score = 0;                           ///< of the run's ScoreKind
  Interval interval;                          ///< 95 %, of the score
  std::optional<double> metric{};             ///< the metric by which the run is judged; empty: the setting is "auto"
  std::optional<Interval> metric_interval{};  ///< 95 %; empty where none is known (metric_interval)
  /// It took to train; of the best single member: would have taken alone with the same threads. 0: nothing was trained.
  double seconds = 0;
  double microseconds_per_row = 0;  ///< of some hundred rows predicted at once on one thread; 0: not measured
};

/// A small net that has learned the predictions of the run's model (setting distill), beside that model.
struct Distilled {
  std::vector<std::int64_t> hidden;     ///< units of its hidden layers
  std::optional<Evaluation> test{};     ///< on the test rows; empty where there are none
  std::int64_t made_up_rows = 0;        ///< that it learned from, beside the training rows
  std::optional<double> alone_score{};  ///< of the same net trained on the targets alone; empty: not judged
  std::int64_t parameters = 0;
  double seconds = 0;                                           ///< that its training took
  std::int64_t multiplications = 0, model_multiplications = 0;  ///< for one prediction, here and of the run's model
  double microseconds = 0, model_microseconds = 0;  ///< per row of some hundred predicted at once, on one thread
  std::string file{};                               ///< its model file; empty: not written
};

/// A training row to whose label the model gives a low probability; it may be mislabelled.
struct SuspectRecord {
  std::int64_t position;  ///< index among the training rows
  std::int64_t row;       ///< row of the table, from 0
  std::int32_t label;
  double probability;  ///< probability that the model gives to this label, averaged over the epochs
};

/// A summary of the values of a parameter, with a histogram.
struct WeightRecord {
  std::string name, shape;
  Distribution first, kept;  ///< first: before training; kept: in the final model
};

/// The number of rows of each class in the training, the validation and the test split.
using PartCounts = std::vector<std::vector<std::int64_t>>;

/// The result of a run as plain data; Run (run.h) adds the model and the rows.
struct RunResult {
  std::string status = "done";  ///< done | interrupted | diverged | dry run
  std::string folder;  ///< folder with the run's files, relative to the current directory; empty: nothing was written
  std::string model_file, page_file;  ///< names in that folder; empty: not written
  std::string model_sha256;           ///< SHA-256 of the model file; empty: unknown
  std::string data;                   ///< name of the data, as given
  std::int64_t rows = 0, data_columns = 0;
  std::int64_t train_rows = 0, validation_rows = 0, test_rows = 0;
  bool stratified = false;
  Preprocessor preprocessor;
  /// for each column and each spelling of a missing cell: how many cells
  std::map<std::string, std::map<std::string, std::int64_t>> missing;
  std::vector<Finding> findings;  ///< about the data, then about the training; some notes have no code
  std::vector<SettingRecord> settings;
  std::vector<LayerRecord> layers;
  std::int64_t parameters = 0;
  std::vector<WeightRecord> weights;
  std::vector<PartCounts> class_rows;  ///< for each target with classes
  History history;
  std::optional<Evaluation> test;         ///< on the test rows; empty where there are none
  std::optional<MetricRecord> metric;     ///< empty: the setting is "auto", or there are no test rows
  std::optional<double> temperature;      ///< of the calibration: logits are divided by it; empty: not calibrated
  std::vector<Calibration> calibrations;  ///< for each target with classes, on the test rows
  /// For each target, how its 90 % intervals or sets fit the test rows; empty without test rows, with fewer than 9
  /// validation rows, or if the user's own loss gives no predictions.
  std::vector<IntervalCoverage> intervals;
  Importance importance;  ///< on the test rows; without columns: not computed
  std::optional<Baselines> baselines;
  std::optional<Members> members;             ///< of a training with members (settings members, cross_fit, time_limit)
  std::vector<LeaderboardEntry> leaderboard;  ///< in the order of LeaderboardEntry::name; empty without test rows
  std::optional<Distilled> distilled;         ///< empty: not asked for, diverged or interrupted
  /// With the setting final: number of rows that teach the model that is kept; 0: the model is the one that was judged.
  std::int64_t final_training_rows = 0;
  std::vector<RepeatRecord> repeats;
  std::vector<SuspectRecord> suspects;  ///< sorted by probability, lowest first
  std::vector<std::string> failure;     ///< if it diverged: the reason, then what to do about it
  std::int64_t folds = 0;

  bool has_hidden_layers() const;  ///< true if there is a dense layer before the last one
  bool is_classification() const noexcept { return preprocessor.is_classification(); }
  bool has_several_targets() const noexcept { return preprocessor.targets.size() > 1; }
  ScoreKind kind() const noexcept { return score_kind(is_classification(), preprocessor.targets.size()); }
  /// Score on the test rows and its 95 % interval (evaluation.h); NaN without test rows.
  double score() const;
  Interval interval() const;
  std::uint64_t seed = 42;
};

/// Mean and standard deviation of the scores of several trainings.
struct Spread {
  double mean = 0, deviation = 0;  ///< n − 1 in the denominator; 0 for one value
};
Spread spread_of(const std::vector<RepeatRecord>& repeats);
/// The same of their metrics; nothing where they have none.
std::optional<Spread> metric_spread(const std::vector<RepeatRecord>& repeats);

}  // namespace pellucid
