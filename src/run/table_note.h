// What a run's checkpoint notes of its table and its split, and the words for another table.
// Not here: settings (the program's), the numbers that were made of the table (train/fingerprint.h).
#pragma once

#include "core/settings.h"
#include "pellucid/preprocess.h"

namespace pellucid {

/// Names, kinds and keys of all columns, classes, and which rows are for what.
Json table_note(const Table& table, const SplitPlan& plan);

/// What differs between two notes, a line each: columns by name, classes, rows; nothing where they are equal. Throws
/// Json::exception where one is no note.
std::vector<std::string> table_differences(const Json& then, const Json& now);

}  // namespace pellucid
