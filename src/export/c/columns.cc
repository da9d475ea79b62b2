// One piece of C for each column, by its kind: the same operations in double as in prepare/features.cc.
// Not here: the words of columns as codes (words.cc).
#include "export/c/columns.h"

#include <fmt/format.h>

#include <cmath>

#include "core/text.h"
#include "export/c/text.h"
#include "export/c/words.h"
#include "pellucid/error.h"

namespace pellucid::c {

namespace {

constexpr const char* scaled_text =
    R"(/* (value + offset) * factor, then squashed between -squash and squash where squash is not 0. */
static float @p@_scaled(double value, double offset, double factor, double squash) {
  value = (value + offset) * factor;
  if (squash > 0) {
    const double ratio = value / squash;
    value = fabs(ratio) > 1e8 ? copysign(squash, value) : value / sqrt(1 + ratio * ratio);
  }
  return (float)value;
}
static int @p@_lacks(double cell) { return cell != cell; }
static int @p@_too_far(float feature) { return !(fabsf(feature) <= FLT_MAX); }
)";

// The calendar: H. Hinnant, "chrono-compatible low-level date algorithms".
constexpr const char* date_text =
    R"(/* The parts of a day since 1970-01-01: year, month, weekday (1 Monday to 7 Sunday), hour, days. */
static double @p@_date_part(double days, int part, int epoch) {
  const double whole = floor(days);
  double second = floor((days - whole) * 86400000.0 + 0.5) / 1000.0;
  long day = (long)whole;
  if (second >= 86400.0) {
    second -= 86400.0;
    ++day;
  }
  if (part == 4) return days;
  if (part == 3) {
    const int seconds = (int)second, hour = seconds / 3600, minute = seconds / 60 % 60;
    return epoch ? second / 3600 : hour + minute / 60.0 + (second - hour * 3600 - minute * 60) / 3600;
  }
  if (part == 2) return (double)(((day + 3) % 7 + 7) % 7 + 1);
  {
    const long z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
    const long year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const long of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const long shifted = (5 * of_year + 2) / 153, month = shifted < 10 ? shifted + 3 : shifted - 9;
    return (double)(part == 1 ? month : year_of_era + era * 400 + (month <= 2));
  }
}
)";

constexpr const char* days_text = R"(double @p@_days(int year, int month, int day, double hour) {
  const long y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
  const long of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return (double)(era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468) + hour / 24;
}
)";

class ColumnsWriter {
 public:
  ColumnsWriter(const Preprocessor& by, std::string prefix) : by_(by), prefix_(std::move(prefix)) {}

  ColumnsText write() {
    text_.helpers = filled(scaled_text, {{"p", prefix_}});
    const bool alone = by_.columns.size() == 1 && by_.columns[0].is(ColumnKind::bytes);
    for (const FittedColumn& column : by_.columns) {
      describe(column);
      alone ? bytes(column) : write_column(column);
      feature_ += column.features;
      record_ += cells(column);
    }
    if (dates_) text_.helpers += filled(date_text, {{"p", prefix_}}) + filled(days_text, {{"p", prefix_}});
    text_.numbers = record_;
    return text_;
  }

 private:
  static std::int64_t cells(const FittedColumn& column) { return column.shape.elements(); }

  void line(const std::string& text) { text_.body += "  " + text + "\n"; }

  void describe(const FittedColumn& column) {
    const std::string what = [&]() -> std::string {
      switch (column.kind()) {
        case ColumnKind::categorical:
          return fmt::format("a code: {}_code({}, word)", prefix_, record_);
        case ColumnKind::boolean:
          return fmt::format("1 or 0, for {}", text_of(column.boolean()->form));
        case ColumnKind::date:
          dates_ = true;
          return column.date()->form == DateForm::time_of_day
                     ? "a time of day: hours / 24.0"
                     : fmt::format("days since 1970-01-01: {}_days(year, month, day, hour)", prefix_);
        case ColumnKind::bytes:
          return "0 to 255";
        default:
          return "a number";
      }
    }();
    const std::string missing = column.refuses_missing() ? "; must be there" : "";
    const std::string place =
        cells(column) == 1 ? std::to_string(record_) : fmt::format("{} to {}", record_, record_ + cells(column) - 1);
    text_.declarations += fmt::format(" *   {:>3}  {}: {}{}\n", place, comment(column.name), comment(what), missing);
  }

  std::string scaled(const std::string& value, const NumberScale& scale) const {
    return fmt::format("{}_scaled({}, {}, {}, {})", prefix_, value, readable(scale.offset), readable(scale.factor),
                       readable(scale.squash));
  }

  // A value that stands for a missing cell; NAN stays one where missing cells are refused.
  void refuse_missing(const FittedColumn& column, const std::string& cell) {
    if (column.refuses_missing())
      line(fmt::format("if ({}_lacks({})) return {}_MISSING;", prefix_, cell, upper(prefix_)));
  }

  void put(std::int64_t feature, const std::string& value, const NumberScale& scale, bool may_be_far) {
    line(fmt::format("x[{}] = {};", feature, scaled(value, scale)));
    if (may_be_far) line(fmt::format("if ({}_too_far(x[{}])) return {}_TOO_FAR;", prefix_, feature, upper(prefix_)));
  }

