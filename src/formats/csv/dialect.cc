// Dialect: the delimiter that cuts the first rows most evenly, and whether the first row is a header.
// Not here: reading the rows (csv.cc).
#include "formats/csv/dialect.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/text.h"
#include "data/words.h"
#include "pellucid/error.h"

namespace pellucid::csv {

namespace {

constexpr char delimiters[] = {',', ';', '\t', '|'};
constexpr std::size_t sample_rows = 64;
constexpr std::size_t sample_cells = 100'000;
constexpr std::size_t most_columns = 100'000;

struct Sample {
  std::vector<Row> rows;
  bool broken = false;  // quotes that make no sense with this delimiter
  bool cut = false;     // the text ends before the sample does, and is not whole
};

Sample take_sample(std::string_view text, char delimiter, bool whole = true) {
  Sample sample;
  Scanner scanner(text.data(), text.data() + text.size(), delimiter);
  std::vector<Cell> cells;
  std::string scratch;
  std::size_t taken = 0;
  while (sample.rows.size() < sample_rows && taken < sample_cells) {
    const Found found = scanner.next(cells);
    sample.cut = !whole && scanner.at_end() && found != Found::stray_text;
    if (sample.cut) break;
    sample.broken = found == Found::stray_text || found == Found::open_quote;
    if (found != Found::row) break;
    Row row;
    for (const Cell& cell : cells) row.emplace_back(cell.text(scratch));
    taken += row.size();
    sample.rows.push_back(std::move(row));
  }
  return sample;
}

struct Evenness {
  double share = 0;       // of the rows that have the commonest width
  std::size_t width = 1;  // that width
  auto operator<=>(const Evenness&) const = default;
};

Evenness evenness(const Sample& sample) {
  std::map<std::size_t, std::size_t> widths;
  for (const Row& row : sample.rows) ++widths[row.size()];
  Evenness best;
  for (const auto& [width, rows] : widths) {
    const double share = static_cast<double>(rows) / static_cast<double>(sample.rows.size());
    if (width > 1) best = std::max(best, Evenness{share, width});
  }
  return sample.broken && sample.rows.empty() ? Evenness{} : best;
}

bool is_number(const std::string& cell) {
  double ignored;
  return read_number(cell, ignored) != Spelling::none;
}

// Names above numbers, or distinct words that never come again in their columns.
bool looks_like_header(const std::vector<Row>& rows) {
  const Row& first = rows.front();
  std::set<std::string_view> distinct;
  bool repeats = false;
  for (const std::string& cell : first) {
    if (is_number(cell) || (is_missing(cell) && !cell.empty())) return false;
    if (!cell.empty()) repeats = !distinct.insert(cell).second || repeats;
  }
  if (distinct.empty()) return false;
  for (std::size_t r = 1; r < rows.size(); ++r) {
    for (std::size_t c = 0; c < std::min(first.size(), rows[r].size()); ++c) {
      if (!first[c].empty() && is_number(rows[r][c])) return true;
      repeats = repeats || rows[r][c] == first[c];
    }
  }
  return !repeats;
}

void name_columns(Dialect& dialect, const Row& first, const std::string& name) {
  if (first.size() > most_columns) {
    throw Error("D13",
                name + " has " + plural(static_cast<std::int64_t>(first.size()), "column") + ", more than 100,000");
  }
  std::map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const bool named = dialect.header && !first[i].empty();
    std::string column = named ? first[i] : fmt::format("c{}", i + 1);
    if (find_bad_utf8(column) != std::string::npos) {
      throw Error("D16", fmt::format("{}:1, column {}: its name is no UTF-8 text", name, i + 1),
                  {"convert the file, for example: iconv -f latin1 -t utf-8"});
    }
    const auto [other, fresh] = seen.emplace(column, i + 1);
    if (!fresh) {
      throw Error("D23",
                  fmt::format("{}:1, columns {} and {} are both named {}", name, other->second, i + 1, quote(column)),
                  {"rename one: columns are found by name"});
    }
    dialect.names.push_back(std::move(column));
  }
}

}  // namespace

