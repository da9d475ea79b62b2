// import_onnx: a net that PyTorch, Keras or scikit-learn exported as an ONNX file, as a Model.
// Not here: the operators (src/import/onnx), weights without a net (tensor_files.h), writing ONNX.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pellucid/model.h"

namespace PELLUCID_EXPORT pellucid {

struct OnnxImportOptions {
  /// Output of the graph to import. Default: the only one; of a classifier's label and probabilities, the
  /// probabilities.
  std::string take{};
  /// Names of the columns, one per number of a row. Default: c1, c2, … as in tables without a header (docs/import.md).
  std::vector<std::string> columns{};
  /// Names of the classes, in the order of the outputs; a net with one output takes two. Default: those in the file,
  /// else 0, 1, …. If the net ends without softmax or sigmoid, its outputs are taken for logits and the activation is
  /// added.
  std::vector<std::string> classes{};
  /// Name of the target. Default: "label" for classes, "y" for numbers; several outputs: y1, y2, ….
  std::string target{};
};

/// A layer of an imported model and the operators of the file that it was made of.
struct ImportedLayer {
  std::string name;       ///< "dense1"
  std::string operators;  ///< "Gemm '/0/Gemm', Relu '/1/Relu'"
};

struct ImportedModel {
  Model model;
  std::vector<ImportedLayer> layers;
  /// What was assumed, changed or left out, one sentence each.
  std::vector<std::string> notes;
  std::string producer;  ///< "pytorch 2.9.0", "tf2onnx 1.16.1"; "" if the file does not say
};

/// Reads an ONNX file of a net of dense layers. The model has a preprocessor, so that predict, trace, gradient checks
/// and further training work as with a model that was trained here; scaling at the inputs of the net becomes part of
/// it. The model's outputs equal those of the file up to the rounding of float32 numbers.
///
/// Throws D10, D21 (damaged, or not ONNX), U38 (an operator, attribute or type that has no layer here; the message
/// names operator and node), U12 (options that do not fit the net), M02.
ImportedModel import_onnx(const std::string& path, const OnnxImportOptions& options = {});
/// The same for the bytes of a file; `name` is used in messages.
ImportedModel import_onnx_bytes(std::string_view bytes, const std::string& name = "<memory>",
                                const OnnxImportOptions& options = {});

}  // namespace pellucid
