// RowSource: reads the rows to predict in pieces. CSV is streamed; files of other formats are read whole.
// Not here: predictions (app/commands/predict.cc).
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "pellucid/preprocess.h"
#include "pellucid/table.h"

namespace pellucid::app {

class RowSource {
 public:
  /// `data` is a path, or "-" for standard input. Throws the errors of read_table.
  RowSource(const std::string& data, const Preprocessor& preprocessor, ReadOptions options);

  /// The next rows, at most `rows` (all rows if the format cannot be streamed); an empty table at the end.
  Table next(std::int64_t rows);

 private:
  std::unique_ptr<CsvStream> stream_;
  std::optional<Table> whole_;
};

}  // namespace pellucid::app
