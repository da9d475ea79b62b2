// RowWatch: counts, per column, cells of new rows that are unlike the training rows.
// Not here: findings on training data (findings.cc), features (features.cc).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/findings.h"
#include "prepare/row_key.h"
#include "tables/cells.h"
#include "tables/column_index.h"
#include "tables/dates.h"
#include "tables/spelling.h"
#include "tables/words.h"

namespace pellucid {

namespace {

// Mean distance from the training mean, in standard deviations; it is at most 1 in the training rows.
constexpr double far_deviations = 5;
constexpr std::int64_t enough_rows = 16;   // in fewer rows, a column may be empty or hold rare words by chance
constexpr std::size_t most_words = 10000;  // different words remembered per column
constexpr std::size_t words_shown = 3;
constexpr std::size_t most_compared = 2000;  // with more categories, the nearest spelling is not searched for

std::string share_text(std::int64_t some, std::int64_t all) {
  return fmt::format("{} of {} ({:.1f}%)", count_text(some), plural(all, "row"),
                     100.0 * static_cast<double>(some) / static_cast<double>(all));
}

// Counts for one column; looks at each cell once.
class Watch {
 public:
  explicit Watch(const FittedColumn& fitted) : fitted_(fitted) {}
  virtual ~Watch() = default;

  /// `filled`: sets an element for each row that has a cell in this column.
  void see(const Table& table, const Column& column, std::vector<bool>& filled) {
    begin(column);
    for (std::int64_t row = 0; row < table.rows; ++row) {
      if (is_missing_cell(column, row)) {
        ++missing_;
        continue;
      }
      filled[static_cast<std::size_t>(row)] = true;
      ++present_;
      look(table, column, row);
    }
    end();
  }

  void tell(std::vector<Finding>& findings) const {
    if (present_ == 0 && missing_ > 0 && (missing_ >= enough_rows || !fitted_.indicator)) {
      findings.push_back(Finding::warn(
          "D47", fmt::format("column {} is empty in {}; the model uses {} instead", quote(fitted_.name),
                             missing_ == 1 ? "the only row" : "all " + plural(missing_, "row"), filling())));
    }
    if (present_ > 0) tell_more(findings);
  }

 protected:
  virtual void begin(const Column&) {}
  virtual void look(const Table&, const Column&, std::int64_t) {}
  virtual void end() {}
  virtual void tell_more(std::vector<Finding>&) const {}

  const FittedColumn& fitted_;
  std::int64_t present_ = 0, missing_ = 0;

 private:
  std::string filling() const {
    if (const NumberColumn* const number = fitted_.number()) return number_text(number->scale.fill);
    const CategoricalColumn* const words = fitted_.categorical();
    if (words == nullptr || words->fill < 0) return "\"missing\"";
    return quote(words->categories[static_cast<std::size_t>(words->fill)]);
  }
};

// Numbers and dates that lie outside the training range by more than the width of the range.
class RangeWatch : public Watch {
 public:
  explicit RangeWatch(const FittedColumn& fitted) : Watch(fitted), range_(*fitted.range()) {}

 protected:
  void measure(const Table& table, std::int64_t row, double value) {
    const double deviations = std::abs(value - range_.mean) / range_.deviation;
    sum_ += deviations;
    bounded_sum_ += std::min(deviations, 4 * far_deviations);  // so that a few extreme cells do not decide
    const double beyond = std::max(value - range_.high, range_.low - value);
    if (!(beyond > range_.high - range_.low)) return;
    if (far_++ > 0 && beyond <= farthest_) return;
    farthest_ = beyond;
    value_ = value;
    place_ = table.place(row);
  }

  bool is_far_on_average() const {
    return range_.deviation > 0 && bounded_sum_ / static_cast<double>(present_) > far_deviations;
  }
  double mean_deviations() const { return sum_ / static_cast<double>(present_); }

  void tell_outliers(std::vector<Finding>& findings, std::string (*text)(double), const char* check) const {
    if (far_ == 0) return;
    const std::string range = fmt::format("the training range {} to {}", text(range_.low), text(range_.high));
    const std::string where = fmt::format("{} in {}", text(value_), place_);
    findings.push_back(Finding::warn(
        "D22", far_ == 1 ? fmt::format("column {}: {} is far outside {}; {}", quote(fitted_.name), where, range, check)
                         : fmt::format("column {}: {} far outside {}, the farthest is {}; {}", quote(fitted_.name),
                                       share_text(far_, present_ + missing_) + " are", range, where, check)));
  }

