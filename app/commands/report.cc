// pellucid report: writes a run as one HTML page. Not here: the content of the page (web/).
#include <CLI/CLI.hpp>

#include "app/cli/arguments.h"
#include "app/cli/embedded.h"
#include "app/commands/command.h"
#include "run/page/page.h"
#include "run/run_files.h"

namespace pellucid::app {
namespace {

class Report : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("RUN", run_, "a run's folder")->group("");
    app.add_option("-o,--output", file_, "file to write (default: RUN/report.html)")
        ->type_name("FILE")
        ->group("Output");
  }

  int run(Terminal& terminal) override {
    require_argument(run_, "report", "RUN");
    while (run_.size() > 1 && run_.ends_with('/')) run_.pop_back();
    const std::string file = file_.empty() ? run_ + "/report.html" : file_;
    write_page(embedded_report, read_report(run_), run_, file);
    terminal.path(file);
    return 0;
  }

 private:
  std::string run_, file_;
};

}  // namespace

std::unique_ptr<Command> make_report() {
  return std::make_unique<Report>();
}

}  // namespace pellucid::app
