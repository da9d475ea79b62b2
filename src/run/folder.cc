// Writes the files of a finished run. Not here: their contents (run_json.h, csv_text.h, page/).
#include "run/folder.h"

#include <filesystem>

#include "core/shell.h"
#include "recipe/config_text.h"
#include "run/csv_text.h"
#include "run/page/examples.h"
#include "run/page/page.h"
#include "run/run_json.h"
#include "run/suspects.h"
#include "run/trained_rows.h"

namespace pellucid {
namespace {

void write_examples(const RunLog& log, const Run& run) {
  Json examples = examples_json(*run.test, run.split.test, run.test_cells, run.preprocessor, run.model);
  if (!run.suspects.empty()) {
    examples["suspects"] = suspect_examples(run.suspects, run.train_cells, run.test_cells, run.split, run.preprocessor);
  }
  log.write("examples.json", json_text(examples) + "\n");
}

}  // namespace

void write_config(const RunLog& log, Run& run, const FolderOptions& options) {
  const std::string repeat = options.command + " --config " + shell_word(log.path("config.toml"));
  log.write("config.toml", config_text(run.recipe, repeat));
}

void write_model(const RunLog& log, Run& run, const FolderOptions& options) {
  run.model_file = log.path(model_file_name);
  run.model.save(run.model_file);
  if (options.sha256) run.model_sha256 = options.sha256(run.model_file);
}

void write_results(const RunLog& log, Run& run, const FolderOptions& options) {
  if (run.small) run.small->save(run.distilled->file = log.path(small_file_name));
  log.write("splits.csv", [&](const TextSink& out) { splits_csv(run.split, out); });
  log.write(TrainedRows::file_name, TrainedRows::bytes_of(run.final_rows ? *run.final_rows : labelled_rows(run.split)));
  if (run.test) {
    log.write("predictions.csv", [&](const TextSink& out) { predictions_csv(*run.test, run.split.test, out); });
  }
  const bool page = !options.page.empty() && !run.recipe.run.no_report;
  if (page) run.page_file = log.path(page_file_name);
  const Json report = report_json(run);
  if (run.test && !run.recipe.run.no_report) write_examples(log, run);
  if (page) write_page(options.page, report, log.folder(), run.page_file);
  log.write("report.json", json_text(report, 1) + "\n");
}

void Run::write(const std::string& into, const FolderOptions& options) {
  const std::filesystem::path path(into);
  const std::string parent = path.parent_path().string();
  RunLog log = RunLog::create(parent.empty() ? "." : parent, "", path.filename().string(), options.force);
  folder = log.folder();
  write_config(log, *this, options);
  for (const EpochRecord& epoch : history.epochs) log.epoch(epoch, kind());
  if (!checkpoint.empty()) log.write(checkpoint_file, checkpoint);
  write_model(log, *this, options);
  write_results(log, *this, options);
}

}  // namespace pellucid
