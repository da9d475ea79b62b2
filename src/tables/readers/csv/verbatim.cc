// Stores original cells as words of a dictionary, so that equal cells take memory once.
// Not here: the choice of the columns (ReadOptions::verbatim).
#include "tables/readers/csv/verbatim.h"

#include <utility>

namespace pellucid::csv {

Verbatim::Verbatim(const std::vector<std::string>& names, const std::set<std::string>& wanted) {
  for (std::size_t i = 0; i < names.size() && !wanted.empty(); ++i) {
    if (!wanted.contains(names[i])) continue;
    Copy& copy = copies_.emplace_back();
    copy.index = i;
    copy.column.name = names[i];
    copy.column.type = Column::Type::text;
  }
}

void Verbatim::add(const std::vector<Cell>& cells) {
  for (Copy& copy : copies_) copy.column.codes.push_back(copy.words.code(cells[copy.index].text(scratch_)));
}

std::vector<Column> Verbatim::take() {
  std::vector<Column> columns;
  for (Copy& copy : copies_) {
    Column& column = columns.emplace_back(std::move(copy.column));
    column.words = std::move(copy.words.words());
    copy.column = Column{.name = column.name, .type = Column::Type::text};
    copy.words = Dictionary();
  }
  return columns;
}

}  // namespace pellucid::csv
