// Counts the words of a column over the training rows and decides which become categories; rare words are merged.
// Not here: reading words (cells.cc), writing features (transform.cc).
#include "prepare/categories.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "tables/cells.h"
#include "tables/words.h"

namespace pellucid {

namespace {

constexpr std::int64_t few_words = 50;    // a column with more words that hardly repeat holds names or free text
constexpr std::int64_t least_names = 20;  // with at least this many words, all different, the words identify the rows
constexpr std::int64_t rows_a_word = 500, most_needed = 10;
constexpr double least_share = 0.01;  // share of the rows that each word needs if a one-hot column has many words

// Number of training rows that a category needs. `many`: the column has many words and becomes one-hot features.
double least_rows(const PreprocessOptions& options, std::int64_t rows, std::int64_t present, bool many) {
  if (options.rare > 0) return static_cast<double>(options.rare);
  const auto least = static_cast<double>(least_rows_of_category(rows));
  return many ? std::max(least, least_share * static_cast<double>(present)) : least;
}

std::vector<std::size_t> at_least(const LargeVector<std::int64_t>& counts, double least) {
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0 && static_cast<double>(counts[i]) >= least) kept.push_back(i);
  }
  return kept;
}

}  // namespace

std::int64_t least_rows_of_category(std::int64_t rows) {
  return std::clamp<std::int64_t>(rows / rows_a_word, 1, most_needed);
}

std::string reason_to_leave_out(std::int64_t distinct, std::int64_t present) {
  if (present == 0) return "every cell is missing";
  if (distinct == present) return "it differs in every row, like an ID";
  return fmt::format("{} in {}, too many to learn from", plural(distinct, "different value"), plural(present, "row"));
}

Categories find_categories(const Column& column, std::span<const std::int64_t> rows, const PreprocessOptions& options,
                           bool asked) {
  WordCells cells(column);
  const std::vector<std::string>& words = cells.all();
  LargeVector<std::int64_t> counts(words.size());
  std::int64_t present = 0;
  for (const std::int64_t row : rows) {
    const std::int32_t code = cells.code(row);
    if (code < 0) continue;
    ++counts[code];
    ++present;
  }
  Categories result;
  result.lacks = present < static_cast<std::int64_t>(rows.size());
  const std::int64_t distinct = std::count_if(counts.begin(), counts.end(), [](std::int64_t n) { return n > 0; });
  result.varies = distinct > 1;
  result.why = reason_to_leave_out(distinct, present);
  const bool many = !asked && distinct > few_words;
  const bool names_rows = !asked && distinct == present && present >= least_names;
  if (present == 0 || names_rows || (many && distinct * 2 > present)) return result;

  const auto all = static_cast<std::int64_t>(rows.size());
  double least = least_rows(options, all, present, false);
  std::vector<std::size_t> kept = at_least(counts, least);
  result.embedded = options.one_hot > 0 && static_cast<std::int64_t>(kept.size()) > options.one_hot;
  if (!result.embedded) {
    least = least_rows(options, all, present, many);
    kept = at_least(counts, least);
  }
  result.why = fmt::format("{} in {}, each in fewer than {:.6g}", plural(distinct, "different value"),
                           plural(present, "row"), least);
  std::sort(kept.begin(), kept.end(), [&](std::size_t a, std::size_t b) { return word_less(words[a], words[b]); });
  for (std::size_t i = 0; i < kept.size(); ++i) {
    result.words.push_back(words[kept[i]]);
    if (counts[kept[i]] > counts[kept[static_cast<std::size_t>(result.commonest)]]) {
      result.commonest = static_cast<std::int64_t>(i);
    }
  }
  result.rare = distinct - static_cast<std::int64_t>(kept.size());
  for (const std::size_t i : kept) present -= counts[i];
  result.rare_share = static_cast<double>(present) / static_cast<double>(all);
  return result;
}

std::optional<Finding> note_on_rare_words(const Preprocessor& found) {
  std::vector<std::string> columns, shown;
  std::int64_t words = 0;
  for (const FittedColumn& column : found.columns) {
    const CategoricalColumn* const learned = column.categorical();
    if (learned == nullptr || learned->other == 0) continue;
    words += learned->other;
    columns.push_back(column.name);
    shown.push_back(fmt::format("{} ({})", column.name, learned->other));
  }
  if (columns.empty()) return std::nullopt;
  return Finding::note(
      "D30",
      fmt::format("{} merged into \"other\": {}",
                  words == 1 ? "1 rare category is" : count_text(words) + " rare categories are", listed(shown, 6)),
      columns);
}

}  // namespace pellucid
