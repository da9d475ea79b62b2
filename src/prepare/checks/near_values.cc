// Counts the cells of a text column that are numbers. Not here: the findings about them (near_findings.cc).
#include "prepare/checks/near_values.h"

#include <algorithm>

#include "core/shell.h"
#include "pellucid/setting_hint.h"
#include "tables/number_form.h"
#include "tables/words.h"

namespace pellucid {

namespace {

constexpr std::size_t few_numbers = 20;  // up to this many distinct numbers work as well as categories
constexpr std::size_t few_words = 5;     // with more words, the column may hold codes such as ticket numbers
constexpr double mostly = 0.8;           // if this share of the cells is numbers, more words may be mistakes

}  // namespace

NearNumbers near_numbers(const Column& column) {
  NearNumbers near;
  if (column.type != Column::Type::text) return near;
  std::vector<std::int64_t> counts(column.words.size());
  for (const std::int32_t code : column.codes) {
    if (code >= 0) ++counts[static_cast<std::size_t>(code)];
  }
  for (std::size_t i = 0; i < counts.size(); ++i) {
    near.cells += counts[i];
    double ignored;
    if (read_number(column.words[i], ignored) != Spelling::none || may_have_form(column.words[i])) {
      near.numbers += counts[i];
      ++near.distinct;
    } else {
      near.odd.emplace_back(counts[i], column.words[i]);
    }
  }
  std::stable_sort(near.odd.begin(), near.odd.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  return near;
}

bool should_be_numbers(const NearNumbers& near) {
  const double share = static_cast<double>(near.numbers) / static_cast<double>(std::max<std::int64_t>(1, near.cells));
  return near.distinct > few_numbers && share >= 0.5 && (near.odd.size() <= few_words || share >= mostly);
}

std::string na_hint(const std::string& column, const NearNumbers& near) {
  if (near.odd.empty() || near.odd.size() > few_words) return "";
  std::vector<std::string> words;
  for (const auto& [cells, word] : near.odd) words.push_back(column + ":" + word);
  return setting_hint_list("na", words);
}

}  // namespace pellucid
