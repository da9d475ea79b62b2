// What export_onnx() does in a library that was built with -DPELLUCID_ONNX=OFF: it throws.
// Not here: the export (src/export/onnx).
#include "pellucid/error.h"
#include "pellucid/onnx_export.h"

namespace pellucid {

OnnxFile export_onnx(const Model&, const OnnxOptions&) {
  throw Error("U37", "this library was built without ONNX", {"build it with -DPELLUCID_ONNX=ON, which needs protobuf"});
}

}  // namespace pellucid
