// Spellings of numbers, dates and missing cells in real files: what is read, and the findings about what is not.
// Not here: kinds of columns (kinds_test.cc), plain numbers and words (csv_test.cc).
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <sstream>

#include "pellucid/findings.h"
#include "pellucid/preprocess.h"
#include "support/files.h"
#include "support/findings.h"
#include "support/tables.h"
#include "tables/dates.h"
#include "tables/missing.h"
#include "tables/number_form.h"

namespace pellucid {
namespace {

using test::fitted;
using test::refusal;

// A table with one column x, from cells separated by |.
Table column_of(const std::string& cells, const ReadOptions& options = {}) {
  std::string text = "x\n";
  std::istringstream in(cells);
  for (std::string cell; std::getline(in, cell, '|');) text += '"' + cell + "\"\n";
  ReadOptions chosen = options;
  chosen.header = 1;
  chosen.delimiter = ';';
  return read_csv(text, "x.csv", chosen);
}

// "0.5|1.5|…": `count` different numbers.
std::string numbers(int count) {
  std::string cells;
  for (int i = 0; i < count; ++i) cells += std::to_string(i) + ".5|";
  return cells;
}

TEST(Spellings, numbers_with_units_multipliers_and_accounting_signs_are_read) {
  const struct {
    const char* cells;
    const char* form;
    std::vector<double> numbers;
  } cases[] = {
      {"5.4 kg|12 kg", "1234.5 kg", {5.4, 12}},
      {"5.4kg|12kg", "1234.5 kg", {5.4, 12}},
      {"3 rooms|12 rooms", "1234.5 rooms", {3, 12}},
      {"EUR 2195.5|EUR 3", "EUR 1234.5", {2195.5, 3}},
      {"2.195,5 EUR|-3 EUR", "1.234,5 EUR", {2195.5, -3}},
      {"Rs. 12,34,567|Rs. 500", "Rs. 1,234.5", {1234567, 500}},
      {"12,34,567|1", "1,234.5", {1234567, 1}},
      {"₹1,00,000|₹12", "₹1,234.5", {100000, 12}},
      {"2\u2019195.5|1'000'000", "1'234.5", {2195.5, 1000000}},
      {"2'195,5|12,25", "1'234,5", {2195.5, 12.25}},
      {"1.2k|900|3M", "1234.5k", {1200, 900, 3000000}},
      {"$1.2K|$3B", "$1234.5k", {1200, 3e9}},
      {"(1,200.50)|3", "1,234.5", {-1200.5, 3}},
      {"($5)|$3|$(2)", "$1234.5", {-5, 3, -2}},
      {"0.69-|1.31", "1234.5", {-0.69, 1.31}},
      {"\u22120.5|1.5", "1234.5", {-0.5, 1.5}},
      {"5.4\u00A0|\u00A06", "1234.5", {5.4, 6}},
      {"\uFF15\uFF0E\uFF14|\uFF16", "1234.5", {5.4, 6}},
      {"21 °C|-3.5 °C", "1234.5°C", {21, -3.5}},
      {"120 m²|80 m²", "1234.5 m²", {120, 80}},
      {"120 m2|80m2", "1234.5 m2", {120, 80}},
  };
  for (const auto& c : cases) {
    const Table table = column_of(c.cells);
    ASSERT_EQ(table.columns[0].type, Column::Type::number) << c.cells;
    EXPECT_EQ(table.columns[0].form, c.form) << c.cells;
    EXPECT_EQ(table.columns[0].numbers, c.numbers) << c.cells;
    const auto form = form_of(c.form);
    ASSERT_TRUE(form) << c.form;
    double value = 0;
    EXPECT_NE(form->read(c.form, value), Spelling::none) << c.form;
  }
}

TEST(Spellings, ambiguous_columns_stay_words) {
  for (const char* cells : {"(5)|(6)", "5 kg|6 lb", "12B|14B", "12A|13B", "5-6|6-7", "1,2,3|4", "5 kg|6",
                            "3 rooms|1 room", "1k|2x", "A1|A2", "12:30|45:99"}) {
    EXPECT_EQ(column_of(cells).columns[0].type, Column::Type::text) << cells;
  }
}

TEST(Spellings, words_for_missing_cells_leave_a_column_numeric) {
  for (const char* word : {"None", "nil", "UNKNOWN", "n/a", "na", "-", "--", ".", "..", "Not available", "\\N",
                           "#DIV/0!", "#N/A", "1.#QNAN", "-nan", "<NA>", "NaT", "\u2014", "\u00A0"}) {
    const Table table = column_of(numbers(60) + word + "|" + word + "|" + numbers(30));
    ASSERT_EQ(table.columns[0].type, Column::Type::number) << word;
    EXPECT_TRUE(std::isnan(table.columns[0].numbers[60])) << word;
    const Table early = column_of(std::string(word) + "|" + numbers(3) + word);
    EXPECT_EQ(early.columns[0].type, early.columns[0].missing.size() == 1 ? Column::Type::number : Column::Type::text);
  }
  const Table words = column_of("red|None|unknown|-|blue");
  EXPECT_EQ(words.columns[0].words.size(), 5u);
  // Here "none" is a fourth category.
  EXPECT_EQ(column_of("none|none|1|2|1|2|3|3|none").columns[0].type, Column::Type::text);
  EXPECT_EQ(
      column_of(numbers(60) + "None", {.kinds = {{"x", AskedKind::categorical}}, .missing_words = {.usual = false}})
          .columns[0]
          .missing.size(),
      0u);
}

TEST(Spellings, further_words_can_mean_missing_in_all_columns_or_in_one) {
  const std::string text = "a,b,c\nNA,tba,red\n1,2,tba\n,4,NA\n";
  const Table table = read_csv(text, "t.csv", {.missing_words = {.usual = false, .words = {"b:tba", "a:NA"}}});
  EXPECT_TRUE(std::isnan(table.columns[0].numbers[0]));
  EXPECT_TRUE(std::isnan(table.columns[1].numbers[0]));
  EXPECT_EQ(table.columns[2].words, (std::vector<std::string>{"red", "tba", "NA"}));
  const MissingRule rule({.words = {"x:y:z"}}, "x:y");
  EXPECT_TRUE(rule.anywhere(" z "));
  EXPECT_FALSE(rule.anywhere("y:z"));
}

TEST(Spellings, the_missing_words_are_stored_with_the_model) {
  const Table table = read_csv("c,y\nNA,1.5\nred,2.5\n,3\nNA,4\n", "t.csv", {.missing_words = {.usual = false}});
  const Preprocessor p = fitted(table, {.target = "y"});
  EXPECT_EQ(p.columns[0].categorical()->categories, (std::vector<std::string>{"NA", "red"}));
  const Preprocessor again = Preprocessor::from_json(p.to_json());
  EXPECT_EQ(again.missing_words, table.missing_words);
  const Preprocessor usual = fitted(read_csv("x,y\n1,1.5\n2,2\n"), {.target = "y"});
  EXPECT_EQ(usual.to_json().find("missing_words"), std::string::npos);
  std::string damaged = p.to_json();
  damaged.replace(damaged.find("\"usual\":false"), 13, "\"usual\":12345");
  EXPECT_EQ(refusal([&] { Preprocessor::from_json(damaged); }).code(), "D21");
}

TEST(Spellings, every_spelling_of_a_date_gives_the_same_day) {
  const struct {
    const char* cell;
    const char* form;
  } cases[] = {
      {"2024-3-1 14:30", "Y-M-D"},
      {"2024-03-01T14:30Z", "Y-M-D"},
      {"2024-03-01 14:30:00 UTC", "Y-M-D"},
      {"2024-03-01T15:30:00+01:00", "Y-M-D"},
      {"2024-03-01 09:00:00-0530", "Y-M-D"},
      {"2024-03-01 16:30:00,000+02", "Y-M-D"},
      {"01.03.24 14:30", "D-M-y"},
      {"03/01/24 2:30 PM", "M-D-y"},
      {"03/01/2024 02:30:00 p.m.", "M-D-Y"},
      {"01-Mar-2024 14:30", "D Mon Y"},
      {"1-mar-24 14:30", "D Mon Y"},
      {"March 1, 2024 2:30 pm", "D Mon Y"},
      {"Mar 1st 2024, 14:30", "D Mon Y"},
      {"Fri, 01 Mar 2024 14:30:00 GMT", "D Mon Y"},
      {"1. March 2024 14:30", "D Mon Y"},
      {"2024-Mar-01 14:30", "D Mon Y"},
      {"1709303400", "seconds"},
      {"1709303400000", "milliseconds"},
  };
  for (const auto& c : cases) {
    const auto moment = read_date(c.cell, choice_of<DateForm>(c.form, "form"));
    ASSERT_TRUE(moment) << c.cell;
    EXPECT_NEAR(moment->elapsed, 19783 + 14.5 / 24, 1e-9) << c.cell;
    EXPECT_EQ(moment->month, 3) << c.cell;
  }
  EXPECT_EQ(read_date("20240301", DateForm::digits)->elapsed, 19783);
  EXPECT_EQ(read_date("01.03.69", DateForm::day_month_short_year)->year, 1969);
  EXPECT_EQ(read_date("2:15 PM", DateForm::time_of_day)->hour, 14.25);
  for (const char* none :
       {"Mar 2024", "Mar 24", "32-Mar-2024", "1 Mars 2024", "1-Foo-2024", "2024-03-01 14:30 CET", "Mar", ""}) {
    EXPECT_FALSE(read_date(none, DateForm::named_month)) << none;
  }
  EXPECT_FALSE(read_date("2024-03-01T14:30+25:00", DateForm::year_month_day));
}

TEST(Spellings, the_order_of_two_digit_dates_is_never_guessed) {
  EXPECT_EQ(find_dates({"01.08.23", "30.10.23"}).form, DateForm::day_month_short_year);
  EXPECT_EQ(find_dates({"08/01/23", "10/30/23"}).form, DateForm::month_day_short_year);
  EXPECT_EQ(find_dates({"23-08-01", "23-10-30", "99-01-01"}).form, DateForm::short_year_month_day);
  const DatesFound found = find_dates({"01/02/03", "02/03/04"});
  EXPECT_FALSE(found.form);
  EXPECT_EQ(form_orders(found.forms), "day/month or month/day or year/month/day");
  EXPECT_EQ(find_dates({"01/02/03", "02/03/04"}, AskedKind::year_first).form, DateForm::short_year_month_day);
}

std::string days(int count) {
  std::string cells;
  for (int i = 0; i < count; ++i)
    cells += "2024-0" + std::to_string(1 + i / 28) + "-" + std::to_string(1 + i % 28) + "|";
  return cells;
}

TEST(Spellings, a_few_invalid_dates_count_as_missing_with_a_warning) {
  const Table table = column_of(days(60) + "2024-13-01|TBD|NaT|soon");
  EXPECT_EQ(find_kind(table, table.columns[0]).kind, ColumnKind::date);
  EXPECT_EQ(table.columns[0].codes[60], -1);
  EXPECT_EQ(table.missing_words.words, (std::set<std::string>{"x:2024-13-01", "x:TBD", "x:soon"}));
  ASSERT_EQ(table.notes.size(), 2u);
  EXPECT_TRUE(table.notes[1].warning);
  EXPECT_EQ(test::line_of(table.notes[1]),
            "D36 x: 2 cells are not dates and are treated as missing: \"2024-13-01\", \"soon\"");
  const Table mixed = column_of(days(60) + "01/02/2024");
  // A date in another form does not count as missing.
  EXPECT_EQ(find_kind(mixed, mixed.columns[0]).kind, ColumnKind::drop);
  const Table many = column_of(days(30) + "a|b|c|d|e");
  EXPECT_EQ(many.columns[0].words.size(), 35u);
  EXPECT_EQ(find_near_values(many, {}, {}).size(), 1u);
}

TEST(Spellings, columns_of_almost_only_numbers_are_reported_with_the_other_cells) {
  const Table table = column_of(numbers(80) + "POA|POA|POA|POA|POA|POA|POA|POA|POA|POA|tel.|");
  const std::vector<Finding> found = find_near_values(table, {}, {});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].code, "D34");
  EXPECT_TRUE(found[0].warning);
  EXPECT_EQ(found[0].text,
            "x: 80 of 91 cells are numbers, but the others are not (\"POA\" 10, \"tel.\" 1), so the column is treated "
            "as categories; "
            "if these are missing values: `na = x:POA,x:tel.`");
  EXPECT_EQ(find_near_values(table, {}, {.kinds = {{"x", AskedKind::categorical}}}).size(), 0u);
  EXPECT_EQ(find_near_values(column_of("1|2|3+|1|2|3+"), {}, {}).size(), 0u);
  const std::vector<int> target = {0};
  EXPECT_EQ(refusal([&] { fitted(read_csv("x,y\n1.5,2\n"), {.target = "z"}); }).code(), "D11");
}

TEST(Spellings, dates_and_groups_give_a_finding_about_random_splits) {
  std::string text = "when,patient,colour,born,y\n";
  for (int i = 0; i < 120; ++i) {
    const std::string day = "2024-0" + std::to_string(1 + i / 28) + "-" + std::to_string(1 + i % 28);
    text += day + ",p" + std::to_string(i / 4) + ",c" + std::to_string(i % 3) + "," + day + "," + std::to_string(i) +
            ".5\n";
  }
  Table table = read_csv(text);
  table.columns[3].name = "date_of_birth";
  const std::vector<int> targets = {4};
  const std::vector<Finding> found = find_split_risks(table, targets, {.target = "y"});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].text, "when is a date; if you will predict rows of later dates, use `time = when`");
  EXPECT_EQ(found[1].code, "D35");
  EXPECT_EQ(find_split_risks(table, targets, {.target = "y", .drop = {"when"}}).size(), 1u);
}

}  // namespace
}  // namespace pellucid
