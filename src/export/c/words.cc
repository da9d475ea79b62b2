// Tables of words and their search. Not here: the features that codes become (columns.cc).
#include "export/c/words.h"

#include <fmt/format.h>

#include <vector>

#include "core/text.h"
#include "export/c/text.h"

namespace pellucid::c {

namespace {

constexpr std::size_t line_width = 100;

std::string word_array(const std::string& name, const std::vector<std::string>& words) {
  std::string text = fmt::format("static const char *const {}[{}] = {{\n ", name, words.size());
  std::size_t column = 1;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string item = " " + string_literal(words[i]) + (i + 1 < words.size() ? "," : "");
    if (column > 1 && column + item.size() > line_width) {
      text += "\n ";
      column = 1;
    }
    text += item;
    column += item.size();
  }
  return text + "};\n";
}

}  // namespace

std::string words_text(const Preprocessor& by, const std::string& prefix) {
  std::string arrays, cases;
  std::int64_t record = 0;
  for (const FittedColumn& column : by.columns) {
    if (const auto* words = column.categorical()) {
      const std::string name = fmt::format("{}_words_{}", prefix, record);
      arrays += fmt::format("/* {} */\n", comment(column.name)) + word_array(name, words->categories);
      cases += fmt::format("    case {}:\n      words = {};\n      count = {};\n      break;\n", record, name,
                           words->categories.size());
    }
    record += column.shape.elements();
  }
  std::string text = arrays;
  if (!cases.empty()) {
    text += filled(R"(double @p@_code(int column, const char *word) {
  const char *const *words;
  int count;
  switch (column) {
@cases@    default:
      return -1;
  }
  for (int i = 0; i < count; ++i) {
    if (strcmp(words[i], word) == 0) return i;
  }
  return -1;
}
)",
                   {{"p", prefix}, {"cases", cases}});
  }
  if (by.is_classification() && !by.is_multi_label()) {
    text += word_array(prefix + "_classes", by.targets.front().classes) +
            filled(R"(const char *@p@_class(int index) {
  return index >= 0 && index < @n@ ? @p@_classes[index] : "";
}
)",
                   {{"p", prefix}, {"n", std::to_string(by.targets.front().classes.size())}});
  }
  return text;
}

}  // namespace pellucid::c
