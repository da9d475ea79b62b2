// What is to be learned: which column, whether classes or numbers, and each row's class.
// Not here: the features (fit.cc, transform.cc).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pellucid/preprocess.h"

namespace pellucid {

/// Index of the target column. Throws D11 (no such column, or none can be guessed), D20 (its cells are no single
/// values).
int find_target(const Table& table, const std::string& name);

struct TaskChoice {
  Task task;
  std::string reason;
};

/// Classification or regression, by the rule that Task::automatic states, from these rows.
TaskChoice choose_task(const Column& target, std::span<const std::int64_t> rows, Task wanted);

/// Throws D18 if any of these rows has no target.
void require_targets(const Table& table, const Column& target, std::span<const std::int64_t> rows);

/// Classes that occur in these rows: numbers by value, then words.
std::vector<std::string> classes_of(const Column& target, std::span<const std::int64_t> rows);

/// Class of every row of the table; -1 where the target is missing, -2 where its class is not among `classes`.
LargeVector<std::int32_t> labels_of(const Column& target, const std::vector<std::string>& classes);

}  // namespace pellucid
