// Tests: damaged and hostile ONNX files are refused with a reason, whatever their lengths and names say.
// Not here: files that are imported (onnx_golden_test.cc).
#include <gtest/gtest.h>
#include <pellucid_onnx.pb.h>

#include <functional>
#include <limits>

#include "core/file.h"
#include "pellucid/error.h"
#include "pellucid/onnx_import.h"
#include "support/files.h"

namespace pellucid {
namespace {

using onnx::GraphProto;
using onnx::ModelProto;
using onnx::NodeProto;
using onnx::TensorProto;

const std::string folder = PELLUCID_SOURCE_DIR "/tests/golden/onnx/";

ModelProto load(const std::string& name) {
  ModelProto model;
  EXPECT_TRUE(model.ParseFromString(read_file(folder + name + ".onnx")));
  return model;
}

// "imported", or the code of the error.
std::string outcome(const std::string& bytes) {
  try {
    import_onnx_bytes(bytes);
    return "imported";
  } catch (const Error& error) {
    EXPECT_FALSE(std::string(error.what()).empty());
    return error.code();
  }
}

NodeProto* add_node(GraphProto& graph, const std::string& type, const std::vector<std::string>& inputs,
                    const std::string& output) {
  NodeProto* node = graph.add_node();
  node->set_op_type(type);
  for (const std::string& input : inputs) node->add_input(input);
  node->add_output(output);
  return node;
}

// Appends an operator to the net.
NodeProto* append(ModelProto& model, const std::string& type) {
  GraphProto& graph = *model.mutable_graph();
  const std::string before = graph.output(0).name();
  graph.mutable_output(0)->set_name("appended");
  return add_node(graph, type, {before}, "appended");
}

onnx::AttributeProto* attribute(NodeProto& node, const std::string& name, std::int64_t value) {
  onnx::AttributeProto* made = node.add_attribute();
  made->set_name(name);
  made->set_type(onnx::AttributeProto::INT);
  made->set_i(value);
  return made;
}

TensorProto* numbers(ModelProto& model, const std::string& name, const std::vector<std::int64_t>& values) {
  TensorProto* tensor = model.mutable_graph()->add_initializer();
  tensor->set_name(name);
  tensor->set_data_type(TensorProto::INT64);
  tensor->add_dims(static_cast<std::int64_t>(values.size()));
  for (const std::int64_t value : values) tensor->add_int64_data(value);
  return tensor;
}

struct Case {
  const char* what;
  const char* code;
  std::function<void(ModelProto&)> damage;
};

TensorProto& weight(ModelProto& model) {
  return *model.mutable_graph()->mutable_initializer(0);
}

const std::vector<Case>& file_cases() {
  static const std::vector<Case> cases = {
      {"no graph", "D21", [](ModelProto& m) { m.clear_graph(); }},
      {"no version of the format", "D21", [](ModelProto& m) { m.clear_ir_version(); }},
      {"no operator set", "U38", [](ModelProto& m) { m.clear_opset_import(); }},
      {"an operator set of the future", "U38", [](ModelProto& m) { m.mutable_opset_import(0)->set_version(99); }},
      {"a negative operator set", "U38", [](ModelProto& m) { m.mutable_opset_import(0)->set_version(-1); }},
      {"no input", "D21", [](ModelProto& m) { m.mutable_graph()->clear_input(); }},
      {"no output", "D21", [](ModelProto& m) { m.mutable_graph()->clear_output(); }},
      {"an output that nothing computes", "D21",
       [](ModelProto& m) { m.mutable_graph()->mutable_output(0)->set_name("nowhere"); }},
      {"the same output twice", "D21",
       [](ModelProto& m) { m.mutable_graph()->mutable_node(1)->set_output(0, m.graph().node(0).output(0)); }},
      {"the same tensor twice", "D21",
       [](ModelProto& m) { *m.mutable_graph()->add_initializer() = m.graph().initializer(0); }},
      {"a tensor without a name", "D21", [](ModelProto& m) { weight(m).clear_name(); }},
      {"an input that nothing defines", "D21",
       [](ModelProto& m) { m.mutable_graph()->mutable_node(1)->set_input(0, "nowhere"); }},
      {"a cycle", "D21",
       [](ModelProto& m) { m.mutable_graph()->mutable_node(0)->set_input(0, m.graph().node(2).output(0)); }},
      {"an operator that reads itself", "D21",
       [](ModelProto& m) { m.mutable_graph()->mutable_node(0)->set_input(0, m.graph().node(0).output(0)); }},
      {"operators in the wrong order", "D21",
       [](ModelProto& m) { m.mutable_graph()->mutable_node()->SwapElements(0, 1); }},
      {"an operator without output", "D21", [](ModelProto& m) { m.mutable_graph()->mutable_node(0)->clear_output(); }},
      {"an attribute twice", "D21",
       [](ModelProto& m) {
         NodeProto& node = *m.mutable_graph()->mutable_node(0);
         *node.add_attribute() = node.attribute(0);
       }},
      {"an attribute of the wrong type", "D21",
       [](ModelProto& m) {
         m.mutable_graph()->mutable_node(0)->mutable_attribute(0)->set_type(onnx::AttributeProto::INTS);
       }},
      {"an attribute that is not finite", "D21",
       [](ModelProto& m) {
         m.mutable_graph()->mutable_node(0)->mutable_attribute(0)->set_f(std::numeric_limits<float>::quiet_NaN());
       }},
      {"an input of no shape", "U38",
       [](ModelProto& m) {
         m.mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->clear_shape();
       }},
      {"an input of words", "U38",
       [](ModelProto& m) {
         m.mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->set_elem_type(TensorProto::STRING);
       }},
      {"an input of half precision", "U38",
       [](ModelProto& m) {
         m.mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->set_elem_type(
             TensorProto::FLOAT16);
       }},
      {"an input of endless rows", "U38",
       [](ModelProto& m) {
         m.mutable_graph()
             ->mutable_input(0)
             ->mutable_type()
             ->mutable_tensor_type()
             ->mutable_shape()
             ->mutable_dim(1)
             ->set_dim_value(std::numeric_limits<std::int64_t>::max());
       }},
      {"an input of a negative width", "U38",
       [](ModelProto& m) {
         m.mutable_graph()
             ->mutable_input(0)
             ->mutable_type()
             ->mutable_tensor_type()
             ->mutable_shape()
             ->mutable_dim(1)
             ->set_dim_value(-4);
       }},
  };
  return cases;
}

const std::vector<Case>& tensor_cases() {
  static const std::vector<Case> cases = {
      {"fewer bytes than the shape", "D21", [](ModelProto& m) { weight(m).mutable_raw_data()->resize(124); }},
      {"more bytes than the shape", "D21", [](ModelProto& m) { weight(m).mutable_raw_data()->append(4, '\0'); }},
      {"a number cut in two", "D21", [](ModelProto& m) { weight(m).mutable_raw_data()->resize(127); }},
      {"a larger shape", "D21", [](ModelProto& m) { weight(m).set_dims(0, 9); }},
      {"extents whose product overflows", "D21",
       [](ModelProto& m) {
         weight(m).set_dims(0, std::int64_t{1} << 62);
         weight(m).set_dims(1, 8);
       }},
      {"a negative extent", "D21", [](ModelProto& m) { weight(m).set_dims(0, -8); }},
      {"too many axes", "D21",
       [](ModelProto& m) {
         for (int i = 0; i < 20; ++i) weight(m).add_dims(1);
       }},
      {"another type of numbers", "D21", [](ModelProto& m) { weight(m).set_data_type(TensorProto::DOUBLE); }},
      {"bfloat16", "U38", [](ModelProto& m) { weight(m).set_data_type(TensorProto::BFLOAT16); }},
      {"a type that does not exist", "U38", [](ModelProto& m) { weight(m).set_data_type(4711); }},
      {"numbers in another file", "U38", [](ModelProto& m) { weight(m).set_data_location(TensorProto::EXTERNAL); }},
      {"a number that is not finite", "D21",
       [](ModelProto& m) { weight(m).mutable_raw_data()->replace(0, 4, "\x00\x00\x80\x7f", 4); }},
      {"a weight for another width", "U38",
       [](ModelProto& m) {
         weight(m).set_dims(0, 4);
         weight(m).set_dims(1, 8);
       }},
      {"a weight of one axis", "U38",
       [](ModelProto& m) {
         weight(m).clear_dims();
         weight(m).add_dims(32);
       }},
      {"an empty weight", "U38",
       [](ModelProto& m) {
         weight(m).set_dims(0, 0);
         weight(m).clear_raw_data();
       }},
      {"a bias of another width", "U38",
       [](ModelProto& m) {
         TensorProto& bias = *m.mutable_graph()->mutable_initializer(1);
         bias.set_dims(0, 4);
         bias.mutable_raw_data()->resize(16);
       }},
      {"a weight of words", "U38",
       [](ModelProto& m) {
         weight(m).clear_raw_data();
         weight(m).set_data_type(TensorProto::STRING);
         for (int i = 0; i < 32; ++i) weight(m).add_string_data("word");
       }},
      {"a sparse tensor", "U38", [](ModelProto& m) { m.mutable_graph()->add_sparse_initializer(); }},
  };
  return cases;
}

const std::vector<Case>& operator_cases() {
  static const std::vector<Case> cases = {
      {"an operator that does not exist", "U38", [](ModelProto& m) { append(m, "Nonsense"); }},
      {"a convolution", "U38", [](ModelProto& m) { append(m, "Conv"); }},
      {"an operator of another domain", "U38", [](ModelProto& m) { append(m, "Relu")->set_domain("com.example"); }},
      {"a loop", "U38", [](ModelProto& m) { append(m, "Loop"); }},
      {"an attribute that does not exist", "U38", [](ModelProto& m) { attribute(*append(m, "Relu"), "wild", 1); }},
      {"a product that mixes rows", "U38",
       [](ModelProto& m) { attribute(*m.mutable_graph()->mutable_node(0), "transA", 1); }},
      {"a product of computed arrays", "U38",
       [](ModelProto& m) {
         NodeProto* node = append(m, "MatMul");
         node->add_input(node->input(0));
       }},
      {"softmax over the rows", "U38", [](ModelProto& m) { attribute(*append(m, "Softmax"), "axis", 0); }},
      {"an axis of the largest number", "U38",
       [](ModelProto& m) { attribute(*append(m, "Flatten"), "axis", std::numeric_limits<std::int64_t>::max()); }},
      {"the smallest number as the axis", "U38",
       [](ModelProto& m) { attribute(*append(m, "Concat"), "axis", std::numeric_limits<std::int64_t>::min()); }},
      {"a shape of the largest numbers", "U38",
       [](ModelProto& m) {
         constexpr std::int64_t huge = std::numeric_limits<std::int64_t>::max();
         numbers(m, "shape", {-1, huge, huge});
         append(m, "Reshape")->add_input("shape");
       }},
      {"a shape that makes rows of rows", "U38",
       [](ModelProto& m) {
         numbers(m, "shape", {-1, 1});
         append(m, "Reshape")->add_input("shape");
       }},
      {"a shape of nothing", "U38",
       [](ModelProto& m) {
         numbers(m, "shape", {});
         append(m, "Reshape")->add_input("shape");
       }},
      {"an axis that is not there", "D21",
       [](ModelProto& m) {
         numbers(m, "axes", {7});
         append(m, "Unsqueeze")->add_input("axes");
       }},
      {"an operator without inputs", "U38", [](ModelProto& m) { append(m, "Relu")->clear_input(); }},
      {"a left-out input", "U38", [](ModelProto& m) { m.mutable_graph()->mutable_node(1)->set_input(0, ""); }},
      {"a conversion to integers", "U38",
       [](ModelProto& m) { attribute(*append(m, "Cast"), "to", TensorProto::INT64); }},
      {"a constant that divides by zero", "U38",
       [](ModelProto& m) {
         numbers(m, "zero", {0});
         append(m, "Div")->add_input("zero");
       }},
      {"a constant of another shape", "U38",
       [](ModelProto& m) {
         numbers(m, "four", {1, 2, 3, 4});
         append(m, "Add")->add_input("four");
       }},
      {"a dropout of everything", "U38",
       [](ModelProto& m) {
         numbers(m, "one", {1});
         append(m, "Dropout")->add_input("one");
       }},
      {"columns that are not neighbours", "U38",
       [](ModelProto& m) {
         numbers(m, "columns", {0, 2});
         attribute(*append(m, "Gather"), "axis", 1);
         m.mutable_graph()->mutable_node()->rbegin()->add_input("columns");
       }},
      {"a column that is not there", "D21",
       [](ModelProto& m) {
         numbers(m, "columns", {std::numeric_limits<std::int64_t>::max()});
         attribute(*append(m, "Gather"), "axis", 1);
         m.mutable_graph()->mutable_node()->rbegin()->add_input("columns");
       }},
      {"a look-up by computed numbers", "U38",
       [](ModelProto& m) {
         NodeProto* node = append(m, "Gather");
         node->add_input(node->input(0));
         node->set_input(0, m.graph().initializer(0).name());
       }},
      {"no columns", "U38",
       [](ModelProto& m) {
         for (const char* name : {"starts", "ends", "axes"}) numbers(m, name, {1});
         NodeProto* node = append(m, "Slice");
         for (const char* name : {"starts", "ends", "axes"}) node->add_input(name);
       }},
      {"several outputs", "U38",
       [](ModelProto& m) { m.mutable_graph()->add_output()->set_name(m.graph().node(0).output(0)); }},
      {"an output that is the input", "U38",
       [](ModelProto& m) { m.mutable_graph()->mutable_output(0)->set_name(m.graph().input(0).name()); }},
      {"an output that is a weight", "U38",
       [](ModelProto& m) { m.mutable_graph()->mutable_output(0)->set_name(m.graph().initializer(0).name()); }},
  };
  return cases;
}

void expect_refused(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    ModelProto model = load("torch_mlp");
    one.damage(model);
    EXPECT_EQ(outcome(model.SerializeAsString()), one.code) << one.what;
  }
}

TEST(OnnxRefused, files_that_contradict_themselves) {
  expect_refused(file_cases());
}

TEST(OnnxRefused, tensors_whose_lengths_lie) {
  expect_refused(tensor_cases());
}

TEST(OnnxRefused, operators_that_have_no_layer) {
  expect_refused(operator_cases());
}

TEST(OnnxRefused, files_that_are_cut_short_at_any_byte) {
  const std::string whole = read_file(folder + "torch_mlp_dynamo.onnx");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_NE(outcome(whole.substr(0, length)), "imported") << length;
  }
}

