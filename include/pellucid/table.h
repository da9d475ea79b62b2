// Table: named columns with the contents of a file, before anything is learned from them; and reading files.
// Not here: scaling, encoding, splitting (preprocess.h), batches (dataset.h).
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/column_kind.h"
#include "pellucid/finding.h"
#include "pellucid/large_vector.h"
#include "pellucid/tensor.h"

namespace PELLUCID_EXPORT pellucid {

/// One column, with one cell per row. In a CSV file a cell is a single number or word; in IDX, NPY and images it is an
/// array of numbers with shape `shape`.
struct Column {
  enum class Type {
    number,  ///< numbers[row · cell + i]; NaN: missing
    text,    ///< words[codes[row]]; code -1: missing
    bytes    ///< bytes[row · cell + i], 0 … 255; nothing is missing
  };
  std::string name{};
  Type type = Type::number;
  Shape shape{};  ///< shape of one cell; rank 0: a single value
  LargeVector<double> numbers{};
  LargeVector<std::int32_t> codes{};
  std::vector<std::string> words{};  ///< the distinct words, in the order in which they first appear
  LargeVector<std::uint8_t> bytes{};
  bool integers = false;  ///< for numbers: every present cell was written without a decimal point or exponent
  /// for numbers: an example of how they are written, such as "$1,234.5" or "1.234,5"; "": plain numbers
  std::string form{};
  /// For a CSV file: how missing cells were written (without surrounding blanks, so "" means a blank cell), and how
  /// many cells.
  std::map<std::string, std::int64_t> missing{};

  std::int64_t cell() const { return shape.elements(); }
};

/// Which cells of a CSV file count as missing, in addition to blank ones.
struct MissingWords {
  /// true: the usual words too (see is_missing), and in columns of numbers or dates also none, unknown, n/a, - and
  /// similar words. false: only blank cells, so that NA can mean Namibia.
  bool usual = true;
  /// Additional words, compared exactly, numbers by value: "-999" in any column, "price:POA" only in the column price.
  std::set<std::string> words{};

  bool operator==(const MissingWords&) const = default;
};

/// Columns of equal length, and the origin of each row (for messages). Cheap to move; copying copies all cells.
class Table {
 public:
  std::string source;  ///< "houses.csv", "<stdin>", "<memory>"
  std::vector<Column> columns;
  std::int64_t rows = 0;
  /// number of given validation rows, which come directly before the test rows (a folder val)
  std::int64_t validation_rows = 0;
  /// number of given test rows, the last ones of the table (MNIST's t10k, train.csv with --test)
  std::int64_t test_rows = 0;
  /// For each row the line of the file where it begins (from 1; 0: unknown). Empty: the source has no lines.
  LargeVector<std::uint32_t> lines;

  struct Part {
    std::int64_t first_row;
    std::string source;
    bool single = false;  ///< the source is a single row: an image
  };
  std::vector<Part> parts;       ///< the tables that were appended, so that place() can name the file of a row
  std::vector<Column> verbatim;  ///< for a CSV: cells exactly as in the file, of the columns in ReadOptions::verbatim
  /// for a CSV: the words of ReadOptions, and words found among dates and codes that mean "missing"
  MissingWords missing_words{};
  std::vector<Finding> notes;  ///< findings of reading: D26 images of several sizes, D51 lines that were skipped …
  /// The settings of reading that apply to the file's format, each with what was found in the file: "delimiter" →
  /// ";", "header" → "yes", "image_size" → "28x28"; "" where nothing is looked for. Empty for rows that were made in
  /// memory and for formats without such settings (IDX, NPY, NPZ).
  std::map<std::string, std::string> read_as;

