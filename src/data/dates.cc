// Dates from text by the Gregorian calendar of <chrono>; no locale, no time zones.
// Not here: which columns are dates (kinds.cc).
#include "data/dates.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdint>

#include "core/text.h"
#include "pellucid/preprocess.h"

namespace pellucid {

namespace {

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// Takes a number of so many digits off the front; -1: there is none.
int take_number(std::string_view& text, std::size_t least, std::size_t most) {
  int value = 0;
  std::size_t digits = 0;
  while (digits < text.size() && digits <= most && is_digit(text[digits])) value = value * 10 + (text[digits++] - '0');
  if (digits < least || digits > most) return -1;
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// ":05" or nothing more than that a part may be left out: -1 says it is malformed.
int take_sixtieth(std::string_view& text) {
  const int value = take(text, ':') ? take_number(text, 2, 2) : -1;
  return value < 60 ? value : -1;
}

bool take_half_day(std::string_view& text, int& hour) {
  std::string_view rest = text;
  take(rest, ' ');
  if (rest.size() != 2 || (rest[1] | 32) != 'm' || ((rest[0] | 32) != 'a' && (rest[0] | 32) != 'p')) return true;
  if (hour < 1 || hour > 12) return false;
  hour = hour % 12 + ((rest[0] | 32) == 'p' ? 12 : 0);
  text = {};
  return true;
}

// The hour with its fraction, or -1.
double read_time(std::string_view text) {
  int hour = take_number(text, 1, 2);
  const int minute = take_sixtieth(text);
  if (hour < 0 || hour > 23 || minute < 0) return -1;
  double second = 0;
  if (text.starts_with(':')) {
    const int whole = take_sixtieth(text);
    if (whole < 0) return -1;
    second = whole;
    if (take(text, '.')) {
      double value = 0.1;
      if (text.empty() || !is_digit(text.front())) return -1;
      for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), value /= 10) {
        second += (text.front() - '0') * value;
      }
    }
  }
  if (!take_half_day(text, hour)) return -1;
  take(text, 'Z');
  return text.empty() ? hour + minute / 60.0 + second / 3600 : -1;
}

// Year, month and day in the order of the form; the divider must be the same twice.
bool take_day(std::string_view& text, std::string_view form, int (&found)[3]) {
  char divider = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const char part = form[2 * i];
    const int value = part == 'Y' ? take_number(text, 4, 4) : take_number(text, 1, 2);
    if (value < 0) return false;
    found[part == 'Y' ? 0 : part == 'M' ? 1 : 2] = value;
    if (i == 2) return true;
    if (i == 0) divider = text.starts_with('-') ? '-' : text.starts_with('/') ? '/' : '.';
    if (!take(text, divider)) return false;
  }
  return false;
}

}  // namespace

std::optional<Moment> read_date(std::string_view cell, std::string_view form) {
  int day[3];
  if (!take_day(cell, form, day)) return {};
  const std::chrono::year_month_day date{std::chrono::year(day[0]), std::chrono::month(static_cast<unsigned>(day[1])),
                                         std::chrono::day(static_cast<unsigned>(day[2]))};
  if (!date.ok()) return {};
  Moment moment;
  if (!cell.empty()) {
    if (!take(cell, ' ') && !take(cell, 'T')) return {};
    moment.hour = read_time(cell);
    moment.has_time = true;
    if (moment.hour < 0) return {};
  }
  const std::chrono::sys_days days = date;
  moment.year = day[0];
  moment.month = day[1];
  moment.weekday = std::chrono::weekday(days).iso_encoding();
  moment.elapsed = static_cast<double>(days.time_since_epoch().count()) + moment.hour / 24;
  return moment;
}

std::string date_text(double days_since_1970) {
  const double whole = std::floor(days_since_1970 * 1440 + 0.5), day = std::floor(whole / 1440);
  const auto minutes = static_cast<int>(whole - day * 1440);
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(static_cast<int>(day)))};
  std::string text = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return minutes == 0 ? text : text + fmt::format(" {:02}:{:02}", minutes / 60, minutes % 60);
}

DatesFound find_dates(const std::vector<std::string>& words, std::string_view asked) {
  std::vector<const char*> forms = {"Y-M-D", "D-M-Y", "M-D-Y"};
  if (asked == "day-first") forms = {"D-M-Y"};
  if (asked == "month-first") forms = {"M-D-Y"};
  DatesFound found;
  std::size_t most = 0;
  for (const char* form : forms) {
    std::size_t fitting = 0;
    const std::string* unfit = nullptr;
    bool dots = false;
    for (const std::string& word : words) {
      const bool fits = read_date(word, form).has_value();
      fitting += fits ? 1 : 0;
      dots = dots || (fits && word.find('.') < 3);
      if (!fits && unfit == nullptr) unfit = &word;
    }
    if (fitting == words.size() && fitting > 0 && !found.form.empty()) return {"", words.front(), ""};
    if (fitting == words.size() && fitting > 0) {
      found = {form, "", ""};
      if (dots) return found;  // 1.2.2024 is the first of February wherever days are written with dots
    } else if (fitting * 2 > words.size() && fitting > most && found.form.empty()) {
      most = fitting;
      found.other = *unfit;
    }
  }
  return found;
}

}  // namespace pellucid
