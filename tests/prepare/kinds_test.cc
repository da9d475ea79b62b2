// How the kind of a column is found (formatted numbers, dates, booleans, codes, ids), and which features it becomes.
// Not here: plain numbers and words (csv_test.cc, preprocess_test.cc), unusual files (tables/).
#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "pellucid/preprocess.h"
#include "support/files.h"
#include "support/tables.h"
#include "tables/dates.h"
#include "tables/number_form.h"

namespace pellucid {
namespace {

using test::fitted;
using test::refusal;
using test::row;

Table column_of(const std::string& cells, const ReadOptions& options = {}) {
  std::string text = "x\n";
  for (const std::string& cell : [&] {
         std::vector<std::string> parts;
         std::istringstream in(cells);
         for (std::string part; std::getline(in, part, '|');) parts.push_back(part);
         return parts;
       }())
    text += '"' + cell + "\"\n";
  ReadOptions chosen = options;
  chosen.header = 1;
  chosen.delimiter = ';';
  return read_csv(text, "x.csv", chosen);
}

TEST(Kinds, formatted_numbers_are_read_if_their_column_is_unambiguous) {
  const struct {
    const char* cells;
    const char* form;
    std::vector<double> numbers;
  } cases[] = {
      {"$1,200|$900", "$1,234.5", {1200, 900}},
      {"-$1,200.50|$-3", "$1,234.5", {-1200.5, -3}},
      {"1.234,5|12", "1.234,5", {1234.5, 12}},
      {"1.234|0,5", "1.234,5", {1234, 0.5}},
      {"0,125|0,250", "1.234,5", {0.125, 0.25}},
      {"1 200,5|3", "1 234,5", {1200.5, 3}},
      {"1\u00A0200|2\u202F000", "1 234.5", {1200, 2000}},
      {"1'200.5|1'000'000", "1'234.5", {1200.5, 1000000}},
      {"1,234,567|12", "1,234.5", {1234567, 12}},
      {"45%|3.5%", "1234.5%", {45, 3.5}},
      {"45 %|1e2 %", "1234.5%", {45, 100}},
      {"12,5 €|1.000,00 €", "1.234,5€", {12.5, 1000}},
      {"\u22125,5|+2,25", "1.234,5", {-5.5, 2.25}},
  };
  for (const auto& c : cases) {
    const Table table = column_of(c.cells);
    ASSERT_EQ(table.columns[0].type, Column::Type::number) << c.cells;
    EXPECT_EQ(table.columns[0].form, c.form) << c.cells;
    EXPECT_EQ(table.columns[0].numbers, c.numbers) << c.cells;
    EXPECT_EQ(table.notes.size(), 1u) << c.cells;
  }
}

TEST(Kinds, cells_in_different_number_formats_stay_words) {
  for (const char* cells :
       {"$1,200|€900", "45%|45", "1,20,000|3,5|x", "1,234.5|1.234,5", "12,34,5678|1", "1.2.3|4.5.6"}) {
    EXPECT_EQ(column_of(cells).columns[0].type, Column::Type::text) << cells;
  }
}

TEST(Kinds, an_ambiguous_comma_is_refused_with_both_ways_out) {
  const Error error = refusal([] { column_of("1,234|2,500|7"); });
  EXPECT_EQ(error.code(), "D12");
  EXPECT_STREQ(error.what(), "x.csv:2, column 1 \"x\": \"1,234\" may be 1234 or 1.234");
  EXPECT_EQ(column_of("1,234|7", {.kinds = {{"x", AskedKind::number}}}).columns[0].numbers,
            (std::vector<double>{1234, 7}));
  EXPECT_EQ(column_of("1,234|7", {.kinds = {{"x", AskedKind::decimal_comma}}}).columns[0].numbers,
            (std::vector<double>{1.234, 7}));
  EXPECT_EQ(column_of("1,234|7", {.kinds = {{"x", AskedKind::categorical}}}).columns[0].words.size(), 2u);
}

TEST(Kinds, a_number_format_that_first_appears_late_is_found) {
  std::string cells;
  for (int i = 0; i < 300; ++i) cells += std::to_string(i) + "|";
  const Table table = column_of(cells + "1,234,567");
  ASSERT_EQ(table.columns[0].type, Column::Type::number);
  EXPECT_EQ(table.columns[0].numbers.back(), 1234567);
}

TEST(Kinds, a_stream_reads_numbers_in_the_format_of_training) {
  std::istringstream in("x;y\n\"1,234\";\"2\"\n");
  CsvStream stream(in, "x.csv", {{"x", Column::Type::number}}, {.forms = {{"x", "1.234,5"}}});
  EXPECT_EQ(stream.next(9).columns[0].numbers, std::vector<double>{1.234});
  std::istringstream bad("x\n1.5\n");
  CsvStream refused(bad, "x.csv", {{"x", Column::Type::number}}, {.forms = {{"x", "1.234,5"}}});
  const Error error = refusal([&] { refused.next(9); });
  EXPECT_STREQ(error.what(), "x.csv:2, column 1 \"x\": \"1.5\" is not a number like 1.234,5");
}

TEST(Kinds, every_number_format_reads_its_own_example) {
  for (const char* text : {"1,234.5", "1.234,5", "1 234,5", "1'234.5", "$1,234.5", "1234.5%", "1.234,5€"}) {
    const auto form = form_of(text);
    ASSERT_TRUE(form) << text;
    double value = 0;
    EXPECT_EQ(form->read(text, value), Spelling::decimal) << text;
    EXPECT_EQ(value, 1234.5) << text;
  }
  EXPECT_FALSE(form_of("1;234.5"));
  EXPECT_FALSE(form_of(""));
}

TEST(Kinds, a_date_printed_as_text_is_read_back) {
  for (const char* text : {"2024-02-29", "1969-12-31 12:00", "0001-01-01", "2024-03-01 14:05"}) {
    EXPECT_EQ(date_text(read_date(text, DateForm::year_month_day)->elapsed), text);
  }
  EXPECT_EQ(date_text(0.999999), "1970-01-02");
}

TEST(Kinds, dates_are_read_in_every_order_and_invalid_ones_are_refused) {
  // 2024-03-01 is a Friday, 19,783 days after 1970-01-01.
  const auto day = read_date("2024-03-01", DateForm::year_month_day);
  ASSERT_TRUE(day);
  EXPECT_EQ(day->year, 2024);
  EXPECT_EQ(day->month, 3);
  EXPECT_EQ(day->weekday, 5);
  EXPECT_EQ(day->elapsed, 19783);
  EXPECT_FALSE(day->has_time);
  EXPECT_EQ(read_date("1.3.2024", DateForm::day_month_year)->elapsed, 19783);
  EXPECT_EQ(read_date("3/1/2024", DateForm::month_day_year)->elapsed, 19783);
  EXPECT_EQ(read_date("2024/3/1T06:30:00Z", DateForm::year_month_day)->hour, 6.5);
  EXPECT_EQ(read_date("3/1/2024 6:30 PM", DateForm::month_day_year)->elapsed, 19783 + 18.5 / 24);
  EXPECT_DOUBLE_EQ(read_date("1969-12-31 12:00:36.0", DateForm::year_month_day)->elapsed, -0.5 + 36.0 / 86400);
  for (const char* none :
       {"2023-02-29", "2024-13-01", "2024-1", "2024-03/01", "24-03-01", "2024-03-01 24:00", "2024-03-01 1",
        "2024-03-01 10:61", "2024-03-01x", "", "2024-03-01 13:00 PM", "2024-03-01 1:00:00."}) {
    EXPECT_FALSE(read_date(none, DateForm::year_month_day)) << none;
  }
}

TEST(Kinds, a_date_column_gives_the_date_parts_that_vary) {
  const Table table = read_csv("when,y\n2024-03-01,1.5\n2024-03-02,2.5\n2024-04-01,3.5\n,4.5\n");
  const Preprocessor p = fitted(table, {.target = "y", .scale = Scaling::none});
  EXPECT_EQ(p.columns[0].kind(), ColumnKind::date);
  EXPECT_EQ(p.feature_names(),
            (std::vector<std::string>{"when: month", "when: weekday", "when: elapsed", "when is missing"}));
  const Dataset data = p.transform(table);
  EXPECT_EQ(row(data, 1), (std::vector<float>{3, 6, 19784, 0}));
  // Missing: the medians; of the weekdays 1, 5 and 6 it is 5.
  EXPECT_EQ(row(data, 3), (std::vector<float>{3, 5, 19784, 1}));
  const Preprocessor again = Preprocessor::from_json(p.to_json());
  EXPECT_EQ(again.to_json(), p.to_json());
  EXPECT_EQ(row(again.transform(table), 1), row(data, 1));
  const Error error = refusal([&] { p.transform(read_csv("when\n2024-03-01\nsoon\n", "n.csv"), false); });
  EXPECT_EQ(error.code(), "D12");
  EXPECT_STREQ(error.what(),
               "n.csv:3, column \"when\": \"soon\" is not a date of the form Y-M-D, which the training rows have");
}

TEST(Kinds, ambiguous_dates_are_left_out_until_a_form_is_chosen) {
  const Table table = read_csv("when,x,y\n3/1/2024,1,1.5\n4/1/2024,2,2.5\n5/1/2024,7,3.5\n");
  const Preprocessor p = fitted(table, {.target = "y"});
  EXPECT_EQ(p.left_out, std::vector<std::string>{"when: \"3/1/2024\" may be day/month or month/day; choose `kind = "
                                                 "when=day-first` or `kind = when=month-first`"});
  const Preprocessor chosen =
      fitted(table, {.target = "y", .kinds = {{"when", AskedKind::month_first}}, .scale = Scaling::none});
  EXPECT_EQ(row(chosen.transform(table), 0)[0], 3);
  EXPECT_EQ(refusal([&] { fitted(table, {.target = "y", .kinds = {{"when", AskedKind::date}}}); }).code(), "D12");
  EXPECT_EQ(refusal([&] { fitted(table, {.target = "y", .kinds = {{"x", AskedKind::date}}}); }).code(), "D12");
  const Table told = read_csv("when,y\n3/1/2024,1.5\n25/1/2024,2.5\n");
  EXPECT_EQ(fitted(told, {.target = "y"}).columns[0].date()->form, DateForm::day_month_year);
}

TEST(Kinds, yes_and_no_are_one_feature_in_any_spelling) {
  for (const char* pair : {"yes no", "TRUE False", "y N", "t f", "on Off"}) {
    const std::string one(pair, std::string_view(pair).find(' '));
    const std::string zero(pair + one.size() + 1);
    const Table table = read_csv("b,y\n" + one + ",1.5\n" + zero + ",2.5\n" + one + ",4\n");
    const Preprocessor p = fitted(table, {.target = "y"});
    ASSERT_EQ(p.columns[0].kind(), ColumnKind::boolean) << pair;
    EXPECT_EQ(p.feature_names(), std::vector<std::string>{"b"});
    const Dataset data = Preprocessor::from_json(p.to_json()).transform(table);
    EXPECT_EQ(row(data, 0)[0], 1) << pair;
    EXPECT_EQ(row(data, 1)[0], 0) << pair;
    EXPECT_EQ(refusal([&] { p.transform(read_csv("b\nmaybe\n"), false); }).code(), "D12");
  }
  EXPECT_EQ(fitted(read_csv("b,y\nyes,1.5\nfalse,2\n"), {.target = "y"}).columns[0].kind(), ColumnKind::categorical);
  EXPECT_EQ(fitted(read_csv("b,y\n1,1.5\n0,2\n"), {.target = "y"}).columns[0].kind(), ColumnKind::number);
  EXPECT_EQ(fitted(read_csv("b,y\n1,1.5\n0,2\n"), {.target = "y", .kinds = {{"b", AskedKind::boolean}}})
                .columns[0]
                .boolean()
                ->form,
            BooleanForm::zero_one);
}

Table numbered(const std::string& name, int (*cell)(int)) {
  std::string text = name + ",x,y\n";
  for (int i = 0; i < 40; ++i)
    text += std::to_string(cell(i)) + "," + std::to_string(i * i % 7) + "," + std::to_string(i) + ".5\n";
  return read_csv(text);
}

TEST(Kinds, an_id_column_is_left_out_and_similar_numbers_are_not) {
  const auto rises = [](int i) { return i + 1; };
  const auto jumps = [](int i) { return i * 7 + 3; };
  EXPECT_EQ(fitted(numbered("PassengerId", rises), {.target = "y"}).left_out.size(), 1u);
  EXPECT_EQ(fitted(numbered("PID", jumps), {.target = "y"}).left_out.size(), 1u);
  EXPECT_EQ(fitted(numbered("Order", rises), {.target = "y"}).left_out.size(), 1u);
  EXPECT_EQ(fitted(numbered("order", jumps), {.target = "y"}).left_out.size(), 0u);
  EXPECT_EQ(fitted(numbered("day", rises), {.target = "y"}).left_out.size(), 0u);
  EXPECT_EQ(fitted(numbered("humid", rises), {.target = "y"}).left_out.size(), 0u);
  EXPECT_EQ(fitted(numbered("id", rises), {.target = "y", .kinds = {{"id", AskedKind::number}}}).left_out.size(), 0u);
}

TEST(Kinds, whole_numbers_in_a_column_named_as_code_become_categories) {
  const auto few = [](int i) { return i % 4 * 10; };
  const auto two = [](int i) { return i % 2; };
  const Preprocessor p = fitted(numbered("zone_code", few), {.target = "y"});
  EXPECT_TRUE(p.columns[0].categorical()->codes);
  EXPECT_EQ(p.columns[0].categorical()->categories, (std::vector<std::string>{"0", "10", "20", "30"}));
  EXPECT_EQ(Preprocessor::from_json(p.to_json()).to_json(), p.to_json());
  EXPECT_EQ(fitted(numbered("zone_code", two), {.target = "y"}).columns[0].kind(), ColumnKind::number);
  EXPECT_EQ(fitted(numbered("rooms", few), {.target = "y"}).columns[0].kind(), ColumnKind::number);
}

TEST(Kinds, unchanged_fields_are_not_written_and_damaged_ones_are_refused) {
  const Table table = read_csv("when,b,y\n2024-03-01,yes,1.5\n2024-03-02,no,2.5\n2024-04-01,no,3.5\n");
  const std::string json = fitted(table, {.target = "y"}).to_json();
  EXPECT_EQ(fitted(read_csv("x,y\n1,1.5\n2,2\n"), {.target = "y"}).to_json().find("form"), std::string::npos);
  const std::pair<const char*, const char*> damages[] = {
      {"Y-M-D", "Y-D-M"},        {"no/yes", "no/no"},           {"month", "moon"},
      {"\"date\"", "\"bytes\""}, {"\"boolean\"", "\"number\""}, {"\"parts\"", "\"pars\""}};
  for (const auto& [from, to] : damages) {
    std::string damaged = json;
    damaged.replace(damaged.find(from), std::string_view(from).size(), to);
    EXPECT_EQ(refusal([&] { Preprocessor::from_json(damaged); }).code(), "D21") << from;
  }
}

TEST(Kinds, given_test_rows_do_not_decide_the_kind_of_a_column) {
  Table table = read_csv("when,y\n2024-01-01,1\n2024-01-02,2\n2024-02-03,1\n2024-03-04,2\n");
  const Table test = read_csv("when,y\n13/02/2024,1\n14/02/2024,2\n");
  table.append(test);
  table.test_rows = test.rows;
  EXPECT_EQ(find_kind(table, table.columns[0]).kind, ColumnKind::date);
}

}  // namespace
}  // namespace pellucid
