// Inputs and features, by the kind of each column: the same operations in double as in prepare/features.cc.
// Not here: the parts of dates (dates.cc).
#include "export/onnx/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>

#include "core/text.h"
#include "export/onnx/dates.h"
#include "pellucid/error.h"
#include "tables/words.h"

namespace pellucid::onnx {

namespace {

constexpr std::size_t most_named = 10;  // columns that a description lists; the metadata name all

std::string help_of(const FittedColumn& column) {
  const std::string missing = column.refuses_missing() ? "must not be missing" : "missing";
  switch (column.kind()) {
    case ColumnKind::categorical:
      return fmt::format("{}; \"\": {}", column.categorical()->codes ? "a code, as a word" : "a word", missing);
    case ColumnKind::boolean:
      return fmt::format("1 or 0, for {}; NaN: {}", text_of(column.boolean()->form), missing);
    case ColumnKind::date:
      return fmt::format(
          "{}; NaN: {}",
          column.date()->form == DateForm::time_of_day ? "a time of day: hours / 24" : "days since 1970-01-01",
          missing);
    case ColumnKind::bytes:
      return "0 to 255";
    default:
      return "a number; NaN: " + missing;
  }
}

class Columns {
 public:
  Columns(Graph& graph, const Preprocessor& by) : graph_(graph), by_(by) {}

  Features write() {
    add_inputs();
    const bool alone = by_.columns.size() == 1 && by_.columns[0].is(ColumnKind::bytes);
    if (alone) return {pixels(by_.columns[0])};
    for (std::size_t c = 0; c < by_.columns.size(); ++c) {
      const FittedColumn& column = by_.columns[c];
      graph_.within(column.name);
      if (column.categorical() != nullptr) {
        category(column, inputs_[c]);
      } else if (column.date() != nullptr) {
        date(column, inputs_[c]);
      } else {
        number(column, inputs_[c]);
      }
      feature_ += column.features;
    }
    graph_.within("columns");
    if (!numbers_.empty()) scale_numbers();
    return {in_order(), refused_};
  }

 private:
  /// Numbers that are scaled together: those of a column, or a part of a date.
  struct Numbers {
    Value value;  ///< empty in a plain graph, which has them all in its input
    const NumberScale* scale;
    std::int64_t count, feature;
    std::int64_t indicator;  ///< its feature; -1: none
  };
  /// Finished features, float.
  struct Piece {
    Value value;
    std::vector<std::int64_t> features;
  };

  void add_inputs() {
    if (graph_.is_plain()) return add_plain_input();
    for (const FittedColumn& column : by_.columns) {
      const Type type = column.categorical() != nullptr ? TensorProto::STRING
                        : column.is(ColumnKind::bytes)  ? TensorProto::UINT8
                                                        : TensorProto::DOUBLE;
      const std::span<const std::int64_t> cell = column.shape.extents();
      const std::int64_t one = 1;
      inputs_.push_back(graph_.input(column.name, type, cell.empty() ? std::span(&one, 1) : cell, help_of(column)));
    }
  }

  void add_plain_input() {
    std::vector<std::string> names;
    for (const FittedColumn& column : by_.columns) {
      if (column.categorical() != nullptr || column.date() != nullptr) {
        throw Error("U29",
                    fmt::format("the column {} holds {}, and a plain ONNX file takes numbers only", quote(column.name),
                                column.date() != nullptr ? "dates" : "words"),
                    {"export it without `plain`"});
      }
      names.push_back(column.name);
      plain_size_ += column.shape.elements();
    }
    const std::span<const std::int64_t> cell = by_.columns[0].shape.extents();
    const bool shaped = by_.columns.size() == 1 && !cell.empty();
    const Value input = graph_.input("features", TensorProto::FLOAT, shaped ? cell : std::span(&plain_size_, 1),
                                     listed(names, most_named) + "; yes/no as 1 and 0; NaN: missing");
    inputs_.assign(by_.columns.size(), input);
    plain_ = cell.size() > 1 && shaped ? graph_.flat(input, {-1, plain_size_}) : input;
  }

  // The column's numbers, N × elements, of number_type().
  Value numbers_of(const FittedColumn& column, const Value& input) {
    const std::int64_t count = column.shape.elements();
    if (graph_.is_plain()) return graph_.columns(plain_, plain_at_, count, plain_size_);
    const Value flat = column.shape.rank() > 1 ? graph_.flat(input, {-1, count}) : input;
    return column.is(ColumnKind::bytes) ? graph_.cast(flat, graph_.number_type()) : flat;
  }

