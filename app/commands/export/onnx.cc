// export --format onnx: one ONNX file. Not here: its contents (pellucid/onnx_export.h).
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/commands/export/format.h"
#include "core/text.h"
#include "pellucid/onnx_export.h"

namespace pellucid::app {
namespace {

constexpr std::size_t most_listed = 12;  // --json lists all

std::string lines(const char* title, const std::vector<OnnxValue>& values) {
  std::string text;
  for (std::size_t i = 0; i < std::min(values.size(), most_listed); ++i) {
    const OnnxValue& value = values[i];
    text += fmt::format("{:<10}{}: {} {}, {}\n", i == 0 ? title : "", value.name, value.type, value.shape, value.help);
  }
  const std::size_t rest = values.size() - std::min(values.size(), most_listed);
  return rest == 0 ? text : text + fmt::format("{:<10}and {} more\n", "", rest);
}

Json json_of(const std::vector<OnnxValue>& values) {
  Json list = Json::array();
  for (const OnnxValue& value : values) {
    list.push_back({{"name", value.name}, {"type", value.type}, {"shape", value.shape}, {"help", value.help}});
  }
  return list;
}

Exported make(const Model& model, const std::string& output, const ExportFlags& flags) {
  const std::string name = std::filesystem::path(output).stem().string();
  const OnnxFile onnx = export_onnx(model, {.plain = flags.plain, .name = name.empty() ? "pellucid" : name});
  return {.files = {{output, onnx.bytes}},
          .text = lines("inputs", onnx.inputs) + lines("outputs", onnx.outputs),
          .json = {{"inputs", json_of(onnx.inputs)}, {"outputs", json_of(onnx.outputs)}}};
}

}  // namespace

const ExportFormat onnx_format{.name = "onnx",
                               .ending = ".onnx",
                               .help = "one file for any runtime that speaks ONNX",
                               .make = make,
                               .takes_plain = true};

}  // namespace pellucid::app
