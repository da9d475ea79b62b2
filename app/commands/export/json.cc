// export --format json: description and parameters in one document. Not here: its contents (pellucid/tensor_files.h).
#include "app/commands/export/format.h"
#include "core/text.h"
#include "pellucid/tensor_files.h"

namespace pellucid::app {
namespace {

Exported make(const Model& model, const std::string& output, const ExportFlags&) {
  const auto count = static_cast<std::int64_t>(model.parameters().size());
  return {.files = {{output, to_json(model)}},
          .text = "holds     layers, columns, training, and " + plural(count, "array") + " of " +
                  plural(model.parameter_count(), "number") + "\n",
          .json = {{"arrays", count}, {"numbers", model.parameter_count()}}};
}

}  // namespace

const ExportFormat json_format{
    .name = "json", .ending = ".json", .help = "layers, columns and parameters as one JSON document", .make = make};

}  // namespace pellucid::app
