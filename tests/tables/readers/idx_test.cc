// IDX: files, pairs, folders, and files whose size does not match their header.
// Not here: gzip itself (csv_test.cc).
#include <gtest/gtest.h>

#include "pellucid/table.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::gzip;
using test::refusal;

std::string idx(const std::vector<std::uint32_t>& extents, const std::string& bytes, char type = 8) {
  std::string file{0, 0, type, static_cast<char>(extents.size())};
  for (const std::uint32_t extent : extents) {
    for (int shift = 24; shift >= 0; shift -= 8) file += static_cast<char>(extent >> shift);
  }
  return file + bytes;
}

std::string code(const test::TempFolder& folder, const std::string& bytes) {
  return refusal([&] { read_table(folder.file("x-ubyte", bytes)); }).code();
}

const std::string images = idx({2, 2, 3}, "abcdefghijkl");
const std::string labels = idx({2}, std::string{7, 9});

TEST(Idx, images_find_their_labels_by_file_name_also_with_gzip) {
  const test::TempFolder folder;
  const std::string path = folder.file("train-images-idx3-ubyte.gz", gzip(images));
  EXPECT_EQ(read_table(path).columns.size(), 1u);
  folder.file("train-labels-idx1-ubyte", labels);
  const Table table = read_table(path);
  ASSERT_EQ(table.rows, 2);
  EXPECT_EQ(table.columns[0].name, "pixels");
  EXPECT_EQ(table.columns[0].type, Column::Type::bytes);
  EXPECT_EQ(table.columns[0].shape, (Shape{2, 3}));
  EXPECT_EQ(table.columns[0].bytes[6], 'g');
  EXPECT_EQ(table.columns[1].name, "label");
  EXPECT_EQ(table.columns[1].numbers, (std::vector<double>{7, 9}));
  EXPECT_TRUE(table.columns[1].integers);
}

TEST(Idx, the_t10k_files_of_a_folder_are_test_rows) {
  const test::TempFolder folder;
  folder.file("train-images.idx3-ubyte", images);
  folder.file("train-labels.idx1-ubyte", labels);
  EXPECT_EQ(read_table(folder.path()).test_rows, 0);
  folder.file("t10k-images-idx3-ubyte", idx({1, 2, 3}, "ABCDEF"));
  folder.file("t10k-labels-idx1-ubyte.gz", gzip(idx({1}, std::string{3})));
  const Table table = read_table(folder.path());
  EXPECT_EQ(table.rows, 3);
  EXPECT_EQ(table.test_rows, 1);
  EXPECT_EQ(table.columns[0].bytes.size(), 18u);
  EXPECT_EQ(table.columns[0].bytes[12], 'A');
  EXPECT_EQ(table.columns[1].numbers, (std::vector<double>{7, 9, 3}));
  EXPECT_EQ(table.place(2), folder.path() + "/t10k-images-idx3-ubyte, row 1");
}

TEST(Idx, a_missing_label_file_is_reported_by_name) {
  const test::TempFolder folder;
  folder.file("train-images-idx3-ubyte", images);
  const Error error = refusal([&] { read_table(folder.path()); });
  EXPECT_EQ(error.code(), "D10");
  EXPECT_NE(std::string(error.what()).find("train-labels-idx1-ubyte"), std::string::npos) << error.what();
}

TEST(Idx, a_false_size_is_refused_before_memory_is_allocated) {
  const test::TempFolder folder;
  EXPECT_EQ(code(folder, idx({4000000000u, 28, 28}, "abc")), "D16");
  EXPECT_EQ(code(folder, idx({0xFFFFFFFFu, 0xFFFFFFFFu, 0xFFFFFFFFu}, "abc")), "D16");
  EXPECT_EQ(code(folder, gzip(idx({0xFFFFFFFFu, 0xFFFFFFFFu, 2}, "abc"))), "D16");
  EXPECT_EQ(code(folder, images.substr(0, images.size() - 1)), "D16");
  EXPECT_EQ(code(folder, gzip(images.substr(0, images.size() - 1))), "D16");
  EXPECT_EQ(code(folder, images + "x"), "D16");
  EXPECT_EQ(code(folder, images.substr(0, 9)), "D16");
  EXPECT_EQ(code(folder, idx({2, 0}, "")), "D16");
  EXPECT_EQ(code(folder, idx({0}, "")), "D17");
}

TEST(Idx, other_element_types_are_refused) {
  const test::TempFolder folder;
  EXPECT_EQ(code(folder, idx({1}, "abcd", 0x0D)), "D16");
}

TEST(Idx, images_and_labels_of_different_counts_are_refused) {
  const test::TempFolder folder;
  folder.file("a-labels-idx1-ubyte", idx({3}, "abc"));
  const std::string path = folder.file("a-images-idx3-ubyte", images);
  const Error error = refusal([&] { read_table(path); });
  EXPECT_EQ(error.code(), "D16");
  EXPECT_NE(std::string(error.what()).find("2 images"), std::string::npos) << error.what();
}

TEST(Idx, mnist_is_read_completely) {
  PELLUCID_NEED_DATA(path, "mnist");
  const Table table = read_table(path);
  EXPECT_EQ(table.rows, 70000);
  EXPECT_EQ(table.test_rows, 10000);
  const Column& label = table.columns[table.require("label")];
  EXPECT_EQ(std::vector<double>(label.numbers.begin(), label.numbers.begin() + 10),
            (std::vector<double>{5, 0, 4, 1, 9, 2, 1, 3, 1, 4}));
  double sum = 0;
  for (std::size_t i = 0; i < 60000u * 784; ++i) sum += table.columns[0].bytes[i];
  EXPECT_NEAR(sum / 255 / (60000.0 * 784), 0.130660, 5e-7);
}

}  // namespace
}  // namespace pellucid
