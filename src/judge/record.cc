// Record: a cell becomes features when it is set; predict() runs the net and reads its outputs.
// Not here: tables of many rows (prepare/features.cc, judge/evaluate.cc), what outputs mean (judge/output_reader.cc).
#include "pellucid/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "core/text.h"
#include "judge/output_reader.h"
#include "pellucid/error.h"
#include "prepare/features.h"
#include "prepare/kinds.h"
#include "prepare/transform.h"
#include "tables/dates.h"
#include "tables/missing.h"
#include "tables/number_form.h"
#include "tables/spelling.h"
#include "tables/words.h"

namespace pellucid {

namespace {

[[noreturn]] void refuse(const std::string& column, std::string_view cell, const std::string& what) {
  throw Error("D12", fmt::format("column {}: {} is {}", quote(column), quote(std::string(cell)), what));
}

}  // namespace

struct Record::State {
  struct Place {
    const FittedColumn* column;
    float* first;  // its features
    std::optional<KnownWords> words{};
    std::optional<NumberForm> form{};
    MissingRule missing_words{};
    bool missing = true;
    bool alone = false;  // the only column, whose bytes a dataset would store as they are

    std::int64_t numbers() const { return column->shape.elements(); }
    bool refuses_missing() const noexcept { return column->refuses_missing() || column->is(ColumnKind::bytes); }
  };

  explicit State(const Model& trained) : model(trained), predictor(trained.predictor()), reader(reader_of(trained)) {
    const Preprocessor& by = *model.preprocessor;
    features.resize(static_cast<std::size_t>(by.row_shape().elements()));
    float* next = features.data();
    for (const FittedColumn& column : by.columns) {
      Place& place = places.emplace_back(Place{&column, next});
      if (const auto* words = column.categorical()) place.words.emplace(words->categories).spell_out();
      if (const auto* number = column.number(); number != nullptr && !number->form.empty()) {
        place.form = form_of(number->form);
      }
      place.missing_words = MissingRule(by.missing_words, column.name);
      place.alone = by.columns.size() == 1;
      next += column.features;
      make_missing(place);
    }
    yes_or_no = by.is_multi_label();
    answers.resize(reader.targets().size());
  }

  static OutputReader reader_of(const Model& trained) {
    if (!trained.preprocessor) throw Error("U20", "a record takes a model that was trained on a table");
    return OutputReader::of_table_model(trained);
  }

  Place& at(int column) {
    if (column < 0 || static_cast<std::size_t>(column) >= places.size()) {
      throw Error("U20",
                  fmt::format("a record of this model has the columns 0 to {}, got {}", places.size() - 1, column));
    }
    return places[static_cast<std::size_t>(column)];
  }

  static void put(const Place& place, std::int64_t feature, double value, const NumberScale& scale) {
    const float x = scaled(value, scale);
    if (!std::isfinite(x) && !std::isnan(value)) {
      throw Error("D15",
                  fmt::format("column {}: {} is too far outside the training range {} to {} to be stored as a float",
                              quote(place.column->name), value, scale.low, scale.high));
    }
    place.first[feature] = x;
  }

  static void put_category(const Place& place, std::int64_t hot) {
    const CategoricalColumn& learned = *place.column->categorical();
    if (learned.embedded) {
      place.first[0] = static_cast<float>(hot);
      return;
    }
    std::fill_n(place.first, learned.one_hot_features(), 0.0F);
    if (hot >= 0 && learned.varies) place.first[hot] = 1;
  }

  static void put_date(const Place& place, const Moment* moment) {
    std::int64_t feature = 0;
    for (const DateColumn::Part& part : place.column->date()->parts) {
      put(place, feature++, moment == nullptr ? part.scale.fill : moment->part(part.part), part.scale);
    }
  }

  static void mark(Place& place, bool missing) {
    place.missing = missing;
    if (place.column->indicator) place.first[place.column->features - 1] = missing ? 1 : 0;
  }

  static void make_missing(Place& place) {
    if (const auto* words = place.column->categorical()) {
      put_category(place, words->fill);
    } else if (place.column->date() != nullptr) {
      put_date(place, nullptr);
    } else {
      const NumberScale& scale = *place.column->scale();
      for (std::int64_t i = 0; i < place.numbers(); ++i) put(place, i, scale.fill, scale);
    }
    mark(place, true);
  }

  static void require_numbers(const Place& place, std::size_t count) {
    if (static_cast<std::int64_t>(count) == place.numbers()) return;
    throw Error("U20", fmt::format("column {}: a cell has {} numbers, got {}", quote(place.column->name),
                                   place.column->shape.text(), count));
  }

  static void set_numbers(Place& place, std::span<const double> cell) {
    require_numbers(place, cell.size());
    const FittedColumn& column = *place.column;
    if (column.shape.rank() == 0) return set_number(place, cell.front());
    const auto is_byte = [](double x) { return x >= 0 && x <= 255 && x == std::floor(x); };
    if (column.is(ColumnKind::bytes) && !std::ranges::all_of(cell, is_byte)) {
      refuse(column.name, "its cell", "not made of whole numbers from 0 to 255");
    }
    const NumberScale& scale = *column.scale();
    if (column.is(ColumnKind::bytes) && place.alone) {  // the same arithmetic as Dataset::read_row
      const auto offset = static_cast<float>(scale.offset), factor = static_cast<float>(scale.factor);
      std::ranges::transform(cell, place.first, [&](double x) { return (static_cast<float>(x) + offset) * factor; });
      return mark(place, false);
    }
    bool lacks = false;
    for (std::size_t i = 0; i < cell.size(); ++i) {
      lacks = lacks || std::isnan(cell[i]);
      put(place, static_cast<std::int64_t>(i), std::isnan(cell[i]) ? scale.fill : cell[i], scale);
    }
    mark(place, lacks);
  }

