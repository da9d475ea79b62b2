// The target: which columns, classification or regression, and the class of each row.
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

/// Chooses classification or regression from these rows, by the rule documented at Task::automatic.
TaskChoice choose_task(const Column& target, std::span<const std::int64_t> rows, Task wanted);
/// The task of all targets together. Throws D33 if several targets are neither all numeric nor all of two classes, and
/// D38 if one cannot be learned (learnable.h).
TaskChoice choose_task(const Table& table, std::span<const int> targets, std::span<const std::int64_t> rows,
                       Task wanted);

/// Throws D18 if the target is missing in one of these rows.
void require_targets(const Table& table, const Column& target, std::span<const std::int64_t> rows);

/// Classes in these rows, sorted: numbers by value, then words. Spellings of one class are merged (class_words.h).
std::vector<std::string> classes_of(const Column& target, std::span<const std::int64_t> rows, bool as_written = false);

/// Whether every word is a class of its own, because the user declared the target categorical.
bool are_as_written(const Column& target, const PreprocessOptions& options);

/// The class of every row of the table, as an index into `classes`; -1: the target is missing, -2: its class is not in
/// the list. Other spellings of a class count as that class.
LargeVector<std::int32_t> labels_of(const Column& target, const std::vector<std::string>& classes);

}  // namespace pellucid
