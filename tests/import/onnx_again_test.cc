// What export_onnx makes of a model, import_onnx makes a model of again, if it comes under the name of another program.
// Not here: files of other programs (onnx_golden_test.cc), what is refused (onnx_refused_test.cc).
#include <gtest/gtest.h>

#include "pellucid/normalization.h"
#include "pellucid/onnx_export.h"
#include "pellucid/onnx_import.h"
#include "support/files.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

Model imported(const Model& model) {
  const std::string own = "pellucid", other = "somebody";
  std::string bytes = export_onnx(model, {.name = "net"}).bytes;
  for (std::size_t at = bytes.find(own); at != std::string::npos; at = bytes.find(own))
    bytes.replace(at, own.size(), other);
  const test::TempFolder folder;
  return import_onnx(folder.file("net.onnx", bytes)).model;
}

TEST(OnnxRoundTrip, a_net_with_normalization_predicts_the_same_after_export_and_import) {
  Model model{Dense{6}, BatchNorm{}, relu, Dense{6, tanh}, BatchNorm{}, LayerNorm{0.01}, Dense{2}};
  model.build(Shape{5}, 3);
  unsigned seed = 1;
  for (Parameter<float>& p : model.parameters()) {
    const auto values = test::random_values<float>(p.value.size(), seed++);
    for (std::size_t i = 0; i < values.size(); ++i) {
      p.value.data()[i] = p.name.ends_with("variance") ? 1 + values[i] / 2 : values[i];
    }
  }
  const Model back = imported(model);
  const auto is_norm = [](const Node& node) { return node.layer->kind() == LayerNorm::name; };
  EXPECT_EQ(std::ranges::count_if(back.nodes(), is_norm), 1);
  const std::vector<float> rows = test::random_values<float>(100, 9);
  const Tensor<float> want = model.predict(View<const float>{rows.data(), 20, 5, 5});
  const Tensor<float> got = back.predict(View<const float>{rows.data(), 20, 5, 5});
  for (std::int64_t i = 0; i < want.size(); ++i) EXPECT_NEAR(got.data()[i], want.data()[i], 2e-6);
}

TEST(OnnxRoundTrip, layer_normalization_of_more_than_flat_rows_is_refused_with_its_node) {
  Model model{Dense{6}, Reshape{Shape{2, 3}}, LayerNorm{}, Flatten{}, Dense{2}};
  model.build(Shape{5}, 3);
  const Error error = test::refusal([&] { imported(model); });
  EXPECT_EQ(error.code(), "U38");
}

}  // namespace
}  // namespace pellucid
