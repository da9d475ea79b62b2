// NPY and NPZ: types, memory orders, shapes, keys, and false headers. The bytes are as NumPy writes them.
// Not here: what is learned from the columns (preprocess_test.cc).
#include <gtest/gtest.h>

#include <cmath>

#include "pellucid/table.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::refusal;

std::string npy_header(const std::string& text, char version = 1) {
  std::string padded = text;
  while ((padded.size() + 11) % 64 != 0) padded += ' ';
  padded += '\n';
  std::string file = "\x93NUMPY";
  file += {version, 0, static_cast<char>(padded.size()), static_cast<char>(padded.size() >> 8)};
  if (version > 1) file += {0, 0};
  return file + padded;
}

std::string dictionary(const std::string& type, const std::string& shape, bool fortran = false) {
  return "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", }";
}

template <class T>
std::string raw(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

template <class T>
std::string npy(const std::string& type, const std::string& shape, const std::vector<T>& values, bool fortran = false) {
  return npy_header(dictionary(type, shape, fortran)) + raw(values);
}

Table read(const std::string& bytes) {
  const test::TempFolder folder;
  return read_table(folder.file("x.npy", bytes));
}

std::string code(const std::string& bytes) {
  return refusal([&] { read(bytes); }).code();
}

template <class T>
void expect_type(const std::string& type, const std::vector<T>& values, const std::vector<double>& numbers) {
  EXPECT_EQ(read(npy(type, "(2,)", values)).columns[0].numbers, numbers) << type;
}

TEST(Npy, every_numeric_type_is_read) {
  expect_type<std::uint8_t>("|u1", {0, 255}, {0, 255});
  expect_type<std::uint8_t>("|b1", {0, 1}, {0, 1});
  expect_type<std::int8_t>("|i1", {-128, 127}, {-128, 127});
  expect_type<std::int16_t>("<i2", {-32768, 7}, {-32768, 7});
  expect_type<std::uint16_t>("<u2", {65535, 7}, {65535, 7});
  expect_type<std::int32_t>("<i4", {-2147483647, 7}, {-2147483647, 7});
  expect_type<std::int64_t>("<i8", {-5'000'000'000, 7}, {-5e9, 7});
  expect_type<float>("<f4", {0.5f, -2}, {0.5, -2});
  expect_type<double>("<f8", {0.1, -2}, {0.1, -2});
  expect_type<std::uint16_t>("<f2", {0x3555, 0x8001}, {0.333251953125, -5.9604644775390625e-8});
}

TEST(Npy, two_dimensional_arrays_become_columns_in_either_memory_order) {
  const std::vector<double> row_major{1, 2, 3, 4, 5, 6};
  const std::vector<double> column_major{1, 4, 2, 5, 3, 6};
  for (const bool fortran : {false, true}) {
    const Table table = read(npy("<f8", "(2, 3)", fortran ? column_major : row_major, fortran));
    ASSERT_EQ(table.columns.size(), 3u);
    EXPECT_EQ(table.columns[1].name, "c2");
    EXPECT_EQ(table.columns[1].numbers, (std::vector<double>{2, 5}));
  }
}

TEST(Npy, three_dimensional_fortran_arrays_are_read_correctly) {
  // a[i,j,k] = 100 i + 10 j + k with shape (2, 2, 2), written with the first index fastest.
  const Table table = read(npy<std::int32_t>("<i4", "(2, 2, 2)", {0, 100, 10, 110, 1, 101, 11, 111}, true));
  ASSERT_EQ(table.columns.size(), 1u);
  EXPECT_EQ(table.columns[0].shape, (Shape{2, 2}));
  EXPECT_EQ(table.columns[0].numbers, (std::vector<double>{0, 1, 10, 11, 100, 101, 110, 111}));
}

TEST(Npy, images_are_stored_as_bytes_and_wide_rows_as_one_column) {
  const Table images = read(npy<std::uint8_t>("|u1", "(2, 1, 2)", {1, 2, 3, 4}));
  EXPECT_EQ(images.columns[0].name, "pixels");
  EXPECT_EQ(images.columns[0].bytes, (std::vector<std::uint8_t>{1, 2, 3, 4}));
  const Table wide = read(npy("<f4", "(1, 5000)", std::vector<float>(5000, 2)));
  ASSERT_EQ(wide.columns.size(), 1u);
  EXPECT_EQ(wide.columns[0].shape, Shape{5000});
}

TEST(Npy, later_versions_have_a_longer_header_length) {
  const std::string file = npy_header(dictionary("<f8", "(1,)"), 2) + raw<double>({4});
  EXPECT_EQ(read(file).columns[0].numbers, (std::vector<double>{4}));
  EXPECT_EQ(code(npy_header(dictionary("<f8", "(1,)"), 9) + raw<double>({4})), "D16");
}

TEST(Npy, a_header_unlike_those_of_numpy_is_refused) {
  for (const char* header :
       {"", "{}", "{'descr': '<f8'}", "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'more': 1}",
        "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': Maybe, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} x",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}",
        "{'descr': '<f99', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '>f8', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<U4', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': ()}", "{'descr"}) {
    EXPECT_EQ(code(npy_header(header) + raw<double>({1})), "D16") << header;
  }
}

TEST(Npy, false_sizes_are_refused_before_memory_is_allocated) {
  EXPECT_EQ(code(npy<double>("<f8", "(4000000000, 4000000000, 4000000000)", {1})), "D16");
  EXPECT_EQ(code(npy<double>("<f8", "(1000000000,)", {1})), "D16");
  EXPECT_EQ(code(npy<double>("<f8", "(2,)", {1})), "D16");
  EXPECT_EQ(code(npy<double>("<f8", "(1,)", {1, 2})), "D16");
  EXPECT_EQ(code(npy<double>("<f8", "(0, 3)", {})), "D17");
  EXPECT_EQ(code("\x93NUMPY"), "D16");
  EXPECT_EQ(code(std::string("\x93NUMPY\x02\x00\xFF\xFF\xFF\xFF", 12)), "D16");
}

TEST(Npy, infinite_numbers_are_refused_and_nan_is_a_missing_cell) {
  EXPECT_EQ(code(npy<double>("<f8", "(2,)", {1, INFINITY})), "D15");
  const test::TempFolder folder;
  const std::string path = folder.file("x.npy", npy<double>("<f8", "(2,)", {1, NAN}));
  EXPECT_TRUE(std::isnan(read_table(path).columns[0].numbers[1]));
  EXPECT_EQ(refusal([&] { read_table(path, {.missing_error = true}); }).code(), "D14");
}

Table read_npz(const std::vector<test::Member>& members) {
  const test::TempFolder folder;
  return read_table(folder.file("x.npz", test::zip(members)));
}

TEST(Npz, x_and_y_become_features_and_label) {
  const std::string x = npy<float>("<f4", "(3, 2)", {1, 2, 3, 4, 5, 6});
  const Table table = read_npz({{"X.npy", x}, {"y.npy", npy<std::int64_t>("<i8", "(3,)", {0, 1, 1})}});
  ASSERT_EQ(table.columns.size(), 3u);
  EXPECT_EQ(table.columns[1].numbers, (std::vector<double>{2, 4, 6}));
  EXPECT_EQ(table.columns[2].name, "label");
  EXPECT_TRUE(table.columns[2].integers);
  EXPECT_EQ(read_npz({{"data.npy", x}, {"target.npy", npy<float>("<f4", "(3, 1)", {0.5, 1, 2})}}).columns[2].name, "y");
}

TEST(Npz, training_and_test_arrays_become_one_table) {
  const Table table = read_npz({{"x_train.npy", npy<std::uint8_t>("|u1", "(2, 1, 2)", {1, 2, 3, 4})},
                                {"y_train.npy", npy<std::uint8_t>("|u1", "(2,)", {0, 1})},
                                {"x_test.npy", npy<std::uint8_t>("|u1", "(1, 1, 2)", {5, 6})},
                                {"y_test.npy", npy<std::uint8_t>("|u1", "(1,)", {1})}});
  EXPECT_EQ(table.rows, 3);
  EXPECT_EQ(table.test_rows, 1);
  EXPECT_EQ(table.columns[0].name, "pixels");
  EXPECT_EQ(table.columns[0].bytes, (std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(table.columns[1].numbers, (std::vector<double>{0, 1, 1}));
}

TEST(Npz, inconsistent_or_unknown_arrays_are_refused) {
  const auto refused = [](const std::vector<test::Member>& members) { return refusal([&] { read_npz(members); }); };
  const std::string two = npy<float>("<f4", "(2, 1)", {1, 2});
  EXPECT_EQ(refused({{"x.npy", two}, {"y.npy", npy<float>("<f4", "(3,)", {1, 2, 3})}}).code(), "D16");
  const Error unknown = refused({{"weights.npy", two}});
  EXPECT_EQ(unknown.code(), "D16");
  EXPECT_EQ(unknown.details(), (std::vector<std::string>{"it contains: \"weights.npy\""}));
  EXPECT_EQ(refused({{"x_train.npy", two}, {"x_test.npy", npy<float>("<f4", "(1, 2)", {1, 2})}}).code(), "D16");
  EXPECT_EQ(refused({{"x_train.npy", two}, {"y_train.npy", two}, {"x_test.npy", two}}).code(), "D16");
}

TEST(Npz, a_damaged_archive_is_refused) {
  const test::TempFolder folder;
  const std::string good = test::zip({{"x.npy", npy<float>("<f4", "(2, 1)", {1, 2})}});
  const auto refused = [&](const std::string& bytes) {
    return refusal([&] { read_table(folder.file("x.npz", bytes)); }).code();
  };
  EXPECT_EQ(refused(good.substr(0, good.size() / 2)), "D16");
  std::string wrong_sum = good;
  wrong_sum[good.find("PK\x01\x02") - 1] ^= 1;
  EXPECT_EQ(refused(wrong_sum), "D16");
  std::string encrypted = good;
  encrypted[good.find("PK\x01\x02") + 8] |= 1;
  EXPECT_EQ(refused(encrypted), "D16");
  std::string other_method = good;
  other_method[good.find("PK\x01\x02") + 10] = 14;  // LZMA
  EXPECT_EQ(refused(other_method), "D16");
  EXPECT_EQ(refused("PK\x03\x04"), "D16");
}

}  // namespace
}  // namespace pellucid
