// Adds signals, the HTML page and SHA-256 to a run of the library. Not here: the run (src/run/train.cc).
#include "app/cli/training.h"

#include "app/cli/embedded.h"
#include "app/cli/interrupt.h"
#include "app/cli/run_printer.h"
#include "app/cli/setting_sources.h"
#include "app/fetch/sha256.h"

namespace pellucid::app {

int run_training(Terminal& terminal, TrainTable data, TrainRequest request) {
  catch_interrupts();
  const RunOptions options{
      .write = true,
      .folder = {.force = request.force,
                 .command = request.verb,
                 .page = embedded_report,
                 .sha256 = [](const std::string& file) { return sha256_of_file(file); }},
      .dry_run = request.dry_run,
      .cancel = &interrupted(),
      .read_config = [](const std::string& file) { return read_config(file); },
  };
  RunPrinter printer(terminal, options.folder, request.silent);
  try {
    train(std::move(data), std::move(request.recipe), printer, options);
  } catch (...) {
    printer.end();
    throw;
  }
  return interrupt_status();
}

}  // namespace pellucid::app