  /// Index of the column, or -1.
  int find(std::string_view name) const noexcept;
  /// Index of the column; throws D11 and suggests the nearest name.
  int require(std::string_view name) const;
  /// "houses.csv:412" if lines are known, else "houses.csv, row 411" (rows count from 1).
  std::string place(std::int64_t row) const;
  /// Appends the rows of `other`. It must have all columns of this table with the same type and shape; their order may
  /// differ, additional columns are ignored, words get the codes of this table, and a column without a present cell
  /// also matches a text column. Throws D20, U20.
  void append(const Table& other);
  /// Checks that the table is consistent; every function that learns from a table calls it first. Throws U20 if a
  /// column does not have `rows` cells, a code has no word, or there are more test rows than rows; D23 if two columns
  /// have the same name.
  void check() const;
};

struct ReadOptions {
  char delimiter = 0;  ///< 0: detected from the first lines; one of , ; tab |
  int header = -1;     ///< 1: there is a header; 0: there is none (columns are named c1, c2, …); -1: detected
  /// number of lines to skip before the header (without a header: before the first row). -1: lines with titles, units
  /// and totals are detected (note D51), and so is "sep=;"
  std::int64_t skip_rows = -1;
  /// character that encloses cells; 0: none; -1: '"', and a quoted cell that contains what looks like rows of the table
  /// throws D52
  int quote = -1;
  /// auto | utf-8 | cp1252 | utf-16. auto: as a byte-order mark says, otherwise UTF-8, or cp1252 if the first bytes
  /// above 127 are not valid UTF-8 (note D50)
  std::string encoding = "auto";
  std::vector<std::string> expected{};  ///< expected column names: a line that contains them is the header
  bool missing_error = false;           ///< true: a missing cell throws D14; false: it is kept as missing
  /// column -> kind. number: an ambiguous comma is a thousands separator; text: "007" stays as it is; columns of the
  /// other kinds are read as text
  std::map<std::string, AskedKind> kinds{};
  /// columns whose cells are also stored exactly as in the CSV file (Table::verbatim)
  std::set<std::string> verbatim{};
  MissingWords missing_words{};     ///< which cells of a CSV file count as missing
  std::set<std::string> without{};  ///< columns of a CSV file whose cells are not read; all of them are missing
  /// column -> the format of its cells: Column::form of numbers, or the name of a DateForm. Formats of other columns
  /// are detected
  std::map<std::string, std::string> forms{};
  std::string format{};  ///< "csv", "idx", "images", "npy", "npz"; "": by content and name
  /// images are resized to this; 0: all images must have the same size
  std::int64_t image_height = 0, image_width = 0;
  int image_channels = 0;  ///< 1: grey; 3: colour; 0: grey if all images are grey, otherwise colour
};

/// Reads a file or a folder. `path` may be
/// - a .csv or .tsv file, also packed as .gz (recognised by its content); "-" reads CSV from standard input;
/// - an IDX file, the images file of an IDX pair, or a folder in MNIST's layout (the t10k files become test rows);
/// - an .npy file, or an .npz file with the keys x, y or x_train, y_train, x_test, y_test;
/// - a PNG or JPEG file (image.h), a folder of them, a folder with one folder per class, or a folder that contains two
///   such folders named train and test (images in test become test rows).
/// CSV: RFC 4180 quotes with line breaks inside, byte-order mark and CRLF are understood. Blank lines are not rows,
/// except in a file with a single column, where they are missing cells. A column is numeric if all its present cells
/// are numbers, and text if more than a tenth are not. Numbers with separators or units ("$1,200", "1.234,5", "5 kg",
/// "45%", which is 45) are read as numbers if all cells of the column are such numbers and can be read in one way only
/// (note D28). In a date column, up to a tenth of the cells may be no dates; they are missing.
/// Images: IDX images become the column "pixels" (bytes, 28x28) and their labels the column "label". PNG and JPEG
/// images become the same columns (28x28, or 28x28x3 in colour), in the order of folder and file name; the label is the
/// name of the class folder. Without class folders there is a column "file" instead. Hidden files are skipped; files
/// that are not images are left out, with a note.
/// Throws D10 (cannot open; empty), D12 (not a number, or ambiguous; the message names file:line and column), D13
/// (ragged row), D14 (missing cell), D15 (infinite number), D16 (damaged or truncated), D17 (no rows), D23 (two columns
/// with the same name), D26 (images with different sizes), D27 (an image that cannot be read), M02.
Table read_table(const std::string& path, const ReadOptions& options = {});

/// Reads CSV text in memory; `name` is used in messages. Throws as read_table.
Table read_csv(std::string_view text, const std::string& name = "<memory>", const ReadOptions& options = {});

/// Reads CSV rows in pieces, for files that do not fit into memory and for pipes. `types` sets the type of each column
/// (name -> type); columns that are not listed are read as text. Throws as read_table. Not thread-safe.
class CsvStream {
 public:
  CsvStream(std::istream& in, std::string name, std::map<std::string, Column::Type> types, ReadOptions options = {});
  /// Reads a file (also packed as .gz), or standard input for "-"; rows of a pipe are available as soon as they arrive.
  /// Throws D10.
  CsvStream(const std::string& path, std::map<std::string, Column::Type> types, ReadOptions options = {});
  CsvStream(const CsvStream&) = delete;
  CsvStream& operator=(const CsvStream&) = delete;
  ~CsvStream();
  /// The next rows, at most `rows`. At the end: a table with its columns but without rows.
  Table next(std::int64_t rows);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Whether the cell is one of the usual words for a missing value: empty or only blanks, NaN in any letter case, NA,
/// N/A, null, NULL, ?, and what programs write: \N, <NA>, NaT, #N/A, #DIV/0!, 1.#QNAN …
bool is_missing(std::string_view cell) noexcept;

}  // namespace pellucid
