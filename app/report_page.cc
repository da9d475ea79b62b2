// From the files of a run to report.html. Not here: making those files (train_run.cc).
#include "report_page.h"

#include <filesystem>
#include <string_view>

#include "core/file.h"
#include "core/settings.h"
#include "pellucid/error.h"
#include "report/page.h"

namespace pellucid::app {

extern const std::string_view embedded_report;

namespace {

Json read_object(const std::string& file) {
  Json json = Json::parse(read_file(file), nullptr, false);
  if (!json.is_object()) throw Error("D16", file + " is damaged: it is not a JSON object");
  return json;
}

}  // namespace

void write_report_page(const std::string& run, const std::string& file) {
  namespace fs = std::filesystem;
  if (fs::is_directory(run) && !fs::exists(run + "/report.json")) {
    throw Error("D10", "no run in " + run + ": it holds no report.json", {"pellucid train leaves one at its end"});
  }
  const std::string examples = run + "/examples.json";
  write_file(file, fill_page(embedded_report, read_object(run + "/report.json"),
                             fs::exists(examples) ? read_object(examples) : Json()));
}

}  // namespace pellucid::app
