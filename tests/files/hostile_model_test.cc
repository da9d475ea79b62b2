// Model files with false content: each field of the description and of the header replaced, with a correct checksum.
// Not here: damage that the checksum detects (model_file_test.cc).
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstring>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>

#include "pellucid/error.h"
#include "pellucid/trainer.h"
#include "support/files.h"

namespace pellucid {
namespace {

using Json = nlohmann::ordered_json;
using test::refusal;

// The two parts of a file; sealed() puts them together again with a correct checksum.
struct Parts {
  Json header;
  std::string data;

  Json document() const { return Json::parse(header["__metadata__"]["pellucid"].get<std::string>()); }
};

Parts parts_of(const std::string& bytes) {
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  return {Json::parse(bytes.substr(8, length)), bytes.substr(8 + length)};
}

std::string sealed(std::string head, const std::string& data) {
  const std::string key = "\"checksum\":\"";
  const std::size_t at = head.find(key);
  if (at == std::string::npos) return head;
  head.replace(at + key.size(), 8, "00000000");
  const auto bytes = [](const std::string& text) { return reinterpret_cast<const Bytef*>(text.data()); };
  const uLong crc = crc32_z(crc32_z(0, bytes(head), head.size()), bytes(data), data.size());
  char digits[9];
  std::snprintf(digits, sizeof digits, "%08lx", crc);
  head.replace(at + key.size(), 8, digits);
  const std::uint64_t length = head.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + head + data;
}

std::string sealed(Parts parts, const std::string& document) {
  parts.header["__metadata__"]["pellucid"] = document;
  return sealed(parts.header.dump(), parts.data);
}

// Has every kind of column, an embedding and a threshold, so that the file has as many different fields as possible.
Model rich_model() {
  std::string csv = "size,colour,city,when,open,grade,y\n";
  for (int r = 0; r < 60; ++r) {
    const std::string n = std::to_string(r);
    csv += (r % 9 == 0 ? "" : std::to_string(r * r % 41)) + "," +
           (r % 3 == 0 ? "red"
            : r == 7   ? "odd"
                       : "blue") +
           ",c" + std::to_string(r % 6) + ",20" + std::to_string(10 + r % 7) + "-0" + std::to_string(1 + r % 5) +
           "-03," + (r % 2 ? "yes" : "no") + "," + std::to_string(r % 4) + ".5," + (r % 5 < 2 ? "a" : "b") + "\n";
  }
  const Split split = pellucid::split(
      read_csv(csv), {.target = "y", .preprocess = {.scale = Scaling::robust, .rare = 2, .one_hot = 4}});
  std::vector<EmbeddedColumn> embedded;
  std::int64_t feature = 0;
  for (const FittedColumn& column : split.preprocessor.columns) {
    const CategoricalColumn* const words = column.categorical();
    if (words != nullptr && words->embedded) embedded.push_back({feature, words->one_hot_features()});
    feature += column.features;
  }
  Model model{Embedding(embedded, 2), Dense{4, leaky_relu(0.2)}, Dropout{0.1}, Scale{1}, Dense{1, sigmoid}};
  fit(model, split, {.epochs = 2});
  model.threshold = 0.3;
  return model;
}

const std::string& rich_file() {
  static const std::string bytes = rich_model().to_bytes();
  return bytes;
}

// A model with heads, one of which sets every field.
const std::string& headed_file() {
  static const std::string bytes = [] {
    Model model;
    model.add(Dense{3, relu}, "trunk").add(Dense{2}, "value", {"trunk"}).add(Dense{3, softmax}, "kind", {"trunk"});
    model.set_heads({{.layer = "value", .target = {"0", "1"}, .loss = Loss("huber", {.parameter = 2}), .weight = 0.25},
                     {.layer = "kind"}});
    model.build(Shape{2});
    return model.to_bytes();
  }();
  return bytes;
}

const std::vector<Json>& hostile_values() {
  static const std::vector<Json> values = {0,
                                           1,
                                           -1,
                                           2,
                                           -5,
                                           4294967297,
                                           std::numeric_limits<std::int64_t>::max(),
                                           std::numeric_limits<std::int64_t>::min(),
                                           std::numeric_limits<std::uint64_t>::max(),
                                           1e308,
                                           -1e308,
                                           0.5,
                                           1e-320,
                                           "",
                                           "x",
                                           "input",
                                           std::string(3000, 'y'),
                                           Json::array(),
                                           Json::object(),
                                           Json::parse(std::string(40, '[') + std::string(40, ']')),
                                           nullptr,
                                           true,
                                           false};
  return values;
}

// Calls what(pointer) for each value inside `json`; of lists, only for the first two values and the last.
void each_place(const Json& json, const Json::json_pointer& here,
                const std::function<void(const Json::json_pointer&)>& what) {
  if (!here.empty()) what(here);
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) each_place(value, here / key, what);
  }
  for (std::size_t i = 0; json.is_array() && i < json.size(); ++i) {
    if (i < 2 || i + 1 == json.size()) each_place(json[i], here / i, what);
  }
}

