// The classes Columns (columns on their way into a table) and Table of pellucid._core.
// Not here: which objects of Python become which columns (pellucid/_tables.py).
#include "tables.h"

#include <algorithm>
#include <cmath>

#include "arrays.h"
#include "arrow.h"
#include "arrow_abi.h"
#include "binding.h"
#include "columns.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/recipe.h"
#include "recipe/data.h"
#include "tables/readers/npy/array.h"

namespace pellucid::python {

namespace {

using Numbers = nb::ndarray<nb::ro, nb::device::cpu>;

// Adds numbers of type T; rows for which `missing` is true have none.
template <class T>
void add_typed(Columns& columns, std::string name, const Numbers& array, const std::optional<List<bool>>& missing) {
  const T* data = static_cast<const T*>(array.data());
  const auto rows = static_cast<std::int64_t>(array.shape(0));
  const auto is_missing = [&](std::int64_t row) { return missing && missing->data()[row]; };
  if constexpr (std::is_integral_v<T>) {
    using Wide = std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>;
    WholeNumbers numbers;
    for (std::int64_t row = 0; row < rows; ++row) {
      is_missing(row) ? numbers.add_missing() : numbers.add(static_cast<Wide>(data[row * array.stride(0)]));
    }
    numbers.give_to(columns, std::move(name));
  } else {
    LargeVector<double> numbers;
    numbers.reserve(array.shape(0));
    for (std::int64_t row = 0; row < rows; ++row) {
      numbers.push_back(is_missing(row) ? std::nan("") : static_cast<double>(data[row * array.stride(0)]));
    }
    columns.add_numbers(std::move(name), std::move(numbers), false);
  }
}

// Calls copy with the type of the array's numbers. Returns false for types that are no numbers.
template <class Use>
bool with_type(nb::dlpack::dtype type, const Use& use) {
  if (type == nb::dtype<double>()) return use(double{}), true;
  if (type == nb::dtype<float>()) return use(float{}), true;
  if (type == nb::dtype<std::int64_t>()) return use(std::int64_t{}), true;
  if (type == nb::dtype<std::int32_t>()) return use(std::int32_t{}), true;
  if (type == nb::dtype<std::int16_t>()) return use(std::int16_t{}), true;
  if (type == nb::dtype<std::int8_t>()) return use(std::int8_t{}), true;
  if (type == nb::dtype<std::uint64_t>()) return use(std::uint64_t{}), true;
  if (type == nb::dtype<std::uint32_t>()) return use(std::uint32_t{}), true;
  if (type == nb::dtype<std::uint16_t>()) return use(std::uint16_t{}), true;
  if (type == nb::dtype<std::uint8_t>()) return use(std::uint8_t{}), true;
  return false;
}

bool is_whole(nb::dlpack::dtype type) noexcept {
  return type.code != static_cast<std::uint8_t>(nb::dlpack::dtype_code::Float);
}

void add_numbers(Columns& columns, const std::string& name, const Numbers& array,
                 const std::optional<List<bool>>& missing) {
  if (missing && missing->shape(0) != array.shape(0)) throw Error("U20", "one mark per number");
  if (!with_type(array.dtype(), [&](auto zero) { add_typed<decltype(zero)>(columns, name, array, missing); })) {
    throw Error("U20", "column " + quote(name) + " holds neither numbers nor words");
  }
}

void add_words(Columns& columns, std::string name, const nb::list& cells) {
  Words words;
  for (const nb::handle cell : cells) {
    if (cell.is_none()) {
      words.add_missing();
      continue;
    }
    Py_ssize_t length = 0;
    const char* text = PyUnicode_AsUTF8AndSize(cell.ptr(), &length);
    if (text == nullptr) throw nb::python_error();
    words.add({text, static_cast<std::size_t>(length)});
  }
  columns.add_words(std::move(name), std::move(words));
}

// Features as one array, with the columns that the same array has in a file of NumPy (.npz).
void add_array(Columns& columns, const Numbers& array) {
  if (array.ndim() == 0) throw Error("U20", "an array of features needs at least one axis");
  npy::Array copy;
  for (std::size_t axis = 0; axis < array.ndim(); ++axis) {
    copy.extents.push_back(static_cast<std::int64_t>(array.shape(axis)));
  }
  copy.integers = is_whole(array.dtype());
  copy.is_bytes = array.dtype() == nb::dtype<std::uint8_t>();
  if (copy.is_bytes) {
    const auto* bytes = static_cast<const std::uint8_t*>(array.data());
    copy.bytes.assign(bytes, bytes + array.size());
  } else if (!with_type(array.dtype(), [&](auto zero) {
               const auto* data = static_cast<const decltype(zero)*>(array.data());
               for (std::size_t i = 0; i < array.size(); ++i) copy.numbers.push_back(static_cast<double>(data[i]));
             })) {
    throw Error("U20", "an array of features holds numbers");
  }
  Table table;
  table.rows = copy.rows();
  npy::add_columns(table, std::move(copy), true);
  for (Column& column : table.columns) columns.add(std::move(column));
}

void add_stream(Columns& columns, const nb::object& capsule) {
  auto* stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), "arrow_array_stream"));
  if (stream == nullptr) throw nb::python_error();
  if (stream->release == nullptr) throw Error("U20", "the Arrow stream has been read already");
  struct Release {
    ArrowArrayStream* stream;
    ~Release() { stream->release(stream); }
  } release{stream};
  add_arrow(columns, *stream);
}

