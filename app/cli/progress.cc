// The lines that show epochs. Not here: computing the numbers (the trainer).
#include "app/cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/text/score_text.h"
#include "core/text.h"
#include "run/run_json.h"

namespace pellucid::app {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto redraw_after = std::chrono::milliseconds(100);

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

void Progress::on_start(std::int64_t epochs, std::int64_t steps_per_epoch) {
  epochs_ = epochs;
  steps_per_epoch_ = std::max<std::int64_t>(1, steps_per_epoch);
  start_ = drawn_ = Clock::now();
}

std::string Progress::plain_line(const EpochRecord& r) const {
  std::string text = fmt::format("epoch {}/{} train_loss {:.4g}", r.epoch, epochs_, r.train_loss);
  if (!std::isnan(r.validation_loss)) {
    const std::string_view name = kind_ == ScoreKind::accuracy ? "acc" : name_of(kind_);
    text += fmt::format(" val_loss {:.4g} val_{} {:.4g} best {}", r.validation_loss, name, r.validation_score,
                        r.best ? 1 : 0);
  }
  return text + fmt::format(" sec {:.3g}", r.seconds);
}

std::string Progress::table_line(const EpochRecord& r) const {
  const std::string loss = std::isnan(r.validation_loss) ? "-" : short_number(r.validation_loss);
  return fmt::format("{:>5}  {:>10}  {:>8}  {:>8}  {:>6}", r.epoch, short_number(r.train_loss), loss,
                     score_text(kind_, r.validation_score, "-"), duration_text(r.seconds));
}

void Progress::draw_live(double epochs_finished) {
  const double share = epochs_ > 0 ? epochs_finished / static_cast<double>(epochs_) : 1;
  const double done = epochs_finished - static_cast<double>(first_epoch_);
  const double left = done > 0 ? seconds_since(start_) * (static_cast<double>(epochs_) - epochs_finished) / done : NAN;
  const double loss = std::isnan(last_.validation_loss) ? last_.train_loss : last_.validation_loss;
  reporter_.terminal().live_line(fmt::format("{:>3}/{} {} {} eta {}", last_.epoch, epochs_, progress_bar(share),
                                             last_.epoch > 0 ? short_number(loss) : "", duration_text(left)));
  drawn_ = Clock::now();
}

void Progress::on_step(std::int64_t step, const Values<float>&) {
  if (first_step_ < 0) {
    first_step_ = step;
    first_epoch_ = step / steps_per_epoch_;
  }
  // A step of a small net takes about a microsecond, so the clock is read only once in many steps.
  if (!reporter_.terminal().live() || (step & 15) != 0 || Clock::now() - drawn_ < redraw_after) return;
  draw_live(static_cast<double>(step) / static_cast<double>(steps_per_epoch_));
}

void Progress::on_epoch(const EpochRecord& record) {
  last_ = record;
  if (record.best) best_ = record;
  Terminal& terminal = reporter_.terminal();
  if (terminal.flags().json) {
    terminal.result(json_text(event_json("epoch", epoch_json(record, kind_))) + "\n");
  }
  const std::string plain = plain_line(record);
  reporter_.note(plain);
  if (terminal.flags().quiet > 0) return;
  if (!terminal.live()) return terminal.say(plain);
  const std::int64_t every = terminal.flags().verbose ? 1 : std::max<std::int64_t>(1, epochs_ / 5);
  if (shown_ == 0) {
    terminal.say(
        terminal.paint(Style::faint, fmt::format("epoch  train loss  val loss  {:>8}    time", score_head(kind_))));
  }
  if (shown_ == 0 || record.epoch % every == 0) {
    terminal.say(table_line(record));
    shown_ = record.epoch;
  }
  if (Clock::now() - drawn_ >= redraw_after) draw_live(static_cast<double>(record.epoch));
}

void Progress::end() {
  Terminal& terminal = reporter_.terminal();
  terminal.live_line("");
  if (terminal.live() && best_.epoch > 0) {
    terminal.say(table_line(best_) + "  " + terminal.paint(Style::good, "best"));
  }
}

Line loss_sparkline(const std::vector<EpochRecord>& epochs, int width) {
  std::vector<double> losses;
  const bool validated = !epochs.empty() && !std::isnan(epochs.front().validation_loss);
  for (const EpochRecord& r : epochs) losses.push_back(validated ? r.validation_loss : r.train_loss);
  return {validated ? "val loss" : "loss",
          sparkline(losses.data(), static_cast<int>(losses.size()), std::min(width - 10, 60))};
}

}  // namespace pellucid::app
