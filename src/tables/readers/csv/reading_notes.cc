// Findings of reading, one sentence per kind or column. Not here: what is refused (csv.cc).
#include "tables/readers/csv/reading_notes.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "tables/words.h"

namespace pellucid::csv {

namespace {

std::string marks_note(const Table& table, const ReadOptions& options) {
  std::vector<std::string> names;
  for (const Column& column : table.columns) {
    if (!column.form.empty() && !options.forms.contains(column.name))
      names.push_back(column.name + " (like " + column.form + ")");
  }
  if (names.empty()) return "";
  return "D28 " + plural(static_cast<std::int64_t>(names.size()), "column") +
         " of numbers with marks: " + listed(names);
}

// None, unknown, n/a … beside numbers and dates.
std::string value_words_note(const Table& table, const std::vector<ColumnReader>& readers) {
  std::vector<std::string> columns;
  for (std::size_t i = 0; i < readers.size(); ++i) {
    const std::vector<std::string>& odd = readers[i].odd_dates();
    std::vector<std::string> words;
    for (const auto& [word, cells] : table.columns[i].missing) {
      const bool told = std::find(odd.begin(), odd.end(), word) != odd.end();
      if (!readers[i].is_missing(word) && !told) words.push_back(quote(word) + " " + count_text(cells));
    }
    if (!words.empty()) columns.push_back(table.columns[i].name + " (" + listed(words, 4) + ")");
  }
  if (columns.empty()) return "";
  return "D14 words that count as missing beside numbers or dates: " + listed(columns, 6) +
         "; --no-na reads them as words";
}

std::string odd_dates_note(const Table& table, const ColumnReader& reader) {
  std::vector<std::string> words;
  std::int64_t cells = 0;
  for (const std::string& word : reader.odd_dates()) {
    words.push_back(quote(word));
    const auto counted = table.columns[reader.index()].missing.find(word);
    if (counted != table.columns[reader.index()].missing.end()) cells += counted->second;
  }
  if (words.empty()) return "";
  return fmt::format("D36 {}: {} no date and counts as missing: {}", table.columns[reader.index()].name,
                     cells == 1 ? "1 cell is" : "each of " + plural(cells, "cell") + " is", listed(words, 4));
}

bool is_code_of_two_letters(const std::string& word) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  return word.size() == 2 && upper(word[0]) && upper(word[1]);
}

// NA in a column of words may be one of them: Namibia among countries, where cells that are missing are blank.
bool has_real_na(const Column& column) {
  if (column.type != Column::Type::text || !column.missing.contains("NA")) return false;
  const bool codes =
      column.words.size() > 2 && std::all_of(column.words.begin(), column.words.end(), is_code_of_two_letters);
  return column.missing.contains("") || codes;
}

std::string real_words_note(const Table& table) {
  std::vector<std::string> columns;
  for (const Column& column : table.columns) {
    if (has_real_na(column)) columns.push_back(column.name + " " + count_text(column.missing.at("NA")));
  }
  if (columns.empty()) return "";
  return fmt::format("D36 \"NA\" counts as missing in {} where it may be a word: {}; --no-na reads it as a word",
                     plural(static_cast<std::int64_t>(columns.size()), "column"), listed(columns, 6));
}

}  // namespace

std::vector<std::string> reading_notes(const Table& table, const std::vector<ColumnReader>& readers,
                                       const ReadOptions& options) {
  std::vector<std::string> notes = {marks_note(table, options), value_words_note(table, readers),
                                    real_words_note(table)};
  for (const ColumnReader& reader : readers) notes.push_back(odd_dates_note(table, reader));
  std::erase(notes, "");
  return notes;
}

}  // namespace pellucid::csv
