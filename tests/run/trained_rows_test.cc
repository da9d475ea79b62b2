// The rows that a model was trained on: keys of rows, their file, and refusal of damaged files.
// Not here: what evaluate says about them (cli/rows_to_judge.txt).
#include "run/trained_rows.h"

#include <gtest/gtest.h>

#include <numeric>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/preprocess.h"

namespace pellucid {
namespace {

Dataset numbered(std::int64_t rows, std::int64_t from = 0) {
  std::vector<float> x;
  std::vector<std::int32_t> y;
  for (std::int64_t r = from; r < from + rows; ++r) {
    x.push_back(static_cast<float>(r));
    x.push_back(static_cast<float>(r % 7));
    y.push_back(static_cast<std::int32_t>(r % 3));
  }
  return Dataset::classification(x, Shape{2}, y, 3);
}

TrainedRows of(const Dataset& data) {
  return TrainedRows::from_bytes(TrainedRows::bytes_of(data), "keys");
}

TEST(TrainedRows, are_recognised_and_other_rows_are_not) {
  const TrainedRows trained = of(numbered(100));
  EXPECT_FALSE(trained.is_sample());
  EXPECT_EQ(trained.among(numbered(100)), 100);
  EXPECT_EQ(trained.among(numbered(100, 60)), 40);
  EXPECT_EQ(trained.among(numbered(100, 100)), 0);
}

TEST(TrainedRows, with_another_target_are_different_rows) {
  std::vector<float> x = {1, 2};
  const std::vector<std::int32_t> a = {0, 1}, b = {1, 1};
  EXPECT_EQ(of(Dataset::classification(x, Shape{1}, a, 2)).among(Dataset::classification(x, Shape{1}, b, 2)), 1);
  const std::vector<float> t = {0.5f, 1.5f}, u = {0.5f, 2.5f};
  EXPECT_EQ(of(Dataset::regression(x, Shape{1}, t)).among(Dataset::regression(x, Shape{1}, u)), 1);
}

TEST(TrainedRows, from_one_table_are_recognised_in_another_table) {
  std::string text = "colour,size,y\n", some = text;
  for (int i = 0; i < 50; ++i) {
    const std::string row =
        std::string(i % 2 ? "red" : "blue") + "," + std::to_string(i) + "," + std::to_string(i * i) + ".5\n";
    text += row;
    if (i % 5 == 0) some += row;
  }
  const Table table = read_csv(text);
  std::vector<std::int64_t> rows(50);
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  const Preprocessor learned = Preprocessor::fit(table, rows, {.target = "y"});
  EXPECT_EQ(of(learned.transform(table)).among(learned.transform(read_csv(some + "red,7,3\n"))), 10);
}

TEST(TrainedRows, of_a_large_data_set_are_a_sample_that_estimates_their_number) {
  const Dataset many = numbered(300000);
  const std::string bytes = TrainedRows::bytes_of(many);
  EXPECT_LE(bytes.size(), 24u + 8u * 65536u);
  const TrainedRows trained = TrainedRows::from_bytes(bytes, "keys");
  EXPECT_TRUE(trained.is_sample());
  EXPECT_EQ(trained.among(many), 300000);
  EXPECT_NEAR(static_cast<double>(trained.among(numbered(300000, 150000))), 150000, 3000);
  EXPECT_EQ(trained.among(numbered(1000, 300000)), 0);
}

TEST(TrainedRows, damaged_files_are_refused) {
  const std::string bytes = TrainedRows::bytes_of(numbered(10));
  std::string swapped = bytes;
  std::swap_ranges(swapped.begin() + 24, swapped.begin() + 32, swapped.begin() + 32);
  std::string bits = bytes;
  bits[8] = 64;
  for (const std::string& bad :
       {bytes.substr(0, 20), bytes.substr(0, bytes.size() - 8), bytes + "x", "X" + bytes.substr(1), swapped, bits}) {
    try {
      TrainedRows::from_bytes(bad, "train_rows.keys");
      ADD_FAILURE() << "taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "D16");
    }
  }
  EXPECT_FALSE(TrainedRows::beside("nowhere/model.safetensors").has_value());
}

}  // namespace
}  // namespace pellucid
