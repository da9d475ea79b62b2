// Tests: arrays of .safetensors, .npz and .npy files, and which of them become which parameters of a model.
// Not here: model files (model_file_test.cc), whole nets (import/onnx_golden_test.cc).
#include "pellucid/tensor_files.h"

#include <gtest/gtest.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "pellucid/error.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::refusal;
using test::TempFolder;

std::string length_and(const std::string& header) {
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header;
}

std::vector<std::string> names_of(const std::vector<NamedTensor>& tensors) {
  std::vector<std::string> names;
  for (const NamedTensor& tensor : tensors) names.push_back(tensor.name);
  return names;
}

Tensor<double> tensor(const Shape& shape, const std::vector<double>& values) {
  return {shape, values};
}

Model small_model() {
  Model model{Dense(3, relu), Dense(2)};
  model.build({2}, 1);
  return model;
}

// What PyTorch's state_dict holds for the same net: outputs × inputs.
std::vector<NamedTensor> torch_tensors() {
  return {{"0.weight", tensor({3, 2}, {1, 2, 3, 4, 5, 6})},
          {"0.bias", tensor({3}, {7, 8, 9})},
          {"2.weight", tensor({2, 3}, {10, 11, 12, 13, 14, 15})},
          {"2.bias", tensor({2}, {16, 17})},
          {"steps", tensor({}, {4})}};
}

TEST(TensorFiles, safetensors_of_any_program_and_type_are_read_in_natural_order_of_names) {
  TempFolder folder;
  const std::string header = R"({"10.w":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},)"
                             R"("2.w":{"dtype":"BF16","shape":[1,1],"data_offsets":[4,6]},)"
                             R"("count":{"dtype":"I64","shape":[],"data_offsets":[6,14]},)"
                             R"("flag":{"dtype":"BOOL","shape":[1],"data_offsets":[14,15]}})";
  const std::string data("\x00\x3c\x00\xc0\xc0\x3f\xfe\xff\xff\xff\xff\xff\xff\xff\x01", 15);
  const auto tensors = read_tensors(folder.file("a.safetensors", length_and(header) + data));
  EXPECT_EQ(names_of(tensors), (std::vector<std::string>{"2.w", "10.w", "count", "flag"}));
  EXPECT_EQ(tensors[0].values.data()[0], 1.5);
  EXPECT_EQ(tensors[1].values.data()[0], 1);
  EXPECT_EQ(tensors[1].values.data()[1], -2);
  EXPECT_EQ(tensors[2].values.data()[0], -2);
  EXPECT_EQ(tensors[2].values.shape(), Shape{});
  EXPECT_EQ(tensors[3].values.data()[0], 1);
}

TEST(TensorFiles, safetensors_that_lie_are_refused) {
  TempFolder folder;
  const auto code_of = [&](const std::string& bytes) {
    return refusal([&] { read_tensors(folder.file("a.safetensors", bytes)); }).code();
  };
  EXPECT_EQ(code_of(""), "D21");
  EXPECT_EQ(code_of(length_and("{}").substr(0, 5)), "D21");
  EXPECT_EQ(code_of(length_and(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})") + "1234"), "D21");
  EXPECT_EQ(code_of(length_and(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})") + "12345678"), "D21");
  EXPECT_EQ(code_of(length_and(R"({"a":{"dtype":"F8_E5M2","shape":[1],"data_offsets":[0,1]}})") + "1"), "D21");
  EXPECT_EQ(code_of(length_and(R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})")),
            "D21");
  EXPECT_EQ(refusal([] { read_tensors("no-such-file.npz"); }).code(), "D10");
}

TEST(TensorFiles, an_npz_of_a_model_holds_its_parameters_and_always_the_same_bytes) {
  TempFolder folder;
  const Model model = small_model();
  const auto tensors = read_tensors(folder.file("a.npz", to_npz(model)));
  ASSERT_EQ(tensors.size(), model.parameters().size());
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const Parameter<float>& parameter = model.parameters()[i];
    EXPECT_EQ(tensors[i].name, parameter.name);
    EXPECT_EQ(tensors[i].values.shape(), parameter.value.shape());
    for (std::int64_t j = 0; j < parameter.value.size(); ++j) {
      EXPECT_EQ(tensors[i].values.data()[j], parameter.value.data()[j]);
    }
  }
  EXPECT_EQ(to_npz(model), to_npz(small_model()));
  EXPECT_EQ(refusal([] { to_npz(Model{Dense(1)}); }).code(), "U21");
}

TEST(TensorFiles, json_has_the_description_and_every_number_exactly) {
  const Model model = small_model();
  const auto json = nlohmann::json::parse(to_json(model));
  EXPECT_EQ(json.at("nodes").size(), 2u);
  const auto& weight = json.at("parameters").at("dense1.weight");
  EXPECT_EQ(weight.at("shape"), (std::vector<int>{2, 3}));
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(weight.at("values").at(i).get<float>(), model.parameter("dense1.weight").data()[i]);
  }
}

