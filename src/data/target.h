// What is to be learned: which columns, whether classes or numbers, and each row's class.
// Not here: the features (fit.cc, transform.cc); find_targets is public.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pellucid/preprocess.h"

namespace pellucid {

struct TaskChoice {
  Task task;
  std::string reason;
};

/// Classification or regression, by the rule that Task::automatic states, from these rows.
TaskChoice choose_task(const Column& target, std::span<const std::int64_t> rows, Task wanted);
/// The same of all targets together. Throws D33 where there are several and they are neither all numbers nor all of two
/// classes.
TaskChoice choose_task(const Table& table, std::span<const int> targets, std::span<const std::int64_t> rows,
                       Task wanted);

/// Throws D18 if any of these rows has no target.
void require_targets(const Table& table, const Column& target, std::span<const std::int64_t> rows);

/// Classes that occur in these rows: numbers by value, then words.
std::vector<std::string> classes_of(const Column& target, std::span<const std::int64_t> rows);

/// Class of every row of the table; -1 where the target is missing, -2 where its class is not among `classes`.
LargeVector<std::int32_t> labels_of(const Column& target, const std::vector<std::string>& classes);

}  // namespace pellucid
