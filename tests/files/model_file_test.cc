// The model file: round trips, and refusal of files that are damaged, truncated, or not written by this library.
// Not here: the preprocessor's JSON (preprocess_test.cc).
#include <gtest/gtest.h>

#include <cstring>

#include "pellucid/error.h"
#include "pellucid/trainer.h"

namespace pellucid {
namespace {

Model small() {
  Model model{Dense{5, leaky_relu(0.2)}, Dropout{0.25}, Dense{2, softmax, {.bias = false}}};
  model.build({3}, 7);
  return model;
}

std::string reason(const std::string& bytes) {
  try {
    Model::from_bytes(bytes, "x.safetensors");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "D21");
    return error.what();
  }
  return "accepted";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  EXPECT_EQ(from.size(), to.size());
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(ModelFile, a_round_trip_keeps_layers_parameters_and_bytes) {
  const Model model = small();
  const std::string bytes = model.to_bytes();
  const Model back = Model::from_bytes(bytes);
  EXPECT_EQ(back.to_bytes(), bytes);
  EXPECT_EQ(back.summary(), model.summary());
  EXPECT_EQ(back.nodes()[0].layer->output_activation()->text(), "leaky_relu(0.2)");
  EXPECT_EQ(back.parameters().size(), 3u);
}

TEST(ModelFile, a_graph_with_named_layers_survives_a_round_trip) {
  Model model;
  model.add(Dense{4, relu}, "wide").add(Dense{4, tanh}, "left", {"wide"}).add(Dense{2}, "out", {"left"});
  model.build({3});
  EXPECT_EQ(Model::from_bytes(model.to_bytes()).nodes()[2].name, "out");
}

TEST(ModelFile, shared_or_frozen_parameters_and_heads_need_a_newer_format) {
  const auto has_format = [](const Model& model, int format) {
    return model.to_bytes().find(R"(\"format\":)" + std::to_string(format)) != std::string::npos;
  };
  Model model = small();
  EXPECT_TRUE(has_format(model, 1));
  model.freeze("dense1.bias");
  EXPECT_TRUE(has_format(model, 3));
  model.freeze("dense1.bias", false);
  EXPECT_TRUE(has_format(model, 1));
  model.freeze("dense1");
  EXPECT_TRUE(has_format(model, 3));
  EXPECT_EQ(Model::from_bytes(model.to_bytes()).to_bytes(), model.to_bytes());

  Model shared;
  shared.add_input("a", Shape{2}).add_input("b", Shape{2}).add(Dense{3}, "one", {"a"}).add_shared("one", "two", {"b"});
  shared.add(Add{}, "sum", {"one", "two"}).build(Shape{4});
  EXPECT_TRUE(has_format(shared, 3));

  Model headed{Dense{3, relu}, Dense{2}};
  headed.set_heads({{.layer = "dense2"}}).build(Shape{4});
  EXPECT_TRUE(has_format(headed, 3));
}

TEST(ModelFile, float64_and_float32_models_read_each_others_files) {
  const Model model = small();
  const auto wide = BasicModel<double>::from_bytes(model.to_bytes());
  EXPECT_EQ(static_cast<float>(wide.parameter("dense1.weight").data()[4]), model.parameter("dense1.weight").data()[4]);
  const Model narrow = Model::from_bytes(wide.to_bytes());
  EXPECT_EQ(narrow.parameter("dense2.weight").data()[1], model.parameter("dense2.weight").data()[1]);
}

TEST(ModelFile, a_flipped_bit_in_any_byte_is_detected) {
  const std::string bytes = small().to_bytes();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] ^= 4;
    EXPECT_NE(reason(damaged), "accepted") << "byte " << i;
  }
}

TEST(ModelFile, every_truncation_is_detected) {
  const std::string bytes = small().to_bytes();
  for (std::size_t n = 0; n < bytes.size(); ++n) EXPECT_NE(reason(bytes.substr(0, n)), "accepted") << n;
  EXPECT_NE(reason(bytes + "x"), "accepted");
}

TEST(ModelFile, a_damaged_weight_is_reported_as_damage) {
  std::string bytes = small().to_bytes();
  bytes[bytes.size() - 5] ^= 1;
  EXPECT_EQ(reason(bytes), "x.safetensors is damaged (checksum differs)");
}

TEST(ModelFile, other_kinds_of_files_are_refused_with_a_reason) {
  EXPECT_NE(reason("").find("0 bytes"), std::string::npos);
  EXPECT_NE(reason("a,b\n1,2\n3,4\n").find("truncated, or not a safetensors"), std::string::npos);
  std::uint64_t length = 2;
  std::string foreign(8, '\0');
  std::memcpy(foreign.data(), &length, 8);
  EXPECT_NE(reason(foreign + "{}").find("another program"), std::string::npos);
  EXPECT_NE(reason(foreign + "[]").find("JSON object"), std::string::npos);
}

TEST(ModelFile, a_header_with_false_sizes_is_refused) {
  const std::string bytes = small().to_bytes();
  EXPECT_NE(reason(replaced(bytes, "\"shape\":[3,5]", "\"shape\":[9,9]")), "accepted");
  EXPECT_NE(reason(replaced(bytes, "\\\"units\\\":5", "\\\"units\\\":9")), "accepted");
}

TEST(ModelFile, saving_an_unbuilt_model_is_refused) {
  EXPECT_THROW(Model{Dense{2}}.to_bytes(), Error);
}

}  // namespace
}  // namespace pellucid