  // Pixels alone are scaled in float, as batches/ does it.
  Value pixels(const FittedColumn& column) {
    const Value cells = graph_.is_plain() ? inputs_[0] : graph_.cast(inputs_[0], TensorProto::FLOAT);
    const Value flat = column.shape.rank() > 1 ? graph_.flat(cells, {-1, column.shape.elements()}) : cells;
    const NumberScale& scale = *column.scale();
    const Value moved = graph_.node("Add", {flat, graph_.single(static_cast<float>(scale.offset))});
    return graph_.node("Mul", {moved, graph_.single(static_cast<float>(scale.factor))});
  }

  void number(const FittedColumn& column, const Value& input) {
    const std::int64_t count = column.shape.elements();
    const std::int64_t indicator = column.indicator ? feature_ + column.features - 1 : -1;
    const bool is_boolean = column.boolean() != nullptr;
    const Value cells = graph_.is_plain() && !is_boolean ? "" : numbers_of(column, input);
    plain_at_ += count;
    numbers_.push_back({cells, column.scale(), count, feature_, indicator});
    if (!is_boolean) return;
    // x (x - 1) is 0 for 0 and 1, and not a number for a missing cell.
    const Value product = graph_.node("Mul", {cells, graph_.node("Sub", {cells, graph_.number(1)})});
    refused_.push_back(graph_.node("Greater", {graph_.node("Abs", {product}), graph_.number(0)}));
  }

  void date(const FittedColumn& column, const Value& input) {
    constexpr double farthest = 3e6;  // days: the year 10183
    refused_.push_back(graph_.node("Greater", {graph_.node("Abs", {input}), graph_.number(farthest)}));
    std::int64_t feature = feature_;
    for (const DateColumn::Part& part : column.date()->parts) {
      numbers_.push_back({date_part(graph_, input, part.part), &part.scale, 1, feature++, -1});
    }
    if (column.indicator) indicator(column, graph_.node("IsNaN", {input}));
  }

  void indicator(const FittedColumn& column, const Value& missing) {
    pieces_.push_back({graph_.cast(missing, TensorProto::FLOAT), {feature_ + column.features - 1}});
  }

  // Words become numbers: the index of their category, -1 for none.
  void category(const FittedColumn& column, const Value& input) {
    const CategoricalColumn& learned = *column.categorical();
    const auto known = static_cast<std::int64_t>(learned.categories.size());
    const std::int64_t missing = known + 1;
    const bool marked = column.indicator || column.refuses_missing();
    std::vector<std::string> words = learned.categories;
    std::vector<std::int64_t> codes(words.size());
    std::iota(codes.begin(), codes.end(), 0);
    words.emplace_back();
    codes.push_back(marked ? missing : learned.fill);
    Value code = graph_.node("LabelEncoder", {input},
                             {{"keys_strings", words},
                              {"values_int64s", codes},
                              {"default_int64", learned.other > 0 ? known : std::int64_t{-1}}},
                             "ai.onnx.ml");
    if (marked) {
      const Value lacks = graph_.node("Equal", {code, graph_.integers({missing})});
      if (column.refuses_missing()) refused_.push_back(lacks);
      if (column.indicator) indicator(column, lacks);
      code = graph_.node("Where", {lacks, graph_.integers({learned.fill}), code});
    }
    if (learned.embedded) {
      pieces_.push_back({graph_.cast(code, TensorProto::FLOAT), {feature_}});
      return;
    }
    std::vector<std::int64_t> own(static_cast<std::size_t>(learned.one_hot_features()));
    std::vector<std::int64_t> features = own;
    std::iota(own.begin(), own.end(), 0);
    std::iota(features.begin(), features.end(), feature_);
    if (!learned.varies) std::ranges::fill(own, -2);  // no word has this number
    pieces_.push_back({graph_.cast(graph_.node("Equal", {code, graph_.integers(own)}), TensorProto::FLOAT), features});
  }

  // One number per scaled number.
  std::vector<double> each(double NumberScale::*member) const {
    std::vector<double> all;
    for (const Numbers& part : numbers_)
      all.insert(all.end(), static_cast<std::size_t>(part.count), part.scale->*member);
    return all;
  }