TEST(LoadParameters, pytorch_weights_are_found_by_shape_and_order_and_transposed_when_that_is_said) {
  Model model = small_model();
  const auto tensors = torch_tensors();
  const LoadedParameters report = load_parameters(model, tensors, {.transposed = true});
  EXPECT_EQ(model.parameter("dense1.weight").data()[1], 3);  // row 0, column 1 is row 1, column 0 there
  EXPECT_EQ(model.parameter("dense1.bias").data()[2], 9);
  EXPECT_EQ(model.parameter("dense2.weight").data()[1], 13);
  ASSERT_EQ(report.loaded.size(), 4u);
  EXPECT_EQ(report.loaded[0].parameter, "dense1.weight");
  EXPECT_EQ(report.loaded[0].tensor, "0.weight");
  EXPECT_TRUE(report.loaded[0].transposed);
  EXPECT_FALSE(report.loaded[1].transposed);
  EXPECT_EQ(report.loaded[0].how, "shape and order");
  EXPECT_EQ(report.unused, std::vector<std::string>{"steps"});
}

TEST(LoadParameters, a_map_names_tensors_and_transposes_one_by_one) {
  Model model = small_model();
  const auto tensors = torch_tensors();
  const LoadedParameters report = load_parameters(
      model, tensors, {.sources = {{"dense1.weight", {"0.weight", true}}, {"dense2.weight", {"2.weight", true}}}});
  EXPECT_EQ(report.loaded[2].how, "map");
  EXPECT_EQ(report.loaded[3].how, "shape and order");
  EXPECT_EQ(model.parameter("dense2.weight").data()[1], 13);
}

TEST(LoadParameters, what_does_not_fit_is_refused_with_names_and_shapes_and_changes_nothing) {
  Model model = small_model();
  const std::string before = to_npz(model);
  auto tensors = torch_tensors();
  const Error missing = refusal([&] { load_parameters(model, tensors, {}); });
  EXPECT_EQ(missing.code(), "U20");
  EXPECT_EQ(std::string(missing.what()), "tensor \"0.weight\" has the shape 3x2, dense1.weight needs 2x3");
  EXPECT_EQ(missing.details().at(0), "it fits transposed (PyTorch's order): set transposed = true");
  const Error shape = refusal([&] { load_parameters(model, tensors, {.sources = {{"dense1.weight", {"0.weight"}}}}); });
  EXPECT_EQ(std::string(shape.what()), "tensor \"0.weight\" has the shape 3x2, dense1.weight needs 2x3");
  EXPECT_EQ(refusal([&] {
              load_parameters(model, tensors, {.sources = {{"dense1.wait", {"0.weight"}}}});
            }).code(),
            "U23");
  const Error name = refusal([&] { load_parameters(model, tensors, {.sources = {{"dense1.weight", {"0.weigt"}}}}); });
  EXPECT_EQ(name.code(), "U23");
  EXPECT_EQ(name.details().front(), "did you mean \"0.weight\"?");
  auto more = torch_tensors();
  more.push_back({"running_mean", tensor({3}, {0, 0, 0})});
  const Error order = refusal([&] { load_parameters(model, more, {.transposed = true}); });
  EXPECT_EQ(order.code(), "U23");
  EXPECT_EQ(
      std::string(order.what()),
      "the order does not tell which tensors are dense1.bias, dense2.bias: 3 tensors with 1 axis left (0.bias, 2.bias, "
      "running_mean)");
  tensors[3].values.data()[0] = 1e300;
  EXPECT_EQ(refusal([&] { load_parameters(model, tensors, {.transposed = true}); }).code(), "U25");
  EXPECT_EQ(to_npz(model), before);
}

}  // namespace
}  // namespace pellucid
