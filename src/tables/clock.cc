// Reads hours, minutes, seconds, AM/PM and UTC offsets. Not here: days (dates.cc).
#include "tables/clock.h"

namespace pellucid {

namespace {

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// Takes minutes or seconds with their colon (":05"). Returns -1 if there are none, or if they are not 00 to 59.
int take_sixtieth(std::string_view& text) {
  const int value = take(text, ':') ? take_number(text, 2, 2) : -1;
  return value < 60 ? value : -1;
}

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

// Takes "AM", " pm" or " p.m.", if there is one, and changes the hour to 0 … 23. Returns false unless the hour was
// 1 … 12.
bool take_half_day(std::string_view& text, int& hour) {
  std::string_view rest = text;
  take(rest, ' ');
  if (rest.empty() || (lower(rest[0]) != 'a' && lower(rest[0]) != 'p')) return true;
  const bool later = lower(rest[0]) == 'p';
  rest.remove_prefix(1);
  const bool points = take(rest, '.');
  if (rest.empty() || lower(rest[0]) != 'm') return true;
  rest.remove_prefix(1);
  if (points) take(rest, '.');
  if (hour < 1 || hour > 12) return false;
  hour = hour % 12 + (later ? 12 : 0);
  text = rest;
  return true;
}

bool take_word(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

// Takes a UTC offset, if there is one. Returns false if it is malformed.
bool take_offset(std::string_view& text, double& hours) {
  take(text, ' ');
  if (take(text, 'Z') || take(text, 'z') || take_word(text, "UTC") || take_word(text, "GMT")) return true;
  const bool west = take(text, '-');
  if (!west && !take(text, '+')) return true;
  const int hour = take_number(text, 2, 2);
  take(text, ':');
  const int minute = text.empty() ? 0 : take_number(text, 2, 2);
  if (hour < 0 || hour > 15 || minute < 0 || minute > 59) return false;
  hours = (west ? -1 : 1) * (hour + minute / 60.0);
  return true;
}

}  // namespace

int take_number(std::string_view& text, std::size_t least, std::size_t most) {
  int value = 0;
  std::size_t digits = 0;
  while (digits < text.size() && digits < most && is_digit(text[digits])) value = value * 10 + (text[digits++] - '0');
  if (digits < least) return -1;
  text.remove_prefix(digits);
  return value;
}

std::optional<Clock> read_clock(std::string_view text) {
  int hour = take_number(text, 1, 2);
  const int minute = take_sixtieth(text);
  if (hour < 0 || hour > 23 || minute < 0) return {};
  double second = 0;
  if (text.starts_with(':')) {
    const int whole = take_sixtieth(text);
    if (whole < 0) return {};
    second = whole;
    if (take(text, '.') || take(text, ',')) {
      double value = 0.1;
      if (text.empty() || !is_digit(text.front())) return {};
      for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), value /= 10) {
        second += (text.front() - '0') * value;
      }
    }
  }
  Clock clock;
  if (!take_half_day(text, hour) || !take_offset(text, clock.offset) || !text.empty()) return {};
  clock.hour = hour + minute / 60.0 + second / 3600;
  return clock;
}

}  // namespace pellucid
