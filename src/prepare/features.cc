// Writes features: one class per kind of column. Each different word is interpreted once, when it first occurs.
// Not here: fitting (fit.cc), datasets (transform.cc).
#include "prepare/features.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/setting_hint.h"
#include "prepare/kinds.h"
#include "tables/cells.h"
#include "tables/dates.h"
#include "tables/missing.h"
#include "tables/words.h"

namespace pellucid {

namespace {

constexpr std::int64_t most_of_a_code = 255;

[[noreturn]] void refuse_missing(const Table& table, std::int64_t row, const std::string& column) {
  throw Error("D14", fmt::format("{}, column {}: the cell is missing", table.place(row), quote(column)),
              {"the model was trained with `missing = error`"});
}

[[noreturn]] void refuse_far(const Table& table, std::int64_t row, const std::string& column, double value,
                             const ValueRange& fitted) {
  throw Error("D15",
              fmt::format("{}, column {}: {} is too far outside the training range {} to {} to be stored as a float",
                          table.place(row), quote(column), value, fitted.low, fitted.high));
}

// Base class: writes the features of one column, row after row.
class Writer : public FeatureWriter {
 public:
  Writer(const Table& table, const FittedColumn& fitted) : table_(table), fitted_(fitted), places_(places_of(fitted)) {}

  void write(std::int64_t first, std::int64_t last, FeatureRows to) final {
    for (std::int64_t row = first; row < last; ++row) {
      const bool lacks = write_row(row, to.numbers, to.codes);
      if (lacks && fitted_.refuses_missing()) refuse_missing(table_, row, fitted_.name);
      if (fitted_.indicator) to.codes[places_.one_hot.size() - 1] = lacks ? 1 : 0;
      to.numbers += to.next_numbers;
      to.codes += to.next_codes;
    }
  }

 protected:
  /// Writes all features of the row but the indicator. Returns whether the cell is missing.
  virtual bool write_row(std::int64_t row, float* numbers, std::uint8_t* codes) = 0;

  const Table& table_;
  const FittedColumn& fitted_;
  const FeaturePlaces places_;
};

class NumberWriter final : public Writer {
 public:
  NumberWriter(const Table& table, const Column& column, const FittedColumn& fitted, const MissingWords& missing)
      : Writer(table, fitted),
        scale_(*fitted.scale()),
        rule_(missing, fitted.name),
        cells_(table, column),
        cell_(column.cell()) {}

 private:
  bool write_row(std::int64_t row, float* numbers, std::uint8_t*) override {
    bool lacks = false;
    for (std::int64_t i = 0; i < cell_; ++i) {
      double value = cells_[row * cell_ + i];
      const bool missing = std::isnan(value) || rule_.is_missing_number(value);
      if (missing) value = scale_.fill;
      lacks = lacks || missing;
      numbers[i] = scaled(value, scale_);
      if (!std::isfinite(numbers[i]) && !std::isnan(value)) {
        refuse_far(table_, row, fitted_.name, cells_[row * cell_ + i], scale_);
      }
    }
    return lacks;
  }

  const NumberScale& scale_;
  const MissingRule rule_;
  NumberCells cells_;
  std::int64_t cell_;
};

// Base class for text columns: interprets each different word once.
template <class Meaning>
class WordWriter : public Writer {
 public:
  WordWriter(const Table& table, const Column& column, const FittedColumn& fitted)
      : Writer(table, fitted), cells_(column) {}

 protected:
  virtual Meaning understand(std::string_view word) = 0;

  /// What the word in this row means; null for a missing cell.
  const Meaning* meaning(std::int64_t row) {
    const std::int32_t code = cells_.code(row);
    if (code < 0) return nullptr;
    while (static_cast<std::size_t>(code) >= meanings_.size()) {
      meanings_.push_back(understand(cells_.word(static_cast<std::int32_t>(meanings_.size()))));
    }
    return &meanings_[static_cast<std::size_t>(code)];
  }

  [[noreturn]] void refuse(std::int64_t row, const char* what, std::string_view form) {
    const std::string word(cells_.word(cells_.code(row)));
    throw Error("D12",
                fmt::format("{}, column {}: {} is not a {} of the form {}, which the training rows have",
                            table_.place(row), quote(fitted_.name), quote(word), what, form),
                {"write the column in the same form as the training rows",
                 "if it means a missing value: " + setting_hint_list("na", {fitted_.name + ":" + word})});
  }

 private:
  WordCells cells_;
  std::vector<Meaning> meanings_;
};

class CategoryWriter final : public WordWriter<std::int64_t> {
 public:
  CategoryWriter(const Table& table, const Column& column, const FittedColumn& fitted, KnownWords& words)
      : WordWriter(table, column, fitted), learned_(*fitted.categorical()), known_(words) {
    others_ = learned_.other > 0 ? static_cast<std::int64_t>(learned_.categories.size()) : -1;
    codes_ = static_cast<std::int64_t>(places_.one_hot.size()) - (fitted.indicator ? 1 : 0);
  }

