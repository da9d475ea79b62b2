// Choosing between stream and whole file. Not here: parsing.
#include "row_source.h"

#include <filesystem>
#include <iostream>

#include "core/file.h"
#include "core/text.h"
#include "model_path.h"
#include "pellucid/error.h"

namespace pellucid::app {
namespace {

// Plain text by its name and its first bytes; a gzip file is read whole.
bool is_plain_csv(const std::string& path) {
  const std::string extension = std::filesystem::path(path).extension().string();
  if (extension != ".csv" && extension != ".tsv" && extension != ".txt") return false;
  std::ifstream in(path, std::ios::binary);
  return in && in.get() != 0x1f;
}

std::map<std::string, Column::Type> types_of(const Preprocessor& preprocessor) {
  std::map<std::string, Column::Type> types;
  for (const FittedColumn& column : preprocessor.columns) {
    if (column.shape.rank() == 0) {
      types[column.name] = takes_words(column) ? Column::Type::text : Column::Type::number;
    }
  }
  return types;
}

}  // namespace

RowSource::RowSource(const std::string& data, const Preprocessor& preprocessor, ReadOptions options) {
  options.forms = forms_of(preprocessor);
  if (data == "-") {
    stream_ = std::make_unique<CsvStream>(std::cin, "<stdin>", types_of(preprocessor), options);
  } else if (std::error_code ignored; std::filesystem::is_regular_file(data, ignored) && is_plain_csv(data)) {
    file_.open(data, std::ios::binary);
    if (!file_) throw cannot_open(data);
    stream_ = std::make_unique<CsvStream>(file_, data, types_of(preprocessor), options);
  } else {
    whole_ = read_rows_for(preprocessor, data, options);
  }
}

Table RowSource::next(std::int64_t rows) {
  if (stream_) return stream_->next(rows);
  Table table = std::move(*whole_);
  whole_ = Table();
  return table;
}

}  // namespace pellucid::app
