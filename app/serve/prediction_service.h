// PredictionService: the meaning of requests: predictions of JSON records, facts about the model, counters.
// Not here: HTTP itself (http_server.h).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/serve/access.h"
#include "app/serve/http_server.h"
#include "app/serve/server_metrics.h"
#include "core/json.h"
#include "pellucid/error.h"
#include "pellucid/model.h"
#include "pellucid/prediction_intervals.h"
#include "pellucid/record.h"

namespace pellucid::app {

class PredictionService {
 public:
  /// Has a record for each of `workers` threads. The model must outlive the service. Throws U20, U33 for a model whose
  /// rows are no records.
  /// `interval`: the level of the intervals or sets that predictions have; D43 where the model has none of this level.
  PredictionService(const Model& model, int workers, std::optional<double> interval = std::nullopt);

  /// A request. `connections`: how many are open.
  HttpResponse answer(const HttpRequest& request, const Access& access, std::size_t connections, int worker);
  /// Something that is no request.
  HttpResponse refuse(unsigned status, const std::string& why);
  /// A record with typical values, for an example.
  Json example() const;

 private:
  HttpResponse route(const HttpRequest& request, const Access& access, std::size_t connections, int worker);
  HttpResponse predict(std::string_view body, Record& record);
  Json predict_or_error(const Json& row, Record& record);
  void set(const Json& row, Record& record) const;
  void set_cell(const std::string& name, const Json& cell, Record& record) const;
  Json prediction(const Answer& answer) const;
  HttpResponse failure(unsigned status, const Error& error);

  const Model& model_;
  std::optional<PredictionIntervals> intervals_;
  std::string description_;
  std::unordered_map<std::string_view, int> columns_;  // index of each; -1: a target, which is ignored
  std::vector<Record> records_;
  ServerMetrics metrics_;
};

}  // namespace pellucid::app
