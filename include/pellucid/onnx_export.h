// export_onnx: a model as an ONNX file, from the columns of a table to predictions.
// Not here: the operations that a layer is made of (expression.h), C source (c_source.h), files (the caller writes
// them).
#pragma once

#include <string>
#include <vector>

#include "pellucid/model.h"

namespace PELLUCID_EXPORT pellucid {

struct OnnxOptions {
  /// For runtimes that know neither float64 nor strings: one input of float32 with all columns side by side, answers in
  /// float32, and the predicted class as its number. For tables of numbers and yes/no columns, and for pictures.
  bool plain = false;
  std::string name = "pellucid";  ///< of the graph; not empty
};

/// An input or output of an ONNX file. The first dimension, "N", is the number of rows; it may differ in each call.
struct OnnxValue {
  std::string name;
  std::string type;   ///< "float64", "float32", "int64", "uint8" or "string"
  std::string shape;  ///< "N × 1"
  std::string help;   ///< what it holds, and what a missing cell is
};

struct OnnxFile {
  std::string bytes;  ///< the contents of the file
  std::vector<OnnxValue> inputs, outputs;
};

/// Writes the model as one graph of opset 17 (IR version 8).
///
/// Inputs: one per column of the table, named after it. Numbers are float64 (N × 1), NaN where the cell is missing;
/// yes/no columns likewise, with 1 and 0; dates likewise, in days since 1970-01-01 (times of day in hours / 24);
/// categories are strings (N × 1), "" where the cell is missing, and compared byte for byte; pictures are uint8.
/// Outputs: `label` (strings, N) and `probabilities` (float64, N × classes) for classes, `value` (float64, N) for a
/// number in the unit of the table. With several targets each has its own: "heating.value", "cooling.value". A row that
/// `pellucid predict` refuses (a cell that must be there is missing, a number is too large) has NaN everywhere and the
/// label "". A model that was not trained on a table has the input `features` and the output `outputs`, both float32.
///
/// Numbers are prepared in double, exactly as pellucid does it; the net is computed in float by the runtime, in an
/// order of its own, so outputs differ in the last bits.
///
/// Throws U29 for a layer without express() (layer.h), an activation of your own, a loss of your own that predicts,
/// with `plain` for columns of words or dates, and above 2 GB; U21 where the model is not built; U37 where this library
/// was built without ONNX.
PELLUCID_EXPORT OnnxFile export_onnx(const Model& model, const OnnxOptions& options = {});

}  // namespace pellucid