// Expects that the file is refused with D21 and a short message, or that the loaded model has exactly the description
// `said`.
void expect_refused_or_equal(const std::string& bytes, const Json* said, const std::string& where) {
  try {
    const Model model = Model::from_bytes(bytes, "x");
    if (said == nullptr) return;
    EXPECT_EQ(parts_of(model.to_bytes()).document(), *said) << where;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "D21") << where << ": " << error.text();
    EXPECT_LT(error.text().size(), 4000u) << where;
  }
}

TEST(HostileModel, each_changed_field_of_the_description_is_kept_or_refused) {
  int tried = 0;
  for (const std::string& file : {rich_file(), headed_file()}) {
    const Parts parts = parts_of(file);
    const Json document = parts.document();
    ASSERT_NO_THROW(Model::from_bytes(sealed(parts, document.dump())));
    each_place(document, Json::json_pointer(), [&](const Json::json_pointer& place) {
      for (const Json& value : hostile_values()) {
        Json changed = document;
        changed[place] = value;
        // A threshold of 0.5 is the default and is not written.
        if (place.to_string() == "/threshold" && value == 0.5) continue;
        // The format number only says which versions can read the file; saving chooses it anew.
        if (place.to_string() == "/format" && (value == 1 || value == 2 || value == 3)) continue;
        expect_refused_or_equal(sealed(parts, changed.dump()), &changed,
                                place.to_string() + " = " + value.dump().substr(0, 40));
        ++tried;
      }
    });
  }
  EXPECT_GT(tried, 2500);
}

TEST(HostileModel, a_missing_or_repeated_field_does_not_crash) {
  for (const std::string& file : {rich_file(), headed_file()}) {
    const Parts parts = parts_of(file);
    const Json document = parts.document();
    each_place(document, Json::json_pointer(), [&](const Json::json_pointer& place) {
      Json changed = document;
      Json& parent = changed[place.parent_pointer()];
      if (parent.is_object()) parent.erase(place.back());
      if (parent.is_array()) parent.push_back(parent[0]);
      expect_refused_or_equal(sealed(parts, changed.dump()), nullptr, place.to_string());
    });
  }
}

TEST(HostileModel, each_field_of_the_header_is_checked_against_the_data) {
  const Parts parts = parts_of(rich_file());
  each_place(parts.header, Json::json_pointer(), [&](const Json::json_pointer& place) {
    if (place.to_string().starts_with("/__metadata__/pellucid")) return;
    for (const Json& value : hostile_values()) {
      Json changed = parts.header;
      changed[place] = value;
      expect_refused_or_equal(sealed(changed.dump(), parts.data), nullptr, place.to_string() + " = " + value.dump());
    }
  });
}

