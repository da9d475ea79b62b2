// Finds the kind of a column. The rules avoid false alarms: in doubt, a column stays numbers or text.
// Not here: fitting a column (fit.cc).
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
#include "pellucid/setting_hint.h"
#include "tables/cells.h"
#include "tables/dates.h"
#include "tables/words.h"

namespace pellucid {

namespace {

constexpr std::size_t least_codes = 3, most_codes = 20;  // different codes; two codes work as well as one number
constexpr std::size_t rows_of_each_code = 5;
constexpr std::int64_t least_rows_of_ids = 20;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return result;
}

// The last word of a name, in lower case: "type" for "Ship_Type" and "shipType", but "prototype" for "prototype".
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

// The date form of whole numbers in a column that is named like a time: all are days (20240301), or seconds or
// milliseconds since 1970. Nothing: the column holds plain numbers.
std::optional<DateForm> digits_form(const Column& column) {
  const bool named = is_one_of(last_word(column.name), {"date", "time", "datetime", "timestamp", "ts", "dt", "when",
                                                        "epoch", "unixtime", "day", "at", "created", "updated"});
  if (!named || !column.integers || column.shape.rank() > 0) return std::nullopt;
  for (const DateForm form : {DateForm::digits, DateForm::seconds, DateForm::milliseconds}) {
    const auto fits = [&](double x) { return std::isnan(x) || read_date(word_of(x), form).has_value(); };
    if (std::all_of(column.numbers.begin(), column.numbers.end(), fits)) return form;
  }
  return std::nullopt;
}

bool counts_rows(const Column& column) {
  for (std::size_t i = 1; i < column.numbers.size(); ++i) {
    if (column.numbers[i] != column.numbers[i - 1] + 1) return false;
  }
  return column.numbers.front() == 0 || column.numbers.front() == 1;
}

// Why the column is an id, judged by its name and its cells; "" if it is none. Ambiguous names, such as "order", must
// also count the rows.
std::string why_id(const Table& table, const Column& column) {
  if (!column.integers || table.rows < least_rows_of_ids || column.shape.rank() > 0) return "";
  const std::string name = last_word(column.name);
  const bool named = is_one_of(name, {"id", "uid", "pid", "uuid"});
  const bool perhaps = is_one_of(name, {"index", "idx", "row", "order", "instant", "record", "nr"}) ||
                       column.name == "c1" || column.name == "Unnamed: 0";
  const std::string keep = " (" + kind_hint(column.name, "number") + " uses it)";
  if ((named || perhaps) && counts_rows(column)) return "it numbers the rows" + keep;
  if (!named) return "";
  KeySet seen;
  const auto is_new = [&](double x) { return !std::isnan(x) && seen.insert(number_key(x)); };
  return std::all_of(column.numbers.begin(), column.numbers.end(), is_new) ? "an ID that differs in every row" + keep
                                                                           : "";
}

std::optional<BooleanForm> find_boolean(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < choices_of<BooleanForm>().size(); ++i) {
    const auto form = static_cast<BooleanForm>(i);
    bool seen[2] = {false, false};
    const bool all = std::all_of(words.begin(), words.end(), [&](const std::string& word) {
      const int value = read_boolean(word, form);
      if (value >= 0) seen[value] = true;
      return value >= 0;
    });
    if (all && seen[0] && seen[1]) return form;
  }
  return std::nullopt;
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

std::vector<std::string> kind_hints(const std::string& column, const DatesFound& found) {
  std::vector<std::string> hints;
  for (const AskedKind kind : form_kinds(found.forms)) hints.push_back(kind_hint(column, text_of(kind)));
  return hints;
}

FoundKind date_of(DateForm form) {
  return {.kind = ColumnKind::date, .date = form};
}

FoundKind dropped(std::string why) {
  return {.kind = ColumnKind::drop, .why = std::move(why)};
}

FoundKind date_asked(const Table& table, const Column& column, AskedKind asked) {
  WordCells cells(column);
  const std::vector<std::string>& words = cells.all();
  const DatesFound found = find_dates(words, asked);
  if (found.form || words.empty()) return date_of(found.form.value_or(DateForm::year_month_day));
  if (!found.ambiguous.empty()) {
    refuse(table, column, found.ambiguous, " may be " + form_orders(found.forms),
           {"no cell of this column shows which", "choose: " + join(kind_hints(column.name, found), " | ")});
  }
  const std::string word = found.other.empty() ? words.front() : found.other;
  refuse(table, column, word, " is not a date",
         {"dates are written as 2024-12-31, 2024/12/31, 31.12.2024, 31/12/2024, 12/31/2024, 31-Dec-2024, with or "
          "without a time, "
          "in the same way in all rows",
          "if it means a missing value: " + setting_hint_list("na", {column.name + ":" + word})});
}

FoundKind boolean_asked(const Table& table, const Column& column) {
  WordCells cells(column);
  const std::vector<std::string>& words = cells.all();
  const std::optional<BooleanForm> form = find_boolean(words);
  if (form || words.empty()) return {.kind = ColumnKind::boolean, .boolean = form.value_or(BooleanForm::no_yes)};
  std::vector<std::string> few(words.begin(), words.begin() + std::min<std::ptrdiff_t>(3, words.size()));
  throw Error("D12",
              table.source + ", column " + quote(column.name) + " is not boolean: it contains " + join(few, ", ") +
                  (words.size() > 3 ? " …" : ""),
              {"a boolean column contains one of these pairs, in any case: yes no, true false, y n, t f, on off, 1 0"});
}

// The words in the table's own rows. Validation and test rows from files of their own, which come last, do not decide
// the kind of a column.
std::vector<std::string> own_words(const Table& table, const Column& column) {
  const std::int64_t given = table.validation_rows + table.test_rows;
  if (given == 0 || given > static_cast<std::int64_t>(column.codes.size())) return column.words;
  const auto last = column.codes.end() - static_cast<std::ptrdiff_t>(given);
  const auto most = std::max_element(column.codes.begin(), last);
  const std::ptrdiff_t count = most == last ? 0 : *most + 1;  // words are numbered by first appearance
  return {column.words.begin(), column.words.begin() + count};
}

FoundKind kind_of_words(const Table& table, const Column& column) {
  const std::vector<std::string> words = own_words(table, column);
  const DatesFound found = find_dates(words);
  if (found.form) return date_of(*found.form);
  if (!found.ambiguous.empty()) {
    return dropped(quote(found.ambiguous) + " may be " + form_orders(found.forms) + "; choose " +
                   join(kind_hints(column.name, found), " or "));
  }
  if (!found.other.empty()) return dropped("most cells are dates, but not " + quote(found.other));
  const std::optional<BooleanForm> boolean = find_boolean(words);
  if (boolean) return {.kind = ColumnKind::boolean, .boolean = *boolean};
  return {.kind = ColumnKind::categorical};
}

}  // namespace

