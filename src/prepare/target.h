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
/// classes, and D38 where one cannot be learned (learnable.h).
TaskChoice choose_task(const Table& table, std::span<const int> targets, std::span<const std::int64_t> rows,
                       Task wanted);

/// Throws D18 if any of these rows has no target.
void require_targets(const Table& table, const Column& target, std::span<const std::int64_t> rows);

/// Classes that occur in these rows, spellings put together (class_words.h): numbers by value, then words.
std::vector<std::string> classes_of(const Column& target, std::span<const std::int64_t> rows, bool as_written = false);

/// Whether each of the target's words is to be a class of its own: where it is said to be categorical.
bool are_as_written(const Column& target, const PreprocessOptions& options);

/// Class of every row of the table; -1 where the target is missing, -2 where its class is not among `classes`. A word
/// that is none of them but spells one of them is that one.
LargeVector<std::int32_t> labels_of(const Column& target, const std::vector<std::string>& classes);

}  // namespace pellucid
