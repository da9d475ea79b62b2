// Lessons as text and as JSON lines.
// Not here: the lessons (lessons/experiments), output streams and colours (lessons/main.cc and the command).
#include "lessons/text_audience.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/text.h"

namespace pellucid::tutorial {
namespace {

constexpr int indent = 19;

std::string indented(const std::string& text, int width) {
  return std::string(indent, ' ') + wrapped(text, width, indent) + "\n";
}

nlohmann::json numbers_json(const std::vector<double>& values) {
  if (values.size() == 1) return values.front();
  return values;
}

}  // namespace

TextAudience::TextAudience(Write write, int width, Paint paint)
    : write_(std::move(write)), width_(std::min(width, 110)), paint_(std::move(paint)) {
  if (!paint_) paint_ = [](const std::string& text, std::optional<Verdict>) { return text; };
}

void TextAudience::title(const Tutorial& tutorial) {
  write_(paint_(tutorial.name, std::nullopt) + fmt::format(" · text {} · {}\n", tutorial.from, tutorial.summary));
}

void TextAudience::words(const std::string& paragraph) {
  write_("\n" + wrapped(paragraph, width_, 0) + "\n");
}

void TextAudience::comparison(const Comparison& line) {
  const std::string verdict = fmt::format("{:<17}", text_of(line.verdict));
  std::string text = paint_(verdict, line.verdict) + "  " + line.name + "\n";
  const bool short_ones = line.expected.size() + line.got_text.size() + 24 < static_cast<std::size_t>(width_);
  const std::string who = line.expected_values.empty() ? "expected  " : "tutorial  ";
  const std::string expected = line.verdict == Verdict::replayed ? "" : who + line.expected;
  if (short_ones && !expected.empty()) {
    text += fmt::format("{:{}}{}   ours  {}\n", "", indent, expected, line.got_text);
  } else {
    if (!expected.empty()) text += indented(expected, width_);
    text += indented("ours      " + line.got_text, width_);
  }
  if (!line.note.empty()) text += indented(line.note, width_);
  write_(text);
}

void TextAudience::figure(const figures::Figure& figure) {
  write_("\n" + figures::text_of(figure, width_));
}

std::string json_of(const Tutorial& tutorial, const Comparison& line) {
  nlohmann::ordered_json object{{"v", 1}, {"tutorial", tutorial.name}, {"name", line.name}};
  if (line.verdict == Verdict::replayed) {
    object["expected"] = nullptr;
  } else if (line.expected_values.empty()) {
    object["expected"] = line.expected;
  } else {
    object["expected"] = numbers_json(line.expected_values);
  }
  object["got"] = numbers_json(line.got);
  object["verdict"] = text_of(line.verdict);
  if (!line.note.empty()) object["note"] = line.note;
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace pellucid::tutorial
