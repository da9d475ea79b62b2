// Findings about the cells of a CSV, one per code or per column. Not here: cells that are refused (csv.cc).
#include "tables/readers/csv/reading_notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/text.h"
#include "tables/words.h"

namespace pellucid::csv {

namespace {

std::optional<Finding> marks_note(const Table& table, const ReadOptions& options) {
  std::vector<std::string> names, shown;
  for (const Column& column : table.columns) {
    if (column.form.empty() || options.forms.contains(column.name)) continue;
    names.push_back(column.name);
    shown.push_back(column.name + " (like " + column.form + ")");
  }
  if (names.empty()) return std::nullopt;
  return Finding::note("D28",
                       plural(static_cast<std::int64_t>(names.size()), "column") +
                           " of numbers with separators or units: " + listed(shown),
                       names);
}

// D14: none, unknown, n/a … in columns of numbers and dates.
std::optional<Finding> value_words_note(const Table& table, const std::vector<ColumnReader>& readers) {
  std::vector<std::string> columns, shown;
  for (std::size_t i = 0; i < readers.size(); ++i) {
    const std::vector<std::string>& odd = readers[i].odd_dates();
    std::vector<std::string> words;
    for (const auto& [word, cells] : table.columns[i].missing) {
      const bool told = std::find(odd.begin(), odd.end(), word) != odd.end();
      if (!readers[i].is_missing(word) && !told) words.push_back(quote(word) + " " + count_text(cells));
    }
    if (words.empty()) continue;
    columns.push_back(table.columns[i].name);
    shown.push_back(table.columns[i].name + " (" + listed(words, 4) + ")");
  }
  if (columns.empty()) return std::nullopt;
  return Finding::note("D14",
                       "words treated as missing values in columns of numbers or dates: " + listed(shown, 6) +
                           "; `no_na = true` reads them as words",
                       columns);
}

std::optional<Finding> odd_dates_note(const Table& table, const ColumnReader& reader) {
  std::vector<std::string> words;
  std::int64_t cells = 0;
  for (const std::string& word : reader.odd_dates()) {
    words.push_back(quote(word));
    const auto counted = table.columns[reader.index()].missing.find(word);
    if (counted != table.columns[reader.index()].missing.end()) cells += counted->second;
  }
  if (words.empty()) return std::nullopt;
  const std::string& column = table.columns[reader.index()].name;
  const std::string which =
      cells == 1 ? "1 cell is not a date and is" : plural(cells, "cell") + " are not dates and are";
  return Finding::warn("D36", fmt::format("{}: {} treated as missing: {}", column, which, listed(words, 4)), {column});
}

bool is_code_of_two_letters(const std::string& word) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  return word.size() == 2 && upper(word[0]) && upper(word[1]);
}

// Whether NA may be a word of this column (Namibia's country code): other missing cells are blank, or all words are
// codes of two capital letters.
bool has_real_na(const Column& column) {
  if (column.type != Column::Type::text || !column.missing.contains("NA")) return false;
  const bool codes =
      column.words.size() > 2 && std::all_of(column.words.begin(), column.words.end(), is_code_of_two_letters);
  return column.missing.contains("") || codes;
}

std::optional<Finding> real_words_note(const Table& table) {
  std::vector<std::string> columns, shown;
  for (const Column& column : table.columns) {
    if (!has_real_na(column)) continue;
    columns.push_back(column.name);
    shown.push_back(column.name + " " + count_text(column.missing.at("NA")));
  }
  if (columns.empty()) return std::nullopt;
  return Finding::warn(
      "D36",
      fmt::format("\"NA\" is treated as missing in {} where it may be a word: {}; `no_na = true` reads it as a word",
                  plural(static_cast<std::int64_t>(columns.size()), "column"), listed(shown, 6)),
      columns);
}

}  // namespace

std::vector<Finding> reading_notes(const Table& table, const std::vector<ColumnReader>& readers,
                                   const ReadOptions& options) {
  std::vector<Finding> notes;
  const auto add = [&](std::optional<Finding> note) {
    if (note) notes.push_back(*std::move(note));
  };
  add(marks_note(table, options));
  add(value_words_note(table, readers));
  add(real_words_note(table));
  for (const ColumnReader& reader : readers) add(odd_dates_note(table, reader));
  return notes;
}

}  // namespace pellucid::csv