std::optional<Dialect> find_dialect(std::string_view text, bool whole, const std::string& name,
                                    const ReadOptions& options) {
  Dialect dialect;
  Sample best;
  Evenness most{-1, 0};
  for (const char delimiter : delimiters) {
    if (options.delimiter != 0 && delimiter != delimiters[0]) break;
    const char candidate = options.delimiter != 0 ? options.delimiter : delimiter;
    Sample sample = take_sample(text, candidate, whole);
    if (sample.cut) return std::nullopt;
    const Evenness even = evenness(sample);
    if (even <= most) continue;
    most = even;
    best = std::move(sample);
    dialect.delimiter = candidate;
  }
  if (best.rows.empty()) return dialect;
  dialect.header = options.header >= 0 ? options.header == 1 : looks_like_header(best.rows);
  name_columns(dialect, best.rows.front(), name);
  dialect.sample.assign(std::make_move_iterator(best.rows.begin() + (dialect.header ? 1 : 0)),
                        std::make_move_iterator(best.rows.end()));
  return dialect;
}

Dialect find_dialect_of_line(const std::string& line, const std::string& name, const std::vector<std::string>& expected,
                             const ReadOptions& options) {
  Dialect dialect;
  Row best;
  std::pair<std::size_t, std::size_t> most{0, 0};  // names that are expected, cells
  for (const char delimiter : delimiters) {
    const char candidate = options.delimiter != 0 ? options.delimiter : delimiter;
    const Sample sample = take_sample(line, candidate);
    if (sample.rows.empty()) continue;
    const Row& row = sample.rows.front();
    const auto known = [&](const std::string& cell) {
      return std::find(expected.begin(), expected.end(), cell) != expected.end();
    };
    const std::pair score{static_cast<std::size_t>(std::count_if(row.begin(), row.end(), known)), row.size()};
    if (score <= most) continue;
    most = score;
    best = row;
    dialect.delimiter = candidate;
  }
  dialect.header =
      options.header >= 0 ? options.header == 1 : most.first > 0 || std::none_of(best.begin(), best.end(), is_number);
  name_columns(dialect, best, name);
  return dialect;
}

void refuse_quotes(Found found, const Scanner& scanner, const std::string& name) {
  const std::string place = name + ":" + std::to_string(scanner.row_line());
  if (found == Found::open_quote) {
    throw Error("D16", place + ": a quote is opened in this row and never closed",
                {"a quote inside quotes is doubled: \"\""});
  }
  throw Error("D16", place + ": text follows a closing quote", {"a quote inside quotes is doubled: \"\""});
}

void require_width(std::size_t found, const Dialect& dialect, std::uint32_t line, const std::string& name) {
  if (found == dialect.names.size()) return;
  throw Error("D13", name + ":" + std::to_string(line) + " has " + plural(static_cast<std::int64_t>(found), "field") +
                         ", the " + (dialect.header ? "header" : "first row") + " has " +
                         count_text(static_cast<std::int64_t>(dialect.names.size())));
}

void refuse_utf16(std::string_view text, const std::string& name) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    throw Error("D16", name + " is UTF-16 text; UTF-8 is read",
                {"convert the file, for example: iconv -f utf-16 -t utf-8"});
  }
}

void refuse_nul(std::uint64_t offset, const std::string& name) {
  throw Error("D16", name + " is no text: byte " + count_text(static_cast<std::int64_t>(offset) + 1) + " is zero");
}

void refuse_binary(std::string_view text, const std::string& name) {
  refuse_utf16(text, name);
  const std::size_t nul = text.find('\0');
  if (nul != std::string_view::npos) refuse_nul(nul, name);
}

}  // namespace pellucid::csv
