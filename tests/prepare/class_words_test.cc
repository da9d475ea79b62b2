// Spellings of classes, and targets that cannot be learned. Not here: the program's messages about them (cases/).
#include "prepare/class_words.h"

#include <gtest/gtest.h>

#include <functional>
#include <numeric>

#include "pellucid/error.h"
#include "pellucid/findings.h"
#include "pellucid/preprocess.h"
#include "prepare/target.h"

namespace pellucid {
namespace {

using Words = std::vector<std::string>;

std::vector<std::int64_t> rows_of(const Table& table) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(table.rows));
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  return rows;
}

Preprocessor fit_of(const Table& table, const PreprocessOptions& options) {
  return Preprocessor::fit(table, rows_of(table), options);
}

std::string refusal(const Table& table, const PreprocessOptions& options) {
  try {
    fit_of(table, options);
  } catch (const Error& error) {
    return error.text();
  }
  return "";
}

Table repeated(const std::string& header, std::int64_t rows, const std::function<std::string(std::int64_t)>& cells) {
  std::string text = header + "\n";
  for (std::int64_t i = 0; i < rows; ++i) text += std::to_string(i * 7 % 11) + "," + cells(i) + "\n";
  return read_csv(text);
}

TEST(ClassWords, spellings_of_one_class_are_merged_under_the_most_frequent) {
  EXPECT_EQ(merged_classes({"Ja", "ja", "Nein", " nein"}, {3, 5, 4, 1}, false), (Words{"Nein", "ja"}));
  EXPECT_EQ(merged_classes({"True", "TRUE", "true", "1", "False", "0.0"}, {2, 9, 1, 1, 4, 4}, false),
            (Words{"0.0", "TRUE"}));
  EXPECT_EQ(merged_classes({"yes", "Y", "no", "n"}, {5, 1, 5, 1}, false), (Words{"no", "yes"}));
  EXPECT_EQ(merged_classes({"caf\u00e9", "cafe\u0301"}, {1, 2}, false), Words{"cafe\u0301"});
  EXPECT_EQ(merged_classes({"5.0", "5", "x"}, {1, 2, 2}, false), (Words{"5", "x"}));
}

TEST(ClassWords, classes_that_may_really_differ_stay_separate) {
  EXPECT_EQ(merged_classes({"a", "A", "b", "B"}, {5, 5, 5, 5}, false), (Words{"A", "B", "a", "b"})) << "letters";
  EXPECT_EQ(merged_classes({"007", "7", "x"}, {5, 5, 5}, false), (Words{"007", "7", "x"})) << "codes";
  EXPECT_EQ(merged_classes({"yes", "no", "maybe", "1"}, {5, 5, 5, 5}, false), (Words{"1", "maybe", "no", "yes"}));
  EXPECT_EQ(merged_classes({"Ja", "ja"}, {5, 5}, true), (Words{"Ja", "ja"})) << "asked for";
  EXPECT_EQ(merged_classes({"Ja", "nein", "ja"}, {5, 5, 0}, false), (Words{"Ja", "nein"})) << "only what occurs";
}

TEST(ClassWords, a_class_is_also_found_by_other_spellings) {
  const Words truth{"False", "True"};
  ClassFinder finder(truth);
  for (const char* word : {"True", "TRUE", "true ", "1", "1.0", "yes"}) EXPECT_EQ(finder.find(word), 1) << word;
  for (const char* word : {"False", "f", "0", "0.0", "NO"}) EXPECT_EQ(finder.find(word), 0) << word;
  EXPECT_EQ(finder.find("2"), -2);
  const Words numbers{"0", "1", "2"};
  EXPECT_EQ(ClassFinder(numbers).find("true"), -2) << "of three classes none means yes";
}

TEST(ClassWords, evaluation_accepts_other_spellings_of_the_training_classes) {
  const Table table = read_csv("x,won\n1,True\n2,False\n3,True\n4,False\n");
  const Preprocessor learned = fit_of(table, {.target = "won"});
  EXPECT_EQ(learned.targets[0].classes, (Words{"False", "True"}));
  for (const char* text : {"x,won\n1,1\n2,0\n3,1\n4,0\n", "x,won\n1,TRUE\n2,FALSE\n3,true\n4,no\n",
                           "x,won\n1,1.0\n2,0.0\n3,1.0\n4,0.0\n"}) {
    const Table other = read_csv(text);
    const Dataset rows = learned.transform(other);
    for (std::int64_t r = 0; r < 4; ++r) EXPECT_EQ(rows.label(r), r % 2 == 0 ? 1 : 0) << text;
    EXPECT_EQ(find_spelled_classes(other, learned).size(), 1u);
  }
  EXPECT_TRUE(find_spelled_classes(table, learned).empty());
}

