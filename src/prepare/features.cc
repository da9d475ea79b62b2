// A writer for each kind of column. Words are understood once each, when they are first met.
// Not here: learning (fit.cc), datasets (transform.cc).
#include "prepare/features.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "prepare/kinds.h"
#include "tables/cells.h"
#include "tables/dates.h"
#include "tables/spelling.h"
#include "tables/words.h"

namespace pellucid {

namespace {

constexpr std::int64_t most_of_a_code = 255;

[[noreturn]] void refuse_missing(const Table& table, std::int64_t row, const std::string& column) {
  throw Error("D14", fmt::format("{}, column {}: the cell is missing", table.place(row), quote(column)),
              {"the model was trained with --missing error"});
}

[[noreturn]] void refuse_far(const Table& table, std::int64_t row, const std::string& column, double value,
                             const FittedColumn& fitted) {
  throw Error("D15", fmt::format("{}, column {}: {} is too far from the training data ({} to {}) for a float",
                                 table.place(row), quote(column), value, fitted.low, fitted.high));
}

float scaled(double value, const FittedColumn& fitted) {
  value = (value + fitted.offset) * fitted.factor;
  if (fitted.squash > 0) {
    const double ratio = value / fitted.squash;
    const bool at_the_end = std::abs(ratio) > 1e8;  // where √(1 + ratio²) is |ratio|, and the square may overflow
    value = at_the_end ? std::copysign(fitted.squash, value) : value / std::sqrt(1 + ratio * ratio);
  }
  return static_cast<float>(value);
}

bool is_one_hot(const FittedColumn& fitted) {
  return fitted.kind == "categorical" && !fitted.embedded;
}

// What all writers know; one writes a row after the other.
class Writer : public FeatureWriter {
 public:
  Writer(const Table& table, const FittedColumn& fitted) : table_(table), fitted_(fitted), places_(places_of(fitted)) {}

  void write(std::int64_t first, std::int64_t last, FeatureRows to) final {
    for (std::int64_t row = first; row < last; ++row) {
      const bool lacks = write_row(row, to.numbers, to.codes);
      if (lacks && std::isnan(fitted_.fill)) refuse_missing(table_, row, fitted_.name);
      if (fitted_.indicator) to.codes[places_.one_hot.size() - 1] = lacks ? 1 : 0;
      to.numbers += to.next_numbers;
      to.codes += to.next_codes;
    }
  }

 protected:
  /// All but the indicator. True where the cell is missing.
  virtual bool write_row(std::int64_t row, float* numbers, std::uint8_t* codes) = 0;

  const Table& table_;
  const FittedColumn& fitted_;
  const FeaturePlaces places_;
};

class NumberWriter final : public Writer {
 public:
  NumberWriter(const Table& table, const Column& column, const FittedColumn& fitted)
      : Writer(table, fitted), cells_(table, column), cell_(column.cell()) {}

 private:
  bool write_row(std::int64_t row, float* numbers, std::uint8_t*) override {
    bool lacks = false;
    for (std::int64_t i = 0; i < cell_; ++i) {
      double value = cells_[row * cell_ + i];
      const bool missing = std::isnan(value);
      if (missing) value = fitted_.fill;
      lacks = lacks || missing;
      numbers[i] = scaled(value, fitted_);
      if (!std::isfinite(numbers[i]) && !std::isnan(value)) {
        refuse_far(table_, row, fitted_.name, cells_[row * cell_ + i], fitted_);
      }
    }
    return lacks;
  }

  NumberCells cells_;
  std::int64_t cell_;
};

// What each word of a column means.
template <class Meaning>
class WordWriter : public Writer {
 public:
  WordWriter(const Table& table, const Column& column, const FittedColumn& fitted)
      : Writer(table, fitted), cells_(column) {}

 protected:
  virtual Meaning understand(std::string_view word) = 0;

  /// Null for a missing cell.
  const Meaning* meaning(std::int64_t row) {
    const std::int32_t code = cells_.code(row);
    if (code < 0) return nullptr;
    while (static_cast<std::size_t>(code) >= meanings_.size()) {
      meanings_.push_back(understand(cells_.word(static_cast<std::int32_t>(meanings_.size()))));
    }
    return &meanings_[static_cast<std::size_t>(code)];
  }

  [[noreturn]] void refuse(std::int64_t row, const char* what) {
    const std::string word(cells_.word(cells_.code(row)));
    throw Error("D12",
                fmt::format("{}, column {}: {} is no {} of the form {}, as in training", table_.place(row),
                            quote(fitted_.name), quote(word), what, fitted_.form),
                {"write the column in the form that the training rows have",
                 "where it means that nothing is known: " + flag_with_names("--na", {fitted_.name + ":" + word})});
  }

