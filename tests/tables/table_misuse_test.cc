// Inconsistent hand-made tables, and calls with nonexistent rows and columns: all throw an Error.
// Not here: files (csv_test.cc), models and datasets (misuse_test.cc).
#include <gtest/gtest.h>

#include <limits>
#include <sstream>

#include "pellucid/pellucid.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::refusal;

constexpr double infinity = std::numeric_limits<double>::infinity();

std::string code_of(const std::function<void()>& call) {
  return refusal(call).code();
}

Table sound() {
  std::string csv = "a,b,y\n";
  for (int r = 0; r < 40; ++r) {
    csv += std::to_string(r) + ".5," + (r % 3 == 0 ? "u" : "v") + "," + (r % 2 == 0 ? "yes" : "no") + "\n";
  }
  return read_csv(csv);
}

std::vector<Table> unsound() {
  std::vector<Table> tables;
  const auto add = [&](const std::function<void(Table&)>& spoil) { spoil(tables.emplace_back(sound())); };
  add([](Table& t) { t.columns[1].codes[7] = 2; });
  add([](Table& t) { t.columns[1].codes[7] = -2; });
  add([](Table& t) { t.columns[1].codes[7] = std::numeric_limits<std::int32_t>::max(); });
  add([](Table& t) { t.columns[1].words.clear(); });
  add([](Table& t) { t.columns[0].numbers.resize(39); });
  add([](Table& t) { t.columns[0].numbers.clear(); });
  add([](Table& t) { t.columns[1].codes.push_back(0); });
  add([](Table& t) { t.columns[2].codes.resize(3); });
  add([](Table& t) { t.columns[0].type = Column::Type::bytes; });
  add([](Table& t) { t.columns[1].type = Column::Type::number; });
  add([](Table& t) { t.columns[0].shape = Shape{2}; });
  add([](Table& t) { t.columns[1].shape = Shape{1}; });
  add([](Table& t) { t.columns[0].shape = Shape{std::int64_t{1} << 40}; });
  add([](Table& t) { t.rows = 41; });
  add([](Table& t) { t.rows = -1; });
  add([](Table& t) { t.test_rows = 41; });
  add([](Table& t) { t.test_rows = -1; });
  return tables;
}

TEST(TableMisuse, every_function_refuses_an_inconsistent_table) {
  const Preprocessor fitted = split(sound(), {.target = "y"}).preprocessor;
  const std::vector<std::int64_t> rows = {0, 1, 2, 3};
  const std::vector<int> targets = {2};
  const std::vector<Table> tables = unsound();
  for (std::size_t i = 0; i < tables.size(); ++i) {
    SCOPED_TRACE(i);
    const Table& table = tables[i];
    EXPECT_THROW(table.check(), Error);
    EXPECT_THROW(split(table, {.target = "y"}), Error);
    EXPECT_THROW(split(Table(table), {.target = "y"}), Error);
    EXPECT_THROW(Preprocessor::fit(table, rows, {.target = "y"}), Error);
    EXPECT_THROW(fitted.transform(table), Error);
    EXPECT_THROW(fitted.transform(Table(table)), Error);
    EXPECT_THROW(find_leaks(table, targets, {}, rows), Error);
    EXPECT_THROW(find_repeats(table, rows), Error);
    EXPECT_THROW(find_repeats(table, targets, {}, rows, rows), Error);
    EXPECT_THROW(find_dull_columns(table, targets, {}, rows), Error);
    EXPECT_THROW(find_shifts(table, targets, {}, rows, rows), Error);
    Table whole = sound();
    EXPECT_THROW(whole.append(table), Error);
    EXPECT_EQ(whole.rows, 40);
    Table spoilt = table;
    EXPECT_THROW(spoilt.append(sound()), Error);
  }
}

TEST(TableMisuse, two_columns_with_the_same_name_are_refused) {
  Table table = sound();
  table.columns[1].name = "a";
  EXPECT_EQ(code_of([&] { split(table, {.target = "y"}); }), "D23");
}

TEST(TableMisuse, a_table_can_be_appended_to_itself) {
  Table table = sound();
  table.append(table);
  ASSERT_EQ(table.rows, 80);
  EXPECT_NO_THROW(table.check());
  EXPECT_EQ(table.columns[0].numbers[79], table.columns[0].numbers[39]);
  EXPECT_EQ(table.columns[1].codes[41], table.columns[1].codes[1]);
  EXPECT_EQ(table.columns[1].words.size(), 2u);
}

TEST(TableMisuse, nonexistent_rows_and_columns_are_refused) {
  const Table table = sound();
  const std::vector<std::int64_t> good = {0, 1, 2};
  const std::vector<int> targets = {2};
  for (const std::int64_t row : {std::int64_t{-1}, std::int64_t{40}, std::numeric_limits<std::int64_t>::min()}) {
    const std::vector<std::int64_t> rows = {0, row};
    EXPECT_EQ(code_of([&] { Preprocessor::fit(table, rows, {.target = "y"}); }), "U20");
    EXPECT_EQ(code_of([&] { find_leaks(table, targets, {}, rows); }), "U20");
    EXPECT_EQ(code_of([&] { find_repeats(table, rows); }), "U20");
    EXPECT_EQ(code_of([&] { find_repeats(table, targets, {}, good, rows); }), "U20");
    EXPECT_EQ(code_of([&] { find_shifts(table, targets, {}, rows, good); }), "U20");
  }
  for (const int at : {-1, 3}) {
    const std::vector<int> columns = {at};
    EXPECT_EQ(code_of([&] { find_leaks(table, columns, {}, good); }), "U20");
    EXPECT_EQ(code_of([&] { find_dull_columns(table, columns, {}, good); }), "U20");
    EXPECT_EQ(code_of([&] { find_unlike_targets(table, columns, {}, good); }), "U20");
  }
  EXPECT_EQ(code_of([&] { table.require(""); }), "D11");
  EXPECT_EQ(table.find(""), -1);
  EXPECT_NO_THROW(table.place(-7));
  EXPECT_NO_THROW(table.place(1000));
}

