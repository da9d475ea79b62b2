// Table: named columns as they stand in a file, before anything is learned from them; and reading one.
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

/// One column: a cell a row. A cell is a single number or word in a CSV, a block of `shape` numbers in IDX, NPY and
/// images.
struct Column {
  enum class Type {
    number,  ///< numbers[row · cell + i]; NaN: missing
    text,    ///< words[codes[row]]; code -1: missing
    bytes    ///< bytes[row · cell + i], 0 … 255; nothing is missing
  };
  std::string name{};
  Type type = Type::number;
  Shape shape{};  ///< of one cell; rank 0: a single value
  LargeVector<double> numbers{};
  LargeVector<std::int32_t> codes{};
  std::vector<std::string> words{};  ///< distinct, in order of first appearance
  LargeVector<std::uint8_t> bytes{};
  bool integers = false;  ///< number: every present cell was written without point or exponent
  std::string form{};     ///< number: an example of how they are written, "$1,234.5", "1.234,5"; "": plainly
  /// Of a CSV: how missing cells were spelled (without blanks around it, so "" is blank), and how many of each.
  std::map<std::string, std::int64_t> missing{};

  std::int64_t cell() const { return shape.elements(); }
};

/// Which cells of a CSV count as missing, beside blank ones.
struct MissingWords {
  /// The usual spellings do (is_missing), and beside numbers and dates also none, unknown, n/a, - and their like.
  /// false: blank cells only, so that NA may be Namibia.
  bool usual = true;
  /// So does each of these, in any column; "price:POA" in the column price. Compared as they are written.
  std::set<std::string> words{};

  bool operator==(const MissingWords&) const = default;
};

/// Columns of equal length, and where they came from (for messages). Cheap to move, copied only on purpose.
class Table {
 public:
  std::string source;  ///< "houses.csv", "<stdin>", "<memory>"
  std::vector<Column> columns;
  std::int64_t rows = 0;
  std::int64_t validation_rows = 0;  ///< the rows before those are given validation rows (a folder val)
  std::int64_t test_rows = 0;  ///< the last test_rows rows are given test rows (MNIST's t10k, train.csv with --test)
  /// Line of the file where each row begins (1 = first; 0: unknown); empty: no lines.
  LargeVector<std::uint32_t> lines;

  struct Part {
    std::int64_t first_row;
    std::string source;
    bool single = false;  ///< the source is this one row: an image
  };
  std::vector<Part> parts;       ///< what was appended, so that place() names the file a row came from
  std::vector<Column> verbatim;  ///< of a CSV: words as they stand in the file, of the columns that were asked for
  MissingWords missing_words{};  ///< of a CSV: as asked for, and words among its dates and codes that mean nothing
  std::vector<Finding> notes;    ///< what reading found: D26 images of several sizes, D51 lines that were skipped …
  /// The settings of reading that apply to the file's format, each with what was found in the file: "delimiter" →
  /// ";", "header" → "yes", "image_size" → "28x28"; "" where nothing is looked for. Empty for rows that were made in
  /// memory and for formats without such settings (IDX, NPY, NPZ).
  std::map<std::string, std::string> read_as;

  /// Index of the column, or -1.
  int find(std::string_view name) const noexcept;
  /// Index of the column; throws D11 with the nearest name.
  int require(std::string_view name) const;
  /// "houses.csv:412" where lines are known, else "houses.csv, row 411" (rows count from 1).
  std::string place(std::int64_t row) const;
  /// Appends the rows of `other`, whose columns must be the same by name, type and shape (text dictionaries are merged;
  /// order may differ; a column without a present cell fits text too; further columns of `other` are ignored).
  /// Throws D20, U20.
  void append(const Table& other);
  /// Throws U20 where columns are not as long as `rows` says, a code stands for no word, or there are more test rows
  /// than rows; D23 where two columns have one name. All that learn from a table or look at one call it first: a table
  /// may be anybody's work.
  void check() const;
};

