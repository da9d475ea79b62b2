// Weights in files of other programs: reading them, writing them, and putting them into a model.
// Not here: whole nets (onnx_import.h), model files (model.h), data (table.h).
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "pellucid/model.h"

namespace PELLUCID_EXPORT pellucid {

struct NamedTensor {
  std::string name;
  Tensor<double> values;
};

/// All arrays of a .safetensors, .npz or .npy file, converted to double. Types: float16 to float64, bfloat16, integers
/// of 8 to 64 bits, booleans. Order: that of the archive for .npz; for .safetensors by name, where numbers count as
/// numbers ("2.weight" is before "10.weight"), because these files sort their arrays. A .npy has one array, named after
/// the file. Throws D10, D16, D21 (damaged, or a type that cannot be read), M02.
std::vector<NamedTensor> read_tensors(const std::string& path);

/// The parameters and states of a model as the bytes of an .npz archive of float32 arrays, which numpy.load reads. The
/// names are those of Model::parameters(). The bytes contain no time. Throws U21 if the model is not built.
std::string to_npz(const Model& model);

/// The model as one JSON document: the description that a model file holds (docs/model-file.md), and `parameters` with
/// the shape and the numbers of each, written with as many digits as float32 needs. Throws as Model::to_bytes().
std::string to_json(const Model& model);

/// Which tensor of a file is which parameter of a model.
struct NameMap {
  struct Source {
    std::string tensor;
    bool transposed = false;  ///< the file has outputs × inputs, as PyTorch stores the weights of a layer
  };
  std::map<std::string, Source> sources{};  ///< by the parameter's name: {"dense1.weight", {"fc1.weight", true}}
  /// What holds for matrices that `sources` does not name: outputs × inputs (PyTorch), or inputs × outputs (Keras,
  /// NumPy).
  bool transposed = false;
};

struct LoadedParameter {
  std::string parameter, tensor;
  bool transposed = false;
  std::string how;  ///< "map", "name" or "shape and order"
};

struct LoadedParameters {
  std::vector<LoadedParameter> loaded;  ///< in the order of the model's parameters
  std::vector<std::string> unused;      ///< tensors that no parameter took
};

/// Sets every parameter of a built model. A parameter takes the tensor that the map names; else the one of its own
/// name. The others are taken in the order of `tensors`, separately by the number of axes (weights, biases), if exactly
/// as many tensors as parameters are left and every shape fits. Read the result: it says what was taken for what. The
/// model is unchanged if this throws: U21 (not built), U23 (a name in the map that model or file lack, or tensors that
/// the order does not tell), U20 (another shape), U25 (a number that is not finite).
LoadedParameters load_parameters(Model& model, std::span<const NamedTensor> tensors, const NameMap& map = {});

}  // namespace pellucid
