// The functions of pellucid_c.h about tables. Not here: reading files (tables/readers/).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "c_interface/handles.h"
#include "c_interface/last_error.h"
#include "core/text.h"
#include "pellucid/table_predictor.h"
#include "tables/missing.h"

using namespace pellucid;
using namespace pellucid::c;

namespace {

// A column without cells; refuses a name that is taken and a wrong number of cells.
Column new_column(const Table& table, const char* name, const void* cells, size_t count, Column::Type type) {
  Column column{.name = &given(name, "name"), .type = type};
  if (cells == nullptr && count > 0)
    throw Error("U39", "the cells of the column " + quote(column.name) + " are a null pointer");
  if (static_cast<std::int64_t>(count) != table.rows) {
    throw Error("U20", fmt::format("the column {} has {} cells, the table has {}", quote(column.name), count,
                                   plural(table.rows, "row")));
  }
  if (table.find(name) >= 0) throw Error("D23", "two columns are named " + quote(column.name));
  return column;
}

Column numbers_of(Column column, const double* numbers, size_t count) {
  const auto infinite = std::find_if(numbers, numbers + count, [](double x) { return std::isinf(x); });
  if (infinite != numbers + count) {
    throw Error("D15",
                fmt::format("row {}, column {}: the number is infinite", infinite - numbers + 1, quote(column.name)));
  }
  column.numbers.assign(numbers, numbers + count);
  column.integers = std::all_of(numbers, numbers + count, [](double x) { return std::isnan(x) || x == std::floor(x); });
  return column;
}

Column words_of(Column column, const MissingWords& missing, const char* const* words, size_t count) {
  const MissingRule rule(missing, column.name);
  std::unordered_map<std::string_view, std::int32_t> known;
  column.codes.reserve(count);
  for (size_t row = 0; row < count; ++row) {
    const char* const word = words[row];
    if (word == nullptr || rule.anywhere(word)) {
      column.codes.push_back(-1);
      continue;
    }
    const auto [found, is_new] = known.emplace(word, static_cast<std::int32_t>(column.words.size()));
    if (is_new) column.words.emplace_back(word);
    column.codes.push_back(found->second);
  }
  return column;
}

// The predictions of some rows, as pellucid_predict() orders the numbers of each. Returns where the next row begins.
double* write(std::span<const TargetPredictions> predictions, std::int64_t rows, double* to) {
  const bool several = predictions.size() > 1;
  for (std::int64_t r = 0; r < rows; ++r) {
    for (const TargetPredictions& target : predictions) {
      if (target.class_names.empty()) {
        *to++ = target.values[static_cast<size_t>(r)];
      } else {
        const std::span<const double> p = target.probabilities_of(r);
        to = std::ranges::copy(several ? p.subspan(1) : p, to).out;
      }
    }
  }
  return to;
}

}  // namespace

extern "C" {

pellucid_table* pellucid_table_new(size_t rows) {
  return guarded<pellucid_table*>(nullptr, [&] {
    product(rows, sizeof(double));
    auto table = std::make_unique<pellucid_table>();
    table->table.source = "<memory>";
    table->table.rows = static_cast<std::int64_t>(rows);
    return table.release();
  });
}

void pellucid_table_free(pellucid_table* table) {
  delete table;
}

int pellucid_table_numbers(pellucid_table* table, const char* name, const double* numbers, size_t count) {
  return guarded(PELLUCID_FAILED, [&] {
    Table& to = given(table, "table").table;
    to.columns.push_back(numbers_of(new_column(to, name, numbers, count, Column::Type::number), numbers, count));
    return 0;
  });
}

int pellucid_table_words(pellucid_table* table, const char* name, const char* const* words, size_t count) {
  return guarded(PELLUCID_FAILED, [&] {
    Table& to = given(table, "table").table;
    to.columns.push_back(
        words_of(new_column(to, name, words, count, Column::Type::text), to.missing_words, words, count));
    return 0;
  });
}

int pellucid_predict_table(const pellucid_model* model, const pellucid_table* table, double* outputs, size_t capacity) {
  return guarded(PELLUCID_FAILED, [&] {
    const LoadedModel& loaded = *given(model, "model").loaded;
    const Table& rows = given(table, "table").table;
    TablePredictor predictor(loaded.model);
    if (loaded.outputs == 0)
      throw Error("U33", "the model has several heads, whose predictions are not one list of numbers");
    require_room(outputs, capacity, product(static_cast<size_t>(rows.rows), loaded.outputs));
    double* to = outputs;
    predictor.predict(rows, [&](std::int64_t, std::int64_t count, auto predictions) {
      to = write(predictions, count, to);
      return true;
    });
    return 0;
  });
}
}
