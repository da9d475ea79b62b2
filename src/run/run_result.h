// RunResult: all that is known of one training run once it has ended: for report.json, the `end` event and the screen.
// Not here: how it is written (run_json.h, run_log.h), how it came about (the trainer, the program).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pellucid/calibration.h"
#include "pellucid/findings.h"
#include "pellucid/importance.h"
#include "pellucid/model.h"
#include "pellucid/preprocess.h"
#include "pellucid/trainer.h"
#include "run/suspects.h"
#include "run/weight_record.h"

namespace pellucid {

struct SettingRecord {
  std::string name, value, origin;
};

struct LayerRecord {
  std::string name, kind, activation;
  Shape input, output;
  std::int64_t parameters = 0;
};

/// What would be reached without a hidden layer, and without looking at the columns at all. Scores are of the run's
/// ScoreKind.
struct Baselines {
  std::vector<std::string>
      constant_answers;                 ///< of each target the most frequent class of the training rows, or the mean
  std::vector<double> constant_scores;  ///< of each target, on the test rows: accuracy, or RMSE in its unit
  double constant = 0;                  ///< the score of all those answers
  std::optional<double> linear;         ///< a net without hidden layers, trained; empty: not run, or it diverged
  double linear_p = 1;                  ///< paired test of the run's model against it (PairedTest::p)
};

/// One training of `--repeat` or `--folds`.
struct RepeatRecord {
  std::uint64_t seed = 0;
  std::int64_t fold = 0;  ///< 1 … folds; 0 without
  double score = 0, loss = 0;
  std::int64_t best_epoch = 0, epochs = 0;
  double seconds = 0;
};

/// Rows of each class: of the training, the validation and the test part.
using PartCounts = std::vector<std::vector<std::int64_t>>;

struct RunResult {
  std::string status = "done";   ///< done | interrupted | diverged
  std::string run, model, page;  ///< paths relative to the current directory; empty where nothing was written
  std::string model_hash;        ///< SHA-256 of the model file; empty: unknown
  std::string data;              ///< name of the data, as given
  std::int64_t rows = 0, data_columns = 0;
  std::int64_t train_rows = 0, validation_rows = 0, test_rows = 0;
  bool stratified = false;
  Preprocessor preprocessor;
  std::map<std::string, std::map<std::string, std::int64_t>> missing;  ///< column: spellings of its missing cells
  std::vector<Finding> findings;  ///< also notes without a code, as those of a split
  std::vector<SettingRecord> settings;
  std::vector<LayerRecord> layers;
  std::int64_t parameters = 0;
  std::vector<WeightRecord> weights;
  std::vector<PartCounts> class_rows;  ///< of each target of classes
  History history;
  std::optional<Evaluation> test;         ///< on the test rows; empty where there are none
  std::optional<double> temperature;      ///< by which the last layer's logits were divided after training
  std::vector<Calibration> calibrations;  ///< of each target of classes, on the test rows
  Importance importance;                  ///< on the test rows; without columns: not computed
  std::optional<Baselines> baselines;
  std::vector<RepeatRecord> repeats;
  std::vector<SuspectRecord> suspects;  ///< least probable first
  std::vector<std::string> failure;     ///< why it diverged, then what to do about it
  std::int64_t folds = 0;

  bool has_hidden_layers() const;  ///< more dense layers than the last one
  bool is_classification() const noexcept { return preprocessor.is_classification(); }
  bool has_several_targets() const noexcept { return preprocessor.targets.size() > 1; }
  ScoreKind kind() const noexcept { return score_kind(is_classification(), preprocessor.targets.size()); }
  /// On the test rows, with its 95 % interval (evaluation.h); NaN without test rows.
  double score() const;
  Interval interval() const;
  std::uint64_t seed = 42;
};

/// One record a node of the model.
std::vector<LayerRecord> layer_records(const Model& model);

struct Spread {
  double mean = 0, deviation = 0;  ///< n − 1 in the denominator; 0 for one value
};
Spread spread_of(const std::vector<RepeatRecord>& repeats);

}  // namespace pellucid
