// pellucid import: makes a model of a net that another program exported. Not here: the import (pellucid/onnx_import.h).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "app/cli/arguments.h"
#include "app/cli/data_flags.h"
#include "app/cli/flag_text.h"
#include "app/commands/command.h"
#include "core/file.h"
#include "core/settings.h"
#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/onnx_import.h"
#include "run/run_json.h"

namespace pellucid::app {
namespace {

class Import : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("FILE", file_, "a net as an ONNX file")->group("");
    const auto names = [&](const char* flag, std::vector<std::string>& to, const char* help) {
      app.add_option(flag, to, help)->allow_extra_args(false)->type_name("NAME,…")->group("Net");
    };
    names("--columns", columns_, "names of the columns, one per number of a row (default: c1, c2, …)");
    names("--classes", classes_, "names of the classes, in the order of the outputs; adds softmax behind logits");
    app.add_option("--target", options_.target, "name of the target (default: label for classes, y for numbers)")
        ->type_name("NAME")
        ->group("Net");
    app.add_option("--take", options_.take, "the output of the file to import, if it has several")
        ->type_name("NAME")
        ->group("Net");
    app.add_option("-o,--output", output_, "the model file (default: FILE with the ending .safetensors)")
        ->type_name("FILE")
        ->group("Output");
    app.add_flag("--force", force_, "replace a file that exists")->group("Output");
    app.add_flag("--json", output.json, "what was imported as one JSON object")->group("Output");
  }

  int run(Terminal& terminal) override {
    require_argument(file_, "import", "FILE");
    if (output_.empty()) output_ = std::filesystem::path(file_).replace_extension(".safetensors").string();
    if (!output_.ends_with(".safetensors")) {
      throw Error("U02", "--output takes a file that ends in .safetensors, got " + quote(output_));
    }
    options_.columns = split_names(join(columns_, ","));
    options_.classes = split_names(join(classes_, ","));
    const ImportedModel imported = import_onnx(file_, options_);
    if (is_there(output_) && !force_) throw Error("U30", output_ + " exists already", {"--force replaces it"});
    imported.model.save(output_);
    terminal.result(output.json ? json_of(imported) : text_of(terminal, imported));
    return 0;
  }

 private:
  std::string json_of(const ImportedModel& imported) const {
    Json json = {{"v", 1},
                 {"file", output_},
                 {"producer", imported.producer},
                 {"parameters", imported.model.parameter_count()},
                 {"layers", Json::array()},
                 {"notes", Json::array()}};
    for (const std::string& note : imported.notes) json["notes"].push_back(with_flags(note));
    for (const ImportedLayer& layer : imported.layers) {
      json["layers"].push_back({{"name", layer.name}, {"operators", layer.operators}});
    }
    return json_text(json) + "\n";
  }

  std::string text_of(const Terminal& terminal, const ImportedModel& imported) const {
    std::string text = fmt::format("{:<10}{}\n", "wrote", output_);
    if (!imported.producer.empty()) text += fmt::format("{:<10}{}\n", "made by", quote(imported.producer));
    text += fmt::format("{:<10}{}, {}\n", "net", plural(static_cast<std::int64_t>(imported.layers.size()), "layer"),
                        plural(imported.model.parameter_count(), "parameter"));
    for (const ImportedLayer& layer : imported.layers) {
      text += fmt::format("{:<10}{}: {}\n", "", layer.name, wrapped(layer.operators, terminal.width() - 12, 12));
    }
    for (const std::string& note : imported.notes) {
      text += fmt::format("{:<10}{}\n", "note", wrapped(with_flags(note), terminal.width() - 10, 10));
    }
    return text + fmt::format("{:<10}pellucid inspect {}\n", "look", shell_word(output_));
  }

  std::string file_, output_;
  std::vector<std::string> columns_, classes_;
  OnnxImportOptions options_;
  bool force_ = false;
};

}  // namespace

std::unique_ptr<Command> make_import() {
  return std::make_unique<Import>();
}

}  // namespace pellucid::app
