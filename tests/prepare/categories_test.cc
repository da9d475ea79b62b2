// Which words become categories, and how rare and unseen words are treated.
// Not here: what else the preprocessor learns (preprocess_test.cc).
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "pellucid/preprocess.h"
#include "support/files.h"
#include "support/findings.h"
#include "support/tables.h"

namespace pellucid {
namespace {

using test::fitted;
using test::refusal;
using test::row;

// A table in which each word occurs the given number of times.
Table words(const std::vector<std::pair<std::string, int>>& counts) {
  std::string csv = "c,y\n";
  int n = 0;
  for (const auto& [word, times] : counts) {
    for (int i = 0; i < times; ++i) csv += word + "," + std::to_string(n++ % 7) + ".5\n";
  }
  return read_csv(csv, "x.csv");
}

TEST(Categories, rare_words_share_one_feature_after_the_others) {
  const Table table = words({{"red", 3}, {"blue", 3}, {"teal", 2}, {"pink", 1}});
  const Preprocessor p = fitted(table, {.target = "y", .rare = 3});
  EXPECT_EQ(p.feature_names(), (std::vector<std::string>{"c=blue", "c=red", "c: other"}));
  EXPECT_EQ(p.columns[0].categorical()->other, 2);
  const Dataset data = p.transform(table);
  EXPECT_EQ(row(data, 0), (std::vector<float>{0, 1, 0}));
  EXPECT_EQ(row(data, 6), (std::vector<float>{0, 0, 1}));
  EXPECT_EQ(row(data, 8), (std::vector<float>{0, 0, 1}));
}

TEST(Categories, an_unseen_word_is_other_or_all_zeros_if_there_is_no_other) {
  const Table table = words({{"red", 3}, {"blue", 3}, {"teal", 2}});
  const Table later = read_csv("c\nmauve\n");
  EXPECT_EQ(row(fitted(table, {.target = "y", .rare = 3}).transform(later), 0), (std::vector<float>{0, 0, 1}));
  EXPECT_EQ(row(fitted(table, {.target = "y", .rare = 1}).transform(later), 0), std::vector<float>(3));
}

TEST(Categories, a_missing_word_is_not_a_rare_word) {
  const Table table = read_csv("c,n,y\nred,1,0.5\nred,2,1\nblue,3,2\n,4,3\n");
  const Preprocessor p = fitted(table, {.target = "y", .drop = {"n"}, .rare = 2});
  EXPECT_EQ(p.feature_names(), (std::vector<std::string>{"c=red", "c: other", "c is missing"}));
  EXPECT_EQ(row(p.transform(table), 2), (std::vector<float>{0, 1, 0}));
  EXPECT_EQ(row(p.transform(table), 3), (std::vector<float>{0, 0, 1}));
}

TEST(Categories, by_default_a_category_needs_one_row_in_500_but_at_most_10) {
  const auto others = [](int rows, int times) {
    return fitted(words({{"red", rows / 2}, {"blue", rows - rows / 2 - times}, {"teal", times}}), {.target = "y"})
        .columns[0]
        .categorical()
        ->other;
  };
  EXPECT_EQ(others(999, 1), 0);
  EXPECT_EQ(others(1000, 1), 1);
  EXPECT_EQ(others(1000, 2), 0);
  EXPECT_EQ(others(2500, 4), 1);
  EXPECT_EQ(others(2500, 5), 0);
  EXPECT_EQ(others(20000, 9), 1);
  EXPECT_EQ(others(20000, 10), 0);
}

TEST(Categories, with_more_than_50_words_a_one_hot_category_needs_one_row_in_a_hundred) {
  std::vector<std::pair<std::string, int>> counts;
  for (int i = 0; i < 60; ++i) counts.emplace_back("w" + std::to_string(100 + i), i < 10 ? 91 : i == 10 ? 12 : 2);
  const Preprocessor p =
      fitted(words(counts), {.target = "y", .one_hot = 0});  // 910 + 12 + 98 = 1,020 rows, so at least 10.2 rows
  EXPECT_EQ(p.columns[0].categorical()->categories.size(), 11u);
  EXPECT_EQ(p.columns[0].categorical()->other, 49);
  EXPECT_EQ(p.columns[0].features, 12);
}

TEST(Categories, a_column_with_only_rare_words_is_left_out) {
  const Table table = words({{"red", 2}, {"blue", 2}, {"teal", 2}});
  const Error error = refusal([&] { fitted(table, {.target = "y", .rare = 3}); });
  EXPECT_EQ(error.code(), "D17");
  EXPECT_EQ(error.details()[0], "c is not used: 3 different values in 6 rows, each in fewer than 3");
}

TEST(Categories, a_negative_count_is_refused) {
  EXPECT_EQ(refusal([] { fitted(words({{"red", 2}, {"blue", 2}}), {.target = "y", .rare = -1}); }).code(), "U12");
}

TEST(Categories, a_split_notes_how_many_words_are_rare) {
  const Table table = words({{"red", 60}, {"blue", 60}, {"teal", 20}, {"pink", 20}});
  const Split parts = split(table, {.target = "y", .preprocess = {.rare = 30}});
  EXPECT_EQ(test::lines_of(parts.notes),
            (std::vector<std::string>{"D30 2 rare categories are merged into \"other\": c (2)"}));
}

TEST(Categories, other_is_optional_in_a_model_file_and_is_read_back) {
  using Json = nlohmann::json;
  const Table table = words({{"red", 3}, {"blue", 3}, {"teal", 2}});
  const Preprocessor p = fitted(table, {.target = "y", .rare = 3}), q = Preprocessor::from_json(p.to_json());
  EXPECT_EQ(q.to_json(), p.to_json());
  EXPECT_EQ(q.columns[0].categorical()->other, 1);
  EXPECT_EQ(row(q.transform(table), 7), (std::vector<float>{0, 0, 1}));
  Json older = Json::parse(fitted(table, {.target = "y"}).to_json());
  EXPECT_FALSE(older["columns"][0].contains("other"));  // like models that were written before this field existed
  EXPECT_EQ(Preprocessor::from_json(older.dump()).columns[0].features, 3);
  for (const Json& wrong : {Json(0), Json(-1), Json(1.5), Json("1")}) {
    Json changed = Json::parse(p.to_json());
    changed["columns"][0]["other"] = wrong;
    EXPECT_EQ(refusal([&] { Preprocessor::from_json(changed.dump()); }).code(), "D21") << wrong;
  }
}

}  // namespace
}  // namespace pellucid
