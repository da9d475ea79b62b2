// Writes and compares notes about tables. Not here: their keys (prepare/data_key.cc).
#include "run/table_note.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/text.h"
#include "prepare/data_key.h"
#include "prepare/row_key.h"

namespace pellucid {
namespace {

constexpr std::size_t most_columns = 4096;  // with more columns, they are not noted individually
constexpr std::size_t most_classes = 50;    // with more classes, they are not noted

const char* type_name(const Column& column) {
  return column.type == Column::Type::text ? "words" : column.type == Column::Type::bytes ? "bytes" : "numbers";
}

Json note_of_columns(const Table& table) {
  Json columns = Json::array();
  std::uint64_t further = 0;
  for (const Column& column : table.columns) {
    const ColumnKey key = column_key(column, table.rows);
    if (columns.size() < most_columns) {
      columns.push_back({column.name, type_name(column), key_text(key.ordered), key_text(key.unordered)});
    } else {
      further = mixed_key(further, key.ordered);
    }
  }
  if (table.columns.size() > most_columns) columns.push_back({"all further columns", "", key_text(further), ""});
  return columns;
}

std::string split_key(const SplitPlan& plan) {
  std::uint64_t key = 0;
  for (const auto* part : {&plan.train, &plan.validation, &plan.test}) {
    key = mixed_key(key, part->size());
    for (const std::int64_t row : *part) key = mixed_key(key, static_cast<std::uint64_t>(row));
  }
  return key_text(key);
}

// One column of a note.
struct NotedColumn {
  std::string name, type, ordered, unordered;
};

std::vector<NotedColumn> columns_of(const Json& data) {
  std::vector<NotedColumn> columns;
  for (const Json& c : data.at("columns")) columns.push_back({c.at(0), c.at(1), c.at(2), c.at(3)});
  return columns;
}

const NotedColumn* find(const std::vector<NotedColumn>& columns, const std::string& name) {
  const auto found = std::ranges::find(columns, name, &NotedColumn::name);
  return found == columns.end() ? nullptr : &*found;
}

// Adds lines for columns that only one of the two tables has. A new column with the same cells as a missing one counts
// as renamed.
void add_names(std::vector<std::string>& lines, const std::vector<NotedColumn>& then,
               const std::vector<NotedColumn>& now) {
  std::set<std::string> explained;
  for (const NotedColumn& old : then) {
    if (find(now, old.name) != nullptr) continue;
    const auto renamed = std::ranges::find_if(now, [&](const NotedColumn& column) {
      return column.ordered == old.ordered && find(then, column.name) == nullptr && !explained.contains(column.name);
    });
    if (renamed == now.end()) {
      lines.push_back("column " + quote(old.name) + " is missing");
    } else {
      lines.push_back("column " + quote(old.name) + " is now called " + quote(renamed->name));
      explained.insert(renamed->name);
    }
  }
  for (const NotedColumn& column : now) {
    if (find(then, column.name) == nullptr && !explained.contains(column.name))
      lines.push_back("column " + quote(column.name) + " is new");
  }
}

void add_cells(std::vector<std::string>& lines, const std::vector<NotedColumn>& then,
               const std::vector<NotedColumn>& now) {
  std::vector<std::string> changed;
  bool moved = true;  // whether all columns that differ have the same cells in another order
  for (const NotedColumn& column : now) {
    const NotedColumn* old = find(then, column.name);
    if (old == nullptr || old->ordered == column.ordered) continue;
    const std::string name = "column " + quote(column.name);
    const auto other = std::ranges::find(then, column.ordered, &NotedColumn::ordered);
    moved = moved && old->unordered == column.unordered;
    if (old->type != column.type) {
      changed.push_back(fmt::format("{} contained {}, now it contains {}", name, old->type, column.type));
    } else if (other != then.end()) {
      changed.push_back(name + " contains the cells that " + quote(other->name) + " contained");
    } else {
      const bool same_cells = old->unordered == column.unordered;
      changed.push_back(name + (same_cells ? " has the same cells in another order" : " has other cells"));
    }
  }
  if (moved && changed.size() > 1) changed = {"the rows are in another order"};
  lines.insert(lines.end(), changed.begin(), changed.end());
}

void add_order(std::vector<std::string>& lines, const std::vector<NotedColumn>& then,
               const std::vector<NotedColumn>& now) {
  if (!lines.empty() || then.size() != now.size()) return;
  for (std::size_t c = 0; c < then.size(); ++c) {
    if (then[c].name == now[c].name) continue;
    lines.push_back(fmt::format("the columns are in another order: column {} was {}, now {}", c + 1,
                                quote(then[c].name), quote(now[c].name)));
    return;
  }
}

}  // namespace

std::vector<std::string> table_differences(const Json& then, const Json& now) {
  std::vector<std::string> lines;
  if (then.at("rows") != now.at("rows")) {
    const auto rows = [](const Json& data) { return count_text(data.at("rows").get<std::int64_t>()); };
    lines.push_back(fmt::format("rows: were {}, now {}", rows(then), rows(now)));
  }
  const std::vector<NotedColumn> old = columns_of(then), columns = columns_of(now);
  add_names(lines, old, columns);
  if (then.at("rows") == now.at("rows")) add_cells(lines, old, columns);
  add_order(lines, old, columns);
  for (const auto& [target, classes] : now.at("classes").items()) {
    const auto mine = then.at("classes").find(target);
    if (mine == then.at("classes").end() || *mine == classes) continue;
    const auto text = [](const Json& list) { return quote(join(list.get<std::vector<std::string>>(), ", "), 60); };
    lines.push_back(fmt::format("classes of {}: were {}, now {}", quote(target), text(*mine), text(classes)));
  }
  if (lines.empty() && then.at("split") != now.at("split")) {
    lines.push_back("the rows are split differently into training, validation and test rows");
  }
  return lines;
}

Json table_note(const Table& table, const SplitPlan& plan) {
  Json classes = Json::object();
  for (const FittedTarget& target : plan.preprocessor.targets) {
    if (!target.classes.empty() && target.classes.size() <= most_classes) classes[target.name] = target.classes;
  }
  return {{"rows", table.rows}, {"columns", note_of_columns(table)}, {"classes", classes}, {"split", split_key(plan)}};
}

}  // namespace pellucid
