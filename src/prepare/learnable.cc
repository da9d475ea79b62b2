// Refuses targets that cannot be learned, and says what to do. Not here: choosing the task of a target (target.cc).
#include "prepare/learnable.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/setting_hint.h"
#include "tables/cells.h"
#include "tables/dates.h"
#include "tables/words.h"

namespace pellucid {

namespace {

constexpr std::int64_t least_rows = 10;   // with fewer rows, each may have a class of its own
constexpr std::int64_t few_numbers = 20;  // up to this many different numbers may be classes
constexpr std::int64_t few_texts = 50;    // with more, texts that hardly repeat are not classes
constexpr std::int64_t few_dates = 20;
constexpr std::size_t most_named = 5, most_words = 20;

// The different words in these rows and how often each occurs.
struct Counted {
  std::vector<std::string> words;
  std::vector<std::int64_t> counts;
  std::int64_t present = 0, distinct = 0;

  Counted(const Column& column, std::span<const std::int64_t> rows) {
    WordCells cells(column);
    words = cells.all();
    counts.resize(words.size());
    for (const std::int64_t row : rows) {
      const std::int32_t code = cells.code(row);
      if (code >= 0 && counts[static_cast<std::size_t>(code)]++ == 0) ++distinct;
      present += code >= 0 ? 1 : 0;
    }
  }
};

[[noreturn]] void refuse(const Table& table, const Column& target, const std::string& what,
                         const std::vector<std::string>& ways) {
  throw Error("D38", fmt::format("{}: the target {} {}", table.source, quote(target.name), what), ways);
}

// Refuses a numeric target in which some cells are words: one "None" among numbers must not turn it into classes.
void refuse_mixed(const Table& table, const Column& target, const Counted& all, bool asked) {
  std::int64_t numbers = 0, different = 0;
  std::vector<std::pair<std::int64_t, std::string>> others;
  for (std::size_t i = 0; i < all.words.size(); ++i) {
    double ignored = 0;
    const bool number = read_number(all.words[i], ignored) != Spelling::none;
    numbers += number ? all.counts[i] : 0;
    different += number && all.counts[i] > 0 ? 1 : 0;
    if (!number && all.counts[i] > 0) others.emplace_back(all.counts[i], all.words[i]);
  }
  if (others.empty() || (!asked && (different <= few_numbers || numbers * 2 < all.present))) return;
  std::sort(others.begin(), others.end(), [](auto& a, auto& b) { return a.first > b.first; });
  std::vector<std::string> named, words;
  for (std::size_t i = 0; i < std::min(others.size(), most_named); ++i) {
    named.push_back(fmt::format("{} ({})", quote(others[i].second), count_text(others[i].first)));
  }
  for (const auto& [cells, word] : others) words.push_back(target.name + ":" + word);
  if (others.size() > most_named) named.push_back(fmt::format("and {} more", others.size() - most_named));
  if (numbers == 0) {
    refuse(table, target, "contains words and no numbers: " + join(named, ", "),
           {"`task = classification` treats them as classes"});
  }
  std::vector<std::string> ways = {others.size() > most_words
                                       ? "correct these cells, or remove the rows"
                                       : setting_hint_list("na", words) + " `missing = drop` leaves these rows out"};
  if (!asked) ways.push_back("`task = classification` treats every number and word as a class");
  refuse(table, target,
         fmt::format("is a number in {} of {}, but not in {}: {}", count_text(numbers), plural(all.present, "row"),
                     count_text(all.present - numbers), join(named, ", ")),
         ways);
}

void refuse_classes(const Table& table, const Column& target, const Counted& all, bool asked) {
  if (all.present < least_rows) return;
  if (all.distinct == all.present) {
    refuse(table, target, fmt::format("differs in each of {} rows, so it cannot be predicted", count_text(all.present)),
           {"IDs and names identify rows and cannot be predicted from other columns; choose another `target`"});
  }
  if (asked || target.type != Column::Type::text) return;
  if (all.distinct > few_dates && find_dates(all.words).form) {
    refuse(table, target, fmt::format("is a date ({} different ones)", count_text(all.distinct)),
           {"convert it to a number in the file (days since a start, the hour …)",
            "`task = classification` treats every date as a class"});
  }
  if (all.distinct > few_texts && all.distinct * 2 > all.present) {
    refuse(table, target,
           fmt::format("is free text rather than a class: {} different texts in {}", count_text(all.distinct),
                       plural(all.present, "row")),
           {"`task = classification` treats every text as a class"});
  }
}

}  // namespace

void require_learnable(const Table& table, const Column& target, std::span<const std::int64_t> rows, Task task,
                       Task wanted) {
  const bool asked = wanted != Task::automatic;
  if (task == Task::classification) {
    const Counted all(target, rows);
    if (!asked && target.type == Column::Type::text) refuse_mixed(table, target, all, asked);
    // All rows of the table count: of a class with three rows, perhaps only one is a training row.
    LargeVector<std::int64_t> every_row(static_cast<std::size_t>(table.rows));
    std::iota(every_row.begin(), every_row.end(), std::int64_t{0});
    refuse_classes(table, target, Counted(target, every_row), asked);
  } else if (target.type == Column::Type::text) {
    refuse_mixed(table, target, Counted(target, rows), asked);
  } else if (!asked && find_kind(table, target).kind == ColumnKind::drop) {
    refuse(table, target, "is most likely an ID: whole numbers that differ in every row, which cannot be predicted",
           {"if it is not an ID: `task = regression`"});
  }
}

}  // namespace pellucid
