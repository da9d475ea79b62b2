// Fields of a model's JSON. Not here: fields of a run (run_json.cc).
#include "run/model_json.h"

#include "pellucid/version.h"

namespace pellucid {
namespace {

Json columns_json(const Preprocessor& by) {
  Json columns = Json::array();
  for (const FittedColumn& column : by.columns) {
    Json entry = column_json(column);
    if (const CategoricalColumn* const words = column.categorical()) {
      entry["categories"] = words->categories;
      entry["has_other"] = words->other > 0;
    }
    if (column.shape.rank() > 0) entry["shape"] = column.shape.extents();
    if (const DateColumn* const date = column.date()) entry["form"] = text_of(date->form);
    if (const NumberColumn* const number = column.number(); number != nullptr && !number->form.empty()) {
      entry["form"] = number->form;
    }
    entry["may_be_missing"] = !column.refuses_missing();
    columns.push_back(std::move(entry));
  }
  return columns;
}

}  // namespace

Json column_json(const FittedColumn& column) {
  Json entry = {{"name", column.name}, {"kind", text_of(column.kind())}, {"features", column.features}};
  const DateColumn* const date = column.date();
  if (date != nullptr && date->form != DateForm::time_of_day) {
    entry.update(Json{{"earliest", date_text(date->range.low)}, {"latest", date_text(date->range.high)}});
  } else if (const CategoricalColumn* const words = column.categorical()) {
    entry["categories"] = words->categories.size();
  } else {
    const ValueRange& range = *column.range();
    entry.update(Json{{"low", range.low}, {"high", range.high}, {"mean", range.mean}, {"deviation", range.deviation}});
  }
  return entry;
}

Json targets_json(const Preprocessor& by) {
  Json targets = Json::array();
  for (const FittedTarget& target : by.targets) {
    Json entry = {{"name", target.name}};
    if (by.is_classification()) {
      entry["classes"] = target.classes;
    } else {
      entry.update(Json{{"low", target.low}, {"high", target.high}});
    }
    targets.push_back(std::move(entry));
  }
  return targets;
}

Json model_json(const Model& model) {
  Json json = {{"v", 1}, {"pellucid", version()}};
  if (model.preprocessor) json["task"] = model.preprocessor->is_classification() ? "classification" : "regression";
  json["columns"] = model.preprocessor ? columns_json(*model.preprocessor) : Json::array();
  json["targets"] = model.preprocessor ? targets_json(*model.preprocessor) : Json::array();
  if (model.preprocessor && model.preprocessor->is_classification()) json["threshold"] = model.threshold;
  json["features"] = model.row_shape().elements();
  json["outputs"] = model.output_shape().elements();
  json["parameters"] = model.parameter_count();
  if (model.training) {
    const TrainingSummary& training = *model.training;
    json["training"] = {{"loss", training.loss},
                        {"optimizer", training.optimizer},
                        {"epochs", training.epochs},
                        {"best_epoch", training.best_epoch},
                        {"train_rows", training.train_rows},
                        {"seed", training.seed},
                        {"learning_rate", training.learning_rate},
                        {"batch_size", training.batch_size}};
  }
  return json;
}

}  // namespace pellucid
