// Preprocessor: what is learned from the training rows, how it is applied, and that JSON preserves it.
// Not here: choice of the training rows (split_test.cc), reading of files (csv_test.cc).
#include "pellucid/preprocess.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "support/files.h"
#include "support/tables.h"

namespace pellucid {
namespace {

using test::fitted;
using test::refusal;
using test::row;

std::string refused(const std::string& csv, const PreprocessOptions& options) {
  return refusal([&] { fitted(read_csv(csv, "x.csv"), options); }).code();
}

// A table with one numeric feature and a numeric target.
const char* const small = "x,y\n2,0.5\n4,1.5\n4,2.5\n6,3.5\n";

TEST(Preprocess, numbers_are_standardised_with_the_training_rows_only) {
  const Table table = read_csv("x,y\n2,0.5\n4,1.5\n4,2.5\n6,3.5\n100,9\n");
  const Preprocessor p = Preprocessor::fit(table, std::vector<std::int64_t>{0, 1, 2, 3}, {.target = "y"});
  // mean (2+4+4+6)/4 = 4, variance (4+0+0+4)/4 = 2
  EXPECT_EQ(p.columns[0].range()->mean, 4);
  EXPECT_DOUBLE_EQ(p.columns[0].range()->deviation, std::sqrt(2.0));
  EXPECT_EQ(p.columns[0].scale()->offset, -4);
  EXPECT_DOUBLE_EQ(p.columns[0].scale()->factor, 1 / std::sqrt(2.0));
  EXPECT_EQ(p.columns[0].range()->low, 2);
  EXPECT_EQ(p.columns[0].range()->high, 6);
  EXPECT_EQ(p.scale, "standard");
  // mean (0.5+1.5+2.5+3.5)/4 = 2, variance (2.25+0.25+0.25+2.25)/4 = 1.25
  EXPECT_EQ(p.targets[0].mean, 2);
  EXPECT_DOUBLE_EQ(p.targets[0].deviation, std::sqrt(1.25));
  const Dataset data = p.transform(table);
  EXPECT_FLOAT_EQ(row(data, 4)[0], static_cast<float>(96 / std::sqrt(2.0)));
  EXPECT_DOUBLE_EQ(data.value(4), 7 / std::sqrt(1.25));
}

TEST(Preprocess, minmax_scales_to_0_to_1_and_none_leaves_numbers_unchanged) {
  const Table table = read_csv(small);
  const Dataset scaled = fitted(table, {.target = "y", .scale = Scaling::minmax}).transform(table);
  EXPECT_EQ(row(scaled, 0)[0], 0);
  EXPECT_EQ(row(scaled, 1)[0], 0.5f);
  EXPECT_EQ(row(scaled, 3)[0], 1);
  EXPECT_EQ(row(fitted(table, {.target = "y", .scale = Scaling::none}).transform(table), 3)[0], 6);
}

TEST(Preprocess, robust_scaling_limits_outliers) {
  const Table table = read_csv("x,z,y\n1,0,0.5\n2,0,1.5\n3,0,2.5\n4,0,3.5\n100,6,4.5\n");
  const Preprocessor p = fitted(table, {.target = "y", .scale = Scaling::robust});
  // x: median 3, quartiles 2 and 4. z: both quartiles are 0, so half of the range 0 to 6 is used instead
  EXPECT_EQ(p.columns[0].scale()->offset, -3);
  EXPECT_EQ(p.columns[0].scale()->factor, 0.5);
  EXPECT_EQ(p.columns[1].scale()->factor, 1.0 / 3);
  const Dataset data = p.transform(table);
  EXPECT_FLOAT_EQ(row(data, 0)[0], static_cast<float>(-1 / std::sqrt(1 + 1.0 / 9)));
  EXPECT_EQ(row(data, 2)[0], 0);
  EXPECT_FLOAT_EQ(row(data, 4)[0], static_cast<float>(48.5 / std::sqrt(1 + 48.5 / 3 * 48.5 / 3)));
  EXPECT_FLOAT_EQ(row(data, 4)[1], static_cast<float>(2 / std::sqrt(1 + 4.0 / 9)));
  EXPECT_EQ(Preprocessor::from_json(p.to_json()).to_json(), p.to_json());
}

TEST(Preprocess, a_constant_column_is_multiplied_by_0_and_named) {
  const Table table = read_csv("a,b,c,y\n0.1,1,red,0.5\n0.1,2,red,1.5\n0.1,3,red,2\n");
  const Preprocessor p = fitted(table, {.target = "y"});
  EXPECT_EQ(p.constant_columns, (std::vector<std::string>{"a", "c"}));
  EXPECT_EQ(p.columns[0].range()->deviation, 0);
  EXPECT_EQ(row(p.transform(table), 0)[0], 0);
  EXPECT_EQ(row(p.transform(read_csv("a,b,c\n7,1,red\n")), 0)[0], 0);
}

TEST(Preprocess, extreme_numbers_are_scaled_without_overflow) {
  const Table table = read_csv("big,tiny,y\n1e300,1e-300,0.5\n-1e300,2e-300,1.5\n1e300,3e-300,2\n");
  const Preprocessor p = fitted(table, {.target = "y"});
  const Dataset data = p.transform(table);
  for (int r = 0; r < 3; ++r) {
    for (const float value : row(data, r)) EXPECT_LT(std::abs(value), 2);
  }
  EXPECT_LT(row(data, 0)[1], -1);
}

TEST(Preprocess, a_number_far_beyond_the_training_data_is_refused_with_its_location) {
  const Preprocessor p = fitted(read_csv(small), {.target = "y"});
  const Error error = refusal([&] { p.transform(read_csv("x\n1\n1e300\n", "new.csv")); });
  EXPECT_EQ(error.code(), "D15");
  EXPECT_EQ(std::string(error.what()).find("new.csv:3, column \"x\""), 0u) << error.what();
}

TEST(Preprocess, words_become_one_unscaled_feature_each_in_sorted_order) {
  const Table table = read_csv("c,y\nred,0.5\n10,1\n9,2\nblue,2\nred,3\nx,1\ny,1\nz,1\n");
  const Preprocessor p = fitted(table, {.target = "y"});
  EXPECT_EQ(p.columns[0].categorical()->categories,
            (std::vector<std::string>{"9", "10", "blue", "red", "x", "y", "z"}));
  EXPECT_EQ(p.feature_names()[3], "c=red");
  EXPECT_EQ(row(p.transform(table), 0), (std::vector<float>{0, 0, 0, 1, 0, 0, 0}));
  EXPECT_EQ(p.scale, "none");
  EXPECT_EQ(row(p.transform(read_csv("c\nunseen\nred\n")), 0), std::vector<float>(7));
}

TEST(Preprocess, a_numeric_column_can_be_treated_as_categories) {
  const Table table = read_csv("c,y\n1,0.5\n2,1\n10,2\n");
  const Preprocessor p = fitted(table, {.target = "y", .kinds = {{"c", AskedKind::categorical}}});
  EXPECT_EQ(p.columns[0].categorical()->categories, (std::vector<std::string>{"1", "2", "10"}));
  EXPECT_EQ(row(p.transform(read_csv("c,z\n10,1\nx,1\n2,1\n2,1\n")), 0), (std::vector<float>{0, 0, 1}));
}

TEST(Preprocess, a_text_column_can_be_treated_as_numbers_if_all_cells_are) {
  const Table table = read_csv("c,y\n1,0.5\n2,1\n", "x", {.kinds = {{"c", AskedKind::text}}});
  EXPECT_EQ(fitted(table, {.target = "y", .kinds = {{"c", AskedKind::number}}}).columns[0].range()->mean, 1.5);
  const Table words = read_csv("c,y\n1,0.5\nx,1\n", "x.csv");
  const Error error = refusal([&] { fitted(words, {.target = "y", .kinds = {{"c", AskedKind::number}}}); });
  EXPECT_EQ(error.code(), "D12");
  EXPECT_STREQ(error.what(), "x.csv:3, column \"c\": \"x\" is not a number");
}

std::string many_words(int rows, int words) {
  std::string csv = "id,n,y\n";
  for (int i = 0; i < rows; ++i)
    csv += "w" + std::to_string(i % words) + "," + std::to_string(i) + "," + std::to_string(i % 7) + ".5\n";
  return csv;
}

TEST(Preprocess, columns_with_too_many_different_words_are_left_out_and_named) {
  const Preprocessor ids = fitted(read_csv(many_words(100, 60)), {.target = "y"});
  EXPECT_EQ(ids.left_out, (std::vector<std::string>{"id: 60 different values in 100 rows, too many to learn from"}));
  EXPECT_EQ(fitted(read_csv(many_words(100, 50)), {.target = "y"}).columns[0].features, 50);
  const PreprocessOptions hot{.target = "y", .one_hot = 0};
  // Each word in at least 1 % of the rows.
  EXPECT_EQ(fitted(read_csv(many_words(1000, 60)), hot).columns[0].features, 60);
  EXPECT_EQ(fitted(read_csv(many_words(1000, 200)), hot).left_out.size(), 1u);  // each word in fewer than 1 %
  EXPECT_EQ(fitted(read_csv(many_words(1000, 200)), {.target = "y"}).left_out.size(), 0u);
  const PreprocessOptions asked{.target = "y", .kinds = {{"id", AskedKind::categorical}}, .one_hot = 0};
  EXPECT_EQ(fitted(read_csv(many_words(100, 60)), asked).columns[0].features, 60);
}

const char* const holes = "n,c,y\n1,red,0.5\n,red,1\n2,,2\n5,blue,3\n";

TEST(Preprocess, missing_cells_get_the_median_and_an_indicator_feature) {
  const Table table = read_csv(holes);
  const Preprocessor p = fitted(table, {.target = "y", .scale = Scaling::none});
  EXPECT_EQ(p.feature_names(), (std::vector<std::string>{"n", "n is missing", "c=blue", "c=red", "c is missing"}));
  const Dataset data = p.transform(table);
  EXPECT_EQ(row(data, 1), (std::vector<float>{2, 1, 0, 1, 0}));
  EXPECT_EQ(row(data, 2), (std::vector<float>{2, 0, 0, 0, 1}));
}

TEST(Preprocess, a_cell_that_is_missing_only_after_training_gets_the_median) {
  const Preprocessor p =
      fitted(read_csv("n,c,y\n1,red,0.5\n3,blue,1\n5,red,2\n9,red,2\n"), {.target = "y", .scale = Scaling::none});
  EXPECT_EQ(row(p.transform(read_csv("n,c\n,\n1,red\n")), 0), (std::vector<float>{4, 0, 0}));
}

TEST(Preprocess, missing_cells_can_be_filled_in_every_way) {
  const Table table = read_csv("n,c,y\n1,red,0.5\n,red,1\n2,,2\n6,blue,3\n1,red,4\n");
  const auto second = [&](MissingCells missing) {
    return row(fitted(table, {.target = "y", .scale = Scaling::none, .missing = missing}).transform(table), 1)[0];
  };
  EXPECT_EQ(second(MissingCells::mean), 2.5f);
  EXPECT_EQ(second(MissingCells::median), 1.5f);
  EXPECT_EQ(second(MissingCells::most_frequent), 1);
  const Dataset data =
      fitted(table, {.target = "y", .scale = Scaling::none, .missing = MissingCells::most_frequent}).transform(table);
  EXPECT_EQ(row(data, 2), (std::vector<float>{2, 0, 1}));
  const Preprocessor dropped = fitted(table, {.target = "y", .missing = MissingCells::drop});
  EXPECT_DOUBLE_EQ(dropped.columns[0].range()->mean, (1 + 6 + 1) / 3.0);
}

TEST(Preprocess, missing_cells_are_refused_with_missing_error) {
  const Error error =
      refusal([] { fitted(read_csv(holes, "x.csv"), {.target = "y", .missing = MissingCells::error}); });
  EXPECT_EQ(error.code(), "D14");
  EXPECT_STREQ(error.what(), "x.csv:3, column 1 \"n\": the cell is missing");
  EXPECT_EQ(refused(holes, {.target = "y", .drop = {"n", "c"}, .missing = MissingCells::error}), "D17");
  const Preprocessor p = fitted(read_csv(small), {.target = "y", .missing = MissingCells::error});
  const Preprocessor stored = Preprocessor::from_json(p.to_json());
  EXPECT_EQ(refusal([&] { stored.transform(read_csv("x,z\n1,1\n,2\n", "new.csv")); }).code(), "D14");
}

TEST(Preprocess, a_column_without_any_value_is_left_out) {
  EXPECT_EQ(fitted(read_csv("a,x,y\n,1,0.5\n,2,1.5\n"), {.target = "y"}).left_out[0], "a: every cell is missing");
}

TEST(Preprocess, a_target_with_a_usual_name_is_found) {
  EXPECT_EQ(fitted(read_csv("x,label\n1,a\n2,b\n"), {}).targets[0].name, "label");
  EXPECT_EQ(refused("x,z\n1,a\n2,b\n", {}), "D11");
  EXPECT_EQ(refused("y,label\n1,a\n2,b\n", {}), "D11");
  EXPECT_EQ(refused("x,label\n1,a\n2,b\n", {.target = "lable"}), "D11");
}

std::string repeated(const std::string& header, const std::vector<std::string>& rows, int times) {
  std::string csv = header + "\n";
  for (int i = 0; i < times; ++i) {
    for (const std::string& one : rows) csv += one + "\n";
  }
  return csv;
}

TEST(Preprocess, the_task_follows_from_the_target) {
  const auto task = [](const std::string& csv) { return fitted(read_csv(csv), {.target = "y"}).task; };
  EXPECT_EQ(task("x,y\n1,a\n2,b\n"), Task::classification);
  EXPECT_EQ(task(repeated("x,y", {"1,0", "2,1"}, 5)), Task::classification);
  EXPECT_EQ(task(repeated("x,y", {"1,0.0", "2,1.0"}, 5)), Task::classification);
  EXPECT_EQ(task(repeated("x,y", {"1,0", "2,1"}, 4)), Task::regression);  // fewer than 5 rows per class
  EXPECT_EQ(task(repeated("x,y", {"1,0.5", "2,1"}, 50)), Task::regression);
  std::vector<std::string> many;
  for (int i = 0; i < 21; ++i) many.push_back("1," + std::to_string(i));
  EXPECT_EQ(task(repeated("x,y", many, 10)), Task::regression);
  many.pop_back();
  EXPECT_EQ(task(repeated("x,y", many, 10)), Task::classification);
  const Preprocessor p = fitted(read_csv(repeated("x,y", {"1,0", "2,1"}, 5)), {.target = "y"});
  EXPECT_EQ(p.task_reason, "2 distinct integers in 10 rows");
  EXPECT_EQ(fitted(read_csv(small), {.target = "y", .task = Task::classification}).targets[0].classes.size(), 4u);
}

TEST(Preprocess, classes_are_sorted_with_numbers_before_words) {
  const Preprocessor p = fitted(read_csv("x,y\n1,b\n2,10\n3,9\n4,a\n"), {.target = "y"});
  EXPECT_EQ(p.targets[0].classes, (std::vector<std::string>{"9", "10", "a", "b"}));
  const Table table = read_csv(repeated("x,y", {"1,100000", "2,-1"}, 5));
  const Preprocessor numbers = fitted(table, {.target = "y"});
  EXPECT_EQ(numbers.targets[0].classes, (std::vector<std::string>{"-1", "100000"}));
  EXPECT_EQ(numbers.transform(table).label(0), 1);
}

TEST(Preprocess, targets_that_cannot_be_learned_are_refused) {
  EXPECT_EQ(refused("x,y\n1,a\n2,a\n", {.target = "y"}), "D17");
  EXPECT_EQ(refused("x,y\n1,2.5\n2,2.5\n", {.target = "y"}), "D17");
  EXPECT_EQ(refused("y\na\nb\n", {.target = "y"}), "D17");
  EXPECT_EQ(refused("x,y\n1,a\n2,b\n", {.target = "y", .task = Task::regression}), "D38");
  const Error missing = refusal([] { fitted(read_csv("x,y\n1,a\n2,\n3,b\n4,?\n", "x.csv"), {.target = "y"}); });
  EXPECT_EQ(missing.code(), "D18");
  EXPECT_STREQ(missing.what(), "x.csv:3: the target \"y\" is missing");
  EXPECT_EQ(missing.details()[0], "2 of 4 rows have no value");
}

TEST(Preprocess, a_class_that_is_not_in_the_training_rows_is_refused_with_its_location) {
  const Preprocessor p = fitted(read_csv("x,y\n1,a\n2,b\n"), {.target = "y"});
  const Error error = refusal([&] { p.transform(read_csv("x,y\n1,a\n2,c\n", "test.csv")); });
  EXPECT_EQ(error.code(), "D17");
  EXPECT_STREQ(error.what(), "test.csv:3: \"c\" is a class of \"y\" that no training row has");
  EXPECT_FALSE(p.transform(read_csv("x,y\n1,a\n2,c\n"), false).has_targets());
}

TEST(Preprocess, invalid_settings_are_refused) {
  EXPECT_EQ(refusal([] { choice_of<Scaling>("big", "scale"); }).code(), "U12");
  EXPECT_EQ(refused(small, {.target = "y", .kinds = {{"xx", AskedKind::number}}}), "D11");
  EXPECT_EQ(refused(small, {.target = "y", .drop = {"xx"}}), "D11");
  EXPECT_EQ(refused(small, {.target = "y", .drop = {"y"}}), "U12");
}

TEST(Preprocess, columns_are_found_by_name_in_any_order) {
  const Preprocessor p = fitted(read_csv("a,b,y\n1,2,0.5\n3,5,1.5\n"), {.target = "y", .scale = Scaling::none});
  EXPECT_EQ(row(p.transform(read_csv("more,b,a\n0,7,8\n")), 0), (std::vector<float>{8, 7}));
  const Error error = refusal([&] { p.transform(read_csv("aa,b\n1,2\n", "new.csv")); });
  EXPECT_EQ(error.code(), "D20");
  EXPECT_STREQ(error.what(), "the model needs 2 columns; new.csv lacks a (it has \"aa\")");
}

Table images() {
  Table table;
  table.source = "images";
  table.rows = 3;
  Column pixels{.name = "pixels", .type = Column::Type::bytes, .shape = Shape{1, 2}, .bytes = {0, 255, 10, 20, 30, 51}};
  Column label{.name = "label", .type = Column::Type::text, .codes = {0, 1, 0}, .words = {"cat", "dog"}};
  table.columns = {pixels, label};
  return table;
}

TEST(Preprocess, bytes_are_stored_as_bytes_and_divided_by_255_when_read) {
  const Preprocessor p = fitted(images(), {});
  EXPECT_EQ(p.scale, "bytes / 255");
  EXPECT_EQ(p.row_shape(), (Shape{1, 2}));
  EXPECT_EQ(p.feature_names(), (std::vector<std::string>{"pixels[0]", "pixels[1]"}));
  const Dataset data = p.transform(images());
  EXPECT_EQ(data.features().bytes.size(), 6u);
  EXPECT_FLOAT_EQ(row(data, 2)[1], 0.2f);
  EXPECT_EQ(data.label(1), 1);
}

TEST(Preprocess, bytes_can_be_standardised_with_the_training_rows) {
  const Preprocessor p = Preprocessor::fit(images(), std::vector<std::int64_t>{1, 2},
                                           {.task = Task::automatic, .scale = Scaling::standard});
  // 10, 20, 30, 51: mean 27.75, squares 17.75² + 7.75² + 2.25² + 23.25² = 920.75, / 4
  EXPECT_DOUBLE_EQ(p.columns[0].range()->mean, 27.75);
  EXPECT_DOUBLE_EQ(p.columns[0].range()->deviation, std::sqrt(920.75 / 4));
  EXPECT_EQ(p.columns[0].range()->low, 10);
  EXPECT_EQ(p.columns[0].range()->high, 51);
}

TEST(Preprocess, images_together_with_numbers_become_one_row_of_floats) {
  Table table = images();
  table.columns.push_back({.name = "age", .numbers = {1, 2, 3}});
  const Preprocessor p = fitted(table, {});
  EXPECT_EQ(p.row_shape(), Shape{3});
  EXPECT_EQ(p.scale, "bytes / 255 + standard");
  EXPECT_FLOAT_EQ(row(p.transform(table), 0)[1], 1);
  table.columns[0].shape = Shape{2};
  EXPECT_NO_THROW(p.transform(table));
  table.columns[0] = {.name = "pixels", .numbers = {1, 2, 3}};
  EXPECT_EQ(refusal([&] { p.transform(table); }).code(), "D20");
}

Preprocessor eventful() {
  return fitted(read_csv("n,c,k,id,y\n0.1,red,1,,0.5\n,\"b \"\"l\"\"\né\",1,,1\n2e-7,,1,,2.25\n5,blue,1,,3\n"),
                {.target = "y"});
}

TEST(PreprocessJson, a_round_trip_is_exact) {
  const Preprocessor p = eventful();
  const std::string json = p.to_json();
  const Preprocessor q = Preprocessor::from_json(json);
  EXPECT_EQ(q.to_json(), json);
  EXPECT_EQ(q.columns[0].scale()->factor, p.columns[0].scale()->factor);
  EXPECT_EQ(q.targets[0].deviation, p.targets[0].deviation);
  EXPECT_EQ(q.columns[1].categorical()->categories, p.columns[1].categorical()->categories);
  EXPECT_EQ(q.left_out, p.left_out);
  EXPECT_EQ(q.feature_names(), p.feature_names());
}

TEST(PreprocessJson, damaged_json_is_refused) {
  const std::string json = eventful().to_json();
  const auto code = [](const std::string& text) { return refusal([&] { Preprocessor::from_json(text); }).code(); };
  for (std::size_t length = 0; length < json.size(); length += 7)
    EXPECT_EQ(code(json.substr(0, length)), "D21") << length;
  using Json = nlohmann::json;
  const auto changed = [&](const char* pointer, const Json& value) {
    Json document = Json::parse(json);
    document[Json::json_pointer(pointer)] = value;
    return code(document.dump());
  };
  EXPECT_EQ(changed("/task", "guess"), "D21");
  EXPECT_EQ(changed("/classes", Json::array({"a"})), "D21");
  EXPECT_EQ(changed("/target_deviation", 0), "D21");
  EXPECT_EQ(changed("/target_mean", "0"), "D21");
  EXPECT_EQ(changed("/more", 1), "D21");
  EXPECT_EQ(changed("/columns", Json::array()), "D21");
  EXPECT_EQ(changed("/columns/0", 7), "D21");
  EXPECT_EQ(changed("/columns/0/name", "c"), "D21");
  EXPECT_EQ(changed("/columns/0/kind", "image"), "D21");
  EXPECT_EQ(changed("/columns/0/features", 1'000'000'000'000), "D21");
  EXPECT_EQ(changed("/columns/0/shape", Json::array({4'000'000'000, 4'000'000'000})), "D21");
  EXPECT_EQ(changed("/columns/0/shape", Json::array({0})), "D21");
  EXPECT_EQ(changed("/columns/0/shape", Json::array({-1})), "D21");
  EXPECT_EQ(changed("/columns/0/shape", Json::array({1, 1, 1, 1, 1, 1, 1})), "D21");
  EXPECT_EQ(changed("/columns/0/indicator", 1), "D21");
  EXPECT_EQ(changed("/columns/0/factor", nullptr), "D21");
  EXPECT_EQ(changed("/columns/0/categories", Json::array({"a"})), "D21");
  EXPECT_EQ(changed("/columns/1/categories", Json::array({"a", "a"})), "D21");
  EXPECT_EQ(changed("/columns/1/fill", 99), "D21");
  EXPECT_EQ(code(std::string(100'000, '[')), "D21");
  EXPECT_EQ(code("{\"task\":\"\xE9\"}"), "D21");
  EXPECT_EQ(code("{\"target_mean\":1e999}"), "D21");
}

}  // namespace
}  // namespace pellucid
