// What a checkpoint notes about the table and the split, and how another table differs, in words.
// Not here: settings (resume.h), the numbers made of the table (train/fingerprint.h).
#pragma once

#include "core/settings.h"
#include "pellucid/preprocess.h"

namespace pellucid {

/// Names, kinds and hash keys of all columns, the classes, and the rows of each split.
Json table_note(const Table& table, const SplitPlan& plan);

/// The differences between two notes, one line per difference: columns by name, classes, rows. Empty where they are
/// equal. Throws Json::exception for JSON that is not a note.
std::vector<std::string> table_differences(const Json& then, const Json& now);

}  // namespace pellucid
