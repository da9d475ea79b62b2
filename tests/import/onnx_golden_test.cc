// Tests: nets that PyTorch, Keras and scikit-learn exported give the outputs of these programs (tests/golden/onnx).
// Not here: files that must be refused (onnx_refused_test.cc).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "pellucid/error.h"
#include "pellucid/evaluation.h"
#include "pellucid/gradient_check.h"
#include "pellucid/onnx_import.h"
#include "pellucid/stepper.h"
#include "pellucid/tensor_files.h"
#include "pellucid/trainer.h"
#include "support/files.h"

namespace pellucid {
namespace {

const std::string folder = PELLUCID_SOURCE_DIR "/tests/golden/onnx/";

std::string beside(const std::string& name) {
  std::string stem = name;
  for (const char* ending : {"_dynamo", "_one_row"}) {
    if (stem.ends_with(ending)) stem.resize(stem.size() - std::string(ending).size());
  }
  return folder + stem + ".npz";
}

const Tensor<double>* find(const std::vector<NamedTensor>& tensors, const std::string& name) {
  for (const NamedTensor& tensor : tensors) {
    if (tensor.name == name) return &tensor.values;
  }
  return nullptr;
}

// The inputs of a file side by side, as a table with the columns of the model.
Table table_of(const std::vector<NamedTensor>& tensors, const Preprocessor& by) {
  Table table;
  table.source = "golden";
  std::vector<std::vector<double>> columns;
  for (const NamedTensor& tensor : tensors) {
    if (tensor.name == "y" || tensor.name == "labels") continue;
    table.rows = tensor.values.shape()[0];
    const View<const double> rows = tensor.values.view();
    for (std::int64_t c = 0; c < rows.columns; ++c) {
      columns.emplace_back();
      for (std::int64_t r = 0; r < rows.rows; ++r) columns.back().push_back(rows(r, c));
    }
  }
  std::size_t next = 0;
  for (const FittedColumn& fitted : by.columns) {
    Column& column = table.columns.emplace_back();
    column.name = fitted.name;
    column.shape = fitted.shape;
    const auto cell = static_cast<std::size_t>(column.cell());
    for (std::size_t r = 0; r < static_cast<std::size_t>(table.rows); ++r) {
      for (std::size_t i = 0; i < cell; ++i) column.numbers.push_back(columns.at(next + i).at(r));
    }
    next += cell;
  }
  EXPECT_EQ(next, columns.size());
  return table;
}

void expect_outputs(const Model& model, const std::string& name) {
  const std::vector<NamedTensor> tensors = read_tensors(beside(name));
  const Dataset rows = model.preprocessor->transform(table_of(tensors, *model.preprocessor));
  const Tensor<float> got = model.predict(rows);
  const Tensor<double>& expected = *find(tensors, "y");
  const std::int64_t width = expected.size() / rows.rows(), own = got.size() / rows.rows();
  for (std::int64_t r = 0; r < rows.rows(); ++r) {
    for (std::int64_t c = 0; c < own; ++c) {
      const double e = expected.data()[r * width + (width - own) + c];  // (1 - p, p) is p
      EXPECT_NEAR(got.data()[r * own + c], e, 1e-6 * std::max(1.0, std::abs(e))) << name << " row " << r << ", " << c;
    }
  }
  const Tensor<double>* labels = find(tensors, "labels");
  if (labels == nullptr) return;
  const std::vector<TargetPredictions> predicted = predict_targets(model, rows);
  for (std::int64_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t t = 0; t < predicted.size(); ++t) {
      const auto at = static_cast<std::int64_t>(static_cast<std::size_t>(r) * predicted.size() + t);
      EXPECT_EQ(predicted[t].classes[static_cast<std::size_t>(r)], labels->data()[at]) << name << " row " << r;
    }
  }
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".onnx") names.push_back(entry.path().stem().string());
  }
  std::erase(names, "sklearn_outputs");  // refused, see below
  return names;
}

