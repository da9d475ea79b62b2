// Tables and models for tests of the C interface. Not here: the tests.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "pellucid/pellucid_c.h"

namespace pellucid::test {

constexpr std::size_t rows = 120;

struct Columns {
  std::vector<double> size, price;
  std::vector<const char*> colour, kind;
};

inline Columns columns() {
  Columns made;
  for (std::size_t r = 0; r < rows; ++r) {
    made.size.push_back(r % 13 == 0 ? std::nan("") : static_cast<double>(r * 37 % 101) + 0.5);
    made.price.push_back(1000.0 + static_cast<double>(r * 37 % 101) * 3.25);
    made.colour.push_back(r % 11 == 0 ? nullptr : r % 3 == 0 ? "red" : "blue");
    made.kind.push_back(r * 37 % 101 > 60 ? "large" : r % 5 == 0 ? "medium" : "small");
  }
  return made;
}

/// Frees what pellucid_*_new gave.
struct Free {
  void operator()(pellucid_model* model) const { pellucid_free(model); }
  void operator()(pellucid_record* record) const { pellucid_record_free(record); }
  void operator()(pellucid_table* table) const { pellucid_table_free(table); }
};
using ModelHandle = std::unique_ptr<pellucid_model, Free>;
using RecordHandle = std::unique_ptr<pellucid_record, Free>;
using TableHandle = std::unique_ptr<pellucid_table, Free>;

inline TableHandle table_of(const Columns& from, const std::string& target) {
  TableHandle table(pellucid_table_new(rows));
  EXPECT_EQ(pellucid_table_numbers(table.get(), "size", from.size.data(), rows), 0);
  EXPECT_EQ(pellucid_table_words(table.get(), "colour", from.colour.data(), rows), 0);
  if (target == "price") {
    EXPECT_EQ(pellucid_table_numbers(table.get(), "price", from.price.data(), rows), 0);
  } else {
    EXPECT_EQ(pellucid_table_words(table.get(), "kind", from.kind.data(), rows), 0);
  }
  return table;
}

inline ModelHandle trained(const std::string& target = "kind") {
  const TableHandle table = table_of(columns(), target);
  const std::string recipe =
      R"({"epochs": 3, "hidden": [8, 4], "optimizer": {"kind": "adam", "beta1": 0.8}, "target": ")" + target + "\"}";
  ModelHandle model(pellucid_train(table.get(), recipe.c_str(), nullptr, nullptr));
  EXPECT_TRUE(model) << pellucid_error_text();
  return model;
}

inline std::string last_code() {
  return pellucid_error_code();
}

}  // namespace pellucid::test