 private:
  std::int64_t understand(std::string_view word) override {
    const KnownWords::Found found = known_.find(word);
    return found.index < 0 ? others_ : found.index;
  }

  bool write_row(std::int64_t row, float* numbers, std::uint8_t* codes) override {
    const std::int64_t* const known = meaning(row);
    const std::int64_t hot = known != nullptr ? *known : learned_.fill;
    if (learned_.embedded) {
      numbers[0] = static_cast<float>(hot);
      return known == nullptr;
    }
    std::fill_n(codes, codes_, std::uint8_t{0});
    if (hot >= 0 && learned_.varies) {
      codes[hot / most_of_a_code] = static_cast<std::uint8_t>(hot % most_of_a_code + 1);
    }
    return known == nullptr;
  }

  const CategoricalColumn& learned_;
  KnownWords& known_;
  std::int64_t others_, codes_;
};

class BooleanWriter final : public WordWriter<int> {
 public:
  BooleanWriter(const Table& table, const Column& column, const FittedColumn& fitted)
      : WordWriter(table, column, fitted), learned_(*fitted.boolean()) {}

 private:
  int understand(std::string_view word) override { return read_boolean(word, learned_.form); }

  bool write_row(std::int64_t row, float* numbers, std::uint8_t*) override {
    const int* const value = meaning(row);
    if (value != nullptr && *value < 0) refuse(row, "boolean", text_of(learned_.form));
    numbers[0] = scaled(value == nullptr ? learned_.scale.fill : *value, learned_.scale);
    return value == nullptr;
  }

  const BooleanColumn& learned_;
};

class DateWriter final : public WordWriter<std::optional<Moment>> {
 public:
  DateWriter(const Table& table, const Column& column, const FittedColumn& fitted)
      : WordWriter(table, column, fitted), learned_(*fitted.date()) {}

 private:
  std::optional<Moment> understand(std::string_view word) override { return read_date(word, learned_.form); }

  bool write_row(std::int64_t row, float* numbers, std::uint8_t*) override {
    const std::optional<Moment>* const moment = meaning(row);
    if (moment != nullptr && !*moment) refuse(row, "date", text_of(learned_.form));
    for (const DateColumn::Part& part : learned_.parts) {
      const double value = moment == nullptr ? part.scale.fill : (*moment)->part(part.part);
      *numbers = scaled(value, part.scale);
      if (!std::isfinite(*numbers) && !std::isnan(value)) refuse_far(table_, row, fitted_.name, value, part.scale);
      ++numbers;
    }
    return moment == nullptr;
  }

  const DateColumn& learned_;
};

}  // namespace

float scaled(double value, const NumberScale& fitted) {
  value = (value + fitted.offset) * fitted.factor;
  if (fitted.squash > 0) {
    const double ratio = value / fitted.squash;
    // Beyond this, √(1 + ratio²) equals |ratio| in doubles, and the square could overflow.
    const bool at_the_end = std::abs(ratio) > 1e8;
    value = at_the_end ? std::copysign(fitted.squash, value) : value / std::sqrt(1 + ratio * ratio);
  }
  return static_cast<float>(value);
}

FeaturePlaces places_of(const FittedColumn& fitted) {
  FeaturePlaces places;
  std::int64_t left = fitted.features - (fitted.indicator ? 1 : 0);
  if (fitted.is_one_hot()) {
    for (std::int64_t at = 0; at < left; at += most_of_a_code) {
      places.one_hot.push_back({at, std::min(most_of_a_code, left - at)});
    }
  } else {
    places.numbers = left;
  }
  if (fitted.indicator) places.one_hot.push_back({left, 1});
  return places;
}

ColumnWords words_of(const std::vector<FittedColumn>& columns) {
  ColumnWords words;
  for (const FittedColumn& column : columns) {
    words.emplace_back();
    if (const CategoricalColumn* const known = column.categorical()) words.back().emplace(known->categories);
  }
  return words;
}

std::unique_ptr<FeatureWriter> feature_writer(const Table& table, const Column& column, const FittedColumn& fitted,
                                              const MissingWords& missing, std::optional<KnownWords>& words) {
  switch (fitted.kind()) {
    case ColumnKind::categorical:
      return std::make_unique<CategoryWriter>(table, column, fitted, *words);
    case ColumnKind::boolean:
      return std::make_unique<BooleanWriter>(table, column, fitted);
    case ColumnKind::date:
      return std::make_unique<DateWriter>(table, column, fitted);
    default:
      return std::make_unique<NumberWriter>(table, column, fitted, missing);
  }
}

}  // namespace pellucid
