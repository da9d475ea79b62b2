// The functions of pellucid_c.h about records. Not here: how a cell becomes features (judge/record.cc).
#include <algorithm>

#include "c_interface/handles.h"
#include "c_interface/last_error.h"
#include "pellucid/prediction_intervals.h"
#include "prepare/transform.h"

using namespace pellucid;
using namespace pellucid::c;

extern "C" {

int pellucid_column(const pellucid_model* model, const char* name) {
  return guarded(PELLUCID_FAILED, [&] {
    const Model& trained = given(model, "model").loaded->model;
    if (!trained.preprocessor) throw Error("U20", "the model was not trained on a table and knows no columns");
    return index_of(trained.preprocessor->columns, &given(name, "name"));
  });
}

pellucid_record* pellucid_record_new(const pellucid_model* model) {
  return guarded<pellucid_record*>(nullptr, [&] {
    const auto& loaded = given(model, "model").loaded;
    if (loaded->outputs == 0 && loaded->model.preprocessor) {
      throw Error("U33", "the model has several heads, whose predictions are not one list of numbers",
                  {"pellucid_predict_rows() gives their outputs side by side"});
    }
    return new pellucid_record{loaded, Record(loaded->model)};
  });
}

void pellucid_record_free(pellucid_record* record) {
  delete record;
}

int pellucid_set_number(pellucid_record* record, int column, double number) {
  return guarded(PELLUCID_FAILED, [&] {
    given(record, "record").record.set(column, number);
    return 0;
  });
}

int pellucid_set_word(pellucid_record* record, int column, const char* word) {
  return guarded(PELLUCID_FAILED, [&] {
    given(record, "record").record.set(column, std::string_view(&given(word, "word")));
    return 0;
  });
}

int pellucid_set_missing(pellucid_record* record, int column) {
  return guarded(PELLUCID_FAILED, [&] {
    given(record, "record").record.set_missing(column);
    return 0;
  });
}

int pellucid_predict(pellucid_record* record, double* outputs, size_t capacity) {
  return guarded(PELLUCID_FAILED, [&] {
    pellucid_record& row = given(record, "record");
    const bool wanted = outputs != nullptr || capacity > 0;
    if (wanted) require_room(outputs, capacity, row.loaded->outputs);
    const Answer answer = row.record.predict();
    if (wanted) std::ranges::copy(answer.values.empty() ? answer.probabilities : answer.values, outputs);
    return std::max(answer.predicted_class, 0);
  });
}

int pellucid_interval(const pellucid_model* model, size_t target, double prediction, double level, double* limits) {
  return guarded(PELLUCID_FAILED, [&] {
    const Model& trained = given(model, "model").loaded->model;
    given(limits, "limits");
    const Interval interval = PredictionIntervals(trained, level).of(target, prediction);
    limits[0] = interval.low;
    limits[1] = interval.high;
    return 0;
  });
}
}
