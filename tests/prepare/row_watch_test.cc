// Findings about new rows for a model: unknown words, outliers, other spellings, empty rows and columns.
// Not here: find_shifts and findings about training data (findings_test.cc).
#include <gtest/gtest.h>

#include <numeric>

#include "core/text.h"
#include "pellucid/findings.h"

namespace pellucid {
namespace {

std::string training_text() {
  std::string text = "colour,size,day,y\n";
  const char* colours[] = {"red", "green", "blue"};
  for (int i = 0; i < 60; ++i) {
    text += std::string(colours[i % 3]) + "," + std::to_string(10 + i % 20) + ",2024-01-" + (i % 28 < 9 ? "0" : "") +
            std::to_string(i % 28 + 1) + "," + std::to_string(i) + ".5\n";
  }
  return text;
}

class Rows : public testing::Test {
 protected:
  Rows() : learned_(learn(training_text())) {}

  static Preprocessor learn(const std::string& text, PreprocessOptions options = {.target = "y"}) {
    const Table table = read_csv(text);
    std::vector<std::int64_t> rows(static_cast<std::size_t>(table.rows));
    std::iota(rows.begin(), rows.end(), std::int64_t{0});
    return Preprocessor::fit(table, rows, options);
  }

  static std::vector<std::string> said(const Preprocessor& learned, std::initializer_list<std::string> pieces) {
    RowWatch watch(learned);
    for (const std::string& piece : pieces) {
      watch.see(
          read_csv(piece, "new.csv",
                   {.kinds = {{"colour", AskedKind::text}, {"size", AskedKind::number}, {"day", AskedKind::text}}}));
    }
    std::vector<std::string> texts;
    for (const Finding& finding : watch.findings()) {
      texts.push_back((finding.warning ? "warning " : "note ") + finding.code + " " + finding.text);
    }
    return texts;
  }
  std::vector<std::string> said(std::initializer_list<std::string> pieces) const { return said(learned_, pieces); }

  const Preprocessor learned_;
};

using Texts = std::vector<std::string>;

TEST_F(Rows, like_the_training_rows_give_no_finding) {
  EXPECT_EQ(said({training_text()}), Texts());
  EXPECT_EQ(said({"colour,size,day\nred,12,2024-01-05\n"}), Texts());
}

TEST_F(Rows, with_unknown_words_are_counted_over_all_pieces) {
  EXPECT_EQ(
      said({"colour,size,day\nrot,12,2024-01-05\nred,13,2024-01-05\n", "colour,size,day\nrd,12,2024-01-05\n"}),
      Texts({"warning D22 column \"colour\": 2 of 3 rows (66.7%) have categories that no training row has: \"rd\" "
             "(nearest known: \"red\"), \"rot\""}));
}

TEST_F(Rows, with_another_spelling_are_noted) {
  EXPECT_EQ(
      said({"colour,size,day\nRED,12,2024-01-05\n\"red \",13,2024-01-05\n"}),
      Texts(
          {"note D45 column \"colour\": 2 of 2 rows (100.0%) spell a category differently than in training: \"RED\" is "
           "\"red\", \"red \" is \"red\""}));
}

TEST_F(Rows, with_a_single_number_out_of_range_are_named) {
  EXPECT_EQ(
      said(
          {"colour,size,day,y\nred,12,2024-01-05,1\nred,9999,2024-01-05,1\nred,14,2024-01-06,1\nred,31,2024-01-05,1\n" +
           training_text().substr(18)}),
      Texts({"warning D22 column \"size\": 9999 in new.csv:3 is far outside the training range 10 to 29; check "
             "the unit"}));
}

TEST_F(Rows, with_all_numbers_out_of_range_give_one_finding) {
  const Texts texts = said({"colour,size,day\nred,1200,2024-01-05\nred,1300,2024-01-05\n"});
  ASSERT_EQ(texts.size(), 1u);
  EXPECT_TRUE(texts[0].starts_with("warning D22 column \"size\" of new.csv is far from the training data")) << texts[0];
}

TEST_F(Rows, with_dates_out_of_range_are_named) {
  EXPECT_EQ(
      said({"colour,size,day\nred,12,2031-07-01\n"}),
      Texts({"warning D22 column \"day\": 2031-07-01 in new.csv:2 is far outside the training range 2024-01-01 to "
             "2024-01-28; the training rows contain no such time"}));
}

TEST_F(Rows, without_any_usable_cell_are_counted) {
  EXPECT_EQ(said({"colour,size,day,z\n,NA,,1\nred,12,2024-01-05,2\n"}),
            Texts({"warning D47 1 of 2 rows (50.0%) is empty in every column that the model uses (first: new.csv:2); "
                   "ignore the predictions for such rows"}));
}

TEST_F(Rows, with_an_empty_column_are_reported_with_its_replacement) {
  EXPECT_EQ(said({"colour,size,day\n,12,2024-01-05\n,13,2024-01-06\n"}),
            Texts({"warning D47 column \"colour\" is empty in all 2 rows; the model uses \"missing\" instead"}));
}

TEST_F(Rows, with_as_many_rare_words_as_in_training_give_no_finding) {
  std::string text = "colour,y\n";
  for (int i = 0; i < 2000; ++i)
    text += (i % 20 == 0 ? "rare" + std::to_string(i) : i % 2 ? "red" : "blue") + ",1." + std::to_string(i) + "\n";
  const Preprocessor learned = learn(text, {.target = "y", .kinds = {{"colour", AskedKind::categorical}}});
  ASSERT_EQ(learned.columns.size(), 1u);
  EXPECT_GT(learned.columns[0].categorical()->other, 0);
  EXPECT_NEAR(learned.columns[0].categorical()->other_share, 0.05, 1e-9);
  std::string few = "colour\n", many = "colour\n";
  for (int i = 0; i < 100; ++i) {
    few += i % 20 == 0 ? "new\n" : "red\n";
    many += i % 2 == 0 ? "new\n" : "red\n";
  }
  const auto texts = [&](const std::string& rows) {
    RowWatch watch(learned);
    watch.see(read_csv(rows));
    return watch.findings().size();
  };
  EXPECT_EQ(texts(few), 0u);
  EXPECT_EQ(texts(many), 1u);
}

TEST_F(Rows, with_other_spellings_get_the_features_of_the_category) {
  const auto features = [&](const std::string& word) {
    const Dataset data = learned_.transform(
        read_csv("colour,size,day\n" + word + ",12,2024-01-05\n", "new.csv", {.kinds = {{"colour", AskedKind::text}}}),
        false);
    std::vector<float> row(static_cast<std::size_t>(data.row_shape().elements()));
    data.read_row(0, row.data());
    return row;
  };
  EXPECT_EQ(features("GREEN"), features("green"));
  EXPECT_EQ(features("\u00a0green"), features("green"));
  EXPECT_NE(features("grün"), features("green"));
}

}  // namespace
}  // namespace pellucid