TEST(OnnxRefused, damaged_bytes_give_a_model_or_an_error) {
  for (const char* name : {"torch_skips_dynamo", "sklearn_binary"}) {
    std::string bytes = read_file(folder + name + ".onnx");
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      for (const char flip : {'\x01', '\x80', '\xff'}) {
        bytes[at] = static_cast<char>(bytes[at] ^ flip);
        const std::string code = outcome(bytes);
        EXPECT_TRUE(code == "imported" || code == "D21" || code == "U38" || code == "U20") << at << " " << code;
        bytes[at] = static_cast<char>(bytes[at] ^ flip);
      }
    }
  }
}

TEST(OnnxRefused, other_files) {
  EXPECT_EQ(outcome(""), "D21");
  EXPECT_EQ(outcome("sepal_length,species\n1,setosa\n"), "D21");
  EXPECT_EQ(outcome(std::string(100000, '\x0b')), "D21");  // groups inside groups inside groups
  EXPECT_EQ(test::refusal([] { import_onnx("no-such-file.onnx"); }).code(), "D10");
}

// A row that doubles again and again must not fill the memory.
TEST(OnnxRefused, rows_that_grow_without_end) {
  ModelProto model = load("torch_mlp");
  for (int i = 0; i < 40; ++i) {
    GraphProto& graph = *model.mutable_graph();
    const std::string before = graph.output(0).name(), after = "twice" + std::to_string(i);
    graph.mutable_output(0)->set_name(after);
    attribute(*add_node(graph, "Concat", {before, before}, after), "axis", 1);
  }
  EXPECT_EQ(outcome(model.SerializeAsString()), "U38");
}

TEST(OnnxRefused, the_message_names_the_operator_its_node_and_a_way_out) {
  ModelProto model = load("torch_mlp");
  append(model, "Conv")->set_name("/features/0/Conv");
  const Error error = test::refusal([&] { import_onnx_bytes(model.SerializeAsString(), "net.onnx"); });
  EXPECT_EQ(std::string(error.what()),
            "net.onnx cannot be imported: it contains Conv \"/features/0/Conv\", for which pellucid has no layer");
  EXPECT_EQ(error.details().front(), "pellucid has no convolutions; it imports nets of dense layers");
}

}  // namespace
}  // namespace pellucid
