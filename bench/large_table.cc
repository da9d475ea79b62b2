// The text of large_table. Not here: timing (bench/table_bench.cc).
#include "large_table.h"

#include <array>
#include <cstdio>
#include <random>

namespace pellucid::bench {
namespace {

constexpr int decimals = 8, wholes = 8, digits = 16, words = 9;
constexpr std::array<const char*, 12> vocabulary = {"ash", "elm", "oak", "fir", "yew",    "pine",
                                                    "box", "bay", "may", "sal", "walnut", "cherry"};

std::string header() {
  std::string names;
  const auto add = [&](const char* stem, int count) {
    for (int i = 1; i <= count; ++i) names += std::string(stem) + std::to_string(i) + ',';
  };
  add("level", decimals);
  add("count", wholes);
  add("flag", digits);
  add("tree", words);
  return names + "grade\n";
}

class Rows {
 public:
  explicit Rows(std::string& text) : text_(text) {}

  void add() {
    double score = 0;
    for (int i = 0; i < decimals; ++i) score += level(i) * (i < 4 ? 1 : 0);
    for (int i = 0; i < wholes; ++i) add(draw(2000));
    for (int i = 0; i < digits; ++i) add(draw(i % 2 == 0 ? 2 : 10));
    for (int i = 0; i < words; ++i) {
      const unsigned word = draw(static_cast<unsigned>(4 + i));
      if (i == 0) score += word;
      text_.append(i == 1 && draw(100) == 0 ? "NA" : vocabulary[word]) += ',';
    }
    score += draw(300) / 100.0;
    text_.append(score < 19 ? "low" : score < 26 ? "mid" : "high") += '\n';
  }

 private:
  // 0.00 … 9.99; every hundredth cell of the last column is empty.
  double level(int column) {
    const unsigned hundredths = draw(1000);
    char cell[16];
    std::snprintf(cell, sizeof cell, "%u.%02u,", hundredths / 100, hundredths % 100);
    text_ += column == decimals - 1 && draw(100) == 0 ? "," : cell;
    return hundredths / 100.0;
  }
  void add(unsigned whole) { text_ += std::to_string(whole) + ','; }
  unsigned draw(unsigned below) { return static_cast<unsigned>(random_() % below); }

  std::string& text_;
  std::mt19937 random_{1};
};

}  // namespace

std::string large_table(std::int64_t rows) {
  std::string text = header();
  text.reserve(static_cast<std::size_t>(rows) * 160);
  Rows table(text);
  for (std::int64_t row = 0; row < rows; ++row) table.add();
  return text;
}

}  // namespace pellucid::bench
