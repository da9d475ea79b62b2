// Decides whether rows are streamed or the whole file is read. Not here: parsing (the library).
#include "app/cli/row_source.h"

#include <filesystem>

#include "app/cli/model_path.h"

namespace pellucid::app {
namespace {

// Whether the rows can be streamed: a CSV file by its name, or a pipe.
bool is_csv(std::string_view path) {
  std::error_code ignored;
  const std::filesystem::path file(path);
  if (path == "-") return true;
  if (!std::filesystem::is_regular_file(file, ignored)) return std::filesystem::is_other(file, ignored);
  if (path.ends_with(".gz")) path.remove_suffix(3);
  return path.ends_with(".csv") || path.ends_with(".tsv") || path.ends_with(".txt");
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
  read_as_trained(options, preprocessor);
  options.expected = preprocessor.target_names();
  if (is_csv(data)) {
    stream_ = std::make_unique<CsvStream>(data, types_of(preprocessor), options);
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
