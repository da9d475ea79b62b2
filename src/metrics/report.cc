// Scores as plain text, at most 80 columns wide. Not here: colours and terminals (app), the numbers themselves.
#include <fmt/format.h>

#include <algorithm>

#include "core/convert.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/metric.h"

namespace pellucid {
namespace {

constexpr std::size_t page_width = 80;

// Number of code points, which is the number of columns for almost all names.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string left(const std::string& text, std::size_t columns) {
  return text + std::string(columns - std::min(columns, width(text)), ' ');
}
std::string right(const std::string& text, std::size_t columns) {
  return std::string(columns - std::min(columns, width(text)), ' ') + text;
}

// Class names come from data, so control characters are made visible and long names are cut.
std::string printable(const std::string& name, std::size_t most) {
  const std::string marked = quote(name, most);
  return marked.substr(1, marked.size() - 2);  // without the quotes
}

std::vector<std::string> names_of(std::size_t classes, const std::vector<std::string>& given, std::size_t most) {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < classes; ++c) {
    names.push_back(c < given.size() ? printable(given[c], most) : std::to_string(c));
  }
  return names;
}

std::size_t widest(const std::vector<std::string>& texts, std::size_t least) {
  for (const std::string& text : texts) least = std::max(least, width(text));
  return least;
}

std::string score_line(const std::string& name, std::size_t columns, const ClassScore& s) {
  return fmt::format("{}  {:9.3f}  {:6.3f}  {:5.3f}  {:>9}\n", left(name, columns), ties_away(s.precision, 3),
                     ties_away(s.recall, 3), ties_away(s.f1, 3), count_text(s.support));
}

// The most frequent mistakes as a list, for a matrix that is too wide for the page.
std::string confusion_list(const ConfusionMatrix& matrix, const std::vector<std::string>& names) {
  struct Mistake {
    std::int64_t count;
    std::int32_t truth, predicted;
  };
  std::vector<Mistake> mistakes;
  for (std::int32_t t = 0; t < matrix.classes; ++t) {
    for (std::int32_t p = 0; p < matrix.classes; ++p) {
      if (t != p && matrix.at(t, p) > 0) mistakes.push_back({matrix.at(t, p), t, p});
    }
  }
  std::stable_sort(mistakes.begin(), mistakes.end(), [](auto& a, auto& b) { return a.count > b.count; });
  constexpr std::size_t most = 20;
  std::string text = mistakes.empty() ? "no mistakes\n" : "most frequent mistakes (true -> predicted)\n";
  for (std::size_t i = 0; i < std::min(most, mistakes.size()); ++i) {
    const Mistake& m = mistakes[i];
    text += fmt::format("{:>9}  {} -> {}\n", count_text(m.count), names[m.truth], names[m.predicted]);
  }
  if (mistakes.size() > most) text += fmt::format("           and {} other pairs\n", mistakes.size() - most);
  return text;
}

}  // namespace

std::string classification_report(const ClassificationScores& scores, const std::vector<std::string>& class_names) {
  const auto names = names_of(scores.per_class.size(), class_names, 32);
  const std::size_t columns = widest(names, width("weighted mean"));
  std::string text = left("class", columns) + "  precision  recall     f1       rows\n";
  for (std::size_t c = 0; c < names.size(); ++c) text += score_line(names[c], columns, scores.per_class[c]);
  text += "\n" + score_line("mean", columns, scores.macro) + score_line("weighted mean", columns, scores.weighted);
  return text + fmt::format("{}  {:9.3f}  {} of {}\n", left("accuracy", columns), ties_away(scores.accuracy, 3),
                            count_text(scores.correct), count_text(scores.rows));
}

std::string confusion_text(const ConfusionMatrix& matrix, const std::vector<std::string>& class_names) {
  const std::size_t classes = static_cast<std::size_t>(std::max<std::int32_t>(matrix.classes, 0));
  if (matrix.counts.empty() && classes > 0) {
    return "no confusion matrix is made of " + count_text(matrix.classes) + " classes\n";
  }
  if (matrix.counts.size() != classes * classes) {
    throw Error("U20", "a confusion matrix of " + plural(matrix.classes, "class") + " has " +
                           count_text(static_cast<std::int64_t>(classes * classes)) + " counts, this has " +
                           count_text(static_cast<std::int64_t>(matrix.counts.size())));
  }
  const auto names = names_of(classes, class_names, 20);
  std::vector<std::string> cells;
  for (std::int64_t count : matrix.counts) cells.push_back(count_text(count));
  const std::size_t digits = widest(cells, 1);
  const std::size_t label = widest(names, width("true \\ predicted"));

  // Columns have the class names as headings if these fit on the page, else the class numbers.
  std::vector<std::string> heads = names, rows = names;
  const auto page = [&] { return widest(rows, label) + classes * (widest(heads, digits) + 2); };
  if (page() > page_width) {
    for (std::size_t c = 0; c < classes; ++c) {
      heads[c] = std::to_string(c);
      if (names[c] != heads[c]) rows[c] = heads[c] + " " + names[c];
    }
  }
  if (page() > page_width) return confusion_list(matrix, names);

  const std::size_t first = widest(rows, label), cell = widest(heads, digits) + 2;
  std::string text = left("true \\ predicted", first);
  for (const std::string& head : heads) text += right(head, cell);
  for (std::size_t t = 0; t < classes; ++t) {
    text += "\n" + left(rows[t], first);
    for (std::size_t p = 0; p < classes; ++p) text += right(cells[t * classes + p], cell);
  }
  return text + "\n";
}

}  // namespace pellucid