  static bool means_missing(const Place& place, std::string_view word) {
    const bool is_value = place.column->date() != nullptr || place.column->number() != nullptr;
    return is_value ? place.missing_words.beside_values(word) : place.missing_words.anywhere(word);
  }

  static void set_word(Place& place, std::string_view word) {
    require_numbers(place, 1);
    if (means_missing(place, word)) return make_missing(place);
    const FittedColumn& column = *place.column;
    switch (column.kind()) {
      case ColumnKind::categorical: {
        const CategoricalColumn& learned = *column.categorical();
        const std::int64_t found = place.words->find(word).index;
        const std::int64_t others = learned.other > 0 ? static_cast<std::int64_t>(learned.categories.size()) : -1;
        put_category(place, found < 0 ? others : found);
        break;
      }
      case ColumnKind::boolean: {
        const int value = read_boolean(word, column.boolean()->form);
        if (value < 0) refuse(column.name, word, fmt::format("neither of {}", text_of(column.boolean()->form)));
        put(place, 0, value, *column.scale());
        break;
      }
      case ColumnKind::date: {
        const std::optional<Moment> moment = read_date(word, column.date()->form);
        if (!moment) refuse(column.name, word, fmt::format("not a date of the form {}", text_of(column.date()->form)));
        put_date(place, &*moment);
        break;
      }
      default: {
        double value = 0;
        Spelling spelling = place.form ? place.form->read(word, value) : read_number(word, value);
        if (!place.form && spelling == Spelling::none) spelling = NumberForm().read(word, value);  // as in a CSV file
        if (spelling == Spelling::none || spelling == Spelling::infinite) refuse(column.name, word, "not a number");
        if (place.missing_words.is_missing_number(value)) return make_missing(place);
        put(place, 0, value, *column.scale());
      }
    }
    mark(place, false);
  }

  static void set_number(Place& place, double value) {
    require_numbers(place, 1);
    if (std::isnan(value)) return make_missing(place);
    const FittedColumn& column = *place.column;
    char text[32];
    if (column.kind() == ColumnKind::date || column.kind() == ColumnKind::categorical) {
      return set_word(place, word_of(value, text));
    }
    if (column.kind() == ColumnKind::boolean && value != 0 && value != 1) {
      refuse(column.name, word_of(value, text), "neither 0 nor 1");
    }
    if (column.number() != nullptr && place.missing_words.is_missing_number(value)) return make_missing(place);
    put(place, 0, value, *column.scale());
    mark(place, false);
  }

  const Model& model;
  Predictor<float> predictor;
  std::vector<float> features{};
  std::vector<Place> places{};
  OutputReader reader;
  std::vector<double> answers{};  // one per target
  bool yes_or_no = false;         // several targets of two classes each
};

Record::Record(const Model& model) : state_(std::make_unique<State>(model)) {}
Record::Record(Record&&) noexcept = default;
Record& Record::operator=(Record&&) noexcept = default;
Record::~Record() = default;

int Record::columns() const noexcept {
  return static_cast<int>(state_->places.size());
}

int Record::index(std::string_view column) const {
  return index_of(state_->model.preprocessor->columns, column);
}

Record& Record::set(int column, double value) {
  State::set_number(state_->at(column), value);
  return *this;
}

Record& Record::set(int column, std::string_view word) {
  State::set_word(state_->at(column), word);
  return *this;
}

Record& Record::set(int column, std::span<const double> cell) {
  State::set_numbers(state_->at(column), cell);
  return *this;
}

Record& Record::set_missing(int column) {
  State::make_missing(state_->at(column));
  return *this;
}

Answer Record::predict() {
  State& s = *state_;
  for (const State::Place& place : s.places) {
    if (!place.missing || !place.refuses_missing()) continue;
    throw Error("D14", fmt::format("column {}: the cell is missing", quote(place.column->name)),
                {"the model cannot do without it: set this column"});
  }
  const std::span<const float> y = s.predictor(s.features);
  if (!std::ranges::all_of(y, [](float output) { return std::isfinite(output); })) {
    throw Error("D39", "the model's output is not a finite number; a cell is too far from the training data");
  }
  s.reader.read(y);
  if (s.reader.targets().size() == 1 && s.reader.targets().front().classes > 0) {
    s.reader.set_threshold(s.model.threshold);  // it may have been changed since
    const std::int32_t found = s.reader.predicted_class(0);
    const std::vector<std::string>& classes = s.reader.targets().front().fitted.classes;
    const auto at = static_cast<std::size_t>(found);
    return {.probabilities = s.reader.probabilities(0),
            .predicted_class = found,
            .class_name = at < classes.size() ? std::string_view(classes[at]) : std::string_view()};
  }
  for (std::size_t t = 0; t < s.answers.size(); ++t) {
    s.answers[t] = s.yes_or_no ? s.reader.probabilities(t)[1] : s.reader.value(t);
  }
  if (s.yes_or_no) return {.probabilities = s.answers};
  return {.values = s.answers};
}

}  // namespace pellucid
