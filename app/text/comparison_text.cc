// The table and the sentences of a comparison of runs. Not here: the statistical tests (src/run/run_comparison.cc).
#include "app/text/comparison_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/cli/terminal.h"
#include "app/text/score_text.h"
#include "core/convert.h"
#include "core/text.h"
#include "run/run_files.h"

namespace pellucid::app {
namespace {

using Cells = std::vector<std::string>;

std::string cut(const std::string& text) {
  return text.empty() ? "–" : quote(text, 24).substr(1, quote(text, 24).size() - 2);
}

std::string number_cell(double x) {
  return std::isnan(x) ? "–" : short_number(x);
}

std::string count_cell(const Json& report, const char* name) {
  const double x = number_in(report, name);
  return std::isnan(x) || std::abs(x) > 1e15 ? "–" : count_text(to_whole<std::int64_t>(x));
}

std::string interval_cell(const ComparedRun& run) {
  const double low = number_in(run.report, "interval_low"), high = number_in(run.report, "interval_high");
  if (std::isnan(low) || std::isnan(high)) return "–";
  if (run.kind == ScoreKind::accuracy) return fmt::format("{:.1f}-{:.1f}%", low * 100, high * 100);
  return score_text(run.kind, low) + " to " + score_text(run.kind, high);
}

template <class Cell>
Cells row_of(const Comparison& comparison, const std::string& label, Cell cell) {
  Cells cells = {label};
  for (const ComparedRun& run : comparison.runs) cells.push_back(cell(run));
  return cells;
}

std::vector<Cells> rows_of(const Comparison& comparison) {
  const ScoreKind kind = comparison.runs.front().kind;
  std::vector<Cells> rows;
  const auto add = [&](const std::string& label, auto cell) { rows.push_back(row_of(comparison, label, cell)); };
  add("", [](const ComparedRun& run) { return cut(run.path); });
  add(score_name(kind), [](const ComparedRun& run) { return score_text(run.kind, run.score); });
  add("95% interval", interval_cell);
  add("test loss", [](const ComparedRun& run) { return number_cell(number_in(run.report, "test_loss")); });
  add("parameters", [](const ComparedRun& run) { return count_cell(run.report, "parameters"); });
  add("epochs, best", [](const ComparedRun& run) {
    return count_cell(run.report, "epochs") + ", " + count_cell(run.report, "best_epoch");
  });
  add("training", [](const ComparedRun& run) {
    const double seconds = number_in(run.report, "train_seconds");
    return std::isnan(seconds) ? "–" : duration_text(seconds);
  });
  for (const auto& [name, values] : comparison.settings) {
    Cells cells = {name};
    for (const std::string& value : values) cells.push_back(cut(value));
    rows.push_back(std::move(cells));
  }
  return rows;
}

std::string table_of(const std::vector<Cells>& rows) {
  std::vector<int> widths(rows.front().size());
  for (const Cells& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], text_width(row[c]));
  }
  std::string text;
  for (const Cells& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string pad(static_cast<std::size_t>(widths[c] - text_width(row[c])), ' ');
      line += c == 0 ? row[c] + pad : "  " + pad + row[c];
    }
    text += line + "\n";
  }
  return text;
}

std::string chance_text(const PairComparison& pair) {
  const std::string p = pair.p < 0.001 ? "p < 0.001" : fmt::format("p = {:.2g}", pair.p);
  return pair.more_than_chance() ? fmt::format("more than chance explains ({})", p)
                                 : fmt::format("which could be chance ({})", p);
}

// If the scores do not decide: which of the two models is smaller, and which one trained faster.
std::string cost_text(const ComparedRun& a, const ComparedRun& b) {
  std::vector<std::string> parts;
  const auto add = [&](const char* field, const char* word) {
    const double x = number_in(a.report, field), y = number_in(b.report, field);
    if (!(x > 0) || !(y > 0) || std::max(x, y) < 1.5 * std::min(x, y)) return;
    parts.push_back(
        fmt::format("{} {} ({:.2g} times)", cut(x < y ? a.path : b.path), word, std::max(x, y) / std::min(x, y)));
  };
  add("parameters", "is smaller");
  add("train_seconds", "trained faster");
  return parts.empty() ? "" : " " + join(parts, ", ") + ".";
}

