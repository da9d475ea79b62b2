// Tables of layers, weights and columns. Not here: reading models and data (app/commands/inspect.cc).
#include "app/text/profiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/cli/terminal.h"
#include "app/text/preamble.h"
#include "app/text/run_profile.h"
#include "core/text.h"
#include "pellucid/findings.h"
#include "pellucid/health.h"
#include "pellucid/preprocess.h"
#include "pellucid/run_result.h"

namespace pellucid::app {
namespace {

std::string padded(const std::string& text, int width) {
  return text + std::string(static_cast<std::size_t>(std::max(0, width - text_width(text))), ' ');
}

struct Statistics {
  double mean = 0, deviation = 0, low = 0, high = 0;
  std::int64_t zeros = 0;
};

template <class Values>
Statistics statistics_of(const Values& values) {
  Statistics s;
  double n = 0;
  for (const auto x : values) {
    if (std::isnan(x)) continue;
    s.low = n == 0 ? x : std::min<double>(s.low, x);
    s.high = n == 0 ? x : std::max<double>(s.high, x);
    s.zeros += x == 0 ? 1 : 0;
    s.mean += x;
    ++n;
  }
  s.mean = n > 0 ? s.mean / n : 0;
  for (const auto x : values) {
    if (!std::isnan(x)) s.deviation += (x - s.mean) * (x - s.mean);
  }
  s.deviation = n > 0 ? std::sqrt(s.deviation / n) : 0;
  return s;
}

std::string target_text(const FittedTarget& target) {
  const std::string name = printable(target.name, 40);
  if (target.classes.empty()) {
    const std::string range =  // an imported net has none
        target.low < target.high
            ? fmt::format(", {} to {} in training", short_number(target.low), short_number(target.high))
            : "";
    return fmt::format("{} · number{}{}{}", name, range, target.clamped ? " (limit of predictions)" : "",
                       target.shift ? ", learned on a log scale" : "");
  }
  std::vector<std::string> names;
  for (const std::string& one : target.classes) names.push_back(printable(one, 20));
  const std::size_t more = names.size() > 12 ? names.size() - 12 : 0;
  names.resize(names.size() - more);
  return fmt::format("{} · {}: {}{}", name, plural(static_cast<std::int64_t>(target.classes.size()), "class"),
                     join(names, " "), more > 0 ? fmt::format(" and {} more", more) : "");
}

std::string targets_text(const std::vector<FittedTarget>& targets) {
  const char* label = targets.size() > 1 ? "targets" : "target";
  std::string text;
  for (const FittedTarget& target : targets) text += labelled(std::exchange(label, ""), target_text(target));
  return text;
}

std::string origin_text(const TrainingSummary& t) {
  return fmt::format("{} · {} · lr {} · batch size {} · {} epochs, kept epoch {} · {} · seed {}", t.loss, t.optimizer,
                     number_text(t.learning_rate), t.batch_size, t.epochs, t.best_epoch, plural(t.train_rows, "row"),
                     t.seed);
}

std::string type_text(const Table& table, const Column& column, const Kinds& asked) {
  if (column.shape.rank() > 0)
    return column.shape.text() + (column.type == Column::Type::bytes ? " bytes" : " numbers");
  const auto entry = asked.find(column.name);
  const auto kind = entry == asked.end() ? std::nullopt : std::optional(entry->second);
  if (kind == AskedKind::drop) return "drop";
  const FoundKind found = find_kind(table, column, kind);
  if (found.codes) return "code";
  if (found.kind == ColumnKind::date || found.kind == ColumnKind::boolean) return std::string(text_of(found.kind));
  if (column.type == Column::Type::text) return "text";
  return found.kind == ColumnKind::drop ? "id" : column.integers ? "integer" : "number";
}

std::string most_common(const Column& column) {
  std::vector<std::int64_t> counts(column.words.size());
  for (const std::int32_t code : column.codes) {
    if (code >= 0) ++counts[static_cast<std::size_t>(code)];
  }
  if (counts.empty()) return "";
  const auto top = std::max_element(counts.begin(), counts.end());
  return fmt::format("most frequent: {} ({})",
                     printable(column.words[static_cast<std::size_t>(top - counts.begin())], 20), count_text(*top));
}

// A histogram of twelve bars: equal parts of the range of numbers, or the twelve most frequent words.
std::string histogram(const Column& column) {
  constexpr std::size_t bars = 12;
  std::vector<double> counts(bars);
  if (column.type == Column::Type::text) {
    std::vector<double> words(column.words.size());
    for (const std::int32_t code : column.codes) {
      if (code >= 0) ++words[static_cast<std::size_t>(code)];
    }
    std::sort(words.rbegin(), words.rend());
    std::copy_n(words.begin(), std::min(words.size(), bars), counts.begin());
  } else if (column.shape.rank() == 0 && column.type == Column::Type::number) {
    const Distribution d = distribution_of(column.numbers);
    for (std::size_t i = 0; i < d.counts.size(); ++i) {
      counts[i * bars / d.counts.size()] += static_cast<double>(d.counts[i]);
    }
  }
  return histogram_bars(counts);
}

std::string range_text(const Column& column) {
  if (column.type == Column::Type::text) return most_common(column);
  const Statistics s = column.type == Column::Type::bytes ? statistics_of(column.bytes) : statistics_of(column.numbers);
  return fmt::format("{} to {}, mean {}", short_number(s.low), short_number(s.high), short_number(s.mean));
}

}  // namespace

std::string model_text(const Model& model) {
  std::string text = model.summary() + "\n";
  if (const auto& p = model.preprocessor) {
    text += labelled("takes", columns_text(*p) + " · scaled: " + p->scale);
    text += targets_text(p->targets);
  } else {
    text += labelled("takes", "rows of " + model.row_shape().text());
  }
  if (model.threshold != 0.5) {
    text += labelled("threshold", fmt::format("the second class is predicted if its probability is above {}",
                                              short_number(model.threshold)));
  }
  if (model.training) text += labelled("trained", origin_text(*model.training));
  if (model.test_rows) {
    const std::int64_t rows = model.test_rows->view().rows;
    text += labelled("verified",
                     fmt::format("the checksum, and the outputs of {} stored {}", rows, rows == 1 ? "row" : "rows"));
  }
  return text;
}

std::string weights_text(const Model& model) {
  std::string text = "\nparameter         shape       mean   deviation       least    greatest   zeros\n";
  for (const auto& parameter : model.parameters()) {
    const Statistics s = statistics_of(parameter.value.values());
    text += fmt::format("{} {} {:>9} {:>11} {:>11} {:>11} {:>7}\n", padded(parameter.name, 16),
                        padded(parameter.value.shape().text(), 8), short_number(s.mean), short_number(s.deviation),
                        short_number(s.low), short_number(s.high), s.zeros);
  }
  return text;
}

Json model_json(const Model& model, bool weights) {
  Json layers = Json::array();
  for (const LayerRecord& layer : layer_records(model)) {
    layers.push_back({{"name", layer.name},
                      {"kind", layer.kind},
                      {"activation", layer.activation},
                      {"input", layer.input.text()},
                      {"output", layer.output.text()},
                      {"parameters", layer.parameters}});
  }
  Json json = {{"v", 1}, {"parameters", model.parameter_count()}, {"layers", layers}};
  if (model.threshold != 0.5) json["threshold"] = model.threshold;
  if (model.preprocessor) json["preprocessor"] = Json::parse(model.preprocessor->to_json());
  if (const auto& t = model.training) {
    json["training"] = {{"loss", t->loss},
                        {"optimizer", t->optimizer},
                        {"learning_rate", t->learning_rate},
                        {"batch_size", t->batch_size},
                        {"epochs", t->epochs},
                        {"best_epoch", t->best_epoch},
                        {"train_rows", t->train_rows},
                        {"seed", t->seed}};
  }
  if (!weights) return json;
  for (const auto& parameter : model.parameters()) {
    const Statistics s = statistics_of(parameter.value.values());
    json["weights"][parameter.name] = {{"shape", parameter.value.shape().text()},
                                       {"mean", s.mean},
                                       {"deviation", s.deviation},
                                       {"least", s.low},
                                       {"greatest", s.high},
                                       {"zeros", s.zeros}};
  }
  return json;
}

std::string table_text(const Table& table, const Kinds& asked) {
  std::string text = fmt::format("{} · {} · {}\n\n", table.source, plural(table.rows, "row"),
                                 plural(static_cast<std::int64_t>(table.columns.size()), "column"));
  int width = 6;
  for (const Column& column : table.columns)
    width = std::max(width, std::min(24, text_width(printable(column.name, 23))));
  text += padded("column", width) + "  type     missing  distinct  distribution  values\n";
  for (const Column& column : table.columns) {
    const bool single = column.shape.rank() == 0;
    text += fmt::format("{}  {} {:>7}  {:>8}  {}  {}\n", padded(printable(column.name, 23), width),
                        padded(type_text(table, column, asked), 8), count_text(missing_cells(column)),
                        single ? count_text(distinct_cells(column)) : "-", histogram(column), range_text(column));
  }
  return text;
}

Json table_json(const Table& table, const Kinds& asked) {
  Json columns = Json::array();
  for (const Column& column : table.columns) {
    Json entry = {{"name", column.name}, {"type", type_text(table, column, asked)}, {"missing", missing_cells(column)}};
    if (column.shape.rank() == 0) entry["distinct"] = distinct_cells(column);
    if (column.type != Column::Type::text) {
      const Statistics s =
          column.type == Column::Type::bytes ? statistics_of(column.bytes) : statistics_of(column.numbers);
      entry.update(Json{{"low", s.low}, {"high", s.high}, {"mean", s.mean}, {"deviation", s.deviation}});
      if (column.shape.rank() == 0 && column.type == Column::Type::number)
        entry["histogram"] = distribution_of(column.numbers).counts;
    }
    columns.push_back(std::move(entry));
  }
  return {{"v", 1}, {"data", table.source}, {"rows", table.rows}, {"columns", columns}};
}

}  // namespace pellucid::app
