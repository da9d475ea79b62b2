// Rules with few false alarms: what is not clearly something else stays numbers or words.
// Not here: what is learned from a column (fit.cc).
#include "prepare/kinds.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "core/key_set.h"
#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/preprocess.h"
#include "tables/cells.h"
#include "tables/dates.h"
#include "tables/words.h"

namespace pellucid {

namespace {

constexpr std::size_t least_codes = 3, most_codes = 20;  // two are told apart as well by one number
constexpr std::size_t rows_of_each_code = 5;
constexpr std::int64_t least_rows_of_ids = 20;
constexpr std::string_view booleans[] = {"no/yes", "false/true", "n/y", "f/t", "off/on", "0/1"};

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return result;
}

// "Ship_Type" and "shipType" end in "type", "prototype" does not.
std::string last_word(const std::string& name) {
  std::size_t begin = name.size();
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  while (begin > 0 && (std::isalnum(static_cast<unsigned char>(name[begin - 1])) != 0)) {
    --begin;
    if (upper(name[begin]) && begin > 0 && !upper(name[begin - 1])) break;
  }
  return lower(std::string_view(name).substr(begin));
}

bool is_one_of(const std::string& word, std::initializer_list<const char*> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool look_like_codes(const Column& column) {
  if (!column.integers || !is_one_of(last_word(column.name), {"code", "type", "zip", "category", "id"})) return false;
  std::set<double> distinct;
  std::size_t present = 0;
  for (const double value : column.numbers) {
    if (std::isnan(value)) continue;
    if (value < 0) return false;
    ++present;
    distinct.insert(value);
    if (distinct.size() > most_codes) return false;
  }
  return distinct.size() >= least_codes && present >= rows_of_each_code * distinct.size();
}

// Whole numbers of a column that is named as times are, all of which are days (20240301) or count the seconds or
// milliseconds since 1970; "": they are numbers.
std::string digits_form(const Column& column) {
  const bool named = is_one_of(last_word(column.name), {"date", "time", "datetime", "timestamp", "ts", "dt", "when",
                                                        "epoch", "unixtime", "day", "at", "created", "updated"});
  if (!named || !column.integers || column.shape.rank() > 0) return "";
  for (const char* form : {"YMD", "seconds", "milliseconds"}) {
    const auto fits = [&](double x) { return std::isnan(x) || read_date(word_of(x), form).has_value(); };
    if (std::all_of(column.numbers.begin(), column.numbers.end(), fits)) return form;
  }
  return "";
}

bool counts_rows(const Column& column) {
  for (std::size_t i = 1; i < column.numbers.size(); ++i) {
    if (column.numbers[i] != column.numbers[i - 1] + 1) return false;
  }
  return column.numbers.front() == 0 || column.numbers.front() == 1;
}

// An id by its name and by its cells; names that are used for other things too must count the rows.
std::string why_id(const Table& table, const Column& column) {
  if (!column.integers || table.rows < least_rows_of_ids || column.shape.rank() > 0) return "";
  const std::string name = last_word(column.name);
  const bool named = is_one_of(name, {"id", "uid", "pid", "uuid"});
  const bool perhaps = is_one_of(name, {"index", "idx", "row", "order", "instant", "record", "nr"}) ||
                       column.name == "c1" || column.name == "Unnamed: 0";
  const std::string keep = " (" + kind_flag(column.name, "number") + " keeps it)";
  if ((named || perhaps) && counts_rows(column)) return "it counts the rows" + keep;
  if (!named) return "";
  KeySet seen;
  const auto is_new = [&](double x) { return !std::isnan(x) && seen.insert(number_key(x)); };
  return std::all_of(column.numbers.begin(), column.numbers.end(), is_new) ? "an id, another in every row" + keep : "";
}

std::string find_boolean(const std::vector<std::string>& words) {
  for (const std::string_view form : booleans) {
    bool seen[2] = {false, false};
    const bool all = std::all_of(words.begin(), words.end(), [&](const std::string& word) {
      const int value = read_boolean(word, form);
      if (value >= 0) seen[value] = true;
      return value >= 0;
    });
    if (all && seen[0] && seen[1]) return std::string(form);
  }
  return "";
}

[[noreturn]] void refuse(const Table& table, const Column& column, const std::string& word, const std::string& what,
                         const std::vector<std::string>& details) {
  WordCells cells(column);
  const std::vector<std::string>& words = cells.all();
  const auto code = std::find(words.begin(), words.end(), word) - words.begin();
  std::int64_t row = 0;
  while (row + 1 < table.rows && cells.code(row) != code) ++row;
  throw Error("D12", table.place(row) + ", column " + quote(column.name) + ": " + quote(word) + what, details);
}

std::vector<std::string> kind_flags(const std::string& column, const DatesFound& found) {
  std::vector<std::string> flags = form_kinds(found.forms);
  for (std::string& kind : flags) kind = kind_flag(column, kind);
  return flags;
}

ColumnKind date_asked(const Table& table, const Column& column, std::string_view asked) {
  WordCells cells(column);
  const std::vector<std::string>& words = cells.all();
  const DatesFound found = find_dates(words, asked);
  if (!found.form.empty() || words.empty()) return {"date", found.form, ""};
  if (!found.ambiguous.empty()) {
    refuse(table, column, found.ambiguous, " may be " + form_orders(found.forms),
           {"no cell of this column tells", "choose: " + join(kind_flags(column.name, found), " | ")});
  }
  const std::string word = found.other.empty() ? words.front() : found.other;
  refuse(table, column, word, " is no date",
         {"dates are 2024-12-31, 2024/12/31, 31.12.2024, 31/12/2024, 12/31/2024, 31-Dec-2024, with or without a time, "
          "the same in all rows",
          "cells that are missing are named by " + flag_with_names("--na", {column.name + ":" + word})});
}

ColumnKind boolean_asked(const Table& table, const Column& column) {
  WordCells cells(column);
  const std::vector<std::string>& words = cells.all();
  const std::string form = find_boolean(words);
  if (!form.empty() || words.empty()) return {"boolean", form, ""};
  std::vector<std::string> few(words.begin(), words.begin() + std::min<std::ptrdiff_t>(3, words.size()));
  throw Error("D12",
              table.source + ", column " + quote(column.name) + " is not boolean: it holds " + join(few, ", ") +
                  (words.size() > 3 ? " …" : ""),
              {"one of these pairs, in any case: yes no, true false, y n, t f, on off, 1 0"});
}

// The words of the table's own rows: given validation and test rows, which come last, do not say what a column is.
std::vector<std::string> own_words(const Table& table, const Column& column) {
  const std::int64_t given = table.validation_rows + table.test_rows;
  if (given == 0 || given > static_cast<std::int64_t>(column.codes.size())) return column.words;
  const auto last = column.codes.end() - static_cast<std::ptrdiff_t>(given);
  const auto most = std::max_element(column.codes.begin(), last);
  const std::ptrdiff_t count = most == last ? 0 : *most + 1;  // words are in order of first appearance
  return {column.words.begin(), column.words.begin() + count};
}

ColumnKind kind_of_words(const Table& table, const Column& column) {
  const std::vector<std::string> words = own_words(table, column);
  const DatesFound found = find_dates(words, "");
  if (!found.form.empty()) return {"date", found.form, ""};
  if (!found.ambiguous.empty()) {
    return {"drop", "",
            quote(found.ambiguous) + " may be " + form_orders(found.forms) + "; choose " +
                join(kind_flags(column.name, found), " or ")};
  }
  if (!found.other.empty()) return {"drop", "", "most cells are dates, but not " + quote(found.other)};
  const std::string boolean = find_boolean(words);
  return boolean.empty() ? ColumnKind{"categorical", "", ""} : ColumnKind{"boolean", boolean, ""};
}

}  // namespace

bool is_date_kind(std::string_view kind) {
  return kind == "date" || kind.ends_with("-first");
}

const std::vector<std::string>& column_kinds() {
  static const std::vector<std::string> kinds = {"number",    "decimal-comma", "categorical", "boolean", "date",
                                                 "day-first", "month-first",   "year-first",  "drop"};
  return kinds;
}

int read_boolean(std::string_view word, std::string_view form) {
  const std::size_t middle = form.find('/');
  if (word.size() > 5) return -1;
  const std::string small = lower(word);
  return small == form.substr(0, middle) ? 0 : small == form.substr(middle + 1) ? 1 : -1;
}

bool is_form(std::string_view kind, std::string_view form) {
  if (kind == "categorical") return form == "code";
  if (kind == "boolean") return std::find(std::begin(booleans), std::end(booleans), form) != std::end(booleans);
  return kind == "date" && std::find(std::begin(date_forms), std::end(date_forms), form) != std::end(date_forms);
}

ColumnKind find_kind(const Table& table, const Column& column, std::string_view asked) {
  if (is_date_kind(asked)) return date_asked(table, column, asked);
  if (asked == "boolean") return boolean_asked(table, column);
  const bool numbers = column.type == Column::Type::number;
  if (asked == "categorical") return {"categorical", numbers ? "code" : "", ""};
  if (column.type == Column::Type::bytes) return {"bytes", "", ""};
  if (asked == "number" || asked == "decimal-comma") return {"number", "", ""};
  if (!numbers) return kind_of_words(table, column);
  if (const std::string form = digits_form(column); !form.empty()) return {"date", form, ""};
  if (const std::string why = why_id(table, column); !why.empty()) return {"drop", "", why};
  return look_like_codes(column) ? ColumnKind{"categorical", "code", ""} : ColumnKind{"number", "", ""};
}

}  // namespace pellucid
