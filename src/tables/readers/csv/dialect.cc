// Finds the delimiter that divides the first rows most evenly, and the names of the columns.
// Not here: which rows are titles, header and units (layout.cc), reading the rows (csv.cc).
#include "tables/readers/csv/dialect.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/text.h"
#include "pellucid/error.h"
#include "tables/readers/csv/layout.h"
#include "tables/readers/csv/refusals.h"
#include "tables/readers/csv/scanner.h"
#include "tables/words.h"

namespace pellucid::csv {

namespace {

constexpr char delimiters[] = {',', ';', '\t', '|', ' '};  // ' ' means any number of blanks and tabs
constexpr std::size_t sample_rows = 64;
constexpr std::size_t live_rows = 20;
constexpr std::size_t sample_cells = 100'000;

// The first rows of the text, divided by one delimiter.
struct Sample {
  char delimiter = ',';
  std::vector<SampleRow> rows;
  std::size_t width = 1;  // most frequent number of cells per row, if above 1
  double share = 0;       // share of the rows with this number of cells
  bool broken = false;    // whether quotes are malformed with this delimiter
  bool cut = false;       // whether the available text ends before the sample is complete
};

// Where reading begins, after lines that are skipped.
struct Start {
  std::size_t offset = 0;
  std::uint32_t line = 1;
  char delimiter = 0;  // delimiter from a first line such as "sep=;"; 0: none
};

void find_width(Sample& sample) {
  std::map<std::size_t, std::size_t> widths;
  for (const SampleRow& row : sample.rows) ++widths[row.cells.size()];
  for (const auto& [width, rows] : widths) {
    const double share = static_cast<double>(rows) / static_cast<double>(sample.rows.size());
    if (width > 1 && share >= sample.share) {
      sample.width = width;
      sample.share = share;
    }
  }
}

Sample take_sample(std::string_view text, const Start& start, const Marks& marks, bool whole) {
  Sample sample;
  sample.delimiter = marks.delimiter;
  Scanner scanner(text.data() + start.offset, text.data() + text.size(), marks, start.line);
  std::vector<Cell> cells;
  std::string scratch;
  std::size_t taken = 0;
  while (sample.rows.size() < sample_rows && taken < sample_cells) {
    const Found found = scanner.next(cells);
    sample.cut =
        !whole && scanner.at_end() && !(found == Found::row && scanner.complete()) && found != Found::stray_text;
    if (sample.cut) break;
    sample.broken = found != Found::row && found != Found::end;
    if (found != Found::row) break;
    SampleRow& row = sample.rows.emplace_back();
    row.line = scanner.row_line();
    for (const Cell& cell : cells) row.cells.emplace_back(cell.text(scratch));
    taken += row.cells.size();
  }
  find_width(sample);
  return sample;
}

// Whether blanks separate the cells: all rows have the same number of cells and, except the first, contain a number,
// and no other delimiter divides the rows (a tab may, but not evenly).
bool blanks_separate(const Sample& sample, const Sample& best) {
  if (sample.broken || sample.share < 1 || sample.rows.size() < 2) return false;
  if (best.width > 1 && (best.delimiter != '\t' || best.share >= 1)) return false;
  const auto has_number = [](const SampleRow& row) {
    double ignored;
    return std::any_of(row.cells.begin(), row.cells.end(),
                       [&](const std::string& cell) { return read_number(cell, ignored) != Spelling::none; });
  };
  return std::all_of(sample.rows.begin() + 1, sample.rows.end(), has_number);
}

// One sample per possible delimiter. The first element is the one that divides the rows most evenly.
std::vector<Sample> take_samples(std::string_view text, const Start& start, char given, int quote, bool whole) {
  std::vector<Sample> samples;
  for (const char delimiter : delimiters) {
    if (given != 0 && delimiter != delimiters[0]) break;
    samples.push_back(take_sample(text, start, {given != 0 ? given : delimiter, quote, false}, whole));
    Sample& added = samples.back();
    const Sample& best = samples.front();
    const bool better = added.delimiter == ' ' && given == 0
                            ? blanks_separate(added, best)
                            : std::pair(added.share, added.width) > std::pair(best.share, best.width);
    if (better) std::swap(samples.front(), samples.back());
    if (added.delimiter == ' ' && given == 0 && !better) samples.pop_back();
  }
  return samples;
}

// The delimiter in a first line such as "sep=;", which Excel reads and writes; '\0': none.
char named_delimiter(std::string_view line) {
  std::string text;
  for (const char c : line) {
    if (c != '"' && c != ' ' && c != '\r') text += c;
  }
  return text.size() == 5 && (text.starts_with("sep=") || text.starts_with("SEP=")) ? text[4] : '\0';
}

// Finds where reading begins. Returns false if more text is needed.
bool find_start(std::string_view text, bool whole, const ReadOptions& options, Start& start) {
  Scanner scanner(text.data(), text.data() + text.size(), {}, 1);
  if (options.skip_rows < 0) {
    const std::size_t end = text.find_first_of("\r\n");
    if (end == std::string_view::npos) return whole;
    start.delimiter = named_delimiter(text.substr(0, end));
    if (start.delimiter == 0) return true;
  }
  const std::int64_t lines = options.skip_rows < 0 ? 1 : options.skip_rows;
  for (std::int64_t i = 0; i < lines; ++i) {
    if (scanner.skip_line()) continue;
    start.offset = text.size();
    return whole;
  }
  start.offset = static_cast<std::size_t>(scanner.at() - text.data());
  start.line = scanner.line();
  return true;
}

[[noreturn]] void refuse_equal_names(const std::string& place, std::size_t first, std::size_t second,
                                     const std::string& column, const SampleRow* next) {
  std::vector<std::string> details = {"rename one: columns are identified by name"};
  if (next != nullptr) {
    const auto word = [](const std::string& cell) {
      double ignored;
      return read_number(cell, ignored) == Spelling::none && !is_missing(cell);
    };
    if (std::all_of(next->cells.begin(), next->cells.end(), word)) {
      details.push_back(fmt::format("if line {} names the columns: `skip_rows = {}`", next->line, next->line - 1));
    }
  }
  throw Error("D23", fmt::format("{}, columns {} and {} are both named {}", place, first, second, quote(column)),
              details);
}

void name_columns(Dialect& dialect, const std::vector<std::string>& first, const std::string& place,
                  const SampleRow* next) {
  std::map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const bool named = dialect.header && !first[i].empty();
    std::string column = named ? first[i] : fmt::format("c{}", i + 1);
    if (find_bad_utf8(column) != std::string::npos) {
      throw Error("D16", fmt::format("{}, column {}: its name is not UTF-8", place, i + 1),
                  {"files from Excel are usually Windows-1252: `encoding = cp1252`"});
    }
    const auto [other, fresh] = seen.emplace(column, i + 1);
    if (!fresh) refuse_equal_names(place, other->second, i + 1, column, next);
    dialect.names.push_back(std::move(column));
  }
}

std::string short_text(const SampleRow& row) {
  std::vector<std::string> cells = row.cells;
  while (cells.size() > 1 && cells.back().empty()) cells.pop_back();
  return quote(join(cells, ","), 60);
}

void note_layout(Dialect& dialect, const Layout& layout, const std::vector<SampleRow>& rows, const std::string& name) {
  if (layout.doubtful) {
    dialect.notes.push_back(Finding::note(
        "D51",
        fmt::format("no header was found in {}: columns are named c1 to c{} (`header = yes` takes the names from "
                    "the first line)",
                    name, dialect.names.size())));
  }
  if (layout.first > 0) {
    const auto titles = static_cast<std::int64_t>(layout.first);
    dialect.notes.push_back(
        Finding::note("D51", plural(titles, "line") + " of " + name + " above the header " +
                                 (titles == 1 ? "is" : "are") + " not read: " + short_text(rows.front()) +
                                 (titles == 1 ? "" : " …") + " (`skip_rows = 0` reads every line)"));
  }
  if (layout.row_names) {
    dialect.notes.push_back(Finding::note(
        "D51", "the header of " + name +
                   " has one name fewer than its rows have cells: the first cells are row names, column c1"));
  }
  if (layout.units) {
    const SampleRow& units = rows[layout.first + 1];
    dialect.notes.push_back(Finding::note(
        "D51", fmt::format("{}:{} is not read as a row, because it contains units: {} (`skip_rows = {}` reads it)",
                           name, units.line, short_text(units), dialect.skipped_lines)));
  }
}

Dialect make_dialect(Sample& sample, int named, int quote, const std::string& name, const ReadOptions& options) {
  Dialect dialect;
  dialect.delimiter = sample.delimiter;
  dialect.quote = quote;
  std::vector<SampleRow>& rows = sample.rows;
  const Layout layout = find_layout(rows, sample.width, named, options);
  const SampleRow& first = rows[layout.first];
  dialect.header = layout.header;
  dialect.skipped_lines = first.line - 1;
  dialect.rows_above = (layout.header ? 1 : 0) + (layout.units ? 1 : 0);
  std::vector<std::string> names = first.cells;
  if (layout.row_names) names.insert(names.begin(), "");
  const SampleRow* next = layout.first + 1 < rows.size() ? &rows[layout.first + 1] : nullptr;
  name_columns(dialect, names, name + ":" + std::to_string(first.line), next);
  note_layout(dialect, layout, rows, name);
  for (std::size_t r = layout.first + dialect.rows_above; r < rows.size(); ++r) {
    dialect.sample.push_back(std::move(rows[r].cells));
  }
  return dialect;
}

// For a live source: whether the rows so far are enough to decide header and delimiter.
bool can_decide(const Sample& sample, int named, const ReadOptions& options) {
  if (sample.rows.empty()) return false;
  if (sample.rows.size() >= live_rows || options.header == 0) return true;
  if (named >= 0) return sample.rows.size() > static_cast<std::size_t>(named) + 1;
  const std::vector<std::string>& cells = sample.rows.front().cells;
  double ignored;
  const bool numbers = std::any_of(cells.begin(), cells.end(), [&](const std::string& cell) {
    return read_number(cell, ignored) != Spelling::none;
  });
  return (numbers && options.header < 0) || (options.expected.empty() && sample.rows.size() > 1);
}

}  // namespace