  void scale_numbers() {
    std::vector<Value> values;
    Piece piece;
    for (const Numbers& part : numbers_) {
      values.push_back(part.value);
      for (std::int64_t i = 0; i < part.count; ++i) piece.features.push_back(part.feature + i);
    }
    const Value cells = graph_.is_plain() ? plain_ : graph_.side_by_side(values);
    const Value missing = graph_.node("IsNaN", {cells});
    number_indicators(missing);
    const Value fill = graph_.numbers(each(&NumberScale::fill), "fill");
    const Value offset = graph_.numbers(each(&NumberScale::offset), "offset");
    const Value factor = graph_.numbers(each(&NumberScale::factor), "factor");
    const Value moved = graph_.node("Add", {graph_.node("Where", {missing, fill, cells}), offset});
    const Value scaled = squashed(graph_.node("Mul", {moved, factor}));
    piece.value = graph_.is_plain() ? scaled : graph_.cast(scaled, TensorProto::FLOAT);
    pieces_.push_back(piece);
  }

  Value squashed(const Value& x) {
    std::vector<double> squash = each(&NumberScale::squash);
    const auto is_squashed = [](double most) { return most > 0; };
    if (std::ranges::none_of(squash, is_squashed)) return x;
    const bool all = std::ranges::all_of(squash, is_squashed);
    const Value chosen = all ? "" : graph_.node("Greater", {graph_.numbers(squash), graph_.number(0)});
    std::ranges::replace_if(squash, std::not_fn(is_squashed), 1);
    const Value most = graph_.numbers(squash, "squash");
    const Value ratio = graph_.node("Div", {x, most});
    const Value square = graph_.node("Add", {graph_.node("Mul", {ratio, ratio}), graph_.number(1)});
    const Value inside = graph_.node("Div", {x, graph_.node("Sqrt", {square})});
    const Value at_the_end = graph_.node("Greater", {graph_.node("Abs", {ratio}), graph_.number(1e8)});
    const Value end = graph_.node("Mul", {graph_.node("Sign", {x}), most});
    const Value result = graph_.node("Where", {at_the_end, end, inside});
    return all ? result : graph_.node("Where", {chosen, result, x});
  }

  // A column of several numbers per cell has one indicator: whether any of them is missing.
  void number_indicators(const Value& missing) {
    std::int64_t at = 0;
    const std::int64_t all = std::accumulate(numbers_.begin(), numbers_.end(), std::int64_t{0},
                                             [](std::int64_t sum, const Numbers& part) { return sum + part.count; });
    for (const Numbers& part : numbers_) {
      if (part.indicator >= 0) {
        Value mark = graph_.cast(graph_.columns(missing, at, part.count, all), TensorProto::FLOAT);
        if (part.count > 1) mark = graph_.node("ReduceMax", {mark}, {{"axes", std::vector<std::int64_t>{1}}});
        pieces_.push_back({mark, {part.indicator}});
      }
      at += part.count;
    }
  }

  // Pieces are joined, then put into the order of the features.
  Value in_order() {
    std::vector<Value> values;
    std::vector<std::int64_t> place(static_cast<std::size_t>(feature_));
    std::int64_t at = 0;
    for (const Piece& piece : pieces_) {
      values.push_back(piece.value);
      for (const std::int64_t feature : piece.features) place[static_cast<std::size_t>(feature)] = at++;
    }
    Value joined = graph_.side_by_side(values);
    if (!std::ranges::is_sorted(place)) {
      joined = graph_.node("Gather", {joined, graph_.integers(place)}, {{"axis", std::int64_t{1}}});
    }
    const Value largest = graph_.single(std::numeric_limits<float>::max());
    const Value finite = graph_.node("LessOrEqual", {graph_.node("Abs", {joined}), largest});
    refused_.push_back(graph_.node("Not", {finite}));
    return joined;
  }

  Graph& graph_;
  const Preprocessor& by_;
  std::vector<Value> inputs_{};  // one per column
  Value plain_{};                // in a plain graph: all columns, N × plain_size_
  std::int64_t plain_size_ = 0, plain_at_ = 0, feature_ = 0;
  std::vector<Numbers> numbers_{};
  std::vector<Piece> pieces_{};
  std::vector<Value> refused_{};
};

}  // namespace

Features add_columns(Graph& graph, const Preprocessor& by) {
  return Columns(graph, by).write();
}

}  // namespace pellucid::onnx