// The sentence for runs that predict numbers or several targets.
std::string errors_text(const ComparedRun& better, const ComparedRun& worse, const PairComparison& pair) {
  const std::string rows = plural(static_cast<std::int64_t>(better.rows.size()), "test row");
  const std::string chance = chance_text(pair), a = cut(better.path), b = cut(worse.path);
  if (better.kind == ScoreKind::rmse) {
    return fmt::format("{} has a lower RMSE than {}: {} less ({:.1f}%) on the same {}, {}.", a, b,
                       short_number(pair.difference), pair.difference / worse.score * 100, rows, chance);
  }
  const std::string much = difference_text(better.kind, pair.difference);
  if (better.kind == ScoreKind::r2)
    return fmt::format("{} has a higher R² than {}: {} more on the same {}, {}.", a, b, much, rows, chance);
  return fmt::format("{} is better than {}: {} points more correct predictions on the same {}, {}.", a, b, much, rows,
                     chance);
}

std::string pair_text(const Comparison& comparison, const PairComparison& pair) {
  const ComparedRun &better = comparison.runs[pair.better], &worse = comparison.runs[pair.worse];
  if (!better.has_one_answer()) {
    if (pair.difference > 0) return errors_text(better, worse, pair);
    return fmt::format("{} and {} have the same {}.", cut(better.path), cut(worse.path), score_name(better.kind));
  }
  const auto rows = static_cast<std::int64_t>(better.rows.size());
  const std::string counts = fmt::format("it is right and the other wrong on {}, the reverse on {}",
                                         plural(pair.better_only, "row"), pair.worse_only);
  if (pair.difference == 0)
    return fmt::format("{} and {} are equally good: each is right on {} where the other is wrong.", cut(better.path),
                       cut(worse.path), plural(pair.better_only, "row"));
  return fmt::format("{} is better than {} by {:.1f} points on the same {}: {}, {}.", cut(better.path), cut(worse.path),
                     pair.difference * 100, plural(rows, "test row"), counts, chance_text(pair));
}

}  // namespace

std::string comparison_text(const Comparison& comparison, int width) {
  std::string text = table_of(rows_of(comparison)) + "\n";
  if (comparison.settings.empty()) text += "No setting differs.\n";
  if (!comparison.obstacle.empty()) {
    return text + wrapped("The scores cannot be compared: " + comparison.obstacle + ".", width, 0) + "\n";
  }
  for (const PairComparison& pair : comparison.pairs) {
    const std::string costs =
        pair.more_than_chance() ? "" : cost_text(comparison.runs[pair.better], comparison.runs[pair.worse]);
    text += wrapped(pair_text(comparison, pair) + costs, width, 0) + "\n";
  }
  return text;
}

Json comparison_json(const Comparison& comparison) {
  Json runs = Json::array(), settings = Json::object(), pairs = Json::array();
  for (const ComparedRun& run : comparison.runs) {
    Json entry = {{"run", run.path}};
    for (const char* name : {"status", "test_accuracy", "test_rmse", "test_loss", "interval_low", "interval_high",
                             "parameters", "epochs", "best_epoch", "train_seconds", "seconds"}) {
      if (run.report.contains(name)) entry[name] = run.report[name];
    }
    if (run.kind == ScoreKind::r2 && !std::isnan(run.score)) entry["test_r2"] = run.score;
    runs.push_back(std::move(entry));
  }
  for (const auto& [name, values] : comparison.settings) settings[name] = values;
  for (const PairComparison& pair : comparison.pairs) {
    Json entry = {{"better", comparison.runs[pair.better].path},
                  {"worse", comparison.runs[pair.worse].path},
                  {"difference", pair.difference},
                  {"p", pair.p},
                  {"more_than_chance", pair.more_than_chance()}};
    if (comparison.runs.front().has_one_answer()) {
      entry["better_only"] = pair.better_only;
      entry["worse_only"] = pair.worse_only;
    }
    pairs.push_back(std::move(entry));
  }
  Json json = {{"v", 1}, {"runs", runs}, {"settings", settings}, {"comparisons", pairs}};
  json["obstacle"] = comparison.obstacle.empty() ? Json() : Json(comparison.obstacle);
  return json;
}

}  // namespace pellucid::app
