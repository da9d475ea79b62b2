// Cells of Arrow arrays as numbers or words. Formats: https://arrow.apache.org/docs/format/CDataInterface.html
// Not here: the structs (arrow_abi.h), what words mean (the CSV reader).
#include "arrow.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>

#include "arrow_abi.h"
#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid::python {

namespace {

enum class Kind { numbers, whole_numbers, words };

// The sink of one column: the member that its kind names is used.
struct Sink {
  std::string name{};
  Kind kind = Kind::numbers;
  LargeVector<double> numbers{};
  WholeNumbers whole_numbers{};
  Words words{};

  void add_missing() {
    if (kind == Kind::words) return words.add_missing();
    if (kind == Kind::whole_numbers) return whole_numbers.add_missing();
    numbers.push_back(std::nan(""));
  }
  void give_to(Columns& columns) {
    if (kind == Kind::words) return columns.add_words(name, std::move(words));
    if (kind == Kind::whole_numbers) return whole_numbers.give_to(columns, name);
    columns.add_numbers(name, std::move(numbers), false);
  }
};

using Cell = std::function<void(Sink&, const ArrowArray&, std::int64_t)>;  // reads element i, which is not null

struct Reader {
  Kind kind = Kind::numbers;
  Cell cell{};
};

template <class T>
T value(const ArrowArray& array, std::int64_t i) noexcept {
  T result;
  std::memcpy(&result, static_cast<const char*>(array.buffers[1]) + static_cast<std::size_t>(i) * sizeof(T), sizeof(T));
  return result;
}

bool bit(const void* bits, std::int64_t i) noexcept {
  return (static_cast<const std::uint8_t*>(bits)[i / 8] >> (i % 8) & 1) != 0;
}

template <class T>
Reader numbers() {
  if constexpr (std::is_integral_v<T>) {
    using Wide = std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>;
    return {Kind::whole_numbers, [](Sink& sink, const ArrowArray& array, std::int64_t i) {
              sink.whole_numbers.add(static_cast<Wide>(value<T>(array, i)));
            }};
  }
  return {Kind::numbers, [](Sink& sink, const ArrowArray& array, std::int64_t i) {
            sink.numbers.push_back(static_cast<double>(value<T>(array, i)));
          }};
}

// IEEE half precision; g++ and clang convert it with a shift and a scale.
double half(std::uint16_t bits) noexcept {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  const double size = exponent == 31  ? fraction == 0 ? std::numeric_limits<double>::infinity() : std::nan("")
                       : exponent == 0 ? std::ldexp(fraction, -24)
                                      : std::ldexp(1024 + fraction, exponent - 25);
  return (bits >> 15) != 0 ? -size : size;
}

template <class Offset>
Reader words() {
  return {Kind::words, [](Sink& sink, const ArrowArray& array, std::int64_t i) {
            const auto begin = value<Offset>(array, i), end = value<Offset>(array, i + 1);
            const char* text = static_cast<const char*>(array.buffers[2]);
            sink.words.add(begin == end ? std::string_view()
                                        : std::string_view(text + begin, static_cast<std::size_t>(end - begin)));
          }};
}

// A string view: its length, then up to 12 bytes of text, or 4 of them, the number of a buffer and a place in it.
void add_view(Sink& sink, const ArrowArray& array, std::int64_t i) {
  struct View {
    std::int32_t length;
    char head[4];
    std::int32_t buffer, offset;
  };
  const View view = value<View>(array, i);
  const auto length = static_cast<std::size_t>(view.length);
  if (length <= 12) {
    sink.words.add(
        {static_cast<const char*>(array.buffers[1]) + static_cast<std::size_t>(i) * sizeof(View) + 4, length});
  } else {
    sink.words.add({static_cast<const char*>(array.buffers[2 + view.buffer]) + view.offset, length});
  }
}

std::string day_text(std::int64_t days) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

// Ticks of a day as "14:05:09" or "14:05:09.25".
std::string time_text(std::int64_t ticks, std::int64_t per_second) {
  const std::int64_t seconds = ticks / per_second, rest = ticks % per_second;
  std::string text = fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (rest == 0) return text;
  const auto digits = fmt::format("{}", per_second).size() - 1;
  text += fmt::format(".{:0{}}", rest, digits);
  return text.substr(0, text.find_last_not_of('0') + 1);
}

std::int64_t ticks_per_second(char unit) {
  return unit == 's' ? 1 : unit == 'm' ? 1000 : unit == 'u' ? 1'000'000 : 1'000'000'000;
}

Reader timestamps(char unit, bool has_zone) {
  const std::int64_t per_second = ticks_per_second(unit), per_day = 86400 * per_second;
  return {Kind::words, [=](Sink& sink, const ArrowArray& array, std::int64_t i) {
            const auto ticks = value<std::int64_t>(array, i);
            std::int64_t day = ticks / per_day, rest = ticks % per_day;
            if (rest < 0) --day, rest += per_day;
            std::string text = day_text(day);
            if (rest != 0 || has_zone) text += " " + time_text(rest, per_second);
            sink.words.add(has_zone ? text + "+00:00" : text);
          }};
}

template <class T>
Reader times(char unit) {
  return {Kind::words, [unit](Sink& sink, const ArrowArray& array, std::int64_t i) {
            sink.words.add(time_text(value<T>(array, i), ticks_per_second(unit)));
          }};
}

Reader durations(char unit) {
  return {Kind::numbers, [unit](Sink& sink, const ArrowArray& array, std::int64_t i) {
            const auto ticks = value<std::int64_t>(array, i);
            sink.numbers.push_back(static_cast<double>(ticks) / static_cast<double>(ticks_per_second(unit)));
          }};
}

// A decimal of 128 bits with `scale` digits behind the point. Values beyond 64 bits lose their last digits.
Reader decimals(int scale) {
  return {Kind::numbers, [scale](Sink& sink, const ArrowArray& array, std::int64_t i) {
            struct Wide {
              std::uint64_t low;
              std::int64_t high;
            };
            const Wide wide = value<Wide>(array, i);
            const double whole = wide.high == 0 || wide.high == -1
                                     ? static_cast<double>(static_cast<std::int64_t>(wide.low))
                                     : std::ldexp(static_cast<double>(wide.high), 64) + static_cast<double>(wide.low);
            double power = 1;
            for (int k = 0; k < scale; ++k) power *= 10;
            sink.numbers.push_back(whole / power);
          }};
}

Reader reader_of(const ArrowSchema& schema);

bool is_null(const ArrowArray& array, std::int64_t i) noexcept {
  return array.null_count != 0 && array.n_buffers > 0 && array.buffers[0] != nullptr && !bit(array.buffers[0], i);
}

// An index into a dictionary, of any type of whole numbers.
std::int64_t index_at(char format, const ArrowArray& array, std::int64_t i) noexcept {
  switch (format) {
    case 'c':
      return value<std::int8_t>(array, i);
    case 'C':
      return value<std::uint8_t>(array, i);
    case 's':
      return value<std::int16_t>(array, i);
    case 'S':
      return value<std::uint16_t>(array, i);
    case 'i':
      return value<std::int32_t>(array, i);
    case 'I':
      return value<std::uint32_t>(array, i);
    default:
      return value<std::int64_t>(array, i);
  }
}

// Codes into a dictionary of words (categories, enums).
Reader coded(const ArrowSchema& schema) {
  const char format = schema.format[0];
  const Reader entries = reader_of(*schema.dictionary);
  if (!entries.cell) return {};
  return {entries.kind, [=](Sink& sink, const ArrowArray& array, std::int64_t i) {
            const ArrowArray& dictionary = *array.dictionary;
            const std::int64_t at = index_at(format, array, i) + dictionary.offset;
            is_null(dictionary, at) ? sink.add_missing() : entries.cell(sink, dictionary, at);
          }};
}

Reader temporal(std::string_view format) {
  const char unit = format.size() > 2 ? format[2] : 's';
  if (format == "tdD") {
    return {Kind::words, [](Sink& sink, const ArrowArray& array, std::int64_t i) {
              sink.words.add(day_text(value<std::int32_t>(array, i)));
            }};
  }
  if (format == "tdm") return timestamps('m', false);
  if (format.starts_with("ts")) return timestamps(unit, format.size() > 4);
  if (format == "tts" || format == "ttm") return times<std::int32_t>(unit);
  if (format == "ttu" || format == "ttn") return times<std::int64_t>(unit);
  if (format.starts_with("tD")) return durations(unit);
  return {};
}

Reader reader_of(const ArrowSchema& schema) {
  if (schema.dictionary != nullptr) return coded(schema);
  const std::string_view format(schema.format);
  if (format.starts_with("t")) return temporal(format);
  if (format.starts_with("d:")) {
    const auto parts = split_text(std::string(format.substr(2)), ',');
    std::int64_t scale = 0;
    if (parts.size() == 2 && parse_integer(parts[1], scale) && scale >= 0 && scale < 40) {
      return decimals(static_cast<int>(scale));
    }
    return {};
  }
  if (format == "vu") return {Kind::words, add_view};
  switch (format.size() == 1 ? format[0] : '?') {
    case 'n':
      return {Kind::words, [](Sink& sink, const ArrowArray&, std::int64_t) { sink.words.add_missing(); }};
    case 'b':
      return {Kind::words, [](Sink& sink, const ArrowArray& array, std::int64_t i) {
                sink.words.add(bit(array.buffers[1], i) ? "True" : "False");
              }};
    case 'c':
      return numbers<std::int8_t>();
    case 'C':
      return numbers<std::uint8_t>();
    case 's':
      return numbers<std::int16_t>();
    case 'S':
      return numbers<std::uint16_t>();
    case 'i':
      return numbers<std::int32_t>();
    case 'I':
      return numbers<std::uint32_t>();
    case 'l':
      return numbers<std::int64_t>();
    case 'L':
      return numbers<std::uint64_t>();
    case 'e':
      return {Kind::numbers, [](Sink& sink, const ArrowArray& array, std::int64_t i) {
                sink.numbers.push_back(half(value<std::uint16_t>(array, i)));
              }};
    case 'f':
      return numbers<float>();
    case 'g':
      return numbers<double>();
    case 'u':
      return words<std::int32_t>();
    case 'U':
      return words<std::int64_t>();
    default:
      return {};
  }
}

template <class T>
struct Released : T {
  Released() : T{} {}
  Released(const Released&) = delete;
  ~Released() {
    if (this->release != nullptr) this->release(this);
  }
};

void check(ArrowArrayStream& stream, int status) {
  if (status == 0) return;
  const char* why = stream.get_last_error == nullptr ? nullptr : stream.get_last_error(&stream);
  throw Error("U20", fmt::format("the Arrow stream failed: {}", why == nullptr ? std::strerror(status) : why));
}

// Null elements of a column's array, and of the struct around it, are missing cells.
void read_array(Sink& sink, const Reader& reader, const ArrowArray& array, const ArrowArray& rows) {
  for (std::int64_t row = 0; row < rows.length; ++row) {
    const std::int64_t i = row + rows.offset + array.offset;
    if (!is_null(array, i) && !is_null(rows, row + rows.offset)) {
      reader.cell(sink, array, i);
    } else {
      sink.add_missing();
    }
  }
}

}  // namespace

