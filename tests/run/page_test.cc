// Data of the report page: choice of example rows, pictures, escaping, weights. Not here: the page itself (web/tests).
#include "run/page/page.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/base64.h"
#include "pellucid/error.h"
#include "pellucid/pellucid.h"
#include "run/page/examples.h"
#include "run/page/pictures.h"
#include "run/weight_record.h"

namespace pellucid {
namespace {

// An evaluation of two classes; each row is (truth, probability of class 1).
Evaluation classified(const std::vector<std::pair<int, double>>& rows) {
  TargetEvaluation target;
  target.class_names = {"no", "yes"};
  for (const auto& [truth, p] : rows) {
    target.truth_labels.push_back(truth);
    target.probabilities.push_back(1 - p);
    target.probabilities.push_back(p);
  }
  target.classes = score(target.class_predictions());
  return {{target}};
}

TEST(Page, text_of_a_run_cannot_end_the_script_element) {
  const std::string page = fill_page("a@PELLUCID_RUN@b", {{"run", "</script><!--"}}, Json());
  EXPECT_EQ(page, "a{\"report\":{\"run\":\"\\u003c/script>\\u003c!--\"},\"examples\":null}b");
}

TEST(Page, a_template_without_the_placeholder_is_an_error) {
  EXPECT_THROW(fill_page("ab", Json(), Json()), Error);
}

TEST(Page, with_very_many_columns_the_first_ones_and_the_total_are_included) {
  Json report = {{"preprocessed", Json::array()}};
  for (int c = 0; c < 5000; ++c) report["preprocessed"].push_back({{"name", "column" + std::to_string(c)}});
  const std::string page = fill_page("@PELLUCID_RUN@", report, Json());
  EXPECT_LT(page.size(), 10000u);
  EXPECT_NE(page.find("column199\""), std::string::npos);
  EXPECT_EQ(page.find("column200\""), std::string::npos);
  EXPECT_NE(page.find("\"preprocessed_columns\":5000"), std::string::npos);
}

TEST(Base64, encodes_the_examples_of_rfc_4648) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

TEST(Examples, a_small_test_set_is_shown_completely) {
  EXPECT_EQ(choose_examples(classified({{0, 0.1}, {1, 0.2}, {1, 0.9}}), 10), (std::vector<std::int64_t>{0, 1, 2}));
}

TEST(Examples, rows_are_taken_in_turn_from_each_cell_of_the_confusion_matrix) {
  // Rows 0 to 3 are right, rows 4 and 5 wrong. The most certain wrong rows and the least certain right rows come first.
  const Evaluation e = classified({{0, 0.1}, {0, 0.4}, {0, 0.2}, {0, 0.3}, {1, 0.4}, {1, 0.1}});
  EXPECT_EQ(choose_examples(e, 2), (std::vector<std::int64_t>{1, 5}));
  EXPECT_EQ(choose_examples(e, 4), (std::vector<std::int64_t>{1, 3, 4, 5}));
}

TEST(Examples, of_many_regression_rows_the_largest_errors_and_evenly_spaced_others_are_chosen) {
  Evaluation e;
  TargetEvaluation& target = e.targets.emplace_back();
  for (int i = 0; i < 5000; ++i) {
    target.truth_values.push_back(0);
    target.predicted_values.push_back(i == 4321 ? -9 : 0.001 * (i % 7));
  }
  const std::vector<std::int64_t> chosen = choose_examples(e, 2000);
  EXPECT_EQ(chosen.size(), 2000u);
  EXPECT_TRUE(std::binary_search(chosen.begin(), chosen.end(), 4321));
  EXPECT_EQ(std::adjacent_find(chosen.begin(), chosen.end()), chosen.end());
}

// A table with one column per name and one row of 0, 1, 2, …
Table counted(const std::vector<std::string>& names, Preprocessor& preprocessor) {
  Table table;
  table.rows = 1;
  for (std::size_t i = 0; i < names.size(); ++i) {
    Column column;
    column.name = names[i];
    column.numbers = {static_cast<double>(i)};
    table.columns.push_back(std::move(column));
    FittedColumn fitted;
    fitted.name = names[i];
    NumberScale scale;
    scale.high = 63;
    fitted.learned = NumberColumn{scale};
    preprocessor.columns.push_back(std::move(fitted));
  }
  return table;
}

TEST(Examples, taken_rows_keep_their_cells_in_the_requested_order) {
  Table table = read_csv("n,w\n1,a\n2,\n3,c\n");
  table.columns.push_back({.name = "pixels", .type = Column::Type::bytes, .shape = {2}, .bytes = {1, 2, 3, 4, 5, 6}});
  const Table taken = take_rows(table, std::vector<std::int64_t>{2, 1});
  EXPECT_EQ(taken.rows, 2);
  EXPECT_EQ(taken.columns[0].numbers, (std::vector<double>{3, 2}));
  EXPECT_EQ(taken.columns[1].words[taken.columns[1].codes[0]], "c");
  EXPECT_EQ(taken.columns[1].codes[1], -1);
  EXPECT_EQ(taken.columns[2].bytes, (std::vector<std::uint8_t>{5, 6, 3, 4}));
}

TEST(Pictures, a_square_number_of_consecutively_numbered_columns_is_a_picture) {
  std::vector<std::string> names;
  for (int i = 0; i < 64; ++i) names.push_back("pixel_" + std::to_string(i / 8) + "_" + std::to_string(i % 8));
  Preprocessor preprocessor;
  const Table table = counted(names, preprocessor);
  const auto pictures = RowPictures::find(table, preprocessor);
  ASSERT_TRUE(pictures);
  EXPECT_EQ(pictures->height(), 8);
  const Json sprite = pictures->sprite({0});
  EXPECT_EQ(sprite["width"], 8);
  EXPECT_TRUE(sprite["png"].get<std::string>().starts_with("data:image/png;base64,iVBOR"));
}

TEST(Pictures, columns_with_other_names_or_another_count_are_no_picture) {
  std::vector<std::string> names;
  for (int i = 0; i < 63; ++i) names.push_back("p" + std::to_string(i));
  Preprocessor few, odd;
  EXPECT_FALSE(RowPictures::find(counted(names, few), few));
  names.push_back("age");
  EXPECT_FALSE(RowPictures::find(counted(names, odd), odd));
}

TEST(Weights, initial_and_kept_weights_are_recorded_separately) {
  Model model{Dense{2}};
  model.build({3}, 42);
  std::vector<WeightRecord> records = record_weights(model);
  model.parameters().front().value.values()[0] = 100;
  record_kept(records, model);
  EXPECT_LT(records.front().first.high, 99);
  EXPECT_EQ(records.front().kept.high, 100);
  std::int64_t all = 0;
  for (const std::int64_t n : records.front().kept.counts) all += n;
  EXPECT_EQ(all, 6);
}

}  // namespace
}  // namespace pellucid
