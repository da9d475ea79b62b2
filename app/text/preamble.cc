// The lines before the first epoch. Not here: computing their values (src/run/train.cc).
#include "app/text/preamble.h"

#include <fmt/format.h>

#include <map>

#include "app/cli/flag_text.h"
#include "app/cli/model_path.h"
#include "core/text.h"

namespace pellucid::app {
namespace {

constexpr int label_width = 10;

Line line_of(const std::string& label, const std::string& text, int width) {
  return {label, wrapped(text, width, label_width)};
}

std::string missing_count(const RunResult& result, const std::string& column) {
  std::int64_t cells = 0;
  const auto spellings = result.missing.find(column);
  if (spellings != result.missing.end()) {
    for (const auto& [spelling, count] : spellings->second) cells += count;
  }
  return cells > 0 ? plural(cells, "missing value") : "missing values";
}

// Names every column with missing values and says how they are replaced.
std::vector<std::string> missing_texts(const RunResult& result) {
  std::vector<std::string> filled, words, texts;
  for (const FittedColumn& column : result.preprocessor.columns) {
    if (!column.indicator) continue;
    const std::string count = column.name + ": " + missing_count(result, column.name);
    if (const DateColumn* const date = column.date()) {
      filled.push_back(count + " filled with " + short_number(date->parts.back().scale.fill) + " elapsed days");
    } else if (column.is(ColumnKind::categorical)) {
      words.push_back(count);
    } else {
      filled.push_back(count + " filled with " + short_number(column.scale()->fill));
    }
  }
  if (filled.size() == 1) texts.push_back(filled.front() + "; a column \"was missing\" is added");
  if (filled.size() > 1) texts.push_back(join(filled, "; ") + "; a column \"was missing\" is added for each");
  if (!words.empty())
    texts.push_back(join(words, "; ") + ", treated as a category of " + (words.size() > 1 ? "their" : "its") + " own");
  return texts;
}

std::string short_split(const RunResult& result) {
  const char* how = result.stratified                      ? "stratified, "
                    : result.preprocessor.is_multi_label() ? "not stratified: several targets, "
                                                           : "";
  return fmt::format("train {} · val {} · test {}   ({}seed {})", count_text(result.train_rows),
                     count_text(result.validation_rows), count_text(result.test_rows), how, result.seed);
}

std::string target_text(const Preprocessor& p) {
  return fmt::format("{} · {} ({})", join(p.target_names(), ", "),
                     p.is_classification() ? "classification" : "regression", p.task_reason);
}

}  // namespace

std::string columns_text(const Preprocessor& preprocessor) {
  std::map<std::string_view, std::int64_t> counts;
  std::vector<std::string> parts, kinds;
  for (const FittedColumn& column : preprocessor.columns) {
    if (column.shape.rank() > 0) {
      parts.push_back(column.shape.text() + " " + column.name);
    } else {
      const CategoricalColumn* const words = column.categorical();
      const bool own_name = column.is(ColumnKind::date) || column.is(ColumnKind::boolean);
      ++counts[words != nullptr ? (words->codes ? "code" : "text") : own_name ? text_of(column.kind()) : "numeric"];
    }
  }
  std::int64_t last = 0;
  for (const char* kind : {"numeric", "date", "boolean", "code", "text"}) {
    if (counts[kind] == 0) continue;
    last = counts[kind];
    kinds.push_back(count_text(last) + " " + kind);
  }
  if (kinds.empty()) return join(parts, " · ");
  const std::string end = kinds.back() + (last == 1 ? " column" : " columns");
  kinds.pop_back();
  parts.push_back(kinds.empty() ? end : join(kinds, ", ") + " and " + end);
  return join(parts, " · ");
}

std::vector<Line> data_lines(const RunResult& result, int width) {
  const Preprocessor& p = result.preprocessor;
  std::string text = fmt::format("{} · {} · {}", file_name(result.data), plural(result.rows, "row"), columns_text(p));
  const auto classes = static_cast<std::int64_t>(p.targets.front().classes.size());
  if (classes > 0 && p.targets.size() == 1) text += " · " + plural(classes, "class");
  std::vector<Line> lines = {line_of("data", text, width)};
  lines.push_back(line_of(p.targets.size() > 1 ? "targets" : "target", target_text(p), width));
  lines.push_back(line_of("split", short_split(result), width));
  lines.push_back(line_of("scale", p.scale + ", fitted on the training rows only", width));
  for (const std::string& missing : missing_texts(result)) lines.push_back(line_of("missing", missing, width));
  return lines;
}

std::vector<std::string> training_lines(const Recipe& recipe, const FitOptions& options, std::int64_t train_rows,
                                        int width) {
  const auto with_reason = [&](const char* name, const std::string& text) {
    const std::string origin = origin_of(recipe, name);
    return origin.starts_with("auto: ") ? fmt::format("{} ({})", text, origin) : text;
  };
  std::vector<std::string> parts;
  parts.push_back(fmt::format("preset {} ({})", setting_text(recipe, "preset"), origin_of(recipe, "preset")));
  parts.emplace_back(options.optimizer.name());
  if (options.optimizer.learning_rate() > 0) parts.push_back("lr " + number_text(options.optimizer.learning_rate()));
  if (options.schedule.kind != "constant") parts.push_back(options.schedule.kind);
  if (options.optimizer.name() != "lbfgs") {
    const std::int64_t batch = std::min(options.batch_size, train_rows);
    parts.push_back(with_reason("batch_size", fmt::format("batch size {}", count_text(batch))));
    parts.push_back(plural((train_rows + batch - 1) / batch, "step") + " per epoch");
  }
  parts.push_back(with_reason("epochs", "epochs " + count_text(options.epochs)));
  const std::string further =
      options.patience_factor > 1 ? fmt::format(" + {} × best epoch", number_text(options.patience_factor - 1)) : "";
  parts.push_back(options.patience > 0 ? with_reason("patience", "patience " + count_text(options.patience) + further)
                                       : "no early stopping");
  std::vector<std::string> lines;
  for (const std::string& part : parts) {
    if (lines.empty() || text_width(lines.back()) + text_width(part) + 3 > width) {
      lines.push_back(part);
    } else {
      lines.back() += " · " + part;
    }
  }
  return lines;
}

}  // namespace pellucid::app