TEST(TableMisuse, invalid_split_options_are_refused) {
  const Table table = sound();
  const auto code = [&](const SplitOptions& options) { return code_of([&] { split(table, options); }); };
  EXPECT_EQ(code({.target = "y", .validation_rows = 41}), "U12");
  EXPECT_EQ(code({.target = "y", .validation_rows = -1}), "U12");
  EXPECT_EQ(code({.target = "y", .validation_rows = 40}), "D17");
  EXPECT_EQ(code({.target = "y", .validation = std::numeric_limits<double>::quiet_NaN()}), "U12");
  EXPECT_EQ(code({.target = "y", .validation = -0.1}), "U12");
  EXPECT_EQ(code({.target = "y", .test = infinity}), "U12");
  EXPECT_EQ(code({.target = "y", .folds = -3}), "U12");
  EXPECT_EQ(code({.target = "y", .folds = 3, .fold = 3}), "U12");
  EXPECT_EQ(code({.target = {"y", "y"}}), "U12");
  EXPECT_EQ(code({.target = {"y", ""}}), "D11");
  EXPECT_EQ(code({.target = "y", .group = "nobody"}), "D11");
  EXPECT_EQ(code({.target = "y", .preprocess = {.rare = -1}}), "U12");
  EXPECT_EQ(code({.target = "y", .preprocess = {.one_hot = -1}}), "U12");
  EXPECT_EQ(code_of([] { split(Table(), {}); }), "D11");
  EXPECT_EQ(code_of([] { split_rows(-5, {}, 0.1, 0.1, 1); }), "D19");
  const std::vector<std::int32_t> labels = {0, 1, -1, 0, 1, 0, 1, 1, 0, 1};
  EXPECT_EQ(code_of([&] { split_rows(10, labels, 0.1, 0.1, 1); }), "D17");
  EXPECT_EQ(code_of([&] { split_rows(30, labels, 0.1, 0.1, 1); }), "U20");
  SplitPlan plan = plan_split(table, {.target = "y"});
  plan.test.push_back(40);
  EXPECT_EQ(code_of([&] { split_by(table, plan); }), "U20");
}

TEST(TableMisuse, an_unfitted_or_moved_from_preprocessor_is_refused) {
  Preprocessor fitted = split(sound(), {.target = "y"}).preprocessor;
  const Preprocessor moved = std::move(fitted);
  EXPECT_EQ(code_of([&] { fitted.transform(sound()); }), "U21");
  EXPECT_EQ(code_of([] { Preprocessor().transform(sound()); }), "U21");
  EXPECT_EQ(moved.transform(sound()).rows(), 40);
}

TEST(TableMisuse, twenty_thousand_wrong_column_names_give_a_short_error_quickly) {
  std::string csv, other;
  for (int c = 0; c < 20000; ++c) {
    csv += (c ? ",column" : "column") + std::to_string(c);
    other += (c ? ",another" : "another") + std::to_string(c);
  }
  const auto rows = [](const std::string& head) {
    std::string text = head + ",y\n";
    for (int r = 0; r < 4; ++r) {
      for (int c = 0; c < 20000; ++c) text += std::to_string((r * 7 + c) % 5) + ".5,";
      text += std::to_string(r) + ".5\n";
    }
    return text;
  };
  const Preprocessor p = Preprocessor::fit(read_csv(rows(csv)), std::vector<std::int64_t>{0, 1, 2, 3}, {.target = "y"});
  const Error error = refusal([&] { p.transform(read_csv(rows(other)), false); });
  EXPECT_EQ(error.code(), "D20");
  EXPECT_LT(error.text().size(), 4000u);
}

TEST(TableMisuse, a_stream_returns_no_rows_for_zero_or_a_negative_count) {
  std::istringstream in("a,b\n1,2\n3,4\n");
  CsvStream stream(in, "<memory>", {});
  EXPECT_EQ(stream.next(0).rows, 0);
  EXPECT_EQ(stream.next(-5).rows, 0);
  EXPECT_EQ(stream.next(9).rows, 2);
  EXPECT_EQ(stream.next(9).rows, 0);
}

TEST(TableMisuse, error_texts_stay_short_even_with_very_long_names) {
  const std::string name(100000, 'x');
  const Error error("D10", "cannot open " + name + ": no such file", std::vector<std::string>(5000, name));
  EXPECT_LT(error.text().size(), 4200u);
  EXPECT_TRUE(std::string(error.what()).ends_with(": no such file"));
  EXPECT_NE(error.details().back().find("more"), std::string::npos);
  std::string wide;
  for (int i = 0; i < 3000; ++i) wide += "é";
  const std::string cut = Error("D10", wide).what();
  EXPECT_LT(cut.size(), 1300u);
  EXPECT_EQ(cut.find("\xc3…"), std::string::npos);
}

}  // namespace
}  // namespace pellucid