TEST(OnnxImport, gives_the_outputs_of_the_program_that_made_the_net) {
  const std::vector<std::string> names = all_names();
  EXPECT_GE(names.size(), 19u);
  for (const std::string& name : names) {
    const ImportedModel imported = import_onnx(folder + name + ".onnx");
    expect_outputs(imported.model, name);
    expect_outputs(Model::from_bytes(imported.model.to_bytes()), name);
    EXPECT_FALSE(imported.layers.empty());
  }
}

std::vector<std::string> kinds_of(const Model& model) {
  std::vector<std::string> kinds;
  for (const Node& node : model.nodes()) kinds.emplace_back(node.layer->kind());
  return kinds;
}

using Names = std::vector<std::string>;

TEST(OnnxImport, activations_and_constants_become_part_of_dense_layers) {
  EXPECT_EQ(kinds_of(import_onnx(folder + "torch_mlp.onnx").model), Names(3, "dense"));
  EXPECT_EQ(kinds_of(import_onnx(folder + "torch_activations.onnx").model), Names(10, "dense"));
  EXPECT_EQ(kinds_of(import_onnx(folder + "torch_activations_dynamo.onnx").model), Names(10, "dense"));
  EXPECT_EQ(kinds_of(import_onnx(folder + "keras_picture.onnx").model), Names(2, "dense"));
  EXPECT_EQ(kinds_of(import_onnx(folder + "torch_skips.onnx").model),
            (Names{"dense", "dense", "add", "dense", "multiply", "add", "concat", "dense"}));
  const Names graph = kinds_of(import_onnx(folder + "keras_graph.onnx").model);
  EXPECT_EQ(std::ranges::count(graph, "average"), 1);
  EXPECT_EQ(std::ranges::count(graph, "scale"), 0);
}

TEST(OnnxImport, scaling_of_the_inputs_becomes_part_of_the_preprocessing) {
  const ImportedModel imported = import_onnx(folder + "sklearn_pipeline.onnx");
  const NumberScale& scale = *imported.model.preprocessor->columns[3].scale();
  EXPECT_NEAR(scale.offset, -999913.3125, 0.01);
  EXPECT_NEAR(scale.factor, 0.00133847072720, 1e-9);
}

TEST(OnnxImport, several_inputs_are_columns_with_their_names) {
  const ImportedModel imported = import_onnx(folder + "torch_two_inputs.onnx");
  const std::vector<FittedColumn>& columns = imported.model.preprocessor->columns;
  ASSERT_EQ(columns.size(), 5u);
  EXPECT_EQ(columns[2].name, "numbers3");
  EXPECT_EQ(columns[3].name, "flags1");
  EXPECT_EQ(kinds_of(imported.model), (Names{"slice", "dense", "slice", "dense", "concat", "dense"}));
}

TEST(OnnxImport, codes_of_categories_are_embedded) {
  for (const char* name : {"torch_codes.onnx", "torch_code_columns_dynamo.onnx"}) {
    const ImportedModel imported = import_onnx(folder + name);
    EXPECT_EQ(std::ranges::count(kinds_of(imported.model), "embedding"), 2) << name;
    EXPECT_EQ(imported.model.parameter("embedding2.weight").shape(), (Shape{7, 2}));
    const auto said = [&](const std::string& note) { return note.find("indices from 0 to 6") != std::string::npos; };
    EXPECT_EQ(std::ranges::count_if(imported.notes, said), 1);
  }
}

TEST(OnnxImport, a_grey_picture_is_the_column_of_image_files) {
  for (const char* name : {"torch_skips.onnx", "keras_picture.onnx"}) {
    const ImportedModel imported = import_onnx(folder + name);
    EXPECT_EQ(imported.model.preprocessor->columns[0].name, "pixels");
    EXPECT_EQ(imported.model.row_shape(), (Shape{4, 4})) << name;
  }
}

