// Scores, intervals and layer records of a run. Not here: text and JSON.
#include "pellucid/run_result.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>

#include "pellucid/picture_layers.h"
#include "pellucid/run.h"

namespace pellucid {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Spread spread(const std::vector<double>& values) {
  Spread spread;
  const auto n = static_cast<double>(values.size());
  for (const double value : values) spread.mean += value / n;
  for (const double value : values) spread.deviation += (value - spread.mean) * (value - spread.mean);
  spread.deviation = values.size() > 1 ? std::sqrt(spread.deviation / (n - 1)) : 0;
  return spread;
}

}  // namespace

bool RunResult::has_hidden_layers() const {
  const auto has_weights = [](const LayerRecord& l) { return l.kind == Dense::name || l.kind == Conv2D::name; };
  return std::count_if(layers.begin(), layers.end(), has_weights) > 1;
}

double RunResult::score() const {
  return test ? test->score() : nan;
}

Interval RunResult::interval() const {
  const auto known = std::ranges::find(leaderboard, "model", &LeaderboardEntry::name);
  if (known != leaderboard.end()) return known->interval;  // a bootstrap takes a while
  return test ? test->interval(seed) : Interval{nan, nan};
}

std::vector<LayerRecord> layer_records(const Model& model) {
  std::vector<LayerRecord> records;
  const auto& nodes = model.nodes();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node& node = nodes[i];
    LayerRecord record;
    record.name = node.name;
    record.kind = node.layer->kind();
    const Activation* activation = node.layer->output_activation();
    if (activation != nullptr) record.activation = activation->text();
    record.input = node.inputs.front() < 0 ? model.row_shape() : model.output_shape(node.inputs.front());
    record.output = model.output_shape(static_cast<int>(i));
    for (const auto& parameter : model.parameters()) {
      if (parameter.node == static_cast<int>(i)) record.parameters += parameter.value.size();
    }
    records.push_back(std::move(record));
  }
  return records;
}

Spread spread_of(const std::vector<RepeatRecord>& repeats) {
  std::vector<double> scores;
  for (const RepeatRecord& run : repeats) scores.push_back(run.score);
  return spread(scores);
}

std::optional<Spread> metric_spread(const std::vector<RepeatRecord>& repeats) {
  std::vector<double> metrics;
  for (const RepeatRecord& run : repeats) {
    if (run.metric) metrics.push_back(*run.metric);
  }
  if (metrics.empty()) return std::nullopt;
  return spread(metrics);
}

std::ostream& operator<<(std::ostream& out, const std::optional<Evaluation>& evaluation) {
  return evaluation ? out << *evaluation : out << "no test rows\n";
}

}  // namespace pellucid
