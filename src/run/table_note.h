// The note about table and split in a checkpoint, and the differences between two such notes as text.
// Not here: settings (resume.h), the fingerprint of the features (train/fingerprint.h).
#pragma once

#include "core/settings.h"
#include "pellucid/preprocess.h"

namespace pellucid {

/// Names, kinds and hash keys of all columns, the classes, and the rows of each split.
Json table_note(const Table& table, const SplitPlan& plan);

/// The differences between two notes, one line per difference: columns by name, classes, rows. Empty if they are equal.
/// Throws Json::exception for JSON that is not a note.
std::vector<std::string> table_differences(const Json& then, const Json& now);

}  // namespace pellucid
