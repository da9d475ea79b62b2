// What the C interface refuses: null pointers, wrong files, cells and columns; its error texts.
// Not here: wrong recipes (c_interface_test.cc), the messages of the library (the tests of each room).
#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "support/c_handles.h"

namespace pellucid {
namespace {

using nlohmann::json;
using namespace test;

TEST(CInterface, refuses_null_pointers_everywhere) {
  const ModelHandle model = trained();
  const RecordHandle record(pellucid_record_new(model.get()));
  const TableHandle table = table_of(columns(), "kind");
  std::size_t size = 0;
  double number = 0;
  float small = 0;
  const std::vector<bool> failed = {
      pellucid_load(nullptr) == nullptr,
      pellucid_load_bytes(nullptr, 3) == nullptr,
      pellucid_save(nullptr, "x") < 0,
      pellucid_save(model.get(), nullptr) < 0,
      pellucid_bytes(nullptr, &size) == nullptr,
      pellucid_bytes(model.get(), nullptr) == nullptr,
      pellucid_describe(nullptr) == nullptr,
      pellucid_column(nullptr, "size") < 0,
      pellucid_column(model.get(), nullptr) < 0,
      pellucid_record_new(nullptr) == nullptr,
      pellucid_set_number(nullptr, 0, 1) < 0,
      pellucid_set_word(nullptr, 0, "1") < 0,
      pellucid_set_word(record.get(), 0, nullptr) < 0,
      pellucid_set_missing(nullptr, 0) < 0,
      pellucid_predict(nullptr, &number, 1) < 0,
      pellucid_predict(record.get(), nullptr, 3) < 0,
      pellucid_predict(record.get(), &number, 1) < 0,
      pellucid_interval(nullptr, 0, 1, 0.9, &number) < 0,
      pellucid_interval(model.get(), 0, 1, 0.9, nullptr) < 0,
      pellucid_predict_rows(nullptr, &small, 1, 1, &small, 1) < 0,
      pellucid_predict_rows(model.get(), nullptr, 1, 1, &small, 1) < 0,
      pellucid_predict_rows(model.get(), &small, 1, 1, nullptr, 9) < 0,
      pellucid_table_numbers(nullptr, "x", &number, 1) < 0,
      pellucid_table_numbers(table.get(), nullptr, &number, 1) < 0,
      pellucid_table_numbers(table.get(), "x", nullptr, rows) < 0,
      pellucid_table_words(table.get(), "x", nullptr, rows) < 0,
      pellucid_predict_table(nullptr, table.get(), &number, 1) < 0,
      pellucid_predict_table(model.get(), nullptr, &number, 1) < 0,
      pellucid_predict_table(model.get(), table.get(), nullptr, 0) < 0,
      pellucid_predict_table(model.get(), table.get(), &number, 1) < 0,
      pellucid_train(nullptr, "{}", nullptr, nullptr) == nullptr,
      pellucid_train(table.get(), nullptr, nullptr, nullptr) == nullptr,
  };
  for (std::size_t i = 0; i < failed.size(); ++i) EXPECT_TRUE(failed[i]) << "call " << i;
  EXPECT_EQ(last_code(), "U39");
  EXPECT_EQ(pellucid_outputs(nullptr), 0U);
  pellucid_free(nullptr);
  pellucid_record_free(nullptr);
  pellucid_table_free(nullptr);
}

TEST(CInterface, refuses_wrong_files_bytes_cells_and_columns) {
  EXPECT_EQ(pellucid_load("/no/such/model"), nullptr);
  EXPECT_EQ(last_code(), "D10");
  EXPECT_EQ(pellucid_load_bytes("damaged", 7), nullptr);
  EXPECT_EQ(last_code(), "D21");
  EXPECT_EQ(pellucid_load_bytes("", 0), nullptr);
  const ModelHandle model = trained();
  EXPECT_EQ(pellucid_save(model.get(), "/no/such/folder/m"), PELLUCID_FAILED);
  EXPECT_EQ(last_code(), "M01");
  const RecordHandle record(pellucid_record_new(model.get()));
  EXPECT_EQ(pellucid_set_word(record.get(), 0, "large"), PELLUCID_FAILED);
  EXPECT_EQ(last_code(), "D12");
  EXPECT_EQ(pellucid_set_number(record.get(), 0, 1e300), PELLUCID_FAILED);
  EXPECT_EQ(last_code(), "D15");
  double limits[2];
  EXPECT_EQ(pellucid_interval(model.get(), 0, 1, 0.8, limits), PELLUCID_FAILED);  // the target has classes
  EXPECT_EQ(last_code(), "U20");
  EXPECT_EQ(pellucid_interval(trained("price").get(), 1, 1, 0.8, limits), PELLUCID_FAILED);
  EXPECT_EQ(last_code(), "U20");
  EXPECT_EQ(pellucid_interval(trained("price").get(), 0, 1, 0.999, limits), PELLUCID_FAILED);
  EXPECT_EQ(last_code(), "D43");
  const TableHandle table(pellucid_table_new(2));
  const double numbers[] = {1, std::numeric_limits<double>::infinity(), 3};
  EXPECT_EQ(pellucid_table_numbers(table.get(), "x", numbers, 3), PELLUCID_FAILED);
  EXPECT_EQ(last_code(), "U20");
  EXPECT_EQ(pellucid_table_numbers(table.get(), "x", numbers, 2), PELLUCID_FAILED);
  EXPECT_EQ(last_code(), "D15");
  const char* const words[] = {"a", "NA"};
  EXPECT_EQ(pellucid_table_words(table.get(), "x", words, 2), 0);
  EXPECT_EQ(pellucid_table_words(table.get(), "x", words, 2), PELLUCID_FAILED);
  EXPECT_EQ(last_code(), "D23");
  double outputs[6];
  EXPECT_EQ(pellucid_predict_table(model.get(), table.get(), outputs, 6), PELLUCID_FAILED);
  EXPECT_EQ(last_code(), "D20");
  EXPECT_EQ(pellucid_table_new(SIZE_MAX), nullptr);
  EXPECT_EQ(last_code(), "U39");
}

TEST(CInterface, an_error_text_that_is_too_long_is_cut_between_characters) {
  const TableHandle table(pellucid_table_new(1));
  std::string name;
  for (int i = 0; i < 5000; ++i) name += "ü";
  const double number = 1;
  EXPECT_EQ(pellucid_table_numbers(table.get(), name.c_str(), &number, 2), PELLUCID_FAILED);
  EXPECT_LT(std::strlen(pellucid_error_text()), 2048U);
  EXPECT_NO_THROW(static_cast<void>(json(pellucid_error_text()).dump()));  // throws unless it is UTF-8
}

}  // namespace
}  // namespace pellucid
