// The embedding layer: hand-computed results, comparison with one-hot columns, and which table columns become its
// indices.
// Not here: what holds for every layer (battery_test.cc).
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <numeric>

#include "pellucid/gradient_check.h"
#include "pellucid/preprocess.h"
#include "pellucid/trainer.h"
#include "support/files.h"
#include "support/numbers.h"
#include "support/tables.h"

namespace pellucid {
namespace {

using test::fitted;
using test::refusal;
using test::row;
using test::same_bits;

std::vector<double> outputs(const BasicModel<double>& model, const std::vector<double>& row) {
  const auto n = static_cast<std::int64_t>(row.size());
  const Tensor<double> y = model.predict(View<const double>{row.data(), 1, n, n});
  return {y.values().begin(), y.values().end()};
}

BasicModel<double> two_tables() {
  BasicModel<double> model{Embedding({{1, 3}, {3, 2}}, 2)};
  model.build(Shape{5});
  std::iota(model.parameters()[0].value.values().begin(), model.parameters()[0].value.values().end(), 1);
  return model;  // table of column 1: (1 2) (3 4) (5 6); of column 3: (7 8) (9 10)
}

TEST(Embedding, outputs_are_the_other_columns_and_then_the_vector_of_each_index) {
  EXPECT_EQ(outputs(two_tables(), {0.5, 2, -4, 0, 9}), (std::vector<double>{0.5, -4, 9, 5, 6, 7, 8}));
  EXPECT_EQ(outputs(two_tables(), {0.5, 0, -4, 1, 9}), (std::vector<double>{0.5, -4, 9, 1, 2, 9, 10}));
}

TEST(Embedding, an_index_out_of_range_gives_zeros) {
  for (const double none : {-1.0, 3.0, 1e30, -1e30}) {
    EXPECT_EQ(outputs(two_tables(), {0.5, none, -4, 1, 9}), (std::vector<double>{0.5, -4, 9, 0, 0, 9, 10})) << none;
  }
  EXPECT_EQ(outputs(two_tables(), {0, 1.4, 0, -0.4, 0}), (std::vector<double>{0, 0, 0, 3, 4, 7, 8}));
}

struct Rows {
  std::vector<double> indices, targets;
  std::int64_t count = 0;
};

// Two columns of indices with 4 and 3 categories. Equal indices are consecutive, so that a batch lacks some of them.
Rows some_rows(std::int64_t count) {
  Rows rows;
  rows.count = count;
  for (std::int64_t r = 0; r < count; ++r) {
    const std::int64_t a = r / 5 % 4, b = r * r % 3;
    rows.indices.insert(rows.indices.end(), {static_cast<double>(a), static_cast<double>(b)});
    rows.targets.push_back(static_cast<double>(a * a - 2 * b) / 4);
  }
  return rows;
}

BasicFitOptions<double> plain_steps() {
  BasicFitOptions<double> options;
  options.epochs = 4;
  options.batch_size = 6;
  options.optimizer = Adam{.learning_rate = 0.05};
  options.l2 = 0.01;
  options.shuffle = false;
  options.patience = 0;
  options.keep_best = false;
  return options;
}

// An embedding of one column computes the same as a dense layer without bias on the one-hot columns.
TEST(Embedding, learns_the_same_as_a_dense_layer_on_one_hot_columns) {
  const Rows rows = some_rows(30);
  BasicModel<double> embedded{Embedding({{0, 7}}, 3), Dense{1}}, hot{Dense{3, linear, {.bias = false}}, Dense{1}};
  embedded.build(Shape{1}, 5);
  hot.build(Shape{7}, 5);
  for (std::size_t p : {1u, 2u}) hot.parameters()[p].value = embedded.parameters()[p].value;
  hot.parameters()[0].value = embedded.parameters()[0].value;
  std::vector<double> second, one_hot;
  for (std::int64_t r = 0; r < rows.count; ++r) {
    second.push_back(static_cast<double>((r / 4 * 3) % 7));
    for (std::int64_t c = 0; c < 7; ++c) one_hot.push_back(static_cast<double>(c) == second.back() ? 1 : 0);
  }
  fit(embedded, Dataset::regression(second, Shape{1}, rows.targets), Dataset(), plain_steps());
  fit(hot, Dataset::regression(one_hot, Shape{7}, rows.targets), Dataset(), plain_steps());
  for (std::size_t p = 0; p < 3; ++p) {
    const auto &a = embedded.parameters()[p].value, &b = hot.parameters()[p].value;
    for (std::int64_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a.data()[i], b.data()[i], 1e-12) << p << ", " << i;
  }
}

TEST(Embedding, passes_gradients_to_the_other_columns_and_none_to_indices) {
  BasicModel<double> model{Dense{3}, Embedding({{1, 2}}, 2), Dense{1}};
  model.build(Shape{2}, 3);
  const Rows rows = some_rows(12);
  const Dataset data = Dataset::regression(rows.indices, Shape{2}, rows.targets);
  for (const GradientVerdict& v : check_gradients(model, data, Loss("mse"))) EXPECT_TRUE(v.ok) << v.name;
}

TEST(Embedding, training_gives_the_same_bits_with_any_number_of_threads) {
  const Rows rows = some_rows(3000);
  const Dataset data = Dataset::regression(rows.indices, Shape{2}, rows.targets);
  std::vector<float> first;
  for (const int threads : {1, 2, 3, 7}) {
    Model model{Embedding({{0, 4}, {1, 3}}, 8), Dense{64, relu}, Dense{1}};
    model.build(Shape{2}, 1);
    FitOptions options;
    options.epochs = 2;
    options.batch_size = 2048;  // two row blocks
    options.threads = threads;
    fit(model, data, Dataset(), options);
    const auto values = model.parameters()[0].value.values();
    if (first.empty()) first.assign(values.begin(), values.end());
    for (std::size_t i = 0; i < first.size(); ++i) ASSERT_TRUE(same_bits(first[i], values[i])) << threads;
  }
}

TEST(Embedding, invalid_settings_are_refused) {
  const auto code = [](std::vector<EmbeddedColumn> columns, std::int64_t size) {
    return refusal([&] { Embedding(columns, size); }).code();
  };
  EXPECT_EQ(code({}, 2), "U12");
  EXPECT_EQ(code({{-1, 2}}, 2), "U12");
  EXPECT_EQ(code({{0, 0}}, 2), "U12");
  EXPECT_EQ(code({{0, 1LL << 40}}, 2), "U12");
  EXPECT_EQ(code({{1, 2}, {1, 2}}, 2), "U12");
  EXPECT_EQ(code({{0, 2}}, 0), "U12");
  EXPECT_EQ(refusal([] { Model{Embedding({{2, 2}}, 2)}.build(Shape{2}); }).code(), "U20");
}

Table letters(int words, int rows_each) {
  std::string csv = "c,n,y\n";
  for (int i = 0; i < words * rows_each; ++i) {
    csv += "w" + std::to_string(1000 + i % words) + "," + std::to_string(i % 9) + "," + std::to_string(i % 7) + ".5\n";
  }
  return read_csv(csv, "x.csv");
}

TEST(Embedding, a_column_of_many_categories_becomes_one_feature_with_its_index) {
  const Preprocessor p = fitted(letters(60, 3), {.target = "y", .scale = Scaling::none});
  EXPECT_EQ(p.feature_names(), (std::vector<std::string>{"c", "n"}));
  EXPECT_TRUE(p.columns[0].categorical()->embedded);
  EXPECT_EQ(p.columns[0].categorical()->categories.size(), 60u);
  const Dataset data = p.transform(read_csv("c,n\nw1000,1\nw1059,1\nnew,1\n,1\n"));
  for (const auto& [r, index] : {std::pair{0, 0.0f}, {1, 59.0f}, {2, -1.0f}, {3, -1.0f}}) {
    EXPECT_EQ(row(data, r), (std::vector<float>{index, 1})) << r;
  }
}

TEST(Embedding, a_column_with_at_most_one_hot_categories_stays_one_hot) {
  const Table table = letters(50, 3);
  EXPECT_FALSE(fitted(table, {.target = "y"}).columns[0].categorical()->embedded);
  EXPECT_TRUE(fitted(table, {.target = "y", .one_hot = 49}).columns[0].categorical()->embedded);
  EXPECT_FALSE(fitted(letters(60, 3), {.target = "y", .one_hot = 0}).columns[0].categorical()->embedded);
  EXPECT_EQ(refusal([&] { fitted(table, {.target = "y", .one_hot = -1}); }).code(), "U12");
}

TEST(Embedding, rare_and_unseen_words_share_one_index_after_the_last) {
  std::string csv = "c,y\n";
  for (int i = 0; i < 30; ++i) csv += std::string(1, static_cast<char>('a' + i % 5)) + ",1.5\n";
  const Table table = read_csv(csv + "x,2\ny,3\n,4\n");
  const Preprocessor p = fitted(table, {.target = "y", .rare = 2, .one_hot = 4});
  EXPECT_EQ(p.feature_names(), (std::vector<std::string>{"c", "c is missing"}));
  EXPECT_EQ(p.columns[0].categorical()->other, 2);
  const Dataset data = p.transform(table);
  EXPECT_EQ(row(data, 4), (std::vector<float>{4, 0}));
  EXPECT_EQ(row(data, 30), (std::vector<float>{5, 0}));
  EXPECT_EQ(row(data, 32), (std::vector<float>{-1, 1}));
  EXPECT_EQ(row(p.transform(read_csv("c\nunseen\n")), 0), (std::vector<float>{5, 0}));
}

TEST(Embedding, embedded_columns_are_read_back_from_a_model_file) {
  const Table table = letters(60, 3);
  const Preprocessor p = fitted(table, {.target = "y"}), q = Preprocessor::from_json(p.to_json());
  EXPECT_EQ(q.to_json(), p.to_json());
  EXPECT_EQ(row(q.transform(table), 59), row(p.transform(table), 59));
  nlohmann::json changed = nlohmann::json::parse(p.to_json());
  changed["columns"][0]["embedded"] = 1;
  EXPECT_EQ(refusal([&] { Preprocessor::from_json(changed.dump()); }).code(), "D21");
  changed = nlohmann::json::parse(p.to_json());
  changed["columns"][1]["embedded"] = true;  // column 1 holds numbers
  EXPECT_EQ(refusal([&] { Preprocessor::from_json(changed.dump()); }).code(), "D21");
}

}  // namespace
}  // namespace pellucid
