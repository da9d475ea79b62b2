// Reads dates, using the Gregorian calendar of <chrono> and no locale.
// Not here: which columns are dates (prepare/kinds.cc), the time of day (clock.cc).
#include "tables/dates.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/text.h"
#include "tables/clock.h"
#include "tables/words.h"

namespace pellucid {

namespace {

constexpr std::string_view months[] = {"january", "february", "march",     "april",   "may",      "june",
                                       "july",    "august",   "september", "october", "november", "december"};
constexpr std::string_view weekdays[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
// From 1980 to 2100; numbers outside are not read as seconds since 1970.
constexpr double first_second = 315532800, last_second = 4102444800;

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// Takes a name from the front of `text` and returns its number, from 1; 0: there is none. Names may be abbreviated to
// three letters (weekdays to three to five), with a dot or without.
template <std::size_t n>
int take_name(std::string_view& text, const std::string_view (&names)[n]) {
  std::string word;
  for (const char c : text) {
    const char small = static_cast<char>(c | 32);
    if (small < 'a' || small > 'z' || word.size() > 9) break;
    word += small;
  }
  const std::size_t length = word.size();
  if (word == "sept") word = "sep";
  if (word.size() < 3) return 0;
  for (std::size_t i = 0; i < n; ++i) {
    const bool whole = names[i] == word,
               brief = names[i].starts_with(word) && (word.size() == 3 || (n == 7 && word.size() <= 5));
    if (!whole && !brief) continue;
    text.remove_prefix(length);
    take(text, '.');
    return static_cast<int>(i) + 1;
  }
  return 0;
}

struct Day {
  int year = 0, month = 0, day = 0;
};

int whole_year(int of_century) {
  return of_century < 0 ? -1 : of_century + (of_century < 69 ? 2000 : 1900);
}

// Takes year, month and day in the order of the form. Both separators must be the same character.
std::optional<Day> take_day(std::string_view& text, std::string_view form) {
  int found[3] = {};
  char divider = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const char part = form[2 * i];
    const int value = part == 'Y'   ? take_number(text, 4, 4)
                      : part == 'y' ? whole_year(take_number(text, 2, 2))
                                    : take_number(text, 1, 2);
    if (value < 0) return {};
    found[part == 'Y' || part == 'y' ? 0 : part == 'M' ? 1 : 2] = value;
    if (i == 2) break;
    if (i == 0) divider = text.starts_with('-') ? '-' : text.starts_with('/') ? '/' : '.';
    if (!take(text, divider)) return {};
  }
  return Day{found[0], found[1], found[2]};
}

void take_dividers(std::string_view& text) {
  while (text.starts_with(' ') || text.starts_with(',') || text.starts_with('-') || text.starts_with('/')) {
    text.remove_prefix(1);
  }
}

int take_named_year(std::string_view& text) {
  const int year = take_number(text, 4, 4);
  return year >= 0 ? year : whole_year(take_number(text, 2, 2));
}

int take_ordinal(std::string_view& text) {
  const int day = take_number(text, 1, 2);
  for (const std::string_view end : {"st", "nd", "rd", "th", "."}) {
    if (!text.starts_with(end)) continue;
    text.remove_prefix(end.size());
    break;
  }
  return day;
}

// Takes a day whose month is a word: "1 August 2023", "01-Aug-23", "Tue, Aug 1st, 2023", "2023-Aug-01".
std::optional<Day> take_named_day(std::string_view& text) {
  Day day;
  if (take_name(text, weekdays) > 0) take_dividers(text);
  std::string_view digits = text;
  const bool year_first = take_number(digits, 4, 4) >= 0;
  if (year_first) day.year = take_number(text, 4, 4);
  if (!year_first && !text.empty() && text.front() <= '9') day.day = take_ordinal(text);
  take_dividers(text);
  day.month = take_name(text, months);
  if (day.month == 0) return {};
  take_dividers(text);
  const bool month_first = !year_first && day.day == 0;
  if (day.day == 0) day.day = take_ordinal(text);
  if (month_first && !text.empty() && text.front() >= '0') return {};  // "Mar 2024" has no day
  if (!year_first) {
    take_dividers(text);
    day.year = take_named_year(text);
  }
  return day.year < 0 || day.day < 0 ? std::nullopt : std::optional(day);
}

Moment moment_of(const std::chrono::sys_days& days, double hour) {
  const std::chrono::year_month_day date{days};
  Moment moment;
  moment.year = static_cast<int>(date.year());
  moment.month = static_cast<unsigned>(date.month());
  moment.weekday = std::chrono::weekday(days).iso_encoding();
  moment.hour = hour;
  moment.elapsed = static_cast<double>(days.time_since_epoch().count()) + hour / 24;
  return moment;
}

std::optional<Moment> read_time_of_day(std::string_view cell) {
  const std::optional<Clock> clock = read_clock(cell);
  if (!clock) return {};
  Moment moment;
  moment.hour = clock->hour;
  moment.has_time = true;
  return moment;
}

std::optional<Moment> read_epoch(std::string_view cell, double unit) {
  double value = 0;
  if (read_number(cell, value) == Spelling::none) return {};
  value /= unit;
  if (!(value >= first_second && value <= last_second)) return {};
  const double days = std::floor(value / 86400);
  Moment moment =
      moment_of(std::chrono::sys_days(std::chrono::days(static_cast<int>(days))), (value - days * 86400) / 3600);
  moment.elapsed = value / 86400;
  moment.has_time = true;
  return moment;
}

// Takes eight digits such as 20240301. With a year outside 1900 … 2100 they are an ordinary number, not a date.
std::optional<Day> take_digits(std::string_view& cell) {
  if (cell.size() != 8) return {};
  const int year = take_number(cell, 4, 4), month = take_number(cell, 2, 2), day = take_number(cell, 2, 2);
  return year < 1900 || year > 2100 || !cell.empty() ? std::nullopt : std::optional(Day{year, month, day});
}

std::vector<DateForm> forms_asked(std::optional<AskedKind> asked) {
  if (asked == AskedKind::day_first) return {DateForm::day_month_year, DateForm::day_month_short_year};
  if (asked == AskedKind::month_first) return {DateForm::month_day_year, DateForm::month_day_short_year};
  if (asked == AskedKind::year_first) return {DateForm::year_month_day, DateForm::short_year_month_day};
  std::size_t all = choices_of<DateForm>().size();
  if (asked != AskedKind::date) all -= 3;  // the last three forms are digits only
  std::vector<DateForm> forms;
  for (std::size_t i = 0; i < all; ++i) forms.push_back(static_cast<DateForm>(i));
  return forms;
}

// The part that comes first in this form: 'Y', 'D', 'M' or 'y'.
char first_letter(DateForm form) {
  return text_of(form).front();
}

struct Fit {
  std::size_t words = 0;
  const std::string* other = nullptr;  // first word that does not fit
  bool dots = false;
};

// Counts the words that are dates of this form. Gives up early if none of the first words is one.
Fit fit_of(const std::vector<std::string>& words, DateForm form) {
  constexpr std::size_t enough = 50;
  Fit fit;
  for (std::size_t i = 0; i < words.size() && (i < enough || fit.words > 0); ++i) {
    const bool fits = read_date(words[i], form).has_value();
    fit.words += fits ? 1 : 0;
    fit.dots = fit.dots || (fits && words[i].find('.') < 3);
    if (!fits && fit.other == nullptr) fit.other = &words[i];
  }
  return fit;
}

}  // namespace

std::optional<Moment> read_date(std::string_view cell, DateForm form) {
  if (form == DateForm::time_of_day) return read_time_of_day(cell);
  if (form == DateForm::seconds) return read_epoch(cell, 1);
  if (form == DateForm::milliseconds) return read_epoch(cell, 1000);
  const std::optional<Day> day = form == DateForm::digits        ? take_digits(cell)
                                 : form == DateForm::named_month ? take_named_day(cell)
                                                                 : take_day(cell, text_of(form));
  if (!day) return {};
  const std::chrono::year_month_day date{std::chrono::year(day->year),
                                         std::chrono::month(static_cast<unsigned>(day->month)),
                                         std::chrono::day(static_cast<unsigned>(day->day))};
  if (!date.ok()) return {};
  if (cell.empty()) return moment_of(date, 0);
  const bool comma = take(cell, ',');
  if (!take(cell, ' ') && (comma || !take(cell, 'T'))) return {};
  const std::optional<Clock> clock = read_clock(cell);
  if (!clock) return {};
  Moment moment = moment_of(date, clock->hour);
  if (clock->offset != 0) moment.elapsed -= clock->offset / 24;
  moment.has_time = true;
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

bool asks_for_dates(std::optional<AskedKind> asked) noexcept {
  return asked == AskedKind::date || asked == AskedKind::day_first || asked == AskedKind::month_first ||
         asked == AskedKind::year_first;
}

DatesFound find_dates(const std::vector<std::string>& words, std::optional<AskedKind> asked) {
  DatesFound found;
  std::size_t most = 0;
  for (const DateForm form : forms_asked(asked)) {
    const Fit fit = fit_of(words, form);
    if (fit.words == 0) continue;
    if (fit.words == words.size()) {
      found.forms.push_back(form);
      // Dates with dots, such as 1.2.2024, have the day first in all countries that write them so.
      if (fit.dots && (form == DateForm::day_month_year || form == DateForm::day_month_short_year)) {
        found.forms = {form};
        break;
      }
    } else if (fit.words * 2 > words.size() && fit.words > most) {
      most = fit.words;
      found.near = form;
      found.other = *fit.other;
    }
  }
  if (!found.forms.empty()) {
    found.near.reset();
    found.other.clear();
  }
  if (found.forms.size() == 1) found.form = found.forms.front();
  if (found.forms.size() > 1) found.ambiguous = words.front();
  return found;
}

bool is_any_date(std::string_view word) {
  const auto reads = [&](DateForm form) { return form != DateForm::time_of_day && read_date(word, form).has_value(); };
  const std::vector<DateForm> all = forms_asked(AskedKind::date);
  return std::any_of(all.begin(), all.end(), reads);
}

std::string form_orders(const std::vector<DateForm>& forms) {
  std::vector<std::string> orders;
  for (const DateForm form : forms) {
    const char first = first_letter(form);
    orders.emplace_back(first == 'D' ? "day/month" : first == 'M' ? "month/day" : "year/month/day");
  }
  return join(orders, " or ");
}

std::vector<AskedKind> form_kinds(const std::vector<DateForm>& forms) {
  std::vector<AskedKind> kinds;
  for (const DateForm form : forms) {
    const char first = first_letter(form);
    kinds.push_back(first == 'D'   ? AskedKind::day_first
                    : first == 'M' ? AskedKind::month_first
                                   : AskedKind::year_first);
  }
  return kinds;
}

}  // namespace pellucid
