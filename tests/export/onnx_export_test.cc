// ONNX files: the inputs, outputs and nodes that a model becomes, and what is refused.
// Not here: what onnxruntime makes of them (tests/onnx_test.py), the program's command (tests/cli/export.txt).
#include "pellucid/onnx_export.h"

#include <gtest/gtest.h>
#include <pellucid_onnx.pb.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "pellucid/layers.h"
#include "pellucid/onnx_import.h"
#include "pellucid/trainer.h"
#include "support/files.h"
#include "support/nets.h"

namespace pellucid {
namespace {

using test::refusal;

std::string text_of(const std::vector<OnnxValue>& values) {
  std::string text;
  for (const OnnxValue& value : values) text += value.name + ": " + value.type + " " + value.shape + "\n";
  return text;
}

onnx::ModelProto read(const OnnxFile& file) {
  onnx::ModelProto model;
  EXPECT_TRUE(model.ParseFromString(file.bytes));
  return model;
}

std::multiset<std::string> operators(const OnnxFile& file) {
  std::multiset<std::string> found;
  const onnx::ModelProto model = read(file);
  for (const onnx::NodeProto& node : model.graph().node()) found.insert(node.op_type());
  return found;
}

// A small training on a table; `net` ends in as many outputs as the target needs.
Model train(const std::string& csv, const ColumnNames& target, Model net, const PreprocessOptions& how = {}) {
  fit(net, split(read_csv(csv), {.target = target, .preprocess = how}), {.epochs = 1});
  return net;
}

std::string houses(const std::string& target) {
  std::string csv = "size,colour,garden,sold," + target + "\n";
  const char* colours[] = {"red", "blue", "green"};
  for (int r = 0; r < 60; ++r) {
    csv += std::to_string(r * 7 % 31) + ".5," + colours[r % 3] + (r % 2 == 0 ? ",yes," : ",no,") + "2024-0" +
           std::to_string(1 + r % 9) + "-11,";
    csv += target == "price" ? std::to_string(100 + r * r) : target == "kind" ? "abc"[r % 3] + std::string() : "";
    if (target == "a,b") csv += std::to_string(r % 5) + "," + std::to_string(r % 7);
    csv += "\n";
  }
  return csv;
}

TEST(OnnxExport, has_an_input_for_each_column_and_outputs_for_the_target) {
  const OnnxFile classes = export_onnx(train(houses("kind"), "kind", {Dense{4, relu}, Dense{3, softmax}}));
  EXPECT_EQ(text_of(classes.inputs),
            "size: float64 N × 1\ncolour: string N × 1\ngarden: float64 N × 1\nsold: float64 N × 1\n");
  EXPECT_EQ(text_of(classes.outputs), "label: string N\nprobabilities: float64 N × 3\n");
  EXPECT_EQ(classes.inputs[1].help, "a word; \"\": missing");
  EXPECT_EQ(classes.inputs[2].help, "1 or 0, for no/yes; NaN: missing");
  EXPECT_EQ(classes.inputs[3].help, "days since 1970-01-01; NaN: missing");
  EXPECT_EQ(text_of(export_onnx(train(houses("price"), "price", {Dense{1}})).outputs), "value: float64 N\n");
  EXPECT_EQ(text_of(export_onnx(train(houses("a,b"), {"a", "b"}, {Dense{2}}, {.task = Task::regression})).outputs),
            "a.value: float64 N\nb.value: float64 N\n");
}

TEST(OnnxExport, names_each_head_s_output_after_its_target) {
  Model model;
  model.add(Dense{4, relu}, "trunk").add(Dense{1}, "first").add(Dense{1}, "second", {"trunk"});
  model.set_heads({{.layer = "second", .target = "b"}, {.layer = "first", .target = "a"}});
  const OnnxFile file = export_onnx(train(houses("a,b"), {"a", "b"}, model, {.task = Task::regression}));
  EXPECT_EQ(text_of(file.outputs), "b.value: float64 N\na.value: float64 N\n");
}

TEST(OnnxExport, takes_features_where_no_table_is_known) {
  Model model{Flatten{}, Dense{3, gelu}, Dense{2}};
  model.build({2, 5}, 1);
  const OnnxFile file = export_onnx(model, {.name = "bare"});
  EXPECT_EQ(text_of(file.inputs), "features: float32 N × 2 × 5\n");
  EXPECT_EQ(text_of(file.outputs), "outputs: float32 N × 2\n");
  const onnx::ModelProto proto = read(file);
  EXPECT_EQ(proto.graph().name(), "bare");
  EXPECT_EQ(proto.ir_version(), 8);
  EXPECT_EQ(proto.producer_name(), "pellucid");
  ASSERT_EQ(proto.opset_import_size(), 1);
  EXPECT_EQ(proto.opset_import(0).version(), 17);
  EXPECT_EQ(operators(file).count("Erf"), 1u);
}

TEST(OnnxExport, writes_shared_weights_and_equal_constants_once) {
  Model model;
  model.add_input("a", {4}).add_input("b", {4});
  model.add(Dense{6, tanh}, "branch", {"a"});
  model.add_shared("branch", "again", {"b"});
  model.add(Concat{}, "both", {"branch", "again"}).add(Dense{1, sigmoid}, "output");
  model.build({8}, 1);
  std::multiset<std::string> names;
  const onnx::ModelProto proto = read(export_onnx(model));
  for (const onnx::TensorProto& tensor : proto.graph().initializer()) names.insert(tensor.name());
  EXPECT_EQ(names.count("branch.weight"), 1u);
  EXPECT_EQ(names.count("again.weight"), 0u);
  EXPECT_EQ(operators(export_onnx(model)).count("Gemm"), 3u);
}

TEST(OnnxExport, gives_the_same_bytes_each_time) {
  const Model model = train(houses("kind"), "kind", {Dense{4, relu}, Dense{3, softmax}});
  EXPECT_EQ(export_onnx(model).bytes, export_onnx(model).bytes);
}

TEST(OnnxExport, writes_nets_that_import_onnx_reads_back) {
  Tensor<float> rows(Shape{20, 3});
  for (std::int64_t i = 0; i < rows.size(); ++i) rows.data()[i] = static_cast<float>(i * 7 % 13) / 4 - 1.5F;
  for (const ActivationKind* kind : test::built_in_activations()) {
    if (!kind->has_gradient) continue;  // hard_threshold, which no other program exports
    Model model{Dense{4, Activation(kind)}, Dense{2}};
    model.build({3}, 1);
    const Tensor<float> here = model.predict(rows.view(), 1);
    onnx::ModelProto proto = read(export_onnx(model));
    proto.set_producer_name("another program");  // import_onnx refuses files that pellucid wrote
    const ImportedModel back = import_onnx_bytes(proto.SerializeAsString());
    const Tensor<float> there = back.model.predict(rows.view(), 1);
    for (std::int64_t i = 0; i < here.size(); ++i) EXPECT_NEAR(here.data()[i], there.data()[i], 1e-6) << kind->name;
    EXPECT_EQ(back.model.nodes().size(), 2u) << kind->name;
  }
}

TEST(OnnxExport, plain_files_have_one_input_of_floats_and_no_words) {
  std::string csv = "a,b,y\n";
  for (int r = 0; r < 40; ++r)
    csv += std::to_string(r % 9) + ".5," + (r % 2 == 0 ? "yes," : "no,") + "uv"[r % 2] + "\n";
  const OnnxFile file = export_onnx(train(csv, "y", {Dense{1, sigmoid}}), {.plain = true});
  EXPECT_EQ(text_of(file.inputs), "features: float32 N × 2\n");
  EXPECT_EQ(text_of(file.outputs), "label: int64 N\nprobabilities: float32 N × 2\n");
  const onnx::ModelProto proto = read(file);
  EXPECT_EQ(proto.opset_import_size(), 1);
  const auto& constants = proto.graph().initializer();
  EXPECT_TRUE(std::none_of(constants.begin(), constants.end(), [](const onnx::TensorProto& tensor) {
    return tensor.data_type() == onnx::TensorProto::DOUBLE || tensor.data_type() == onnx::TensorProto::STRING;
  }));
}

TEST(OnnxExport, plain_files_refuse_words_and_dates_with_a_way_out) {
  const Model model = train(houses("price"), "price", {Dense{1}});
  const Error words = refusal([&] { export_onnx(model, {.plain = true}); });
  EXPECT_EQ(words.code(), "U29");
  EXPECT_EQ(std::string(words.what()), "the column \"colour\" holds words, and a plain ONNX file takes numbers only");
  ASSERT_FALSE(words.details().empty());
  const std::string dates =
      "day,y\n2024-01-01,1\n2024-02-01,2\n2024-03-01,3\n2024-04-02,4\n2024-05-01,5\n2024-06-01,6\n";
  const Model dated = train(dates, "y", {Dense{1}}, {.task = Task::regression});
  EXPECT_EQ(refusal([&] { export_onnx(dated, {.plain = true}); }).code(), "U29");
}

TEST(OnnxExport, refuses_what_it_cannot_write) {
  EXPECT_EQ(refusal([] { export_onnx(Model{Dense{2}}); }).code(), "U21");
}

}  // namespace
}  // namespace pellucid
