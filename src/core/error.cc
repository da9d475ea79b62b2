// The Error class: its full text and exit status. Also the search for the nearest name ("did you mean").
// Not here: the table of error codes (core/error_codes.cc).
#include "pellucid/error.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace pellucid {

namespace {

// File contents and callers may contain names of any length. These limits keep an error message on one screen.
constexpr std::size_t longest_line = 1200, longest_details = 2400, most_details = 24;

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

// Cuts the middle out of a line that is too long, because a message begins with the place and ends with the reason.
std::string shortened(const std::string& line) {
  if (line.size() <= longest_line) return line;
  std::size_t first = longest_line * 2 / 3, last = line.size() - longest_line / 3;
  while (first > 0 && !begins_character(line[first])) --first;
  while (last < line.size() && !begins_character(line[last])) ++last;
  return line.substr(0, first) + " … " + line.substr(last);
}

std::vector<std::string> shortened(std::vector<std::string> lines) {
  std::size_t bytes = 0, kept = 0;
  for (std::string& line : lines) {
    line = shortened(line);
    bytes += line.size();
    if (kept == most_details || bytes > longest_details) break;
    ++kept;
  }
  if (kept == lines.size()) return lines;
  const std::size_t more = lines.size() - kept;
  lines.resize(kept);
  lines.push_back("… and " + std::to_string(more) + " more");
  return lines;
}

}  // namespace

Error::Error(std::string code, const std::string& message, std::vector<std::string> details)
    : std::runtime_error(shortened(message)), code_(std::move(code)), details_(shortened(std::move(details))) {}

int Error::exit_code() const noexcept {
  switch (code_.empty() ? 'P' : code_[0]) {
    case 'U':
      return 2;
    case 'D':
      return 3;
    case 'N':
      return 4;
    case 'M':
      return 5;
    default:
      return 70;
  }
}

std::string Error::text() const {
  std::string result = "error[" + code_ + "]: " + what();
  for (const std::string& line : details_) result += "\n  " + line;
  return result;
}

namespace {

// Damerau-Levenshtein distance: how many letters must be inserted, removed, changed or swapped with a neighbour.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1), above, before;  // of i letters of a, i - 1, i - 2
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    before = std::exchange(above, row);
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      row[j + 1] = std::min({above[j] + (a[i] == b[j] ? 0 : 1), row[j] + 1, above[j + 1] + 1});
      const bool swapped = i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j];
      if (swapped) row[j + 1] = std::min(row[j + 1], before[j - 1] + 1);
    }
  }
  return row[b.size()];
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return result;
}

}  // namespace

std::string closest(std::string_view given, const std::vector<std::string>& candidates) {
  if (given.size() > 256) return "";
  const std::string lowered = lower(given);
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, given.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > 256) continue;
    // A candidate that begins with the given text counts as one wrong letter ("bat" for "batch_size").
    const bool prefix = given.size() >= 2 && candidate.compare(0, given.size(), given) == 0;
    const std::string small = lower(candidate);
    const std::size_t distance = prefix ? 1 : small == lowered ? 0 : edit_distance(lowered, small);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace pellucid
