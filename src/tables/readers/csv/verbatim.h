// Verbatim: keeps the original text of the cells of some columns.
// Not here: the values that the cells are read as (column_reader.h).
#pragma once

#include <set>
#include <string>
#include <vector>

#include "pellucid/table.h"
#include "tables/readers/csv/dictionary.h"
#include "tables/readers/csv/scanner.h"

namespace pellucid::csv {

class Verbatim {
 public:
  Verbatim(const std::vector<std::string>& names, const std::set<std::string>& wanted);

  /// Adds the cells of a row.
  void add(const std::vector<Cell>& cells);
  /// Returns the columns for Table::verbatim and begins again without rows.
  std::vector<Column> take();

 private:
  struct Copy {
    std::size_t index;
    Column column;
    Dictionary words;
  };
  std::vector<Copy> copies_;
  std::string scratch_;
};

}  // namespace pellucid::csv