  const ValueRange& range_;

 private:
  std::int64_t far_ = 0;
  double sum_ = 0, bounded_sum_ = 0, farthest_ = 0, value_ = 0;
  std::string place_;  // of the value farthest outside the range
};

std::string short_text(double x) {
  return fmt::format("{:.6g}", x);
}

class NumberWatch final : public RangeWatch {
 public:
  using RangeWatch::RangeWatch;

 private:
  void look(const Table& table, const Column& column, std::int64_t row) override {
    const auto at = static_cast<std::size_t>(row);
    if (range_.deviation <= 0 || column.type == Column::Type::text) return;
    source_ = table.source;
    measure(table, row, column.type == Column::Type::bytes ? column.bytes[at] : column.numbers[at]);
  }

  void tell_more(std::vector<Finding>& findings) const override {
    if (!is_far_on_average()) return tell_outliers(findings, short_text, "check the unit");
    findings.push_back(
        Finding::warn("D22", fmt::format("column {} of {} is far from the training data (on average {:.3g} standard "
                                         "deviations from the training mean); check the unit",
                                         quote(fitted_.name), source_, mean_deviations())));
  }

  std::string source_;
};

class DateWatch final : public RangeWatch {
 public:
  explicit DateWatch(const FittedColumn& fitted) : RangeWatch(fitted), form_(fitted.date()->form) {}

 private:
  void begin(const Column& column) override { cells_ = std::make_unique<WordCells>(column); }

  void look(const Table& table, const Column&, std::int64_t row) override {
    const auto moment = read_date(cells_->word(cells_->code(row)), form_);
    if (moment && range_.high > range_.low) measure(table, row, moment->elapsed);
  }

  void end() override { cells_.reset(); }

  void tell_more(std::vector<Finding>& findings) const override {
    tell_outliers(findings, date_text, "the training rows contain no such time");
  }

  DateForm form_;
  std::unique_ptr<WordCells> cells_;
};

// Words that are not a category, and words that match a category in another spelling.
class WordWatch final : public Watch {
 public:
  explicit WordWatch(const FittedColumn& fitted)
      : Watch(fitted), learned_(*fitted.categorical()), known_(learned_.categories) {}

 private:
  struct Seen {
    std::int64_t rows = 0;
    std::int64_t category = -1;
  };
  using Words = std::map<std::string, Seen, std::less<>>;

  void begin(const Column& column) override {
    cells_ = std::make_unique<WordCells>(column);
    rows_.clear();
  }

  void look(const Table&, const Column&, std::int64_t row) override {
    const auto code = static_cast<std::size_t>(cells_->code(row));
    if (code >= rows_.size()) rows_.resize(code + 1);
    ++rows_[code];
  }

  void end() override {
    for (std::size_t code = 0; code < rows_.size(); ++code) {
      if (rows_[code] == 0) continue;
      const std::string_view word = cells_->word(static_cast<std::int32_t>(code));
      const KnownWords::Found found = known_.find(word);
      if (found.match == KnownWords::Match::exact) continue;
      const bool unknown = found.match == KnownWords::Match::none;
      (unknown ? unknown_rows_ : matched_rows_) += rows_[code];
      Words& words = unknown ? unknown_ : matched_;
      if (words.size() >= most_words && !words.contains(word)) continue;
      Seen& seen = words[std::string(word)];
      seen.rows += rows_[code];
      seen.category = found.index;
    }
    cells_.reset();
  }

  // Rare words of the training rows are not categories either, so this share of unknown words is expected. True if
  // there are significantly more (three standard deviations).
  bool more_than_in_training() const {
    const double expected = learned_.other_share * static_cast<double>(present_ + missing_);
    return static_cast<double>(unknown_rows_) > expected + 1 + 3 * std::sqrt(expected);
  }

  // The words with the most rows, each followed by the text that `about` returns.
  template <class About>
  std::string shown(const Words& words, const About& about) const {
    std::vector<const Words::value_type*> order;
    for (const auto& word : words) order.push_back(&word);
    std::stable_sort(order.begin(), order.end(), [](auto* a, auto* b) { return a->second.rows > b->second.rows; });
    const std::size_t some = std::min(words_shown, order.size());
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < some; ++i) parts.push_back(quote(order[i]->first) + about(*order[i]));
    const std::size_t more = words.size() - some;
    return join(parts, ", ") + (more > 0 ? fmt::format(" and {} more", more) : "");
  }

