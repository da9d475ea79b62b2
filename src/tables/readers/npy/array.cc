// Reads one array in NumPy's .npy format (numpy.lib.format, versions 1 to 3) and turns it into columns.
// Not here: files and archives (npy.cc, npz.cc).
#include "tables/readers/npy/array.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/large_data.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "tables/readers/npy/header.h"

namespace pellucid::npy {

static_assert(std::endian::native == std::endian::little, "numbers are read as they lie in the file");

namespace {

constexpr std::int64_t most_columns = 4096;
constexpr std::int64_t rows_at_once = 4096;

void read_exactly(const Input& input, void* out, std::size_t bytes) {
  if (input.read(out, bytes) != bytes) throw Error("D16", input.name + " is truncated");
}

Header read_header(const Input& input) {
  unsigned char start[8];
  read_exactly(input, start, sizeof start);
  if (std::memcmp(start, "\x93NUMPY", 6) != 0) throw Error("D16", input.name + " is not a .npy array");
  if (start[6] < 1 || start[6] > 3) throw Error("D16", fmt::format("{} has .npy version {}", input.name, start[6]));
  unsigned char length[4] = {};
  read_exactly(input, length, start[6] == 1 ? 2 : 4);
  const std::uint32_t bytes =
      length[0] | length[1] << 8 | length[2] << 16 | static_cast<std::uint32_t>(length[3]) << 24;
  if (bytes > 1u << 20) throw Error("D16", fmt::format("{} has a header of {} bytes", input.name, bytes));
  std::string text(bytes, '\0');
  read_exactly(input, text.data(), bytes);
  return parse_header(text, input.name);
}

// Converts a half-precision number: 1 bit sign, 5 bits exponent, 10 bits fraction.
double half(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const int fraction = bits & 1023;
  double value = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 1024, exponent - 25);
  if (exponent == 31) {
    value = fraction == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  }
  return bits >> 15 ? -value : value;
}

template <class T>
double load(const unsigned char* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return static_cast<double>(value);
}

double load_half(const unsigned char* from) {
  return half_number(reinterpret_cast<const char*>(from));
}

using Load = double (*)(const unsigned char*);

Load loader(const Header& header, const std::string& name) {
  struct Row {
    char kind;
    int size;
    Load load;
  };
  static constexpr Row rows[] = {
      {'b', 1, load<std::uint8_t>},  {'u', 1, load<std::uint8_t>},  {'u', 2, load<std::uint16_t>},
      {'u', 4, load<std::uint32_t>}, {'u', 8, load<std::uint64_t>}, {'i', 1, load<std::int8_t>},
      {'i', 2, load<std::int16_t>},  {'i', 4, load<std::int32_t>},  {'i', 8, load<std::int64_t>},
      {'f', 2, load_half},           {'f', 4, load<float>},         {'f', 8, load<double>}};
  for (const Row& row : rows) {
    if (row.kind == header.kind && row.size == header.size) return row.load;
  }
  throw Error("D16", fmt::format("{} contains the type {}{}, which cannot be read", name, header.kind, header.size),
              {"readable types: b1, u1 to u8, i1 to i8, f2, f4, f8; in NumPy: array.astype(\"<f8\")"});
}

std::uint64_t checked_elements(const Header& header, const Input& input) {
  std::uint64_t elements = 1;
  for (const std::int64_t extent : header.extents) {
    if (extent == 0) throw Error("D17", input.name + " has no rows or no columns");
    if (elements > input.at_most / static_cast<std::uint64_t>(header.size) / static_cast<std::uint64_t>(extent)) {
      throw Error("D16", input.name + " is truncated: its header says more numbers than the file contains");
    }
    elements *= static_cast<std::uint64_t>(extent);
  }
  const bool bytes = header.kind == 'u' && header.size == 1;
  require_large_data(static_cast<double>(elements) * (bytes ? 1 : sizeof(double)), input.name);
  return elements;
}

void read_numbers(const Input& input, const Header& header, LargeVector<double>& out) {
  const Load load = loader(header, input.name);
  const auto size = static_cast<std::size_t>(header.size);
  std::vector<unsigned char> buffer(std::size_t{1} << 16);
  const std::size_t step = buffer.size() / size;
  for (std::size_t done = 0; done < out.size(); done += step) {
    const std::size_t part = std::min(step, out.size() - done);
    read_exactly(input, buffer.data(), part * size);
    for (std::size_t i = 0; i < part; ++i) out[done + i] = load(buffer.data() + i * size);
  }
}

// Changes the order from column-major (first index changes fastest) to row-major.
template <class T>
void turn(LargeVector<T>& values, const std::vector<std::int64_t>& extents) {
  LargeVector<T> turned(values.size());
  std::vector<std::int64_t> strides(extents.size(), 1);
  for (std::size_t axis = extents.size() - 1; axis > 0; --axis) strides[axis - 1] = strides[axis] * extents[axis];
  std::vector<std::int64_t> index(extents.size());
  std::int64_t to = 0;
  for (const T value : values) {
    turned[static_cast<std::size_t>(to)] = value;
    for (std::size_t axis = 0; axis < extents.size(); ++axis) {
      to += strides[axis];
      if (++index[axis] < extents[axis]) break;
      to -= strides[axis] * extents[axis];
      index[axis] = 0;
    }
  }
  values = std::move(turned);
}

Column& new_column(Table& table, std::string name, bool integers) {
  Column& column = table.columns.emplace_back();
  column.name = std::move(name);
  column.integers = integers;
  return column;
}

}  // namespace

