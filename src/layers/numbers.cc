// The list of columns whose numbers a layer embeds: its text, its checks, its form in exports.
// Not here: the arithmetic (numbers.h), the layers (periodic_embedding.cc and others).
#include "layers/numbers.h"

#include <fmt/format.h>

#include "core/settings.h"

namespace pellucid {

namespace {

std::string columns_text(const std::vector<std::int64_t>& columns) {
  std::vector<std::string> parts;
  for (const std::int64_t column : columns) parts.push_back(std::to_string(column));
  return join(parts, ",");
}

}  // namespace

void check_number_columns(std::string_view kind, const std::vector<std::int64_t>& columns) {
  std::int64_t before = -1;
  for (const std::int64_t column : columns) {
    if (column <= before) {
      throw Error("U12", fmt::format("layer {}: columns are ascending from 0; got {}", kind, columns_text(columns)));
    }
    before = column;
  }
  if (columns.empty()) throw Error("U12", fmt::format("layer {}: no column is named", kind));
}

void describe_number_columns(Fields& fields, std::string_view kind, std::vector<std::int64_t>& columns) {
  std::string text = columns_text(columns);
  fields.field({.name = "columns", .help = "columns of numbers that are embedded, from 0: 0,1,5"}, text);
  if (text == columns_text(columns)) return;
  std::vector<std::int64_t> given;
  for (const std::string& part : split_text(text, ',')) {
    if (parse_integer(part, given.emplace_back())) continue;
    throw Error("U12", fmt::format("layer {}: columns takes COLUMN,… such as 0,1,5, got {}", kind, quote(text)));
  }
  check_number_columns(kind, given);
  columns = std::move(given);
}

std::int64_t width_with_columns(std::span<const Shape> inputs, std::string_view kind,
                                const std::vector<std::int64_t>& columns) {
  const std::int64_t width = only_input(inputs, kind).elements();
  if (columns.back() < width) return width;
  throw Error("U20", fmt::format("layer {}: there is no column {} in rows of shape {}", kind, columns.back(),
                                 inputs[0].text()));
}

Expression::Value express_columns(Expression& to, const std::vector<std::int64_t>& columns) {
  std::vector<Expression::Value> runs;
  for (std::size_t i = 0, end = 0; i < columns.size(); i = end) {
    for (end = i + 1; end < columns.size() && columns[end] == columns[end - 1] + 1;) ++end;
    runs.push_back(to.slice(to.input(), columns[i], static_cast<std::int64_t>(end - i)));
  }
  return to.concat(runs);
}

Expression::Value express_other_columns(Expression& to, const std::vector<std::int64_t>& columns) {
  std::vector<Expression::Value> runs;
  for_other_columns(columns, to.size(to.input()), [&](std::int64_t first, std::int64_t end) {
    runs.push_back(to.slice(to.input(), first, end - first));
  });
  return to.concat(runs);
}

}  // namespace pellucid
