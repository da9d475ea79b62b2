// The C interface: what it predicts and trains equals the C++ library; every wrong call is refused; threads;
// allocations. Not here: that C89 and Python's ctypes can use it (packaging/run.py), records and tables as such
// (judge/).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "pellucid/evaluation.h"
#include "pellucid/model.h"
#include "pellucid/pellucid_c.h"
#include "pellucid/prediction_intervals.h"
#include "pellucid/record.h"
#include "pellucid/run.h"
#include "pellucid/version.h"
#include "support/allocations.h"
#include "support/c_handles.h"
#include "support/files.h"

namespace pellucid {
namespace {

using nlohmann::json;
using namespace test;

TEST(CInterface, trains_the_same_bits_as_the_library_and_saves_and_loads_them) {
  const ModelHandle model = trained();
  std::size_t size = 0;
  const char* const bytes = static_cast<const char*>(pellucid_bytes(model.get(), &size));
  ASSERT_NE(bytes, nullptr);

  Recipe recipe;
  recipe.training.epochs = 3;
  recipe.model.hidden = {8, 4};
  recipe.data.target = {"kind"};
  set_setting(recipe, "optimizer", "adam", "test");
  set_setting(recipe, "optimizer.beta1", "0.8", "test");
  std::string csv = "size,colour,kind\n";
  const Columns from = columns();
  for (std::size_t r = 0; r < rows; ++r) {
    csv += (std::isnan(from.size[r]) ? "" : fmt::format("{}", from.size[r])) + "," +
           (from.colour[r] == nullptr ? "" : from.colour[r]) + "," + from.kind[r] + "\n";
  }
  EXPECT_EQ(train(read_csv(csv), recipe).model.to_bytes(), std::string(bytes, size));

  const test::TempFolder folder;
  const std::string path = folder.path() + "/m.safetensors";
  ASSERT_EQ(pellucid_save(model.get(), path.c_str()), 0);
  for (const bool from_file : {true, false}) {
    const ModelHandle again(from_file ? pellucid_load(path.c_str()) : pellucid_load_bytes(bytes, size));
    std::size_t count = 0;
    const void* const same = pellucid_bytes(again.get(), &count);
    EXPECT_EQ(std::string(static_cast<const char*>(same), count), std::string(bytes, size));
  }
}

TEST(CInterface, describes_columns_classes_and_targets_as_json) {
  const ModelHandle model = trained();
  const json described = json::parse(pellucid_describe(model.get()));
  EXPECT_EQ(described["task"], "classification");
  EXPECT_EQ(described["columns"].size(), 2U);
  EXPECT_EQ(described["columns"][0]["name"], "size");
  EXPECT_EQ(described["columns"][0]["kind"], "number");
  EXPECT_EQ(described["columns"][1]["categories"], json({"blue", "red"}));
  EXPECT_EQ(described["targets"][0]["classes"], json({"large", "medium", "small"}));
  EXPECT_EQ(pellucid_outputs(model.get()), 3U);
  EXPECT_EQ(pellucid_column(model.get(), "colour"), 1);
  EXPECT_EQ(pellucid_column(model.get(), "color"), PELLUCID_FAILED);
  EXPECT_EQ(last_code(), "D11");
  EXPECT_STREQ(pellucid_error_hint(), "did you mean \"colour\"?");
  const ModelHandle price = trained("price");
  EXPECT_EQ(json::parse(pellucid_describe(price.get()))["targets"][0]["name"], "price");
  EXPECT_EQ(pellucid_outputs(price.get()), 1U);
}

void set_row(pellucid_record* record, const Columns& from, std::size_t r) {
  EXPECT_EQ(pellucid_set_number(record, 0, from.size[r]), 0);
  EXPECT_EQ(from.colour[r] == nullptr ? pellucid_set_missing(record, 1) : pellucid_set_word(record, 1, from.colour[r]),
            0);
}

TEST(CInterface, a_record_and_a_table_get_the_predictions_of_the_library) {
  const Columns from = columns();
  for (const std::string target : {"kind", "price"}) {
    const ModelHandle model = trained(target);
    std::size_t size = 0;
    const char* const bytes = static_cast<const char*>(pellucid_bytes(model.get(), &size));
    const Model same = Model::from_bytes({bytes, size});
    const std::size_t outputs = pellucid_outputs(model.get());
    std::vector<double> of_table(rows * outputs), of_record(outputs);
    const TableHandle table = table_of(from, target);
    ASSERT_EQ(pellucid_predict_table(model.get(), table.get(), of_table.data(), of_table.size()), 0);
    const RecordHandle record(pellucid_record_new(model.get()));
    Record expected(same);
    for (std::size_t r = 0; r < rows; ++r) {
      set_row(record.get(), from, r);
      const int found = pellucid_predict(record.get(), of_record.data(), outputs);
      expected.set(0, from.size[r]);
      from.colour[r] == nullptr ? expected.set_missing(1) : expected.set(1, from.colour[r]);
      const Answer answer = expected.predict();
      EXPECT_EQ(found, target == "kind" ? answer.predicted_class : 0);
      for (std::size_t c = 0; c < outputs; ++c) {
        EXPECT_EQ(of_record[c], target == "kind" ? answer.probabilities[c] : answer.value());
        EXPECT_EQ(of_record[c], of_table[r * outputs + c]) << "row " << r;
      }
    }
    EXPECT_GE(pellucid_predict(record.get(), nullptr, 0), 0);
  }
}

TEST(CInterface, an_interval_is_that_of_the_library) {
  const ModelHandle model = trained("price");
  std::size_t size = 0;
  const char* const bytes = static_cast<const char*>(pellucid_bytes(model.get(), &size));
  const Interval expected = PredictionIntervals(Model::from_bytes({bytes, size}), 0.8).of(0, 1100);
  double limits[2];
  ASSERT_EQ(pellucid_interval(model.get(), 0, 1100, 0.8, limits), 0);
  EXPECT_EQ(limits[0], expected.low);
  EXPECT_EQ(limits[1], expected.high);
  EXPECT_LT(limits[0], 1100);
}

TEST(CInterface, rows_of_features_give_the_outputs_of_the_net) {
  Model net{Dense{4, relu}, Dense{2, softmax}};
  net.build({3});
  const std::string bytes = net.to_bytes();
  const ModelHandle model(pellucid_load_bytes(bytes.data(), bytes.size()));
  const std::vector<float> x = {1, 2, 3, -1, 0, 1};
  std::vector<float> y(4);
  ASSERT_EQ(pellucid_predict_rows(model.get(), x.data(), 2, 3, y.data(), y.size()), 0);
  const Tensor<float> expected = net.predict(View<const float>{x.data(), 2, 3, 3});
  EXPECT_TRUE(std::ranges::equal(y, expected.values()));
  EXPECT_EQ(pellucid_outputs(model.get()), 0U);
  EXPECT_EQ(pellucid_record_new(model.get()), nullptr);
  EXPECT_EQ(last_code(), "U20");
  EXPECT_EQ(pellucid_predict_rows(model.get(), x.data(), 3, 2, y.data(), y.size()), PELLUCID_FAILED);
  EXPECT_EQ(pellucid_predict_rows(model.get(), x.data(), 2, 3, y.data(), 3), PELLUCID_FAILED);
  EXPECT_EQ(last_code(), "U39");
  EXPECT_EQ(pellucid_predict_rows(model.get(), x.data(), SIZE_MAX / 2, 3, y.data(), 4), PELLUCID_FAILED);
  EXPECT_EQ(last_code(), "U39");
}

TEST(CInterface, a_prediction_of_a_record_allocates_no_memory) {
  const ModelHandle model = trained();
  const RecordHandle record(pellucid_record_new(model.get()));
  double outputs[3];
  const long before = test::allocations();
  for (int i = 0; i < 3; ++i) {
    pellucid_set_number(record.get(), 0, 12.5 + i);
    pellucid_set_word(record.get(), 1, i == 1 ? "never seen" : "red");
    pellucid_set_missing(record.get(), i % 2);
    EXPECT_GE(pellucid_predict(record.get(), outputs, 3), 0);
  }
  EXPECT_EQ(test::allocations(), before);
}

TEST(CInterface, three_threads_use_one_model_with_a_record_each) {
  ModelHandle model = trained();
  const Columns from = columns();
  std::vector<double> expected(rows * 3);
  const TableHandle table = table_of(from, "kind");
  ASSERT_EQ(pellucid_predict_table(model.get(), table.get(), expected.data(), expected.size()), 0);
  std::vector<RecordHandle> records;
  for (int t = 0; t < 3; ++t) records.emplace_back(pellucid_record_new(model.get()));
  std::vector<std::thread> threads;
  for (const RecordHandle& record : records) {
    threads.emplace_back([&] {
      double outputs[3];
      std::size_t size = 0;
      EXPECT_NE(pellucid_bytes(model.get(), &size), nullptr);
      for (std::size_t r = 0; r < rows; ++r) {
        set_row(record.get(), from, r);
        EXPECT_GE(pellucid_predict(record.get(), outputs, 3), 0);
        EXPECT_EQ(std::memcmp(outputs, &expected[3 * r], sizeof outputs), 0);
      }
      EXPECT_EQ(pellucid_set_number(record.get(), 99, 1), PELLUCID_FAILED);
      EXPECT_EQ(last_code(), "U20");
    });
  }
  for (std::thread& thread : threads) thread.join();
  model.reset();  // the records remain valid
  EXPECT_GE(pellucid_predict(records[0].get(), nullptr, 0), 0);
}

struct Heard {
  std::vector<json> events;
  int stop_at = 1 << 30;
};

int hear(const char* text, void* context) {
  auto* const heard = static_cast<Heard*>(context);
  heard->events.push_back(json::parse(text));
  const json& event = heard->events.back();
  return event["event"] == "epoch" && event["epoch"] >= heard->stop_at;
}

TEST(CInterface, training_tells_its_events_and_can_be_ended_by_them) {
  const TableHandle table = table_of(columns(), "kind");
  const char* const recipe = R"({"target": "kind", "epochs": 6})";
  Heard heard;
  const ModelHandle whole(pellucid_train(table.get(), recipe, hear, &heard));
  ASSERT_TRUE(whole) << pellucid_error_text();
  EXPECT_EQ(heard.events.front()["event"], "start");
  EXPECT_EQ(heard.events.back()["event"], "end");
  EXPECT_EQ(heard.events.back()["status"], "done");
  EXPECT_EQ(std::ranges::count_if(heard.events, [](const json& e) { return e["event"] == "epoch"; }), 6);
  Heard ended{.events = {}, .stop_at = 2};
  const ModelHandle part(pellucid_train(table.get(), recipe, hear, &ended));
  ASSERT_TRUE(part) << pellucid_error_text();
  EXPECT_EQ(ended.events.back()["status"], "interrupted");
  EXPECT_LE(ended.events.back()["epochs"], 3);  // one batch of the third epoch
}

TEST(CInterface, a_wrong_recipe_is_refused_with_all_its_problems) {
  const TableHandle table = table_of(columns(), "kind");
  const auto refused = [&](const char* recipe) {
    EXPECT_EQ(pellucid_train(table.get(), recipe, nullptr, nullptr), nullptr) << recipe;
    return last_code();
  };
  EXPECT_EQ(refused("epochs = 3"), "U05");
  EXPECT_EQ(refused("[]"), "U05");
  EXPECT_EQ(refused(R"({"epoch": 3})"), "U05");
  EXPECT_STREQ(pellucid_error_text(), "recipe: no setting \"epoch\"; did you mean epochs?");
  EXPECT_EQ(refused(R"({"epochs": {"a": 1}})"), "U05");
  EXPECT_EQ(refused(R"({"epochs": null})"), "U05");
  EXPECT_EQ(refused(R"({"epochs": "many", "hiden": 3})"), "U05");
  EXPECT_STREQ(pellucid_error_text(), "recipe has 2 problems");
  EXPECT_NE(std::strstr(pellucid_error_hint(), "hidden"), nullptr) << pellucid_error_hint();
  EXPECT_EQ(refused(R"({"target": "weight"})"), "D11");
  EXPECT_EQ(refused(std::string(5000, '[').c_str()), "U05");
  const ModelHandle kinds(pellucid_train(
      table.get(), R"({"target": "kind", "epochs": 1, "kind": {"size": "categorical"}, "drop": ["colour"]})", nullptr,
      nullptr));
  ASSERT_TRUE(kinds) << pellucid_error_text();
  EXPECT_EQ(json::parse(pellucid_describe(kinds.get()))["columns"][0]["kind"], "categorical");
}

TEST(CInterface, several_binary_targets_have_one_probability_each_and_heads_are_refused) {
  std::string csv = "x,rain,frost\n";
  for (int r = 0; r < 60; ++r) csv += fmt::format("{},{},{}\n", r % 17, r % 3 ? "no" : "yes", r % 4 ? "no" : "yes");
  Recipe recipe;
  recipe.data.target = {"rain", "frost"};
  recipe.training.epochs = 2;
  Model both = train(read_csv(csv), recipe).model;
  const std::string bytes = both.to_bytes();
  const ModelHandle model(pellucid_load_bytes(bytes.data(), bytes.size()));
  ASSERT_EQ(pellucid_outputs(model.get()), 2U);
  const RecordHandle record(pellucid_record_new(model.get()));
  double outputs[2], of_table[2];
  const double x = 5;
  pellucid_set_number(record.get(), 0, x);
  EXPECT_EQ(pellucid_predict(record.get(), outputs, 2), 0);
  const TableHandle table(pellucid_table_new(1));
  pellucid_table_numbers(table.get(), "x", &x, 1);
  EXPECT_EQ(pellucid_predict_table(model.get(), table.get(), of_table, 2), 0);
  EXPECT_EQ(std::memcmp(outputs, of_table, sizeof outputs), 0);

  Model heads;
  heads.add(Dense{1}, "a", {"input"}).add(Dense{1}, "b", {"input"});
  heads.set_heads({{.layer = "a", .target = "y"}, {.layer = "b", .target = "z"}});
  fit(heads, split(read_csv("x,y,z\n1,2,3.5\n2,3,5.5\n4,5,7.5\n5,6,8.5\n"), {.target = {"y", "z"}}), {.epochs = 1});
  const std::string of_heads = heads.to_bytes();
  const ModelHandle refused(pellucid_load_bytes(of_heads.data(), of_heads.size()));
  ASSERT_TRUE(refused) << pellucid_error_text();
  EXPECT_EQ(pellucid_record_new(refused.get()), nullptr);
  EXPECT_EQ(last_code(), "U33");
  EXPECT_EQ(pellucid_predict_table(refused.get(), table.get(), of_table, 2), PELLUCID_FAILED);
  EXPECT_EQ(last_code(), "U33");
}

TEST(CInterface, the_version_of_the_headers_is_that_of_the_library) {
  EXPECT_STREQ(pellucid_version(), PELLUCID_VERSION_STRING);
  EXPECT_EQ(version(), fmt::format("{}.{}.{}", PELLUCID_VERSION_MAJOR, PELLUCID_VERSION_MINOR, PELLUCID_VERSION_PATCH));
}

}  // namespace
}  // namespace pellucid
