// Reads printed numbers and rounds other numbers to the same digits.
// Not here: verdicts (lessons/lesson.cc).
#include "lessons/printed.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid::tutorial {
namespace {

Printed parse_one(const std::string& word) {
  Printed result{0, 0, 0};
  if (!parse_number(word, result.value)) throw Error("P01", "a tutorial's number reads " + quote(word));
  const std::size_t end = std::min(word.find_first_of("eE"), word.size()), point = word.find('.');
  if (point < end) result.decimals = static_cast<int>(end - point - 1);
  const std::string digits = word.substr(0, end);
  const std::size_t first = digits.find_first_of("123456789");
  if (first != std::string::npos) {
    const auto rest = digits.substr(first);
    result.significant = static_cast<int>(std::count_if(rest.begin(), rest.end(), [](char c) { return c != '.'; }));
  }
  if (end < word.size()) result.decimals -= std::atoi(word.c_str() + end + 1);
  return result;
}

}  // namespace

bool Printed::is(double got) const {
  if (significant >= 15) return std::abs(got - value) <= 0.5e-11 * std::abs(value);
  const double half = 0.5 * std::pow(10.0, -decimals);
  return std::abs(got - value) <= half * (1 + 1e-6);
}

std::string Printed::like(double got) const {
  if (significant >= 15 || decimals > 12) return fmt::format("{:.{}g}", got, std::clamp(significant, 6, 16));
  return fmt::format("{:.{}f}", got, std::max(0, decimals));
}

std::vector<Printed> parse_printed(std::string_view text) {
  std::vector<Printed> result;
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const bool between = i == text.size() || std::string_view(" \n\t,;[]()").find(text[i]) != std::string_view::npos;
    if (!between) word += text[i];
    if (!between || word.empty()) continue;
    result.push_back(parse_one(word));
    word.clear();
  }
  return result;
}

}  // namespace pellucid::tutorial
