// One-hot features stored as codes: they have the same values as plain numbers, however they are read and trained on.
// Not here: which words become categories (categories_test.cc).
#include <gtest/gtest.h>

#include <numeric>

#include "batches/batches.h"
#include "batches/sparse_block.h"
#include "batches/stored_row.h"
#include "core/large_data.h"
#include "pellucid/pellucid.h"
#include "support/files.h"
#include "support/numbers.h"
#include "support/tables.h"

namespace pellucid {
namespace {

using test::refusal;

// Random one-hot codes, with number features before, between and after them, some of which are 0.
std::shared_ptr<Block> coded(std::int64_t rows, const std::vector<OneHot>& hot, std::int64_t width) {
  auto block = std::make_shared<Block>();
  block->shape = {width};
  block->one_hot = hot;
  Random random({.seed = 5});
  for (std::int64_t r = 0; r < rows; ++r) {
    for (const OneHot& group : hot) {
      block->codes.push_back(static_cast<std::uint8_t>(random.below(static_cast<std::uint64_t>(group.count) + 1)));
    }
    for (std::int64_t i = 0; i < number_features(*block); ++i) {
      block->floats.push_back(random.below(3) == 0 ? 0 : static_cast<float>(random.normal()));
    }
  }
  return block;
}

// The same features, all stored as numbers.
Dataset plain(const Dataset& data) {
  auto block = std::make_shared<Block>();
  block->shape = data.row_shape();
  for (std::int64_t r = 0; r < data.rows(); ++r) {
    const std::vector<float> row = test::row(data, r);
    block->floats.insert(block->floats.end(), row.begin(), row.end());
  }
  return Dataset(block, std::make_shared<Targets>(data.targets()));
}

std::shared_ptr<Targets> three_classes(std::int64_t rows) {
  auto targets = std::make_shared<Targets>();
  targets->classes = 3;
  for (std::int64_t r = 0; r < rows; ++r) targets->labels.push_back(static_cast<std::int32_t>(r * r % 3));
  return targets;
}

TEST(OneHot, a_code_is_a_one_among_zeros_between_the_numbers) {
  auto block = std::make_shared<Block>();
  block->shape = {7};
  block->one_hot = {{1, 3}, {5, 1}};
  block->codes = {2, 0, 0, 1};
  block->floats = {0.5f, 6, 7, 1.5f, 8, 9};
  const Dataset data(block, nullptr);
  ASSERT_EQ(data.rows(), 2);
  EXPECT_EQ(test::row(data, 0), (std::vector<float>{0.5f, 0, 1, 0, 6, 0, 7}));
  EXPECT_EQ(test::row(data, 1), (std::vector<float>{1.5f, 0, 0, 0, 8, 1, 9}));
}

TEST(OneHot, invalid_codes_and_inconsistent_sizes_are_refused) {
  const auto code = [](const std::function<void(Block&)>& change) {
    auto block = coded(4, {{1, 3}}, 6);
    change(*block);
    return refusal([&] { Dataset(block, nullptr); }).code();
  };
  EXPECT_EQ(code([](Block& b) { b.codes[2] = 4; }), "U20");
  EXPECT_EQ(code([](Block& b) { b.codes.push_back(0); }), "U20");
  EXPECT_EQ(code([](Block& b) { b.floats.pop_back(); }), "U20");
  EXPECT_EQ(code([](Block& b) { b.bytes.push_back(0); }), "U20");
  EXPECT_EQ(code([](Block& b) { b.one_hot[0] = {4, 3}; }), "U20");
  EXPECT_EQ(code([](Block& b) { b.one_hot[0] = {-1, 3}; }), "U20");
  EXPECT_EQ(code([](Block& b) { b.one_hot[0].count = 0; }), "U20");
  EXPECT_EQ(code([](Block& b) { b.one_hot = {{1, 3}, {3, 1}}; }), "U20");
}

template <class T>
void expect_gathered_as_read() {
  const Dataset data(coded(50, {{0, 4}, {4, 2}, {9, 255}, {270, 1}}, 271), nullptr);
  Batches batches(data, 50, true, 3);
  batches.begin_epoch(1);
  std::vector<T> x(50 * 300, T(-1)), row(271);
  batches.gather<T>(0, x.data(), 300, nullptr, nullptr, nullptr);
  for (std::size_t r = 0; r < 50; ++r) {
    data.read_row(batches.positions(0)[r], row.data());
    EXPECT_TRUE(std::equal(row.begin(), row.end(), x.begin() + static_cast<std::ptrdiff_t>(r * 300))) << r;
    EXPECT_EQ(x[r * 300 + 271], T(-1));
  }
}

TEST(OneHot, a_gathered_batch_has_the_right_rows_and_writes_nothing_else) {
  expect_gathered_as_read<float>();
  expect_gathered_as_read<double>();
}

TEST(OneHot, sparse_entries_are_the_nonzero_features_in_order) {
  const Dataset data(coded(40, {{2, 60}, {70, 30}, {100, 100}}, 201), nullptr);
  const auto sparse = SparseRows<float>::if_rare(data, 1.0 / 3);
  ASSERT_TRUE(sparse);
  EXPECT_FALSE(sparse->kept());
  std::vector<std::uint16_t> columns(static_cast<std::size_t>(sparse->most_entries()));
  std::vector<float> values(columns.size());
  for (std::int64_t r = 0; r < data.rows(); ++r) {
    std::vector<float> expected = test::row(data, r), found(expected.size());
    const SparseRow<float> row = sparse->row(r, {columns.data(), values.data()});
    for (std::int64_t i = 0; i < row.count; ++i) {
      EXPECT_NE(row.value[i], 0);
      EXPECT_TRUE(i == 0 || row.column[i - 1] < row.column[i]);
      found[row.column[i]] = row.value[i];
    }
    EXPECT_EQ(found, expected) << r;
  }
}

TEST(OneHot, batches_that_could_have_too_many_entries_are_not_sparse) {
  const Dataset data(coded(40, {{2, 60}, {70, 30}, {100, 100}}, 201), nullptr);
  const auto sparse = SparseRows<float>::if_rare(data, 1.0 / 3);
  ASSERT_TRUE(sparse);
  EXPECT_TRUE(SparseBlock<float>::fits(*sparse, 1000));
  EXPECT_FALSE(SparseBlock<float>::fits(*sparse, 10'000'000));
}

// Few columns are gathered densely, many columns as sparse entries.
TEST(OneHot, training_on_codes_gives_the_same_bits_as_on_numbers) {
  struct Case {
    std::vector<OneHot> hot;
    std::int64_t width, batch;
  };
  for (const Case& c : {Case{{{3, 5}, {9, 4}}, 15, 32}, Case{{{2, 60}, {70, 30}}, 110, 8},
                        Case{{{2, 60}, {70, 30}}, 110, 100}, Case{{{2, 250}, {260, 250}}, 512, 200}}) {
    const Dataset codes(coded(500, c.hot, c.width), three_classes(500));
    const auto trained = [&](const Dataset& data, std::int64_t threads) {
      Model model{Dense{20, relu}, Dense{3, softmax}};
      fit(model, data, data, {.epochs = 3, .batch_size = c.batch, .optimizer = Adam{}, .threads = threads});
      return model.to_bytes();
    };
    const Dataset numbers = plain(codes);
    EXPECT_EQ(trained(codes, 1), trained(numbers, 1)) << c.width << " " << c.batch;
    EXPECT_EQ(trained(codes, 3), trained(numbers, 1)) << c.width << " " << c.batch;
  }
}

// 40,000 rows of numbers, words, dates and booleans, some of them missing.
Table mixed() {
  std::string csv = "n,w,d,b,y\n";
  for (int r = 0; r < 40'000; ++r) {
    csv += r % 50 == 7 ? "" : std::to_string(r * 7 % 1000 / 8.0);
    csv += r % 40 == 3 ? ",NA" : ",w" + std::to_string(r * r % 23);
    csv += ",2024-0" + std::to_string(1 + r % 9) + "-1" + std::to_string(r % 7);
    csv += r % 3 == 0 ? ",yes" : ",no";
    csv += "," + std::to_string(r % 4 / 2.0) + "\n";
  }
  return read_csv(csv, "mixed.csv");
}

TEST(OneHot, transforming_a_moved_table_gives_the_same_rows_and_frees_the_cells) {
  Table table = mixed();
  const Preprocessor p = test::fitted(table, {.target = "y"});
  const Dataset kept = p.transform(table);
  EXPECT_FALSE(table.columns[0].numbers.empty());
  const Dataset taken = p.transform(std::move(table));
  EXPECT_EQ(kept.features().floats, taken.features().floats);
  EXPECT_EQ(kept.features().codes, taken.features().codes);
  EXPECT_EQ(kept.targets().values, taken.targets().values);
  EXPECT_EQ(kept.row_shape().elements(), static_cast<std::int64_t>(p.feature_names().size()));
  for (const Column& column : table.columns) EXPECT_TRUE(column.numbers.empty() && column.codes.empty()) << column.name;
}

TEST(OneHot, more_than_255_categories_use_several_codes) {
  std::string csv = "c,y\n";
  for (int r = 0; r < 3000; ++r) csv += "w" + std::to_string(r % 600) + "," + std::to_string(r % 5) + ".5\n";
  const Table table = read_csv(csv, "x.csv");
  const Preprocessor p =
      test::fitted(table, {.target = "y", .kinds = {{"c", AskedKind::categorical}}, .rare = 1, .one_hot = 0});
  const Dataset data = p.transform(table);
  EXPECT_EQ(data.features().one_hot.size(), 3u);
  const std::vector<std::string> names = p.feature_names();
  ASSERT_EQ(names.size(), 600u);
  for (const std::int64_t r : {0, 254, 255, 256, 599, 1100}) {
    const std::vector<float> row = test::row(data, r);
    EXPECT_EQ(std::accumulate(row.begin(), row.end(), 0.0f), 1) << r;
    const auto hot = std::find(row.begin(), row.end(), 1.0f) - row.begin();
    EXPECT_EQ(names[static_cast<std::size_t>(hot)], "c=w" + std::to_string(r % 600));
  }
}

TEST(OneHot, data_in_files_give_the_same_bits_as_in_memory) {
  const test::TempFolder folder;
  const auto trained = [] {
    const Split parts = split(mixed(), {.target = "y"});
    Model model{Dense{16, relu}, Dense{1}};
    fit(model, parts, {.epochs = 2, .batch_size = 64, .threads = 2});
    const Evaluation e = evaluate(model, parts.test);
    return std::pair(model.to_bytes(), e.score());
  };
  const auto in_memory = trained();
  limit_large_data(0, folder.path());
  const auto in_files = trained();
  EXPECT_GT(large_data_use().most_in_files, 0u);
  limit_large_data(std::uint64_t{1} << 60);
  EXPECT_EQ(in_files, in_memory);
}

}  // namespace
}  // namespace pellucid
