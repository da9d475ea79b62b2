// Functions of Preprocessor::fit that split also uses. Not here: applying the fitted preprocessing (transform.cc).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

#include "pellucid/preprocess.h"

namespace pellucid {

/// Throws U12 if a target is dropped or a count is negative, D11 for an unknown column.
void check_options(const Table& table, std::span<const int> targets, const PreprocessOptions& options);

/// Whether the column is used as a feature: it is not a target and not dropped.
bool is_feature(const Table& table, std::size_t column, std::span<const int> targets, const PreprocessOptions& options);

/// Those of `rows` that have no missing cell in a feature or target column.
LargeVector<std::int64_t> complete_rows(const Table& table, std::span<const std::int64_t> rows,
                                        std::span<const int> targets, const PreprocessOptions& options);

/// Calls Table::check and checks that these columns and rows exist. Throws U20, D23.
void check_parts(const Table& table, std::span<const int> targets,
                 std::initializer_list<std::span<const std::int64_t>> rows);

/// "id is not used: it numbers the rows", made from an entry of Preprocessor::left_out, "id: it numbers the rows".
std::string not_used_text(const Table& table, const std::string& left_out);

}  // namespace pellucid
