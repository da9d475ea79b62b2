// Turns the events of a run into lines. Not here: decisions about the run (the library).
#include "app/cli/run_printer.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "app/cli/flag_text.h"
#include "app/cli/memory_limit.h"
#include "app/text/health_lines.h"
#include "app/text/member_text.h"
#include "app/text/preamble.h"
#include "app/text/result_block.h"
#include "core/file.h"
#include "core/text.h"
#include "run/health_json.h"
#include "run/member_json.h"
#include "run/resume.h"
#include "run/run_files.h"
#include "run/run_json.h"
#include "run/run_log.h"

namespace pellucid::app {
namespace {

// Whether the finding is about the training and not about the data.
bool is_about_training(const Finding& finding) {
  return finding.code.starts_with("H") || finding.code == "D07";
}

}  // namespace

void RunPrinter::on_resume(const ResumedRun& run) {
  if (!run.cells_checked) {
    reporter_.say(Line{"note",
                       "an earlier version wrote the checkpoint: the settings, the classes and the number of rows "
                       "were checked, but not the cells"});
  }
  std::string text = fmt::format("{} after epoch {} of {}", run.folder, run.epoch, run.epochs);
  if (run.nets > 0) text = fmt::format("{} after {} of its members", run.folder, plural(run.nets, "net"));
  if (!run.ended.empty()) {
    text += fmt::format(": training has ended ({}); {}", run.ended,
                        run.is_judged ? "nothing was changed" : "the evaluation follows now");
  }
  reporter_.say({"resumed", text});
  was_judged_ = run.is_judged;
  if (was_judged_) reporter_.say({"next", with_flags(run.way_on)});
}

void RunPrinter::on_data(const Run& run) {
  if (terminal_.flags().json) terminal_.result(json_text(event_json("start", start_json(run))) + "\n");
  kind_ = run.kind();
  reporter_.say(data_lines(run, terminal_.width()));
}

void RunPrinter::on_finding(const Finding& finding) {
  reporter_.say(finding_line(finding, terminal_.width()));
}

void RunPrinter::on_plan(const Run& run) {
  if (const std::string memory = memory_text(); !memory.empty())
    reporter_.say({"memory", wrapped(memory, terminal_.width(), 10)});
  reporter_.say("", "");
  std::istringstream table(run.model.summary());
  for (std::string line; std::getline(table, line);) {
    if (!line.empty()) reporter_.say(line, line);
  }
  reporter_.say("", "");
  for (const std::string& line : training_lines(run.recipe, run.fit_options, run.train_rows, terminal_.width())) {
    reporter_.say(line, line);
  }
  reporter_.say(member_plan_lines(run.recipe, terminal_.width()));
  if (run.expected_seconds > 0) {
    reporter_.say({"time", "about " + duration_text(run.expected_seconds) + " (a few steps were timed)"});
  }
  reporter_.say("", "");
}

void RunPrinter::on_start(std::int64_t epochs, std::int64_t steps_per_epoch) {
  progress_.emplace(reporter_, kind_);
  progress_->on_start(epochs, steps_per_epoch);
}

void RunPrinter::on_health(const EpochHealth& health) {
  if (terminal_.flags().json) {
    terminal_.result(json_text(event_json("health", epoch_health_json(health))) + "\n");
  }
}

void RunPrinter::on_member(const MemberProgress& progress) {
  if (terminal_.flags().json) {
    terminal_.result(json_text(event_json("member", member_event_json(progress, kind_))) + "\n");
  }
  end();
  const std::string line = member_line(progress, kind_);
  reporter_.say(line, line);
  if (terminal_.live()) terminal_.live_line(time_left_text(progress));
}

void RunPrinter::end() {
  if (progress_) progress_->end();
  progress_.reset();
}

void RunPrinter::on_trained(const Run& run) {
  end();
  const History& history = run.history;
  if (run.members) {
    terminal_.live_line("");
  } else {
    const std::string kept = history.best_epoch > 0 ? fmt::format("; kept epoch {}", history.best_epoch) : "";
    reporter_.say({"stopped", history.stopped + kept});
    if (history.epochs.size() > 1) reporter_.say(loss_sparkline(history.epochs, terminal_.width()));
  }
  if (run.temperature) {
    const std::string rows = run.split.folds.empty() ? plural(run.validation_rows, "validation row")
                                                     : plural(run.split.out_of_fold.rows(), "out-of-fold prediction");
    reporter_.say(
        {"calibrate", fmt::format("probabilities calibrated on {} (temperature {:.3g})", rows, *run.temperature)});
  }
  if (!history.health || history.health->epochs.empty()) return;
  const auto remarks = static_cast<std::size_t>(std::ranges::count_if(run.findings, is_about_training));
  reporter_.say(health_line(*history.health, remarks, terminal_.flags().verbose, terminal_.width()));
}

void RunPrinter::on_distill(const Run&) {
  terminal_.live_line("training the small net");
}

void RunPrinter::on_final(const Run&) {
  terminal_.live_line("training on all rows");
}

void RunPrinter::on_training(std::int64_t number, std::int64_t count) {
  terminal_.live_line(fmt::format("training {} of {}", number, count));
}

void RunPrinter::on_left_out(const RepeatRecord& training, const Error& why) {
  const std::string which =
      training.fold > 0 ? fmt::format("fold {}", training.fold) : fmt::format("seed {}", training.seed);
  reporter_.warn(fmt::format("{} is left out: {}", which, with_flags(why).what()));
}

void RunPrinter::say_interrupted(const Run& run) {
  const std::int64_t epoch = run.history.epochs.empty() ? 0 : run.history.epochs.back().epoch;
  const bool has_members = run.members && !run.members->members.empty();
  const std::string after =
      has_members ? plural(std::ssize(run.members->members), "member") : fmt::format("epoch {}", epoch);
  reporter_.warn(fmt::format("interrupted after {}; the model so far: {}", after, run.model_file));
  if (find_checkpoint(run.folder).empty()) return;
  reporter_.warn("to continue: " + with_flags(command_to_resume(folder_, run.recipe, run.folder)));
}

void RunPrinter::on_result(const Run& run) {
  if (run.status == "dry run") {
    const std::int64_t rows = std::min(run.fit_options.batch_size, run.train_rows);
    reporter_.result({{"dry run", fmt::format("one step of {}: loss {}; nothing was written", plural(rows, "row"),
                                              short_number(run.history.epochs.front().train_loss))}});
    return;
  }
  const OutputFlags& flags = terminal_.flags();
  if (was_judged_) {
    if (flags.json) {
      terminal_.result(json_text(event_json("end", pellucid::end_json(read_report(run.folder)))) + "\n");
    } else {
      terminal_.result(run.folder + "\n");
    }
    return;
  }
  reporter_.say("", "");
  if (silent_) return;
  if (flags.json) terminal_.result(json_text(event_json("end", end_json(run))) + "\n");
  if (run.status == "interrupted") say_interrupted(run);
  if (flags.json) return;
  if (flags.quiet < 2) reporter_.result(result_lines(run, terminal_.width()));
  reporter_.path(run.folder);
}

}  // namespace pellucid::app