std::optional<Dialect> find_dialect(std::string_view text, Extent extent, const std::string& name,
                                    const ReadOptions& options, bool live) {
  const bool whole = extent == Extent::whole;
  const int quote = options.quote < 0 ? '"' : options.quote == 0 ? -1 : options.quote;
  Start start;
  if (!find_start(text, extent != Extent::part, options, start)) return std::nullopt;
  const char given = options.delimiter != 0 ? options.delimiter : start.delimiter;
  std::vector<Sample> samples = take_samples(text, start, given, quote, whole);
  Sample* best = &samples.front();
  int named = row_of_names(best->rows, options.expected);
  std::size_t most = named < 0 ? 0 : known_names(best->rows[static_cast<std::size_t>(named)], options.expected);
  for (Sample& sample : samples) {
    const int at = row_of_names(sample.rows, options.expected);
    const std::size_t known = at < 0 ? 0 : known_names(sample.rows[static_cast<std::size_t>(at)], options.expected);
    if (known <= most) continue;
    best = &sample;
    most = known;
    named = at;
  }
  const bool waits = live ? !can_decide(*best, named, options)
                          : std::any_of(samples.begin(), samples.end(), [](const Sample& s) { return s.cut; });
  if (extent == Extent::part && waits) return std::nullopt;
  if (best->rows.empty()) {
    Scanner scanner(text.data() + start.offset, text.data() + text.size(), {best->delimiter, quote, false}, start.line);
    std::vector<Cell> cells;
    const Found found = scanner.next(cells);
    if (!whole && found != Found::too_wide) refuse_long_row(name, std::max(1u, scanner.row_line()), text, quote);
    if (found != Found::row && found != Found::end) refuse_row(found, scanner, name);
    throw Error("D10",
                name + (options.skip_rows > 0 ? " has no lines after those that `skip_rows` skips" : " is empty"));
  }
  return make_dialect(*best, named, quote, name, options);
}

}  // namespace pellucid::csv
