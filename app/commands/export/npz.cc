// export --format npz: the parameters as NumPy arrays. Not here: the archive (pellucid/tensor_files.h).
#include "app/commands/export/format.h"
#include "core/text.h"
#include "pellucid/tensor_files.h"

namespace pellucid::app {
namespace {

Exported make(const Model& model, const std::string& output, const ExportFlags&) {
  const auto count = static_cast<std::int64_t>(model.parameters().size());
  return {.files = {{output, to_npz(model)}},
          .text = "arrays    " + plural(count, "array") + ", " + plural(model.parameter_count(), "number") + "\n",
          .json = {{"arrays", count}, {"numbers", model.parameter_count()}}};
}

}  // namespace

const ExportFormat npz_format{
    .name = "npz", .ending = ".npz", .help = "the parameters as float32 arrays, for numpy.load", .make = make};

}  // namespace pellucid::app