  // Pixels alone are scaled in float, as batches/ does it.
  void bytes(const FittedColumn& column) {
    const NumberScale& scale = *column.scale();
    line(fmt::format("for (int i = 0; i < {}; ++i) x[i] = ((float)r[i] + {}) * {};", cells(column),
                     literal(static_cast<float>(scale.offset)), literal(static_cast<float>(scale.factor))));
  }

  void write_column(const FittedColumn& column) {
    line(fmt::format("/* {} */", comment(column.name)));
    const std::string cell = fmt::format("r[{}]", record_);
    if (cells(column) == 1) refuse_missing(column, cell);
    switch (column.kind()) {
      case ColumnKind::categorical:
        category(column, cell);
        break;
      case ColumnKind::boolean:
        boolean(column, cell);
        break;
      case ColumnKind::date:
        date(column, cell);
        break;
      default:
        number(column, cell);
    }
    if (column.indicator && cells(column) == 1) {
      line(fmt::format("x[{}] = {}_lacks({}) ? 1.0f : 0.0f;", feature_ + column.features - 1, prefix_, cell));
    }
  }

  std::string filled_cell(const std::string& cell, double fill) const {
    return std::isnan(fill) ? cell : fmt::format("{}_lacks({}) ? {} : {}", prefix_, cell, readable(fill), cell);
  }

  void number(const FittedColumn& column, const std::string& cell) {
    const NumberScale& scale = *column.scale();
    if (cells(column) == 1) return put(feature_, filled_cell(cell, scale.fill), scale, true);
    const std::string each = fmt::format("r[{} + i]", record_);
    const std::int64_t n = cells(column);
    const std::string indicator = fmt::format("x[{}]", feature_ + column.features - 1);
    if (column.indicator) line(indicator + " = 0.0f;");
    line(fmt::format("for (int i = 0; i < {}; ++i) {{", n));
    if (column.indicator) line(fmt::format("  if ({}_lacks({})) {} = 1.0f;", prefix_, each, indicator));
    if (column.refuses_missing()) {
      line(fmt::format("  if ({}_lacks({})) return {}_MISSING;", prefix_, each, upper(prefix_)));
    }
    line(fmt::format("  x[{} + i] = {};", feature_, scaled(filled_cell(each, scale.fill), scale)));
    line(fmt::format("  if ({}_too_far(x[{} + i])) return {}_TOO_FAR;", prefix_, feature_, upper(prefix_)));
    line("}");
  }

  void boolean(const FittedColumn& column, const std::string& cell) {
    line(
        fmt::format("if (!{0}_lacks({1}) && {1} != 0 && {1} != 1) return {2}_TOO_FAR;", prefix_, cell, upper(prefix_)));
    put(feature_, filled_cell(cell, column.scale()->fill), *column.scale(), false);
  }

  void date(const FittedColumn& column, const std::string& cell) {
    const DateColumn& learned = *column.date();
    const bool epoch = learned.form == DateForm::seconds || learned.form == DateForm::milliseconds;
    line(fmt::format("if (fabs({}) > 3e6) return {}_TOO_FAR;", cell, upper(prefix_)));
    std::int64_t feature = feature_;
    for (const DateColumn::Part& part : learned.parts) {
      const std::string value =
          fmt::format("{}_date_part({}, {}, {})", prefix_, cell, static_cast<int>(part.part), epoch ? 1 : 0);
      put(feature++,
          std::isnan(part.scale.fill)
              ? value
              : fmt::format("{}_lacks({}) ? {} : {}", prefix_, cell, readable(part.scale.fill), value),
          part.scale, true);
    }
  }

  void category(const FittedColumn& column, const std::string& cell) {
    const CategoricalColumn& learned = *column.categorical();
    const auto known = static_cast<std::int64_t>(learned.categories.size());
    const std::int64_t others = learned.other > 0 ? known : -1;
    line("{");
    line(fmt::format("  const int code = {0}_lacks({1}) ? {2} : {1} >= 0 && {1} < {3} ? (int){1} : {4};", prefix_, cell,
                     learned.fill, known, others));
    if (learned.embedded) {
      line(fmt::format("  x[{}] = (float)code;", feature_));
    } else {
      const std::int64_t n = learned.one_hot_features();
      line(fmt::format("  for (int i = 0; i < {}; ++i) x[{} + i] = {};", n, feature_,
                       learned.varies ? "i == code ? 1.0f : 0.0f" : "0.0f"));
      if (!learned.varies) line("  (void)code;");
    }
    line("}");
  }

  const Preprocessor& by_;
  std::string prefix_;
  ColumnsText text_{};
  std::int64_t feature_ = 0, record_ = 0;
  bool dates_ = false;
};

}  // namespace

ColumnsText columns_text(const Preprocessor& by, const std::string& prefix) {
  ColumnsText text = ColumnsWriter(by, prefix).write();
  text.helpers += words_text(by, prefix);
  return text;
}

}  // namespace pellucid::c