// The first column in which two tables differ, and by what; "": they hold the same cells. For tests.
std::string difference(const TrainTable& a, const TrainTable& b) {
  const auto same = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
  if (a.table.rows != b.table.rows) return "rows";
  if (a.table.columns.size() != b.table.columns.size()) return "columns";
  for (std::size_t c = 0; c < a.table.columns.size(); ++c) {
    const Column &x = a.table.columns[c], &y = b.table.columns[c];
    if (x.name != y.name) return x.name + ": name";
    if (x.type != y.type || !(x.shape == y.shape)) return x.name + ": type";
    if (x.codes != y.codes || x.words != y.words) return x.name + ": words";
    if (x.form != y.form || x.integers != y.integers) return x.name + ": form";
    if (x.missing != y.missing) {
      std::string text = x.name + ": missing";
      for (const auto& [word, cells] : x.missing) text += " " + quote(word) + "=" + std::to_string(cells);
      text += " |";
      for (const auto& [word, cells] : y.missing) text += " " + quote(word) + "=" + std::to_string(cells);
      return text;
    }
    if (x.bytes != y.bytes || !std::ranges::equal(x.numbers, y.numbers, same)) return x.name + ": numbers";
  }
  return "";
}

void append(TrainTable& data, const TrainTable& more, bool as_test) {
  data.table.append(more.table);
  (as_test ? data.table.test_rows : data.table.validation_rows) = more.table.rows;
  if (!as_test) data.validation_rows = more.table.rows;
}

}  // namespace

void bind_tables(nb::module_& m) {
  nb::class_<Columns>(m, "Columns", "Columns on their way into a table.")
      .def(nb::init<std::string>(), nb::arg("name"))
      .def("add_numbers", &add_numbers, nb::arg("name"), nb::arg("numbers"), nb::arg("missing") = nb::none())
      .def("add_words", &add_words, nb::arg("name"), nb::arg("words"))
      .def("add_array", &add_array, nb::arg("array"))
      .def("add_arrow", &add_stream, nb::arg("stream"));

  nb::class_<TrainTable>(m, "Table", "Rows in memory.")
      .def_prop_ro("rows", [](const TrainTable& data) { return data.table.rows; })
      .def_prop_ro("columns",
                   [](const TrainTable& data) {
                     std::vector<std::string> names;
                     for (const Column& column : data.table.columns) names.push_back(column.name);
                     return names;
                   })
      .def(
          "set_weights",
          [](TrainTable& data, const List<float>& weights) {
            const auto values = span_of(weights);
            data.weights.assign(values.begin(), values.end());
          },
          nb::arg("weights"))
      .def("put_in_order", &put_in_order, nb::call_guard<nb::gil_scoped_release>())
      .def("append", &append, nb::arg("rows"), nb::arg("as_test"))
      .def("difference", &difference, nb::arg("other"));

  m.def(
      "make_table",
      [](Columns& columns, const Recipe& recipe, const std::string& name) {
        const nb::gil_scoped_release released;
        return TrainTable{columns.finish(read_options(recipe)), 0, name};
      },
      nb::arg("columns"), nb::arg("recipe"), nb::arg("name"), "The table of the columns, read as the recipe says.");
  m.def(
      "limit_memory",
      [](std::optional<std::uint64_t> bytes, const std::string& folder) { limit_large_data(bytes, folder); },
      nb::arg("bytes").none(), nb::arg("folder"));
  m.def(
      "read_table",
      [](const Recipe& recipe) {
        const nb::gil_scoped_release released;
        return read_train_table(recipe);
      },
      nb::arg("recipe"), "Reads the files that the recipe names.");
}

}  // namespace pellucid::python
