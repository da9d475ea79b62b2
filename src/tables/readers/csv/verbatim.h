// Verbatim: cells of some columns as they stand in the file, beside what they are read as.
// Not here: what they are read as (column_reader.h).
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

  /// The cells of a row.
  void add(const std::vector<Cell>& cells);
  /// Table::verbatim; nothing is left here.
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
