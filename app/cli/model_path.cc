// Checks and reads MODEL and DATA of the command line. Not here: file formats (the library).
#include "app/cli/model_path.h"

#include <fmt/format.h>

#include <filesystem>

#include "app/cli/arguments.h"
#include "core/file.h"
#include "core/shell.h"
#include "pellucid/error.h"
#include "recipe/data.h"
#include "run/run_files.h"

namespace pellucid::app {

namespace fs = std::filesystem;

namespace {

bool is_model_or_run(const std::string& path) {
  std::error_code ignored;
  return path.ends_with(".safetensors") || model_path(path) != path ||
         fs::exists(fs::path(path) / "report.json", ignored);
}

}  // namespace

void require_data(const std::string& data, const char* command) {
  require_argument(data, command, "DATA");
  if (!is_model_or_run(data)) return;
  throw Error("U02", fmt::format("{} takes data; {} is a trained model", command, data),
              {fmt::format("to predict with it: pellucid predict {} NEW.csv", shell_word(data)),
               fmt::format("to look at it: pellucid inspect {}", shell_word(data))});
}

void require_model_and_data(const std::string& model, const std::string& data, const char* command) {
  require_argument(model, command, "MODEL");
  require_argument(data, command, "DATA");
  if (!is_model_or_run(data)) return;
  if (is_model_or_run(model)) require_data(data, command);
  throw Error("U02", fmt::format("{} takes the model first, then the data", command),
              {fmt::format("the other way round: pellucid {} {} {}", command, shell_word(data), shell_word(model))});
}

Model load_table_model(const std::string& path) {
  Model model = Model::load(model_path(path));
  if (model.preprocessor) return model;
  throw Error("D20", path + " was not trained on a table, so it does not contain the names of its columns",
              {"use a model made by `pellucid train`"});
}

Table read_rows_for(const Preprocessor& preprocessor, const std::string& data, ReadOptions options) {
  return read_table(data, options_to_predict(preprocessor, std::move(options)));
}

std::string file_name(const std::string& path) {
  if (path == "-") return "<stdin>";
  const std::string name = fs::path(path).filename().string();
  return name.empty() ? path : name;
}

}  // namespace pellucid::app
