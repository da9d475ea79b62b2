// Findings about columns that are almost numbers or dates, and about columns that make a random split unsuitable.
// Not here: leaks (leaks.cc), repeated rows and columns without information (findings.cc).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "core/shell.h"
#include "core/text.h"
#include "pellucid/findings.h"
#include "pellucid/setting_hint.h"
#include "prepare/checks/near_values.h"
#include "prepare/fit.h"
#include "prepare/kinds.h"
#include "tables/cells.h"
#include "tables/dates.h"
#include "tables/words.h"

namespace pellucid {

namespace {

constexpr std::int64_t least_rows = 100;  // tables with fewer rows get no advice about their split
constexpr std::size_t least_days = 20;
constexpr std::size_t least_groups = 10;
// Rows per value on average. A column with more is a category, not a group.
constexpr double least_of_group = 1.5, most_of_group = 50;
constexpr std::string_view group_names[] = {"patient",     "subject",    "customer",  "client",   "user",     "person",
                                            "participant", "respondent", "household", "member",   "account",  "student",
                                            "pupil",       "employee",   "driver",    "player",   "child",    "mother",
                                            "family",      "donor",      "device",    "machine",  "sensor",   "session",
                                            "animal",      "buyer",      "seller",    "borrower", "passenger"};

bool is_asked(const Column& column, const PreprocessOptions& options) {
  return options.kinds.contains(column.name);
}

std::string near_number_text(const Column& column, const NearNumbers& near) {
  if (near.odd.empty()) {
    return fmt::format(
        "{}: all cells are numbers, but with different units or marks ({}), so they are treated as "
        "categories; write all of them in the same way",
        column.name, quote(column.words[0]) + ", " + quote(column.words.back()));
  }
  std::vector<std::string> words;
  for (const auto& [cells, word] : near.odd) words.push_back(quote(word) + " " + count_text(cells));
  const std::string hint = na_hint(column.name, near);
  return fmt::format(
      "{}: {} of {} cells are numbers, but the others are not ({}), so the column is treated as categories; {}",
      column.name, count_text(near.numbers), count_text(near.cells), listed(words, 3),
      hint.empty() ? "correct the other cells" : "if these are missing values: " + hint);
}

std::string near_date_text(const Column& column, const DatesFound& found) {
  if (!found.ambiguous.empty()) {
    std::vector<std::string> ways;
    for (const AskedKind kind : form_kinds(found.forms)) ways.push_back(kind_hint(column.name, text_of(kind)));
    return fmt::format("{} is not used: dates like {} may be {}; choose {}", column.name, quote(found.ambiguous),
                       form_orders(found.forms), join(ways, " or "));
  }
  std::int64_t odd = 0, present = 0;
  std::vector<bool> fits;
  for (const std::string& word : column.words) fits.push_back(read_date(word, *found.near).has_value());
  for (const std::int32_t code : column.codes) {
    if (code < 0) continue;
    ++present;
    odd += fits[static_cast<std::size_t>(code)] ? 0 : 1;
  }
  return fmt::format(
      "{} is not used: most of its cells are dates, but {} of {} are not, such as {}; write all dates in the same way, "
      "or treat the others as missing: {}",
      column.name, count_text(odd), count_text(present), quote(found.other),
      setting_hint_list("na", {column.name + ":" + found.other}));
}

// Whether the name means a group: "patient", "patient_id", "CustomerNo". Letter case and such endings are ignored.
bool is_named_as_group(const std::string& name) {
  std::string word;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool upper = c >= 'A' && c <= 'Z', letter = upper || (c >= 'a' && c <= 'z');
    if (letter) word += static_cast<char>(c | 32);
  }
  for (const std::string_view ending : {"number", "code", "key", "nr", "no", "id"}) {
    if (!word.ends_with(ending)) continue;
    word.resize(word.size() - ending.size());
    break;
  }
  return std::find(std::begin(group_names), std::end(group_names), word) != std::end(group_names);
}

// Whether the values repeat as those of groups do: at least 10 values, with 1.5 to 50 rows per value on average.
bool has_groups(const Column& column) {
  WordCells cells(column);
  std::unordered_map<std::int32_t, std::int64_t> rows_of;
  std::int64_t present = 0;
  const std::size_t rows = std::max(column.codes.size(), column.numbers.size());
  for (std::size_t row = 0; row < rows; ++row) {
    const std::int32_t code = cells.code(static_cast<std::int64_t>(row));
    if (code < 0) continue;
    ++rows_of[code];
    ++present;
  }
  const double average = static_cast<double>(present) / static_cast<double>(std::max<std::size_t>(1, rows_of.size()));
  return rows_of.size() >= least_groups && average >= least_of_group && average <= most_of_group;
}

bool has_many_days(const Column& column, DateForm form) {
  if (form == DateForm::time_of_day) return false;
  WordCells cells(column);
  std::vector<double> days;
  for (const std::string& word : cells.all()) {
    if (const auto moment = read_date(word, form)) days.push_back(std::floor(moment->elapsed));
    if (days.size() > 4 * least_days) break;
  }
  std::sort(days.begin(), days.end());
  const auto distinct = static_cast<std::size_t>(std::unique(days.begin(), days.end()) - days.begin());
  return distinct >= least_days || (days.size() > 4 * least_days && distinct > 1);
}

bool is_birthday(const std::string& name) {
  std::string small;
  for (const char c : name) small += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c;
  return small.find("birth") != std::string::npos || small == "dob" || small == "born";
}

}  // namespace

std::vector<Finding> find_near_values(const Table& table, std::span<const int> targets,
                                      const PreprocessOptions& options) {
  std::vector<Finding> findings;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const Column& column = table.columns[c];
    if (column.type != Column::Type::text || is_asked(column, options)) continue;
    if (!is_feature(table, c, targets, options)) continue;
    const NearNumbers near = near_numbers(column);
    if (should_be_numbers(near)) {
      findings.push_back(Finding::warn("D34", near_number_text(column, near), {column.name}));
      continue;
    }
    const DatesFound found = find_dates(column.words);
    if (found.ambiguous.empty() && found.other.empty()) continue;
    findings.push_back(Finding::warn("D34", near_date_text(column, found), {column.name}));
  }
  return findings;
}

std::vector<Finding> find_split_risks(const Table& table, std::span<const int> targets,
                                      const PreprocessOptions& options) {
  std::vector<Finding> findings;
  if (table.rows < least_rows) return findings;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const Column& column = table.columns[c];
    const bool target = std::find(targets.begin(), targets.end(), static_cast<int>(c)) != targets.end();
    if (target || column.shape.rank() > 0 || column.type == Column::Type::bytes) continue;
    if (is_named_as_group(column.name) && has_groups(column)) {
      findings.push_back(
          Finding::warn("D35",
                        fmt::format("{} looks like an identifier with several rows per value; if you will predict rows "
                                    "with new values, use {}",
                                    column.name, setting_hint("group", column.name)),
                        {column.name}));
    }
    if (!is_feature(table, c, targets, options) || is_birthday(column.name)) continue;
    const FoundKind found = find_kind(table, column, asked_kind(options, column.name));
    if (found.kind != ColumnKind::date || !has_many_days(column, found.date)) continue;
    findings.push_back(Finding::warn("D35",
                                     fmt::format("{} is a date; if you will predict rows of later dates, use {}",
                                                 column.name, setting_hint("time", column.name)),
                                     {column.name}));
  }
  return findings;
}

}  // namespace pellucid
