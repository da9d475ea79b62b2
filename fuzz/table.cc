// Fuzz target: reads arbitrary bytes as a CSV table, whole and in pieces; fits, transforms, stores and reads it back.
// Not here: seed inputs (fuzz/corpus, tests/strange), running it (./dev fuzz).
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <sstream>
#include <string>

#include "pellucid/error.h"
#include "pellucid/preprocess.h"
#include "pellucid/table.h"

namespace pellucid {
namespace {

// Aborts if a property does not hold, so that libFuzzer keeps the input.
void require(bool holds) {
  if (!holds) std::abort();
}

void require_same(const Table& table, const Table& streamed) {
  require(streamed.rows == table.rows && streamed.columns.size() == table.columns.size());
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const Column& a = table.columns[c];
    const Column& b = streamed.columns[c];
    require(a.name == b.name && a.type == b.type && a.numbers.size() == b.numbers.size());
    for (std::size_t i = 0; i < a.numbers.size(); ++i) {
      require(a.numbers[i] == b.numbers[i] || (std::isnan(a.numbers[i]) && std::isnan(b.numbers[i])));
    }
    for (std::size_t i = 0; i < a.codes.size(); ++i) {
      require((a.codes[i] < 0) == (b.codes[i] < 0));
      require(a.codes[i] < 0 || a.words[a.codes[i]] == b.words[b.codes[i]]);
    }
  }
}

// A stream that is told the columns must read the same as the whole table.
void read_again(const std::string& text, const Table& table) {
  std::map<std::string, Column::Type> types;
  ReadOptions options;
  for (const Column& column : table.columns) {
    types[column.name] = column.type;
    options.forms[column.name] = column.form;
  }
  options.missing_words = table.missing_words;
  std::istringstream in(text);
  try {
    CsvStream stream(in, "fuzz", types, options);
    Table all = stream.next(std::int64_t{1} << 40);
    if (all.columns.size() == table.columns.size() && all.rows == table.rows) require_same(table, all);
  } catch (const Error&) {  // a stream guesses delimiter and header from one line, and may guess differently
  }
}

// Fits a preprocessor with the last columns as targets.
void learn(const Table& table, PreprocessOptions options, std::size_t targets) {
  std::vector<std::string> names;
  for (std::size_t t = std::min(targets, table.columns.size()); t > 0; --t) {
    names.push_back(table.columns[table.columns.size() - t].name);
  }
  options.target = names;
  std::vector<std::int64_t> rows(static_cast<std::size_t>(table.rows));
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  const Preprocessor found = Preprocessor::fit(table, rows, options);
  const std::string json = found.to_json();
  const Preprocessor again = Preprocessor::from_json(json);
  require(again.to_json() == json);
  require(static_cast<std::int64_t>(again.feature_names().size()) == again.row_shape().elements());
  const Dataset data = again.transform(table);
  std::vector<float> row(static_cast<std::size_t>(data.row_shape().elements()));
  for (std::int64_t r = 0; r < data.rows(); ++r) {
    data.read_row(r, row.data());
    for (const float x : row) require(std::isfinite(x));
  }
}

void use(const std::string& text) {
  Table table;
  try {
    table = read_csv(text, "fuzz");
  } catch (const Error&) {
    return;
  }
  require(table.rows > 0 && static_cast<std::int64_t>(table.lines.size()) == table.rows);
  read_again(text, table);
  const std::string& first = table.columns.front().name;
  const std::size_t kinds = choices_of<AskedKind>().size() - 1;  // the last one, text, is of reading alone
  const PreprocessOptions choices[] = {
      {},
      {.kinds = {{first, static_cast<AskedKind>(text.size() % kinds)}},
       .scale = Scaling::robust,
       .missing = MissingCells::mean},
      {.task = Task::regression, .scale = Scaling::minmax, .missing = MissingCells::most_frequent}};
  for (const PreprocessOptions& options : choices) {
    for (const std::size_t targets : {1, 2, 3}) {
      try {
        learn(table, options, targets);
      } catch (const Error&) {
      }
    }
  }
}

}  // namespace
}  // namespace pellucid

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pellucid::use(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
