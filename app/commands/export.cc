// pellucid export: a trained model in another language. Not here: the text of an export (the library).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "app/cli/arguments.h"
#include "app/commands/command.h"
#include "core/file.h"
#include "core/new_file.h"
#include "core/settings.h"
#include "core/shell.h"
#include "core/text.h"
#include "pellucid/c_source.h"
#include "pellucid/error.h"
#include "run/run_files.h"
#include "run/run_json.h"

namespace pellucid::app {
namespace {

namespace fs = std::filesystem;

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

class Export : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("MODEL", model_, "a model file or a run's folder")->group("");
    app.add_option("--format", format_, "c: two files of C99 that need no library and give the same bits")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"c"}))
        ->group("Output");
    app.add_option("-o,--output", output_, "the file NAME.c, with NAME.h beside it (default: named after the model)")
        ->type_name("FILE")
        ->group("Output");
    app.add_flag("--force", force_, "replace files that exist")->group("Output");
    app.add_flag("--json", output.json, "what was written as one JSON object")->group("Output");
  }

  int run(Terminal& terminal) override {
    require_argument(model_, "export", "MODEL");
    while (model_.size() > 1 && model_.ends_with('/')) model_.pop_back();
    const std::string source = output_.empty() ? name_of(model_) + ".c" : output_;
    if (!source.ends_with(".c")) throw Error("U02", "--output takes a file that ends in .c, got " + quote(source));
    const std::string header = source.substr(0, source.size() - 2) + ".h";
    for (const std::string& file : {source, header}) {
      if (is_there(file) && !force_) throw Error("U30", file + " exists already", {"--force replaces it"});
    }
    const CSource text = c_source(Model::load(model_path(model_)), fs::path(source).stem().string());
    write_both(source, text.source, header, text.header);
    terminal.result(output.json ? json_of(source, header, text) : text_of(source, header, text));
    return 0;
  }

 private:
  // Neither appears before both are complete on the disk.
  static void write_both(const std::string& source, const std::string& source_text, const std::string& header,
                         const std::string& header_text) {
    NewFile first(source), second(header);
    first.write(source_text);
    second.write(header_text);
    second.commit();
    first.commit();
  }

  static std::string json_of(const std::string& source, const std::string& header, const CSource& text) {
    const Json json = {{"v", 1},
                       {"format", "c"},
                       {"files", {source, header}},
                       {"constant_bytes", text.constant_bytes},
                       {"stack_bytes", text.stack_bytes}};
    return json_text(json) + "\n";
  }

  static std::string text_of(const std::string& source, const std::string& header, const CSource& text) {
    const std::string name = fs::path(source).stem().string();
    std::string upper;
    for (const char c : name) upper += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return fmt::format(
        "{:<10}{}, {}\n{:<10}{} of constants, {} of arrays on the stack; no heap\n{:<10}cc -std=c99 -O2 -D{}_SELF_TEST "
        "{} -lm && ./a.out\n",
        "wrote", source, header, "memory", bytes_text(static_cast<double>(text.constant_bytes)),
        bytes_text(static_cast<double>(text.stack_bytes)), "test", upper, shell_word(source));
  }

  std::string model_, format_ = "c", output_;
  bool force_ = false;
};

}  // namespace

std::unique_ptr<Command> make_export() {
  return std::make_unique<Export>();
}

}  // namespace pellucid::app