TEST(ClassWords, large_whole_numbers_keep_all_digits_as_classes) {
  const Table table = repeated("x,id", 30, [](std::int64_t i) { return "10000000000000000" + std::to_string(i % 3); });
  EXPECT_EQ(fit_of(table, {.target = "id"}).targets[0].classes,
            (Words{"100000000000000000", "100000000000000001", "100000000000000002"}));
  const Table times =
      repeated("x,ns", 120, [](std::int64_t i) { return "17640019130000" + std::to_string(10000 + i); });
  EXPECT_EQ(times.columns[1].type, Column::Type::number) << "numbers that hardly repeat are quantities";
  const Table small = repeated("x,id", 30, [](std::int64_t i) { return "800000000000000" + std::to_string(i % 3); });
  EXPECT_EQ(small.columns[1].type, Column::Type::number) << "below 2^53 a double holds them";
}

TEST(Learnable, a_numeric_target_with_some_words_is_refused) {
  const Table table = repeated(
      "x,price", 100, [](std::int64_t i) { return i % 6 == 0 ? std::string("POA") : std::to_string(100 + i) + ".5"; });
  const std::string text = refusal(table, {.target = "price"});
  EXPECT_NE(text.find("error[D38]"), std::string::npos) << text;
  EXPECT_NE(text.find("is a number in 83 of 100 rows, but not in 17: \"POA\" (17)"), std::string::npos) << text;
  EXPECT_NE(text.find("`na = price:POA` `missing = drop`"), std::string::npos) << text;
  EXPECT_EQ(refusal(table, {.target = "price", .task = Task::classification}), "");
  EXPECT_NE(refusal(table, {.target = "price", .task = Task::regression}).find("D38"), std::string::npos);
  const Table grades =
      repeated("x,grade", 100, [](std::int64_t i) { return i % 6 == 0 ? std::string("fail") : std::to_string(i % 5); });
  EXPECT_EQ(refusal(grades, {.target = "grade", .kinds = {{"grade", AskedKind::categorical}}}), "")
      << "few numbers are classes";
}

TEST(Learnable, a_target_that_differs_in_every_row_is_refused) {
  const Table names = repeated("x,name", 40, [](std::int64_t i) { return "n" + std::to_string(i); });
  EXPECT_NE(refusal(names, {.target = "name"}).find("differs in each of 40 rows, so it cannot be predicted"),
            std::string::npos);
  EXPECT_NE(refusal(names, {.target = "name", .task = Task::classification}).find("D38"), std::string::npos);
  const Table ids = repeated("x,id", 40, [](std::int64_t i) { return std::to_string(5000 + i * 13); });
  EXPECT_NE(refusal(ids, {.target = "id"}).find("most likely an ID"), std::string::npos);
  EXPECT_EQ(refusal(ids, {.target = "id", .task = Task::regression}), "");
  const Table prices = repeated("x,price", 40, [](std::int64_t i) { return std::to_string(5000 + i * 13); });
  EXPECT_EQ(refusal(prices, {.target = "price"}), "") << "amounts may well differ in every row";
  const Table pairs = repeated("x,name", 60, [](std::int64_t i) { return "n" + std::to_string(i / 2); });
  std::vector<std::int64_t> first_of_each(30);
  for (std::size_t i = 0; i < 30; ++i) first_of_each[i] = 2 * static_cast<std::int64_t>(i);
  EXPECT_EQ(Preprocessor::fit(pairs, first_of_each, {.target = "name"}).targets[0].classes.size(), 30u)
      << "the other rows show that the names repeat";
  const Table few = repeated("x,name", 8, [](std::int64_t i) { return "n" + std::to_string(i); });
  EXPECT_EQ(refusal(few, {.target = "name"}), "") << "of a few rows each may be a class";
}

TEST(Learnable, dates_and_free_text_need_an_explicit_task) {
  const Table dates = repeated("x,when", 60, [](std::int64_t i) {
    return "2024-01-" + std::string(i % 28 < 9 ? "0" : "") + std::to_string(i % 28 + 1);
  });
  EXPECT_NE(refusal(dates, {.target = "when"}).find("is a date (28 different ones)"), std::string::npos);
  EXPECT_EQ(refusal(dates, {.target = "when", .task = Task::classification}), "");
  const Table texts = repeated("x,note", 100, [](std::int64_t i) {
    return "said " + std::string(1, static_cast<char>('a' + i % 60 / 10)) +
           std::string(1, static_cast<char>('k' + i % 10)) + " so";
  });
  EXPECT_NE(refusal(texts, {.target = "note"}).find("is free text rather than a class: 60 different texts in 100 rows"),
            std::string::npos);
  EXPECT_EQ(refusal(texts, {.target = "note", .task = Task::classification}), "");
}

}  // namespace
}  // namespace pellucid