int read_boolean(std::string_view word, BooleanForm form) {
  const std::string_view pair = text_of(form);
  const std::size_t middle = pair.find('/');
  if (word.size() > 5) return -1;
  const std::string small = lower(word);
  return small == pair.substr(0, middle) ? 0 : small == pair.substr(middle + 1) ? 1 : -1;
}

std::optional<AskedKind> asked_kind(const PreprocessOptions& options, const std::string& column) {
  const auto kind = options.kinds.find(column);
  return kind == options.kinds.end() ? std::nullopt : std::optional(kind->second);
}

FoundKind find_kind(const Table& table, const Column& column, std::optional<AskedKind> asked) {
  if (asks_for_dates(asked)) return date_asked(table, column, *asked);
  if (asked == AskedKind::boolean) return boolean_asked(table, column);
  const bool numbers = column.type == Column::Type::number;
  if (asked == AskedKind::categorical) return {.kind = ColumnKind::categorical, .codes = numbers};
  if (column.type == Column::Type::bytes) return {.kind = ColumnKind::bytes};
  if (asked == AskedKind::number || asked == AskedKind::decimal_comma) return {.kind = ColumnKind::number};
  if (!numbers) return kind_of_words(table, column);
  if (const auto form = digits_form(column)) return date_of(*form);
  if (const std::string why = why_id(table, column); !why.empty()) return dropped(why);
  if (look_like_codes(column)) return {.kind = ColumnKind::categorical, .codes = true};
  return {.kind = ColumnKind::number};
}

}  // namespace pellucid
