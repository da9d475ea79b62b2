// RowSource: the rows to predict, piece by piece: a CSV is streamed, other formats are read whole.
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
  /// `data` is a path or "-". Throws as read_table.
  RowSource(const std::string& data, const Preprocessor& preprocessor, ReadOptions options);

  /// Up to `rows` further rows (all of them for what cannot be streamed); an empty table at the end.
  Table next(std::int64_t rows);

 private:
  std::unique_ptr<CsvStream> stream_;
  std::optional<Table> whole_;
};

}  // namespace pellucid::app
