// From JSON records to predictions, and the other pages of the server. A prediction has the form that `pellucid predict
// --json --proba` writes.
// Not here: cells and features (the library's Record).
#include "app/serve/prediction_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "app/text/prediction_text.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/metric.h"
#include "run/model_json.h"
#include "run/run_json.h"

namespace pellucid::app {
namespace {

constexpr std::size_t most_in_example = 4;  // columns

Error malformed(const std::string& what) {
  return Error("U39", what, {"one row: {\"COLUMN\": 41, …}; several: a list of rows, or {\"rows\": […]}"});
}

Json error_json(const Error& error) {
  Json json = {{"code", error.code()}, {"text", error.what()}};
  if (!error.details().empty()) json["hint"] = join(error.details(), "\n");
  return json;
}

const Json* rows_of(const Json& body) {
  if (body.is_array()) return &body;
  if (!body.is_object() || body.size() != 1 || !body.contains("rows") || !body["rows"].is_array()) return nullptr;
  return &body["rows"];
}

// The numbers of a list, or of lists in a list; false if there is anything else.
bool flatten(const Json& list, std::vector<double>& numbers) {
  if (list.is_number()) return numbers.push_back(list.get<double>()), true;
  return list.is_array() && std::ranges::all_of(list, [&](const Json& item) { return flatten(item, numbers); });
}

// A number of the training data, short enough to be read.
double example_number(const ValueRange& range) {
  double value = 0;
  parse_number(fmt::format("{:.3g}", range.mean), value);
  return std::clamp(value, range.low, range.high);
}

}  // namespace

PredictionService::PredictionService(const Model& model, int workers, std::optional<double> interval)
    : model_(model), description_(json_text(model_json(model)) + "\n") {
  if (!model.heads().empty()) {
    throw Error("U33", "the model has several heads, whose predictions this command does not serve",
                {"call predict_targets() of the library"});
  }
  if (interval) intervals_.emplace(model, *interval);
  for (const FittedTarget& target : model.preprocessor->targets) columns_.emplace(target.name, -1);
  int index = 0;
  for (const FittedColumn& column : model.preprocessor->columns) columns_[column.name] = index++;
  for (int worker = 0; worker < workers; ++worker) records_.emplace_back(model);
}

HttpResponse PredictionService::answer(const HttpRequest& request, const Access& access, std::size_t connections,
                                       int worker) {
  const auto start = std::chrono::steady_clock::now();
  HttpResponse response;
  try {
    response = route(request, access, connections, worker);
  } catch (const Error& refused) {
    response = failure(400, refused);
  } catch (const std::bad_alloc&) {
    response = failure(503, Error("M02", "not enough memory for this request"));
  } catch (const std::exception& mistake) {
    response = failure(500, Error("P01", mistake.what()));
  }
  const bool known =
      std::ranges::any_of(std::initializer_list<std::string_view>{"/predict", "/model", "/health", "/metrics"},
                          [&](std::string_view path) { return path == request.path; });
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  metrics_.count_request(known ? request.path : "other", response.status, taken.count());
  return response;
}

HttpResponse PredictionService::refuse(unsigned status, const std::string& why) {
  metrics_.count_request("other", status, 0);
  return failure(status, Error("U39", why));
}

HttpResponse PredictionService::failure(unsigned status, const Error& error) {
  metrics_.count_error(error.code());
  return {.status = status, .body = json_text({{"error", error_json(error)}}) + "\n"};
}

HttpResponse PredictionService::route(const HttpRequest& request, const Access& access, std::size_t connections,
                                      int worker) {
  std::string why;
  if (const unsigned status = access.refuses(request.host, request.origin, request.authorization, why); status != 0) {
    return failure(status, Error("U39", why));
  }
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (request.path == "/predict") {
    if (request.method == "POST") return predict(request.body, records_[static_cast<std::size_t>(worker)]);
    return failure(405, Error("U39", "/predict takes POST with JSON"));
  }
  if (request.path == "/model" && reads) return {.body = description_};
  if (request.path == "/health" && reads) return {.body = "{\"status\":\"ok\"}\n"};
  if (request.path == "/metrics" && reads) {
    return {.body = metrics_.text(connections), .type = "text/plain; version=0.0.4; charset=utf-8"};
  }
  return failure(
      404, Error("U39",
                 fmt::format("there is no {} {}", quote(std::string(request.method)), quote(std::string(request.path))),
                 {"POST /predict, GET /model, GET /health, GET /metrics"}));
}

HttpResponse PredictionService::predict(std::string_view text, Record& record) {
  const Json body = parse_json(text);
  if (body.is_discarded()) throw malformed("the body is not JSON, or nested too deep");
  if (const Json* const rows = rows_of(body); rows != nullptr) {
    Json predictions = Json::array();
    for (const Json& row : *rows) predictions.push_back(predict_or_error(row, record));
    return {.body = json_text({{"predictions", std::move(predictions)}}) + "\n"};
  }
  set(body, record);
  metrics_.count_rows(1);
  return {.body = json_text(prediction(record.predict())) + "\n"};
}

// Of several rows, those that can be predicted are; the others say why not.
Json PredictionService::predict_or_error(const Json& row, Record& record) {
  try {
    set(row, record);
    Json found = prediction(record.predict());
    metrics_.count_rows(1);
    return found;
  } catch (const Error& refused) {
    metrics_.count_error(refused.code());
    return {{"error", error_json(refused)}};
  }
}

void PredictionService::set(const Json& row, Record& record) const {
  if (!row.is_object()) throw malformed("a row is not a JSON object");
  for (int column = 0; column < record.columns(); ++column) record.set_missing(column);
  for (const auto& [name, cell] : row.items()) set_cell(name, cell, record);
}

void PredictionService::set_cell(const std::string& name, const Json& cell, Record& record) const {
  const auto known = columns_.find(name);
  const int column = known != columns_.end() ? known->second : record.index(name);  // which refuses the name
  if (column < 0) return;
  if (cell.is_null()) return;
  if (cell.is_string()) {
    record.set(column, std::string_view(cell.get_ref<const std::string&>()));
  } else if (cell.is_number()) {
    record.set(column, cell.get<double>());
  } else if (cell.is_boolean()) {
    const bool flag = model_.preprocessor->columns[static_cast<std::size_t>(column)].is(ColumnKind::boolean);
    flag ? record.set(column, cell.get<bool>() ? 1.0 : 0.0) : record.set(column, std::string_view(cell.dump()));
  } else {
    std::vector<double> numbers;
    if (!flatten(cell, numbers)) {
      throw malformed(
          "column " + quote(name) +
          " is an object or a list; a cell is a number, a text, a boolean or null, and of an image a list of numbers");
    }
    record.set(column, numbers);
  }
}

Json PredictionService::prediction(const Answer& answer) const {
  const std::vector<FittedTarget>& targets = model_.preprocessor->targets;
  Json json = Json::object();
  if (targets.size() == 1) {
    if (answer.predicted_class < 0) {
      json["prediction"] = answer.value();
      if (intervals_) add_interval(json, "", intervals_->of(0, answer.value()));
      return json;
    }
    json["prediction"] = answer.class_name;
    if (intervals_) add_set(json, "", set_of(*intervals_, 0, targets.front().classes, answer.probabilities));
    json["p"] = json_probabilities(targets.front().classes, answer.probabilities);
    return json;
  }
  for (std::size_t t = 0; t < targets.size(); ++t) {
    Json& predicted = json["prediction"][targets[t].name];
    if (answer.probabilities.empty()) {
      predicted = answer.values[t];
      if (intervals_) add_interval(json, targets[t].name, intervals_->of(t, answer.values[t]));
      continue;
    }
    const double p[2] = {1 - answer.probabilities[t], answer.probabilities[t]};
    predicted = targets[t].classes[static_cast<std::size_t>(predicted_class(p, model_.threshold))];
    if (intervals_) add_set(json, targets[t].name, set_of(*intervals_, t, targets[t].classes, p));
    json["p"][targets[t].name] = json_probabilities(targets[t].classes, p);
  }
  return json;
}

Json PredictionService::example() const {
  Json row = Json::object();
  const std::vector<FittedColumn>& columns = model_.preprocessor->columns;
  const bool whole = std::ranges::any_of(columns, [](const FittedColumn& column) { return column.refuses_missing(); });
  for (const FittedColumn& column : columns) {
    if (row.size() == most_in_example && !whole) break;
    if (const CategoricalColumn* const words = column.categorical()) {
      row[column.name] = words->categories.front();
    } else if (column.number() != nullptr && column.shape.rank() == 0) {
      row[column.name] = example_number(*column.range());
    } else if (column.boolean() != nullptr) {
      row[column.name] = true;
    }
  }
  return row;
}

}  // namespace pellucid::app
