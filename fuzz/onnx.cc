// Fuzz target: imports arbitrary bytes as an ONNX file; a net that is imported predicts, and is stored and read back.
// Not here: seed inputs (tests/golden/onnx), running it (./dev fuzz).
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "pellucid/error.h"
#include "pellucid/onnx_import.h"

namespace pellucid {
namespace {

constexpr std::int64_t most_numbers = 1 << 16;  // larger nets take the fuzzer's time

bool is_small(const Model& model) {
  for (std::size_t n = 0; n < model.nodes().size(); ++n) {
    if (model.output_shape(static_cast<int>(n)).elements() > most_numbers) return false;
  }
  return model.row_shape().elements() <= most_numbers && model.parameter_count() <= most_numbers;
}

void use(std::string_view bytes) {
  try {
    const ImportedModel imported = import_onnx_bytes(bytes);
    if (!is_small(imported.model)) return;
    const Tensor<float> rows(Shape{2, imported.model.row_shape().elements()});
    const Tensor<float> outputs = imported.model.predict(rows.view(), 1);
    const Model again = Model::from_bytes(imported.model.to_bytes());
    const Tensor<float> same = again.predict(rows.view(), 1);
    for (std::int64_t i = 0; i < outputs.size(); ++i) {
      if (!(outputs.data()[i] == same.data()[i])) std::abort();
    }
  } catch (const Error&) {
  }
}

}  // namespace
}  // namespace pellucid

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pellucid::use({reinterpret_cast<const char*>(data), size});
  return 0;
}
