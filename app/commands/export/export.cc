// pellucid export: a trained model in another format: the table of formats, the flags, the files on the disk.
// Not here: what each format writes (the other files of this folder).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>

#include "app/cli/arguments.h"
#include "app/commands/command.h"
#include "app/commands/export/format.h"
#include "core/file.h"
#include "core/new_file.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "run/run_files.h"
#include "run/run_json.h"

namespace pellucid::app {
namespace {

namespace fs = std::filesystem;

constexpr const ExportFormat* formats[] = {&c_format, &onnx_format, &npz_format, &json_format};

// "runs/houses-001" and "houses.safetensors" give names of files and functions: houses_001, houses.
std::string name_of(const std::string& model) {
  fs::path path(model);
  if (path.filename() == "model.safetensors" && path.has_parent_path()) path = path.parent_path();
  std::string name;
  for (const char c : path.stem().string()) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += kept ? c : '_';
  }
  const bool begins_well = !name.empty() && name.front() != '_' && !(name.front() >= '0' && name.front() <= '9');
  return begins_well ? name : "model_" + name;
}

std::string format_names(const char* separator) {
  std::vector<std::string> names;
  for (const ExportFormat* format : formats) names.emplace_back(format->name);
  return join(names, separator);
}

const ExportFormat& find_format(const std::string& name) {
  const auto* const found = std::ranges::find(formats, name, &ExportFormat::name);
  if (found != std::end(formats)) return **found;
  throw Error("U02", fmt::format("--format takes {}, got {}", format_names(", "), quote(name)));
}

class Export : public Command {
 public:
  void declare(CLI::App& app) override {
    std::string help;
    for (const ExportFormat* format : formats) {
      help += fmt::format("{}{}: {}", help.empty() ? "" : "; ", format->name, format->help);
    }
    app.add_option("MODEL", model_, "a model file or a run's folder")->group("");
    app.add_option("--format", format_, help)->type_name(format_names("|"))->group("Output");
    app.add_option("-o,--output", output_,
                   "the file (default: named after the model); for c NAME.c, with NAME.h beside it")
        ->type_name("FILE")
        ->group("Output");
    app.add_flag("--plain", flags_.plain, "onnx: one input of float32, no strings: for runtimes that know little")
        ->group("Output");
    app.add_flag("--force", force_, "replace files that exist")->group("Output");
    app.add_flag("--json", output.json, "what was written as one JSON object")->group("Output");
  }

  int run(Terminal& terminal) override {
    require_argument(model_, "export", "MODEL");
    while (model_.size() > 1 && model_.ends_with('/')) model_.pop_back();
    const ExportFormat& format = find_format(format_);
    if (flags_.plain && !format.takes_plain) {
      throw Error("U35", fmt::format("--plain has no effect with --format {}", format_), {"leave it out"});
    }
    const std::string file = output_.empty() ? name_of(model_) + format.ending : output_;
    if (!file.ends_with(format.ending)) {
      throw Error("U02", fmt::format("--output takes a file that ends in {}, got {}", format.ending, quote(file)));
    }
    const Exported exported = format.make(Model::load(model_path(model_)), file, flags_);
    for (const ExportedFile& one : exported.files) {
      if (is_there(one.path) && !force_) throw Error("U30", one.path + " exists already", {"--force replaces it"});
    }
    write(exported.files);
    terminal.result(output.json ? json_of(exported) : text_of(exported));
    return 0;
  }

 private:
  // No file appears before all are complete on the disk; the one that the user named appears last.
  static void write(const std::vector<ExportedFile>& files) {
    std::vector<std::unique_ptr<NewFile>> written;
    for (const ExportedFile& file : files) {
      written.push_back(std::make_unique<NewFile>(file.path));
      written.back()->write(file.bytes);
    }
    for (auto file = written.rbegin(); file != written.rend(); ++file) (*file)->commit();
  }

  std::string json_of(const Exported& exported) const {
    Json json = {{"v", 1}, {"format", format_}, {"files", Json::array()}};
    for (const ExportedFile& file : exported.files) json["files"].push_back(file.path);
    json.update(exported.json);
    return json_text(json) + "\n";
  }

  static std::string text_of(const Exported& exported) {
    std::vector<std::string> names;
    for (const ExportedFile& file : exported.files) names.push_back(file.path);
    return fmt::format("{:<10}{}\n{}", "wrote", fmt::join(names, ", "), exported.text);
  }

  std::string model_, format_ = "c", output_;
  ExportFlags flags_;
  bool force_ = false;
};

}  // namespace

std::unique_ptr<Command> make_export() {
  return std::make_unique<Export>();
}

}  // namespace pellucid::app