TEST(OnnxImport, classes_are_those_of_the_file_or_numbers_with_a_note) {
  const ImportedModel words = import_onnx(folder + "sklearn_classifier.onnx");
  EXPECT_EQ(words.model.preprocessor->targets[0].classes, (Names{"blue", "green", "red"}));
  const ImportedModel numbers = import_onnx(folder + "sklearn_classifier_plain.onnx");
  EXPECT_EQ(numbers.model.preprocessor->targets[0].classes, (Names{"5", "6", "7"}));
  const ImportedModel none = import_onnx(folder + "torch_mlp.onnx");
  EXPECT_EQ(none.model.preprocessor->targets[0].classes, (Names{"0", "1", "2"}));
  EXPECT_NE(none.notes.back().find("called 0 to 2"), std::string::npos);
}

TEST(OnnxImport, options_name_columns_classes_and_target_and_add_softmax_behind_logits) {
  const ImportedModel imported =
      import_onnx(folder + "torch_activations.onnx",
                  {.columns = {"a", "b", "c", "d"}, .classes = {"cat", "dog", "owl"}, .target = "animal"});
  EXPECT_EQ(imported.model.preprocessor->columns[2].name, "c");
  EXPECT_EQ(imported.model.preprocessor->targets[0].name, "animal");
  EXPECT_EQ(imported.model.preprocessor->targets[0].classes[2], "owl");
  const Tensor<float> row(Shape{1, 4});
  const Tensor<float> output = imported.model.predict(row.view());
  EXPECT_NEAR(output.data()[0] + output.data()[1] + output.data()[2], 1, 1e-6);
  EXPECT_EQ(test::refusal([] { import_onnx(folder + "torch_mlp.onnx", {.columns = {"a"}}); }).code(), "U12");
  EXPECT_EQ(test::refusal([] { import_onnx(folder + "torch_mlp.onnx", {.classes = {"a", "b"}}); }).code(), "U12");
}

TEST(OnnxImport, every_layer_says_from_which_operators_it_was_made) {
  const ImportedModel imported = import_onnx(folder + "torch_mlp.onnx");
  EXPECT_EQ(imported.layers[0].name, "dense1");
  EXPECT_EQ(imported.layers[0].operators, "Gemm \"/0/Gemm\", Relu \"/1/Relu\"");
  EXPECT_EQ(imported.producer.substr(0, 7), "pytorch");
}

TEST(OnnxImport, an_operator_that_mixes_rows_is_refused_with_its_name) {
  const Error error = test::refusal([] { import_onnx(folder + "sklearn_outputs.onnx"); });
  EXPECT_EQ(error.code(), "U38");
  EXPECT_NE(std::string(error.what()).find("Reshape"), std::string::npos) << error.what();
}

TEST(OnnxImport, an_imported_net_can_be_checked_and_trained_further) {
  for (const char* name : {"torch_mlp", "keras_graph", "torch_skips", "torch_codes"}) {
    ImportedModel imported = import_onnx(folder + name + ".onnx");
    Model& model = imported.model;
    const std::vector<NamedTensor> tensors = read_tensors(beside(name));
    Table table = table_of(tensors, *model.preprocessor);
    for (const FittedTarget& target : model.preprocessor->targets) {
      Column& column = table.columns.emplace_back();
      column.name = target.name;
      for (std::int64_t r = 0; r < table.rows; ++r) column.numbers.push_back(static_cast<double>(r % 3));
    }
    const Dataset rows = model.preprocessor->transform(table);
    for (const GradientVerdict& verdict : check_gradients(model.as<double>(), rows, default_loss(model, rows))) {
      EXPECT_TRUE(verdict.ok) << name << ": " << verdict.name << " " << verdict.relative_error;
    }
    const History history = fit(model, rows, Dataset(), {.epochs = 20});
    EXPECT_LT(history.epochs.back().train_loss, history.epochs.front().train_loss) << name;
  }
}

}  // namespace
}  // namespace pellucid
