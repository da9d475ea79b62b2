// Preprocessors fitted on all rows of a table, and the rows they produce.
// Not here: the tests of preprocessing (tests/prepare).
#include "support/tables.h"

#include <numeric>

namespace pellucid::test {

std::vector<std::int64_t> all_rows(const Table& table) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(table.rows));
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

Preprocessor fitted(const Table& table, const PreprocessOptions& options) {
  return Preprocessor::fit(table, all_rows(table), options);
}

std::vector<float> row(const Dataset& data, std::int64_t r) {
  std::vector<float> values(static_cast<std::size_t>(data.row_shape().elements()));
  data.read_row(r, values.data());
  return values;
}

}  // namespace pellucid::test
