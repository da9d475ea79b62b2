// Fills in the parts of a RunResult that are known before training. Not here: what training adds to it (train.cc).
#include "run/description.h"

#include "core/settings.h"
#include "pellucid/findings.h"
#include "recipe/data.h"
#include "run/weight_record.h"

namespace pellucid {
namespace {

// Number of rows of each class of one target.
std::vector<std::int64_t> class_counts(const Dataset& data, std::size_t target, std::size_t classes) {
  std::vector<std::int64_t> counts(classes);
  for (std::int64_t r = 0; r < data.rows(); ++r) {
    const double answer = data.has_labels() ? data.label(r) : data.value(r, static_cast<std::int64_t>(target));
    ++counts[static_cast<std::size_t>(answer)];
  }
  return counts;
}

void add_findings(RunResult& result, const TrainTable& data, const SplitPlan& plan, const Recipe& settings) {
  const PreprocessOptions options = preprocess_options(settings, data.table);
  const std::vector<int> targets = find_targets(data.table, plan.preprocessor.target_names());
  const auto add = [&](const std::vector<Finding>& more) {
    result.findings.insert(result.findings.end(), more.begin(), more.end());
  };
  add(data.table.notes);
  add(plan.notes);
  add(find_unused_words(data.table, missing_words_of(settings.data.na, settings.data.no_na)));
  add(find_near_values(data.table, targets, options));
  const bool random = settings.data.time.empty() && settings.data.group.empty() && data.table.test_rows == 0;
  if (random) add(find_split_risks(data.table, targets, options));
  const bool later = data.table.test_rows > 0 || !settings.data.time.empty();
  add(check_split(data.table, plan, later));
}

void add_class_rows(RunResult& result, const Split& split) {
  if (!result.is_classification()) return;
  for (const FittedTarget& target : result.preprocessor.targets) {
    const std::size_t at = result.class_rows.size();
    PartCounts& counts = result.class_rows.emplace_back();
    for (const Dataset* part : {&split.train, &split.validation, &split.test}) {
      counts.push_back(class_counts(*part, at, target.classes.size()));
    }
  }
}

}  // namespace

void describe_table(RunResult& result, const TrainTable& data, const SplitPlan& plan, const Recipe& settings) {
  result.data = data.name;
  result.rows = data.table.rows;
  result.data_columns = static_cast<std::int64_t>(data.table.columns.size());
  result.preprocessor = plan.preprocessor;
  for (const Column& column : data.table.columns) {
    if (!column.missing.empty()) result.missing[column.name] = column.missing;
  }
  add_findings(result, data, plan, settings);
}

void describe_run(RunResult& result, const Split& split, const Model& model, Recipe& recipe) {
  const Recipe& settings = recipe;
  result.train_rows = split.train.rows();
  result.validation_rows = split.validation.rows();
  result.test_rows = split.test.rows();
  result.stratified = split.stratified;
  result.seed = static_cast<std::uint64_t>(settings.training.seed);
  result.folds = settings.training.folds;
  result.layers = layer_records(model);
  result.parameters = model.parameter_count();
  result.weights = record_weights(model);
  add_class_rows(result, split);
  describe_settings(result, recipe);
}

void describe_settings(RunResult& result, Recipe& recipe) {
  result.settings.clear();
  for (const FieldState& field : list_fields(recipe)) {
    const std::string name = field.info.name;
    result.settings.push_back({setting_json_name(name), field.text(), origin_of(recipe, name)});
  }
}

}  // namespace pellucid