double half_number(const char* from) noexcept {
  std::uint16_t bits;
  std::memcpy(&bits, from, sizeof bits);
  return half(bits);
}

std::int64_t Array::row_elements() const {
  return rows() == 0 ? 0 : static_cast<std::int64_t>(is_bytes ? bytes.size() : numbers.size()) / rows();
}

void Array::append(Array&& other) {
  if (is_bytes != other.is_bytes) {
    to_numbers();
    other.to_numbers();
  }
  numbers.insert(numbers.end(), other.numbers.begin(), other.numbers.end());
  bytes.insert(bytes.end(), other.bytes.begin(), other.bytes.end());
  integers = integers && other.integers;
  extents.front() += other.extents.front();
}

void Array::to_numbers() {
  if (!is_bytes) return;
  numbers.assign(bytes.begin(), bytes.end());
  bytes = LargeVector<std::uint8_t>();
  is_bytes = false;
}

Array read_array(const Input& input) {
  const Header header = read_header(input);
  if ((header.extents.empty() && !input.scalars) || header.extents.size() > Shape::max_rank + 1) {
    throw Error("D16", fmt::format("{} has {} axes; 1 to {} can be read", input.name, header.extents.size(),
                                   Shape::max_rank + 1));
  }
  loader(header, input.name);
  const std::uint64_t elements = checked_elements(header, input);
  Array array;
  array.extents = header.extents;
  array.integers = header.kind != 'f';
  array.is_bytes = header.kind == 'u' && header.size == 1;
  if (array.is_bytes) {
    array.bytes.resize(elements);
    read_exactly(input, array.bytes.data(), array.bytes.size());
  } else {
    array.numbers.resize(elements);
    read_numbers(input, header, array.numbers);
  }
  char more;
  if (input.read(&more, 1) != 0) throw Error("D16", input.name + " contains more bytes than its header says");
  if (header.fortran_order && array.extents.size() > 1) {
    turn(array.bytes, array.extents);
    turn(array.numbers, array.extents);
  }
  return array;
}

void add_columns(Table& table, Array&& array, bool whole_bytes) {
  const std::int64_t width = array.row_elements();
  const std::size_t axes = array.extents.size();
  const bool single_numbers = axes <= 2 && width <= most_columns;
  if (!(array.is_bytes && (axes > 2 || (axes == 2 && whole_bytes)))) array.to_numbers();
  if (array.is_bytes || !single_numbers) {
    Column& column = new_column(table, array.is_bytes && axes > 2 ? "pixels" : "x", array.integers);
    column.type = array.is_bytes ? Column::Type::bytes : Column::Type::number;
    column.shape = Shape(std::span<const std::int64_t>(array.extents).subspan(1));
    column.numbers = std::move(array.numbers);
    column.bytes = std::move(array.bytes);
    return;
  }
  const std::size_t before = table.columns.size();
  for (std::int64_t c = 0; c < width; ++c) {
    new_column(table, fmt::format("c{}", c + 1), array.integers)
        .numbers.reserve(static_cast<std::size_t>(array.rows()));
  }
  // Copied in blocks of rows whose memory is given back afterwards, so that the data are never in memory twice.
  for (std::int64_t first = 0; first < array.rows(); first += rows_at_once) {
    const std::int64_t last = std::min(array.rows(), first + rows_at_once);
    for (std::int64_t c = 0; c < width; ++c) {
      LargeVector<double>& numbers = table.columns[before + static_cast<std::size_t>(c)].numbers;
      for (std::int64_t row = first; row < last; ++row) numbers.push_back(array.numbers[row * width + c]);
    }
    give_back(array.numbers, static_cast<std::size_t>(first * width), static_cast<std::size_t>(last * width));
  }
}

}  // namespace pellucid::npy
