// Spellings of missing cells. Not here: how missing cells are filled (prepare/fit.cc).
#include "tables/missing.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "tables/words.h"

namespace pellucid {

namespace {

constexpr std::string_view blanks[] = {" ",      "\t",     "\n",     "\r",     "\u00A0", "\u2007",
                                       "\u2009", "\u200B", "\u202F", "\u3000", "\uFEFF"};

// Programs write these where a value is missing or cannot be computed. They are hardly ever meant as words.
constexpr std::string_view anywhere_words[] = {
    "?",       "NA",      "N/A",   "null",   "NULL",    "\\N",      "<NA>",    "NaT",   "#N/A",   "#N/A N/A",
    "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!",   "#NULL!",   "1.#QNAN", "#NA",   "1.#IND", "-1.#IND",
    "-nan",    "+nan",    "-NaN",  "<null>", "1.#SNAN", "-1.#QNAN", "(null)",  "[NULL]"};

// In lower case. These may be names of categories, so they count as missing only in columns of numbers or dates.
constexpr std::string_view value_words[] = {"none",
                                            "nil",
                                            "unknown",
                                            "missing",
                                            "n/a",
                                            "na",
                                            "n.a.",
                                            "n.a",
                                            "n/k",
                                            "null",
                                            "nan",
                                            "nat",
                                            "void",
                                            "tba",
                                            "tbc",
                                            "tbd",
                                            "tbd.",
                                            "n.d.",
                                            "no data",
                                            "nodata",
                                            "not available",
                                            "not applicable",
                                            "not known",
                                            "undefined",
                                            "unspecified",
                                            "not recorded",
                                            "nan(ind)",
                                            "-nan(ind)",
                                            "-",
                                            "--",
                                            "---",
                                            ".",
                                            "..",
                                            "...",
                                            "\u2013",
                                            "\u2014",
                                            "\u2026",
                                            "??",
                                            "???",
                                            "_",
                                            "*",
                                            "#n/a",
                                            "<na>",
                                            "0000-00-00",
                                            "0000-00-00 00:00:00",
                                            "00.00.0000",
                                            "00/00/0000"};

template <std::size_t n>
bool is_one_of(std::string_view word, const std::string_view (&words)[n]) noexcept {
  return std::find(words, words + n, word) != words + n;
}

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

}  // namespace

std::string_view without_blanks(std::string_view cell) noexcept {
  const auto visible = [](char c) { return c > ' ' && c < 0x7F; };
  if (cell.empty() || (visible(cell.front()) && visible(cell.back()))) return cell;
  for (bool more = true; more;) {
    more = false;
    for (const std::string_view blank : blanks) {
      while (cell.starts_with(blank)) cell.remove_prefix(blank.size()), more = true;
      while (cell.ends_with(blank)) cell.remove_suffix(blank.size()), more = true;
    }
  }
  return cell;
}

bool is_missing(std::string_view cell) noexcept {
  constexpr std::size_t longest = 8;
  cell = without_blanks(cell);
  if (cell.size() > longest) return false;
  const bool nan = cell.size() == 3 && lower(cell[0]) == 'n' && lower(cell[1]) == 'a' && lower(cell[2]) == 'n';
  return cell.empty() || nan || is_one_of(cell, anywhere_words);
}

MissingRule::MissingRule(const MissingWords& words, std::string_view column) : usual_(words.usual) {
  for (const std::string& word : words.words) {
    words_.push_back(word);
    const bool of_column = word.size() > column.size() && word.starts_with(column) && word[column.size()] == ':';
    if (of_column) words_.push_back(word.substr(column.size() + 1));
  }
  for (const std::string& word : words_) {
    double value;
    if (read_number(word, value) != Spelling::none) numbers_.push_back(value);
  }
}

bool MissingRule::is_missing_number(double number) const noexcept {
  return std::find(numbers_.begin(), numbers_.end(), number) != numbers_.end();
}

bool MissingRule::anywhere(std::string_view cell) const noexcept {
  if (usual_ && is_missing(cell)) return true;
  cell = without_blanks(cell);
  return cell.empty() || std::find(words_.begin(), words_.end(), cell) != words_.end();
}

bool MissingRule::beside_values(std::string_view cell) const noexcept {
  constexpr std::size_t longest = 20;
  if (anywhere(cell)) return true;
  cell = without_blanks(cell);
  if (!usual_ || cell.size() > longest) return false;
  char small[longest];
  std::transform(cell.begin(), cell.end(), small, lower);
  return is_one_of(std::string_view(small, cell.size()), value_words);
}

void mark_missing_numbers(Column& column, const MissingWords& words) {
  const MissingRule rule(words, column.name);
  if (!rule.has_missing_numbers() || column.type != Column::Type::number) return;
  for (double& number : column.numbers) {
    if (!rule.is_missing_number(number)) continue;
    ++column.missing[fmt::format("{}", number)];
    number = std::numeric_limits<double>::quiet_NaN();
  }
}

}  // namespace pellucid
