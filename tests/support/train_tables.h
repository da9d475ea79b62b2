// Small tables that the tests of recipes train with. Not here: the tests (resolve_test.cc, unused_test.cc).
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "pellucid/train_table.h"

namespace pellucid::test {

// 200 rows: two numbers, a class of two that depends on them, a number.
inline TrainTable rows() {
  std::string csv = "a,b,kind,price\n";
  for (int i = 0; i < 200; ++i) {
    const int a = i % 17, b = i * 7 % 23;
    csv += std::to_string(a) + "." + std::to_string(i % 7) + "," + std::to_string(b) + "." + std::to_string(i % 3) +
           (a > b ? ",red," : ",blue,") + std::to_string(a * b) + "." + std::to_string(i % 9) + "\n";
  }
  return {read_csv(csv), 0, "rows.csv"};
}

// 40 rows of pixels with a label of two classes, as a folder of images is read.
inline TrainTable images() {
  Table table;
  table.source = "images";
  table.rows = 40;
  table.columns.resize(2);
  Column &pixels = table.columns[0], &label = table.columns[1];
  pixels.name = "pixels";
  pixels.type = Column::Type::bytes;
  pixels.shape = {2, 3};
  for (int i = 0; i < 40 * 6; ++i) pixels.bytes.push_back(static_cast<std::uint8_t>(i * 7 % 256));
  label.name = "label";
  label.type = Column::Type::text;
  label.words = {"cat", "dog"};
  for (int i = 0; i < 40; ++i) label.codes.push_back(i % 2);
  table.read_as = {{"image_size", "2x3"}, {"image_color", "grey"}};
  return {std::move(table), 0, "images"};
}

}  // namespace pellucid::test