struct ReadOptions {
  char delimiter = 0;                          ///< 0: found from the first lines among , ; tab |
  int header = -1;                             ///< 1 yes, 0 no (columns are named c1, c2, …), -1: found
  std::int64_t skip_rows = -1;                 ///< lines above the header (without one: above the first row) to pass
                                               ///< over; -1: lines of titles, units and totals are found, which notes
                                               ///< D51 tell, and "sep=;"
  int quote = -1;                              ///< what encloses cells; 0: nothing does; -1: '"', and quotes that
                                               ///< enclose what looks like rows of the table throw D52
  std::string encoding = "auto";               ///< auto | utf-8 | cp1252 | utf-16. auto: UTF-8 or what a mark at the
                                               ///< start says; cp1252 where the first bytes above 127 are not UTF-8,
                                               ///< which a note D50 tells
  std::vector<std::string> expected{};         ///< names of columns: a line that holds them is the header
  bool missing_error = false;                  ///< a missing cell throws D14 instead of being kept as missing
  std::map<std::string, AskedKind> kinds{};    ///< column -> what it holds. number: an ambiguous comma is a thousands
                                               ///< mark; text keeps "007" as it is; the other kinds are read as text
  std::set<std::string> verbatim{};            ///< columns whose cells are also kept as they stand in the CSV
  MissingWords missing_words{};                ///< which cells of a CSV are missing
  std::set<std::string> without{};             ///< columns of a CSV whose cells are passed over: each is missing
  std::map<std::string, std::string> forms{};  ///< column -> Column::form of its numbers, or the name of a DateForm;
                                               ///< other columns are read as their cells show
  std::string format{};                        ///< "csv", "idx", "images", "npy", "npz"; "": by content and name
  std::int64_t image_height = 0, image_width = 0;  ///< images are resized to this; 0: all must be of one size
  int image_channels = 0;                          ///< 1 grey, 3 colour, 0: grey if all images are
};

/// Reads .csv .tsv (blank lines are no rows, except in a single column, where the cell is missing; a column is numbers
/// if all its present cells are, text if more than a tenth are not; numbers with marks, "$1,200", "1.234,5", "5 kg",
/// "45%" (which is 45), if all its cells are and can be read in one way only, which a note D28 tells; in a column of
/// dates, cells that are none are missing up to a tenth; RFC 4180 quotes with embedded newlines, BOM, CRLF, .gz by
/// content), an IDX file, an IDX pair by its images file, or a folder in MNIST's layout (t10k files become test rows),
/// .npy, .npz (keys x,y or x_train,y_train,x_test, y_test), a PNG or JPEG (image.h), a folder of them, a folder with a
/// folder for each class, or one with two such folders, train and test (the latter's images become test rows). "-"
/// reads CSV from standard input. IDX images become the column "pixels" (bytes, 28x28), labels "label"; so do PNG and
/// JPEG (28x28, in colour 28x28x3), the label being the name of the class folder, in order of folder and file name;
/// images without class folders have a column "file" instead. Hidden files are passed over, files that are no images
/// are left out with a note. Throws D10 (cannot open; a directory; empty), D12 (not a number, or one of two, with
/// file:line and column), D13 (ragged row), D14 (missing cell), D15 (inf), D16 (damaged or truncated), D17 (no rows),
/// D23 (two columns of one name), D26 (images of several sizes), D27 (an image that is not read), M02 (no memory).
Table read_table(const std::string& path, const ReadOptions& options = {});

/// The same for CSV text in memory; `name` is used in messages.
Table read_csv(std::string_view text, const std::string& name = "<memory>", const ReadOptions& options = {});

/// Reads CSV rows piece by piece: `predict` streams a pipe through it. Types are those of `columns` (name -> type), not
/// found anew; columns that are not named there are kept as text. Throws as read_table.
class CsvStream {
 public:
  CsvStream(std::istream& in, std::string name, std::map<std::string, Column::Type> types, ReadOptions options = {});
  /// A file, packed or not, or "-": rows of a pipe are given as soon as they are there. Throws D10.
  CsvStream(const std::string& path, std::map<std::string, Column::Type> types, ReadOptions options = {});
  CsvStream(const CsvStream&) = delete;
  CsvStream& operator=(const CsvStream&) = delete;
  ~CsvStream();
  /// Up to `rows` further rows; an empty table (rows == 0, columns named) at the end.
  Table next(std::int64_t rows);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The usual spellings: "" and blanks alone, NaN in any case, NA, N/A, null, NULL, ?, and what programs write for a
/// missing value: \N, <NA>, NaT, #N/A, #DIV/0!, 1.#QNAN …
bool is_missing(std::string_view cell) noexcept;

}  // namespace pellucid