  std::string nearest(const Words::value_type& word) const {
    if (learned_.categories.size() > most_compared) return "";
    const std::string near = closest(word.first, learned_.categories);
    return near.empty() ? "" : " (nearest known: " + quote(near) + ")";
  }

  std::string taken_for(const Words::value_type& word) const {
    return " is " + quote(learned_.categories[static_cast<std::size_t>(word.second.category)]);
  }

  void tell_more(std::vector<Finding>& findings) const override {
    if (matched_rows_ > 0) {
      findings.push_back(
          Finding::note("D45", fmt::format("column {}: {} spell a category differently than in training: {}",
                                           quote(fitted_.name), share_text(matched_rows_, present_ + missing_),
                                           shown(matched_, [&](auto& word) { return taken_for(word); }))));
    }
    const std::int64_t rows = present_ + missing_;
    if (unknown_rows_ == 0 || (learned_.other > 0 && rows >= enough_rows && !more_than_in_training())) return;
    findings.push_back(Finding::warn(
        "D22",
        fmt::format("column {}: {} have categories that {}: {}", quote(fitted_.name), share_text(unknown_rows_, rows),
                    learned_.other > 0
                        ? fmt::format("were rare or absent in training (there {:.1f}%)", 100 * learned_.other_share)
                        : "no training row has",
                    shown(unknown_, [&](auto& word) { return nearest(word); }))));
  }

  const CategoricalColumn& learned_;
  KnownWords known_;
  std::unique_ptr<WordCells> cells_;
  std::vector<std::int64_t> rows_;  // number of rows per word of the current table
  std::int64_t unknown_rows_ = 0, matched_rows_ = 0;
  Words unknown_, matched_;
};

std::unique_ptr<Watch> watch_for(const FittedColumn& fitted) {
  if (fitted.is(ColumnKind::categorical)) return std::make_unique<WordWatch>(fitted);
  if (fitted.is(ColumnKind::date)) return std::make_unique<DateWatch>(fitted);
  if (fitted.is(ColumnKind::number)) return std::make_unique<NumberWatch>(fitted);
  return std::make_unique<Watch>(fitted);
}

}  // namespace

struct RowWatch::State {
  const Preprocessor& learned;
  // One per fitted column; null for columns of blocks of numbers, whose cells are never missing.
  std::vector<std::unique_ptr<Watch>> watches{};
  std::int64_t rows = 0, empty_rows = 0;
  std::string first_empty{};
};

RowWatch::RowWatch(const Preprocessor& learned) : state_(new State{learned}) {
  for (const FittedColumn& fitted : learned.columns) {
    state_->watches.push_back(fitted.shape.rank() == 0 ? watch_for(fitted) : nullptr);
  }
}

RowWatch::~RowWatch() = default;

std::int64_t RowWatch::rows() const noexcept {
  return state_->rows;
}

void RowWatch::see(const Table& table) {
  State& s = *state_;
  const ColumnIndex index(table);
  std::vector<bool> filled(static_cast<std::size_t>(table.rows));
  for (std::size_t i = 0; i < s.watches.size(); ++i) {
    const int at = index.find(s.learned.columns[i].name);
    const bool single = at >= 0 && s.watches[i] && table.columns[static_cast<std::size_t>(at)].shape.rank() == 0;
    if (single) s.watches[i]->see(table, table.columns[static_cast<std::size_t>(at)], filled);
    if (!single) filled.assign(filled.size(), true);
  }
  const auto none = std::find(filled.begin(), filled.end(), false);
  if (none != filled.end() && s.empty_rows == 0) s.first_empty = table.place(none - filled.begin());
  s.empty_rows += std::count(none, filled.end(), false);
  s.rows += table.rows;
}

std::vector<Finding> RowWatch::findings() const {
  const State& s = *state_;
  std::vector<Finding> findings;
  for (const auto& watch : s.watches) {
    if (watch && s.empty_rows < s.rows) watch->tell(findings);
  }
  if (s.empty_rows > 0 && s.watches.size() > 1) {
    findings.push_back(Finding::warn(
        "D47", fmt::format("{} empty in every column that the model uses (first: {}); ignore the predictions "
                           "for such rows",
                           share_text(s.empty_rows, s.rows) + (s.empty_rows == 1 ? " is" : " are"), s.first_empty)));
  }
  return findings;
}

}  // namespace pellucid
