// Refuses classes that occur only after the training rows. Not here: the split (split.cc).
#include "prepare/later_classes.h"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/setting_hint.h"
#include "prepare/target.h"
#include "tables/cells.h"
#include "tables/words.h"

namespace pellucid {

void refuse_later_classes(const Table& table, std::span<const int> targets, const SplitOptions& options,
                          const SplitPlan& plan) {
  const bool by_words = !options.split_column.empty();
  if ((!by_words && options.time.empty()) || !plan.preprocessor.is_classification()) return;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    const Column& column = table.columns[targets[t]];
    const LargeVector<std::int32_t> labels = labels_of(column, plan.preprocessor.targets[t].classes);
    WordCells cells(column);
    std::map<std::string, std::int64_t> later;
    for (const LargeVector<std::int64_t>* part : {&plan.validation, &plan.test}) {
      for (const std::int64_t row : *part) {
        if (labels[row] == -2) ++later[std::string(cells.word(cells.code(row)))];
      }
    }
    if (later.empty()) continue;
    std::vector<std::string> named;
    for (const auto& [word, rows] : later) named.push_back(quote(word) + " (" + plural(rows, "row") + ")");
    throw Error(
        "D53",
        fmt::format("{}: {} of {} occur{} only in {}: {}", table.source, later.size() == 1 ? "a class" : "classes",
                    quote(column.name), later.size() == 1 ? "s" : "",
                    by_words ? "validation or test rows" : "rows later than the training rows", listed(named)),
        {"remove these rows, or merge the class with another one",
         "without " +
             (by_words ? setting_hint("split_column", options.split_column) : setting_hint("time", options.time)) +
             " the rows are split at random, and every class is trained on"});
  }
}

}  // namespace pellucid
