// Reads IDX, the format of MNIST: a file of bytes with 1 to 3 dimensions, a pair of images and labels, or a folder with
// such pairs. Not here: decompressing gzip (tables/source.cc), pixels as features (prepare/fit.cc).
#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "core/large_data.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "tables/readers/format.h"
#include "tables/source.h"

namespace pellucid {

namespace idx {
namespace {

namespace fs = std::filesystem;

constexpr unsigned char type_byte = 0x08;  // unsigned bytes; no known data set uses the other types (0x09 … 0x0E)

/// An open IDX file whose header has been read.
struct File {
  Source source;
  std::vector<std::int64_t> extents;  // dimensions, number of rows first

  explicit File(const std::string& path);
  std::int64_t rows() const { return extents.front(); }
  Shape row_shape() const { return Shape(std::span(extents).subspan(1)); }
  std::int64_t bytes() const { return rows() * row_shape().elements(); }
  void read_all(std::uint8_t* out);
};

File::File(const std::string& path) : source(path) {
  unsigned char magic[4];
  source.read_exactly(magic, sizeof magic);
  if (magic[0] != 0 || magic[1] != 0 || magic[3] < 1 || magic[3] > 3) {
    throw Error("D16", path + " is not an IDX file with 1 to 3 dimensions");
  }
  if (magic[2] != type_byte) {
    throw Error("D16",
                fmt::format("{} contains IDX type 0x{:02x}; only 0x08 (unsigned bytes) can be read", path, magic[2]));
  }
  std::uint64_t total = 1;
  for (int i = 0; i < magic[3]; ++i) {
    unsigned char big_endian[4];
    source.read_exactly(big_endian, sizeof big_endian);
    std::uint32_t extent = 0;
    for (const unsigned char byte : big_endian) extent = extent << 8 | byte;
    if (i > 0 && extent == 0) throw Error("D16", path + " has rows without bytes");
    extents.push_back(extent);
    if (extent > 0 && total > source.at_most() / extent) {
      throw Error("D16", path + " is truncated: its header says more bytes than the file contains");
    }
    total *= extent;
  }
  if (rows() == 0) throw Error("D17", path + " has no rows");
}

void File::read_all(std::uint8_t* out) {
  source.read_exactly(out, static_cast<std::size_t>(bytes()));
  char more;
  if (source.read(&more, 1) != 0) throw Error("D16", source.name() + " contains more bytes than its header says");
}

Column pixels_of(std::vector<File*> files) {
  Column column;
  column.name = "pixels";
  column.type = Column::Type::bytes;
  column.shape = files.front()->row_shape();
  std::int64_t total = 0;
  for (File* file : files) {
    if (!(file->row_shape() == column.shape)) {
      throw Error("D16", fmt::format("{} contains images of {}, but {} of {}", files.front()->source.name(),
                                     column.shape.text(), file->source.name(), file->row_shape().text()));
    }
    total += file->bytes();
  }
  require_large_data(static_cast<double>(total), files.front()->source.name());
  column.bytes.resize(static_cast<std::size_t>(total));
  std::uint8_t* out = column.bytes.data();
  for (File* file : files) {
    file->read_all(out);
    out += file->bytes();
  }
  return column;
}

Column labels_of(const std::vector<File*>& files) {
  Column column;
  column.name = "label";
  column.integers = true;
  for (File* file : files) {
    std::vector<std::uint8_t> labels(static_cast<std::size_t>(file->rows()));
    file->read_all(labels.data());
    column.numbers.insert(column.numbers.end(), labels.begin(), labels.end());
  }
  return column;
}

void require_pair(const File& images, const File& labels) {
  if (labels.extents.size() != 1)
    throw Error("D16", labels.source.name() + " contains no labels: they have one dimension");
  if (images.rows() == labels.rows()) return;
  throw Error("D16", fmt::format("{} contains {}, but {} contains {}", images.source.name(),
                                 plural(images.rows(), "image"), labels.source.name(), plural(labels.rows(), "label")));
}

// The path, or the path with .gz, whichever file exists.
std::optional<std::string> existing(const std::string& path) {
  std::error_code ignored;
  for (const std::string& candidate : {path, path + ".gz"}) {
    if (fs::is_regular_file(candidate, ignored)) return candidate;
  }
  return std::nullopt;
}

// Finds a file by MNIST's names, which exist in two spellings: train-images-idx3-ubyte and train-images.idx3-ubyte.
std::optional<std::string> member(const std::string& folder, const char* part, const char* extents) {
  for (const char* separator : {"-", "."}) {
    const fs::path path = fs::path(folder) / fmt::format("{}{}{}-ubyte", part, separator, extents);
    if (const auto found = existing(path.string())) return found;
  }
  return std::nullopt;
}

// The labels file that belongs to a file of images: …images…idx3… -> …labels…idx1…
std::optional<std::string> labels_beside(const std::string& images) {
  const fs::path path(images);
  std::string name = path.filename().string();
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  const std::size_t at = name.rfind("images");
  if (at == std::string::npos) return std::nullopt;
  name.replace(at, 6, "labels");
  if (const std::size_t idx = name.rfind("idx3"); idx != std::string::npos) name.replace(idx, 4, "idx1");
  return existing((path.parent_path() / name).string());
}

Table read_file(const std::string& path) {
  Table table;
  table.source = path;
  File file(path);
  table.rows = file.rows();
  if (file.extents.size() == 1) {
    table.columns.push_back(labels_of({&file}));
    return table;
  }
  if (const auto beside = labels_beside(path)) {
    File labels(*beside);
    require_pair(file, labels);
    table.columns.push_back(pixels_of({&file}));
    table.columns.push_back(labels_of({&labels}));
  } else {
    table.columns.push_back(pixels_of({&file}));
  }
  return table;
}

std::string required_member(const std::string& folder, const char* part, const char* extents) {
  if (auto found = member(folder, part, extents)) return *found;
  throw Error("D10", fmt::format("{} lacks {}-{}-ubyte (or .gz)", folder, part, extents));
}

Table read_folder(const std::string& folder) {
  File images(required_member(folder, "train-images", "idx3"));
  File labels(required_member(folder, "train-labels", "idx1"));
  require_pair(images, labels);
  Table table;
  table.source = folder;
  table.rows = images.rows();
  const auto test = member(folder, "t10k-images", "idx3");
  if (!test) {
    table.columns.push_back(pixels_of({&images}));
    table.columns.push_back(labels_of({&labels}));
    return table;
  }
  File test_images(*test);
  File test_labels(required_member(folder, "t10k-labels", "idx1"));
  require_pair(test_images, test_labels);
  table.columns.push_back(pixels_of({&images, &test_images}));
  table.columns.push_back(labels_of({&labels, &test_labels}));
  table.parts.push_back({table.rows, *test});
  table.test_rows = test_images.rows();
  table.rows += table.test_rows;
  return table;
}

Table read(const std::string& path, const ReadOptions&) {
  std::error_code ignored;
  return fs::is_directory(path, ignored) ? read_folder(path) : read_file(path);
}

Recognition recognises(const std::string& path, std::string_view head) {
  if (head.empty()) return member(path, "train-images", "idx3") ? Recognition::by_content : Recognition::no;
  const bool magic = head.size() >= 4 && head[0] == 0 && head[1] == 0 && head[2] >= 0x08 && head[2] <= 0x0E &&
                     head[3] >= 1 && head[3] <= 3;
  return magic ? Recognition::by_content : Recognition::no;
}

}  // namespace
}  // namespace idx

extern const DataFormat idx_format;
const DataFormat idx_format{
    "idx", "IDX like MNIST, compressed or not: a file, the image file of a pair, or a folder with t10k files",
    idx::recognises, idx::read};

}  // namespace pellucid