 private:
  WordCells cells_;
  std::vector<Meaning> meanings_;
};

class CategoryWriter final : public WordWriter<std::int64_t> {
 public:
  CategoryWriter(const Table& table, const Column& column, const FittedColumn& fitted)
      : WordWriter(table, column, fitted), known_(fitted.categories) {
    others_ = fitted.other > 0 ? static_cast<std::int64_t>(fitted.categories.size()) : -1;
    codes_ = static_cast<std::int64_t>(places_.one_hot.size()) - (fitted.indicator ? 1 : 0);
  }

 private:
  std::int64_t understand(std::string_view word) override {
    const KnownWords::Found found = known_.find(word);
    return found.index < 0 ? others_ : found.index;
  }

  bool write_row(std::int64_t row, float* numbers, std::uint8_t* codes) override {
    const std::int64_t* const known = meaning(row);
    const bool none = known == nullptr && std::isnan(fitted_.fill);
    const std::int64_t hot = known != nullptr ? *known : none ? -1 : static_cast<std::int64_t>(fitted_.fill);
    if (fitted_.embedded) {
      numbers[0] = static_cast<float>(hot);
      return known == nullptr;
    }
    std::fill_n(codes, codes_, std::uint8_t{0});
    if (hot >= 0 && fitted_.factor != 0) {
      codes[hot / most_of_a_code] = static_cast<std::uint8_t>(hot % most_of_a_code + 1);
    }
    return known == nullptr;
  }

  KnownWords known_;
  std::int64_t others_, codes_;
};

class BooleanWriter final : public WordWriter<int> {
 public:
  using WordWriter::WordWriter;

 private:
  int understand(std::string_view word) override { return read_boolean(word, fitted_.form); }

  bool write_row(std::int64_t row, float* numbers, std::uint8_t*) override {
    const int* const value = meaning(row);
    if (value != nullptr && *value < 0) refuse(row, "boolean");
    numbers[0] = scaled(value == nullptr ? fitted_.fill : *value, fitted_);
    return value == nullptr;
  }
};

std::size_t part_index(const FittedColumn& part) {
  const auto same = [&](const char* name) { return part.name == name; };
  return static_cast<std::size_t>(std::find_if(std::begin(date_parts), std::end(date_parts), same) - date_parts);
}

class DateWriter final : public WordWriter<std::optional<Moment>> {
 public:
  DateWriter(const Table& table, const Column& column, const FittedColumn& fitted) : WordWriter(table, column, fitted) {
    for (const FittedColumn& part : fitted.parts) parts_.push_back(part_index(part));
  }

 private:
  std::optional<Moment> understand(std::string_view word) override { return read_date(word, fitted_.form); }

  bool write_row(std::int64_t row, float* numbers, std::uint8_t*) override {
    const std::optional<Moment>* const moment = meaning(row);
    if (moment != nullptr && !*moment) refuse(row, "date");
    for (std::size_t p = 0; p < parts_.size(); ++p) {
      const FittedColumn& part = fitted_.parts[p];
      const double value = moment == nullptr ? part.fill : (*moment)->part(parts_[p]);
      numbers[p] = scaled(value, part);
      if (!std::isfinite(numbers[p]) && !std::isnan(value)) refuse_far(table_, row, fitted_.name, value, part);
    }
    return moment == nullptr;
  }

  std::vector<std::size_t> parts_;
};

}  // namespace

FeaturePlaces places_of(const FittedColumn& fitted) {
  FeaturePlaces places;
  std::int64_t left = fitted.features - (fitted.indicator ? 1 : 0);
  if (is_one_hot(fitted)) {
    for (std::int64_t at = 0; at < left; at += most_of_a_code) {
      places.one_hot.push_back({at, std::min(most_of_a_code, left - at)});
    }
  } else {
    places.numbers = left;
  }
  if (fitted.indicator) places.one_hot.push_back({left, 1});
  return places;
}

std::unique_ptr<FeatureWriter> feature_writer(const Table& table, const Column& column, const FittedColumn& fitted) {
  if (fitted.kind == "categorical") return std::make_unique<CategoryWriter>(table, column, fitted);
  if (fitted.kind == "boolean") return std::make_unique<BooleanWriter>(table, column, fitted);
  if (fitted.kind == "date") return std::make_unique<DateWriter>(table, column, fitted);
  return std::make_unique<NumberWriter>(table, column, fitted);
}

}  // namespace pellucid
