// Checks the ways of splitting rows, and reads splits from the words of a column.
// Not here: the split itself (split.cc).
#include "prepare/split_ways.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/setting_hint.h"
#include "tables/cells.h"
#include "tables/spelling.h"
#include "tables/words.h"

namespace pellucid {
namespace {

constexpr int no_part = -1;

// The index in RowParts that a word stands for.
int part_of(std::string_view word) {
  static const std::map<std::string, int, std::less<>> words = {{"train", 0}, {"training", 0}, {"validation", 1},
                                                                {"valid", 1}, {"val", 1},      {"dev", 1},
                                                                {"test", 2},  {"testing", 2}};
  const auto found = words.find(lower_case(word));
  return found == words.end() ? no_part : found->second;
}

[[noreturn]] void refuse_word(const Table& table, const Column& column, std::int64_t row, const std::string& word,
                              std::int64_t count) {
  throw Error(
      "D19",
      fmt::format("{}, column {}: {} is not the name of a split", table.place(row), quote(column.name), quote(word)),
      {plural(count, "such row") + " in all",
       "write train, validation or test (training, valid, val, dev and testing are read too)",
       "to leave these rows out: " + setting_hint_list("na", {column.name + ":" + word}) + " `missing = drop`"});
}

}  // namespace

const std::string& dividing_column(const SplitOptions& options) noexcept {
  if (!options.split_column.empty()) return options.split_column;
  return options.time.empty() ? options.group : options.time;
}

void check_ways(const Table& table, std::span<const int> targets, const SplitOptions& options) {
  const auto exclude = [](const char* one, const char* other) {
    throw Error("U06", fmt::format("rows can be split by {} or by {}, not by both", one, other));
  };
  if (!options.split_column.empty()) {
    if (!options.group.empty()) exclude("split_column", "group");
    if (!options.time.empty()) exclude("split_column", "time");
    if (options.folds != 0) exclude("split_column", "folds");
    if (table.test_rows > 0) exclude("split_column", "the test rows that are given");
    if (options.validation_rows > 0) exclude("split_column", "the validation rows that are given");
    const bool named = options.cross_fit != 0 && names_validation_rows(table, options.split_column);
    if (named) exclude("cross_fit", "a column that names validation rows");
  }
  if (!options.group.empty() && !options.time.empty()) exclude("group", "time");
  if (options.folds != 0 && !options.time.empty()) exclude("folds", "time");
  if (options.folds != 0 && table.test_rows > 0) exclude("folds", "the test rows that are given");
  if (options.folds != 0 && options.validation_rows > 0) exclude("folds", "the validation rows that are given");
  if (options.cross_fit != 0 && !options.time.empty()) exclude("cross_fit", "time");
  if (options.cross_fit != 0 && options.validation_rows > 0) exclude("cross_fit", "the validation rows that are given");
  if (options.folds != 0 && (options.fold < 0 || options.fold >= options.folds)) {
    throw Error("U12", fmt::format("there is no fold {} of {}", options.fold, options.folds));
  }
  for (const int at : targets) {
    const std::string& name = table.columns[at].name;
    if (name != options.group && name != options.time && name != options.split_column) continue;
    const char* way = name == options.group ? "group" : name == options.time ? "time" : "split_column";
    throw Error("U06", fmt::format("{} is the target, so it cannot divide the rows (`{}`)", quote(name), way));
  }
}

RowParts divide_by_words(const Table& table, int at, const Rows& rows) {
  const Column& column = table.columns[at];
  require_single_present(table, column, rows);
  WordCells cells(column);
  cells.all();
  std::map<std::int32_t, int> known;  // part of each code
  const auto part_of_row = [&](std::int64_t row) {
    const std::int32_t code = cells.code(row);
    const auto found = known.find(code);
    return found != known.end() ? found->second : known[code] = part_of(cells.word(code));
  };
  RowParts parts(3);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const int part = part_of_row(rows[i]);
    if (part == no_part) {
      const std::int32_t code = cells.code(rows[i]);
      const auto same = std::ranges::count_if(rows, [&](std::int64_t row) { return cells.code(row) == code; });
      refuse_word(table, column, rows[i], std::string(cells.word(code)), same);
    }
    parts[static_cast<std::size_t>(part)].push_back(static_cast<std::int64_t>(i));
  }
  if (parts[0].empty()) {
    throw Error("D19", fmt::format("{}: no row has the word train in column {}", table.source, quote(column.name)));
  }
  return parts;
}

bool names_validation_rows(const Table& table, const std::string& name) {
  const Column& column = table.columns[static_cast<std::size_t>(table.require(name))];
  return std::ranges::any_of(column.words, [](const std::string& word) { return part_of(word) == 1; });
}

}  // namespace pellucid
