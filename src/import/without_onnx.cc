// import_onnx in a build without protobuf (-DPELLUCID_ONNX=OFF). Not here: the import itself (onnx/import.cc).
#include "pellucid/error.h"
#include "pellucid/onnx_import.h"

namespace pellucid {

ImportedModel import_onnx_bytes(std::string_view, const std::string& name, const OnnxImportOptions&) {
  throw Error("U37", name + " cannot be imported: this pellucid was built without ONNX",
              {"build it with -DPELLUCID_ONNX=ON, which needs protobuf"});
}

ImportedModel import_onnx(const std::string& path, const OnnxImportOptions& options) {
  return import_onnx_bytes({}, path, options);
}

}  // namespace pellucid
