// Columns of a table by name, for whoever looks up many of them. Not here: one look-up (Table::find).
#pragma once

#include <string_view>
#include <unordered_map>

#include "pellucid/table.h"

namespace pellucid {

class ColumnIndex {
 public:
  /// The table must outlive this, and keep its columns.
  explicit ColumnIndex(const Table& table) {
    places_.reserve(table.columns.size());
    for (std::size_t i = 0; i < table.columns.size(); ++i) places_.emplace(table.columns[i].name, static_cast<int>(i));
  }

  /// As Table::find.
  int find(std::string_view name) const noexcept {
    const auto found = places_.find(name);
    return found == places_.end() ? -1 : found->second;
  }

 private:
  std::unordered_map<std::string_view, int> places_;
};

}  // namespace pellucid