void add_arrow(Columns& columns, ArrowArrayStream& stream) {
  Released<ArrowSchema> schema;
  check(stream, stream.get_schema(&stream, &schema));
  if (std::string_view(schema.format) != "+s") {
    throw Error("U20", "the Arrow stream is a single column, not a table");
  }
  std::vector<Reader> readers;
  std::vector<Sink> sinks;
  for (std::int64_t c = 0; c < schema.n_children; ++c) {
    const ArrowSchema& child = *schema.children[c];
    Reader& reader = readers.emplace_back(reader_of(child));
    const std::string name = child.name == nullptr ? "" : child.name;
    if (!reader.cell) {
      throw Error("U20", fmt::format("column {} has the Arrow type {}, which is neither numbers nor words nor times",
                                     quote(name), child.format));
    }
    sinks.push_back({.name = name, .kind = reader.kind});
  }
  while (true) {
    Released<ArrowArray> chunk;
    check(stream, stream.get_next(&stream, &chunk));
    if (chunk.release == nullptr) break;
    if (chunk.n_children != schema.n_children) throw Error("U20", "the Arrow stream changes its columns");
    for (std::size_t c = 0; c < sinks.size(); ++c) read_array(sinks[c], readers[c], *chunk.children[c], chunk);
  }
  for (Sink& sink : sinks) sink.give_to(columns);
}

}  // namespace pellucid::python
