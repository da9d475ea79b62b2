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
#include "report/suspects.h"
#include "report/weight_record.h"

namespace pellucid {

struct SettingRecord {
  std::string name, value, origin;
};

struct LayerRecord {
  std::string name, kind, activation;
  Shape input, output;
  std::int64_t parameters = 0;
};

/// What would be reached without a hidden layer, and without looking at the columns at all. Accuracy, or RMSE.
struct Baselines {
  std::string constant_answer;   ///< the most frequent class of the training rows, or their mean
  double constant = 0;           ///< its score on the test rows
  std::optional<double> linear;  ///< a net without hidden layers, trained; empty: not run, or it diverged
};

/// One training of `--repeat` or `--folds`.
struct RepeatRecord {
  std::uint64_t seed = 0;
  std::int64_t fold = 0;  ///< 1 … folds; 0 without
  double score = 0, loss = 0;
  std::int64_t best_epoch = 0, epochs = 0;
  double seconds = 0;
};

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
  std::vector<std::vector<std::int64_t>> class_rows;  ///< of train, validation and test, rows of each class
  History history;
  std::optional<Evaluation> test;          ///< on the test rows; empty where there are none
  std::optional<double> temperature;       ///< by which the last layer's logits were divided after training
  std::optional<Calibration> calibration;  ///< of a classifier on the test rows
  Importance importance;                   ///< on the test rows; without columns: not computed
  std::optional<Baselines> baselines;
  std::vector<RepeatRecord> repeats;
  std::vector<SuspectRecord> suspects;  ///< least probable first
  std::vector<std::string> failure;     ///< why it diverged, then what to do about it
  std::int64_t folds = 0;

  bool has_hidden_layers() const;  ///< more dense layers than the last one
  bool is_classification() const noexcept { return preprocessor.is_classification(); }
  /// Accuracy or RMSE on the test rows; NaN without test rows.
  double score() const;
  /// 95 %: Wilson's for an accuracy, bootstrap for an RMSE; NaN without test rows.
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
