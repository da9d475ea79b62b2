// TablePredictor: its predictions equal predict_targets() for any table, piece and number of threads; what is refused.
// Not here: one record (record_test.cc), what `pellucid predict` writes (cli/predict.txt).
#include "pellucid/table_predictor.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "pellucid/trainer.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::refusal;

std::string csv_of(int rows, int from = 0) {
  std::string csv = "size,colour,sold,price,kind\n";
  for (int r = from; r < from + rows; ++r) {
    csv += fmt::format("{},{},2023-0{}-1{},{}.5,{}\n", r % 11 == 0 ? "" : std::to_string(r * 37 % 101),
                       r % 3 == 0   ? "red"
                       : r % 7 == 0 ? "violet"
                                    : "blue",
                       1 + r % 9, r % 10, 10 + r % 89, r % 4 == 0 ? "small" : "large");
  }
  return csv;
}

Model train(const std::string& target, Model net) {
  PreprocessOptions how;
  how.drop = {target == "price" ? "kind" : "price"};
  fit(net, split(read_csv(csv_of(200)), {.target = target, .preprocess = how}), {.epochs = 2});
  return net;
}

Model classifier() {
  return train("kind", {Dense{8, relu}, Dense{2, softmax}});
}

void expect_equal(const TargetPredictions& found, const TargetPredictions& expected) {
  EXPECT_EQ(found.name, expected.name);
  EXPECT_EQ(found.class_names, expected.class_names);
  EXPECT_EQ(found.classes, expected.classes);
  EXPECT_EQ(found.probabilities, expected.probabilities);
  EXPECT_EQ(found.values, expected.values);
}

TEST(TablePredictor, predicts_one_table_after_another_like_predict_targets) {
  for (const std::string target : {"kind", "price"}) {
    const Model model = target == "kind" ? classifier() : train("price", {Dense{8, relu}, Dense{1}});
    for (const std::int64_t threads : {1, 3}) {
      TablePredictor predictor(model, threads);
      for (const int rows : {1, 300, 2, 257, 1}) {
        const Table table = read_csv(csv_of(rows, 3 * rows));
        const std::span<const TargetPredictions> found = predictor.predict(table);
        const auto expected = predict_targets(model, model.preprocessor->transform(table, false));
        ASSERT_EQ(found.size(), 1U);
        expect_equal(found[0], expected[0]);
      }
    }
  }
}

TEST(TablePredictor, divides_a_wide_net_among_threads_with_the_same_bits) {
  const Model model = train("kind", {Dense{2000, relu}, Dense{300, relu}, Dense{2, softmax}});
  const Table table = read_csv(csv_of(2000));
  TablePredictor one(model, 1), four(model, 4);
  const TargetPredictions alone = one.predict(table)[0];
  expect_equal(four.predict(table)[0], alone);
  EXPECT_EQ(alone.classes.size(), 2000U);
}

TEST(TablePredictor, calls_for_each_piece_in_order_until_it_is_told_to_stop) {
  const Model model = classifier();
  const Table table = read_csv(csv_of(70000));
  TablePredictor predictor(model);
  const TargetPredictions whole = predictor.predict(table)[0];
  std::int64_t next = 0;
  int pieces = 0;
  EXPECT_TRUE(predictor.predict(table, [&](std::int64_t first, std::int64_t rows, auto predictions) {
    EXPECT_EQ(first, next);
    EXPECT_EQ(predictions[0].classes.size(), static_cast<std::size_t>(rows));
    EXPECT_EQ(predictions[0].probabilities[0], whole.probabilities[static_cast<std::size_t>(2 * first)]);
    next += rows;
    ++pieces;
    return true;
  }));
  EXPECT_EQ(next, 70000);
  EXPECT_EQ(pieces, 2);
  EXPECT_FALSE(predictor.predict(table, [&](auto, auto, auto) { return --pieces > 1; }));
  EXPECT_EQ(pieces, 1);
}

TEST(TablePredictor, has_an_entry_without_rows_for_a_table_without_rows) {
  const Model model = classifier();
  TablePredictor predictor(model);
  predictor.predict(read_csv(csv_of(5)));
  Table empty = read_csv(csv_of(1));
  empty.rows = 0;
  for (Column& column : empty.columns) {
    column.numbers.clear();
    column.codes.clear();
  }
  empty.lines.clear();
  ASSERT_EQ(predictor.predict(empty).size(), 1U);
  EXPECT_TRUE(predictor.predict(empty)[0].classes.empty());
}

TEST(TablePredictor, uses_the_present_weights_and_threshold_of_the_model) {
  Model model = classifier();
  const Table table = read_csv(csv_of(40));
  TablePredictor predictor(model);
  predictor.predict(table);
  model.threshold = 0.9;
  model.parameter("dense1.weight").values()[0] += 1;
  expect_equal(predictor.predict(table)[0], predict_targets(model, model.preprocessor->transform(table, false))[0]);
}

TEST(TablePredictor, a_number_that_means_a_missing_cell_does_so_in_a_table_that_was_made_in_memory) {
  Model model = classifier();
  model.preprocessor->missing_words.words = {"size:-999"};
  Table table = read_csv("size,colour,sold\n50,red,2023-01-10\n,red,2023-01-10\n50,red,2023-01-10\n");
  table.columns[0].numbers[2] = -999;
  TablePredictor predictor(model);
  const std::vector<double>& p = predictor.predict(table)[0].probabilities;
  EXPECT_EQ(p[4], p[2]);
  EXPECT_NE(p[4], p[0]);
}

TEST(TablePredictor, refuses_what_transform_refuses_and_works_afterwards) {
  const Model model = classifier();
  TablePredictor predictor(model);
  EXPECT_EQ(refusal([&] { predictor.predict(read_csv("size,sold\n1,2023-01-01\n")); }).code(), "D20");
  EXPECT_EQ(predictor.predict(read_csv(csv_of(3)))[0].classes.size(), 3U);
}

TEST(TablePredictor, an_output_that_is_not_finite_is_an_error_with_the_line_of_the_row) {
  Model model = classifier();
  for (float& w : model.parameter("dense1.weight").values()) w = std::numeric_limits<float>::max();
  TablePredictor predictor(model);
  const Error error =
      refusal([&] { predictor.predict(read_csv(csv_of(3) + "3000,red,2023-01-01,1,small\n", "x.csv")); });
  EXPECT_EQ(error.code(), "D39");
  EXPECT_EQ(std::string(error.what()).find("x.csv:"), 0U) << error.what();
}

TEST(TablePredictor, refuses_a_model_without_a_preprocessor_and_one_that_has_changed) {
  Model plain{Dense{2}};
  plain.build(Shape{3});
  EXPECT_EQ(refusal([&] { TablePredictor predictor(plain); }).code(), "U20");
  Model model = classifier();
  TablePredictor predictor(model);
  TablePredictor moved = std::move(predictor);
  EXPECT_EQ(moved.predict(read_csv(csv_of(2)))[0].classes.size(), 2U);
  model.add(Dense{2, softmax});
  EXPECT_EQ(refusal([&] { moved.predict(read_csv(csv_of(2))); }).code(), "U24");
}

}  // namespace
}  // namespace pellucid
