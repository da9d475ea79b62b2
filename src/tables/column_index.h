// Index of a table's columns by name, for code that looks up many names. Not here: a single look-up (Table::find).
#pragma once

#include <string_view>
#include <unordered_map>

#include "pellucid/table.h"

namespace pellucid {

class ColumnIndex {
 public:
  /// The table must outlive the index, and its columns must not change.
  explicit ColumnIndex(const Table& table) {
    places_.reserve(table.columns.size());
    for (std::size_t i = 0; i < table.columns.size(); ++i) places_.emplace(table.columns[i].name, static_cast<int>(i));
  }

  /// Position of the column, or -1, like Table::find.
  int find(std::string_view name) const noexcept {
    const auto found = places_.find(name);
    return found == places_.end() ? -1 : found->second;
  }

 private:
  std::unordered_map<std::string_view, int> places_;
};

}  // namespace pellucid