TEST(HostileModel, deep_nesting_that_would_overflow_the_stack_is_refused) {
  const Parts parts = parts_of(rich_file());
  const std::string lists = std::string(100000, '[') + std::string(100000, ']');
  std::string objects;
  for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
  for (const std::string& deep : {lists, objects + "1" + std::string(100000, '}'), objects, std::string(100000, '[')}) {
    expect_refused_or_equal(sealed(parts, deep), nullptr, "the description");
    Json document = parts.document();
    for (const char* key : {"format", "nodes", "input", "preprocessor", "training", "further"}) {
      document[key] = "HERE";
      std::string text = document.dump();
      text.replace(text.find("\"HERE\""), 6, deep);
      expect_refused_or_equal(sealed(parts, text), nullptr, key);
      document = parts.document();
    }
    std::string head = parts.header.dump();
    expect_refused_or_equal(sealed(head.substr(0, head.size() - 1) + ",\"z\":" + deep + "}", parts.data), nullptr,
                            "header");
  }
}

TEST(HostileModel, any_weight_that_is_not_finite_is_refused) {
  const Parts parts = parts_of(rich_file());
  for (const float spoilt : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    for (std::size_t at = 0; at + 4 <= parts.data.size(); at += 4) {
      std::string data = parts.data;
      std::memcpy(data.data() + at, &spoilt, 4);
      EXPECT_THROW(Model::from_bytes(sealed(parts.header.dump(), data)), Error) << at;
    }
  }
}

TEST(HostileModel, a_format_number_above_32_bits_is_reported_as_newer) {
  const Parts parts = parts_of(rich_file());
  Json document = parts.document();
  document["format"] = 4294967297;
  EXPECT_NE(refusal([&] { Model::from_bytes(sealed(parts, document.dump())); }).text().find("newer pellucid"),
            std::string::npos);
  for (const Json& wrong : {Json(0), Json(-5), Json(true), Json(1.0)}) {
    document["format"] = wrong;
    EXPECT_NE(refusal([&] { Model::from_bytes(sealed(parts, document.dump())); }).text().find("format is"),
              std::string::npos);
  }
}

TEST(HostileModel, a_truncated_file_with_a_false_header_length_is_refused) {
  const std::string& whole = rich_file();
  for (std::size_t length = 0; length < whole.size(); length += 1 + whole.size() / 300) {
    expect_refused_or_equal(whole.substr(0, length), nullptr, std::to_string(length));
    std::string lies = whole.substr(0, length);
    const std::uint64_t head = length * 3;
    if (length >= 8) std::memcpy(lies.data(), &head, 8);
    expect_refused_or_equal(lies, nullptr, std::to_string(length));
  }
}

// A model with n layers, each of which reads the one before.
std::string long_chain(int n) {
  Model model;
  for (int i = 0; i < n; ++i) model.add(ActivationLayer(relu), "layer" + std::to_string(i));
  model.build({2});
  return model.to_bytes();
}

TEST(HostileModel, forty_thousand_layers_load_without_recursion_or_quadratic_time) {
  const Model model = Model::from_bytes(long_chain(40000));
  EXPECT_EQ(model.nodes().size(), 40000u);
  EXPECT_EQ(model.output_shape(), Shape{2});
}

TEST(HostileModel, a_hundred_thousand_tensors_load_without_quadratic_time) {
  Parts parts = parts_of(long_chain(1));
  std::string head = parts.header.dump();
  head.pop_back();
  const std::string end = std::to_string(parts.data.size());
  for (int i = 0; i < 100000; ++i) {
    head += ",\"t" + std::to_string(i) + R"(":{"dtype":"F32","shape":[0],"data_offsets":[)" + end + "," + end + "]}";
  }
  EXPECT_NO_THROW(Model::from_bytes(sealed(head + "}", parts.data)));
}

}  // namespace
}  // namespace pellucid
