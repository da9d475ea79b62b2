// From the files of a run to report.html. Not here: making those files (train_run.cc).
#include "app/report_page.h"

#include <string_view>

#include "core/file.h"
#include "run/page/page.h"
#include "run/run_files.h"

namespace pellucid::app {

extern const std::string_view embedded_report;

void write_report_page(const Json& report, const std::string& run, const std::string& file) {
  const std::string examples = run + "/examples.json";
  write_file(file, fill_page(embedded_report, report, is_there(examples) ? read_object(examples) : Json()));
}

void write_report_page(const std::string& run, const std::string& file) {
  write_report_page(read_report(run), run, file);
}

}  // namespace pellucid::app
