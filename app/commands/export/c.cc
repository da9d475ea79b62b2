// export --format c: two files of C99. Not here: their text (pellucid/c_source.h).
#include <fmt/format.h>

#include <filesystem>

#include "app/commands/export/format.h"
#include "core/shell.h"
#include "core/text.h"
#include "pellucid/c_source.h"

namespace pellucid::app {
namespace {

Exported make(const Model& model, const std::string& output, const ExportFlags&) {
  const std::string name = std::filesystem::path(output).stem().string();
  const CSource c = c_source(model, name);
  std::string upper;
  for (const char letter : name) upper += letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 32) : letter;
  return {.files = {{output, c.source}, {output.substr(0, output.size() - 2) + ".h", c.header}},
          .text = fmt::format("{:<10}{} of constants, {} of arrays on the stack; no heap\n"
                              "{:<10}cc -std=c99 -O2 -D{}_SELF_TEST {} -lm && ./a.out\n",
                              "memory", bytes_text(static_cast<double>(c.constant_bytes)),
                              bytes_text(static_cast<double>(c.stack_bytes)), "test", upper, shell_word(output)),
          .json = {{"constant_bytes", c.constant_bytes}, {"stack_bytes", c.stack_bytes}}};
}

}  // namespace

const ExportFormat c_format{
    .name = "c", .ending = ".c", .help = "two files of C99 that need no library and give the same bits", .make = make};

}  // namespace pellucid::app
