// What all trainings share: epochs, validation, the best weights, early stopping, checkpoints.
// Not here: the steps of an epoch (batch_run.cc, lbfgs_run.cc), the user's calls (trainer.cc).
#include "train/training_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/text.h"
#include "model/match.h"
#include "optimizers/rule.h"
#include "pellucid/error.h"
#include "train/defaults.h"
#include "train/fingerprint.h"

namespace pellucid {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* cancelled_text = "cancelled";

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

template <class T>
void build_if_needed(BasicModel<T>& model, const Dataset& train, const Dataset& validation,
                     const BasicFitOptions<T>& options) {
  require_training_memory(model, train, validation, options);
  if (!model.is_built()) model.build(train.row_shape(), options.seed);
}

// Up to ten evenly spread rows of features. The model file contains them, and loading it verifies their outputs.
template <class T>
Tensor<T> choose_test_rows(const Dataset& data) {
  const std::int64_t count = std::min<std::int64_t>(10, data.rows());
  Tensor<T> rows(Shape{count, data.row_shape().elements()});
  for (std::int64_t i = 0; i < count; ++i) data.read_row<T>(i * data.rows() / count, rows.view().row(i));
  return rows;
}

}  // namespace

Dataset weighted(const Dataset& data, bool balanced) {
  return balanced && data.is_classification() ? data.with_weights(balanced_weights(data)) : data;
}

// Throws U20 unless validation rows have features and targets like the training rows, because both use the same loss.
static void require_alike(const Dataset& train, const Dataset& validation) {
  if (validation.empty()) return;
  if (!validation.has_targets()) throw Error("U20", "the validation rows have no targets");
  if (validation.row_shape().elements() != train.row_shape().elements()) {
    throw Error("U20", "the training rows have the shape " + train.row_shape().text() + ", the validation rows " +
                           validation.row_shape().text());
  }
  const Targets &ours = train.targets(), &theirs = validation.targets();
  if (train.has_labels() == validation.has_labels() && ours.multi_label == theirs.multi_label &&
      (train.has_labels() ? ours.classes == theirs.classes : ours.columns == theirs.columns) &&
      ours.column_classes == theirs.column_classes) {
    return;
  }
  const auto text = [](const Targets& t) {
    return t.classes > 0 ? plural(t.classes, "class") : plural(t.columns, t.multi_label ? "question" : "target column");
  };
  throw Error("U20", "the training rows have " + text(ours) + ", the validation rows " + text(theirs));
}

void require_rows(const Dataset& train, const Dataset& validation) {
  if (train.empty()) throw Error("D17", "there are no training rows");
  if (!train.has_targets()) throw Error("U20", "the training rows have no targets");
  require_alike(train, validation);
}

// Why training stops after the last epoch of this state; "": it continues.
template <class T>
std::string reason_to_stop(const TrainingState<T>& state, const BasicFitOptions<T>& options, bool validated) {
  const auto& epochs = state.history.epochs;
  const auto best = static_cast<double>(state.epochs_done - state.since_best);
  const double waiting = (options.patience_factor - 1) * best + static_cast<double>(options.patience);
  if (validated && options.patience > 0 && static_cast<double>(state.since_best) >= waiting) {
    return fmt::format("no better val loss for {}", plural(state.since_best, "epoch"));
  }
  if (options.stop_change > 0 && epochs.size() > 1 &&
      std::abs(epochs.back().train_loss - epochs[epochs.size() - 2].train_loss) < options.stop_change) {
    return "the loss moved less than " + number_text(options.stop_change);
  }
  return state.exhausted;
}

template <class T>
TrainingRun<T>::TrainingRun(BasicModel<T>& model, const Dataset& train, const Dataset& validation,
                            const BasicFitOptions<T>& options)
    : model_(model),
      train_(weighted(train, options.balanced_classes)),
      validation_(validation),
      options_(with_defaults(options, train)),
      team_(static_cast<int>(options_.threads)),
      loss_((build_if_needed(model, train, validation, options), chosen_loss(model, train, options.loss))) {
  if (!validation.empty()) judge_.emplace(model, validation_, loss_, &team_);
  if (options_.health) watch_.emplace(model, train_, loss_, &team_);
}

template <class T>
void TrainingRun<T>::begin() {
  if (options_.resume) resume();
  each_observer([&](BasicObserver<T>& o) { o.on_start(options_.epochs, steps_per_epoch()); });
  if (!options_.resume) {
    state_.parameters = take_snapshot(model_);
    save_optimizer(state_);
  }
  options_.resume.reset();
  if (has_ended()) finish();
}

template <class T>
std::optional<EpochRecord> TrainingRun<T>::epoch() {
  require_running();
  const std::int64_t before = state_.epochs_done;
  done_ = true;  // until the epoch succeeds, so that an exception ends the training
  try {
    one_epoch(before + 1);
    if (has_ended()) {
      finish();
    } else {
      done_ = false;
    }
  } catch (const Error& error) {
    if (error.code() == "N01") restore_snapshot(model_, state_.best.empty() ? state_.parameters : state_.best);
    throw;
  }
  if (state_.epochs_done == before) return std::nullopt;
  return state_.history.epochs.back();
}

template <class T>
void TrainingRun<T>::stop(const std::string& reason) {
  if (done_) return;
  stop_ = reason;
  checkpoint(true);
  finish();
}

template <class T>
void TrainingRun<T>::require_running() const {
  if (!done_) return;
  throw Error(
      "U27", "this training has ended: " + (state_.history.stopped.empty() ? "it failed" : state_.history.stopped),
      {"look at done() before epoch()", "to train longer, make a new Trainer; with FitOptions::resume it continues"});
}

template <class T>
void TrainingRun<T>::set_learning_rate(double rate) {
  if (!(rate >= 0) || !std::isfinite(rate)) throw Error("U12", "learning_rate takes ≥ 0, got " + number_text(rate));
  state_.learning_rate = rate;
}

template <class T>
std::string TrainingRun<T>::to_bytes() const {
  if (fingerprint_.is_null()) fingerprint_ = fingerprint(model_, train_, validation_, options_, loss_);
  return write_checkpoint(state_, fingerprint_, options_.note, watch_ ? &watch_->memory() : nullptr);
}

template <class T>
void TrainingRun<T>::require_bound() const {
  if (workspace().is_bound()) return;
  throw Error("U24", "the model's layers or parameters were replaced while it was trained",
              {"numbers may be written into parameters, but other tensors may not be put in their place"});
}

template <class T>
void TrainingRun<T>::one_epoch(std::int64_t epoch) {
  require_bound();
  const auto start = Clock::now();
  EpochRecord record{.epoch = epoch};
  if (watch_) watch_->begin_epoch(steps_per_epoch());
  record.train_loss = train_epoch(epoch);
  record.train_seconds = seconds_since(start);
  if (stop_ == cancelled_text) return checkpoint(true);  // the state stays that of the last completed epoch
  if (watch_) watch_->end_epoch();
  state_.exhausted = stop_;
  require_finite_weights(epoch);
  judge(record);
  record.learning_rate = learning_rate();
  record.seconds = seconds_since(start);
  remember(record);
  decide_stop();
  if (watch_) look(epoch);
  each_observer([&](BasicObserver<T>& o) { o.on_epoch(record); });
  checkpoint(!stop_.empty() || epoch == options_.epochs);
}

template <class T>
void TrainingRun<T>::checkpoint(bool last) {
  if (!options_.checkpoint) return;
  options_.checkpoint({[this] { return to_bytes(); }, last});
}

template <class T>
void TrainingRun<T>::judge(EpochRecord& record) {
  const bool by_score = judge_ && options_.best_by == BestBy::score;
  double loss = record.train_loss, judged = loss;
  if (judge_) {
    const Verdict verdict = (*judge_)();
    record.validation_loss = loss = judged = verdict.loss;
    record.validation_score = verdict.score;
    if (by_score) judged = higher_is_better(judge_->kind()) ? 1 - verdict.score : verdict.score;
  }
  if (!std::isfinite(loss))
    throw Error("N01", fmt::format("validation loss became {} in epoch {}", loss, record.epoch), {largest_weight()});
  const double wanted = state_.best_loss - options_.min_delta;
  record.best = by_score ? judged <= wanted : judged < wanted;
  if (record.best) {
    state_.best_loss = judged;
    state_.since_best = state_.since_better = 0;
    state_.history.best_epoch = record.epoch;
    if (judge_ && options_.keep_best) state_.best = take_snapshot(model_);
  } else {
    ++state_.since_best;
    ++state_.since_better;
  }
  if (options_.schedule.kind == "plateau" && state_.since_better >= options_.schedule.patience) {
    ++state_.plateaus;
    state_.since_better = 0;
  }
}

// Names the parameter with the largest weight, as a hint when no gradients are known.
template <class T>
std::string TrainingRun<T>::largest_weight() const {
  double largest = 0;
  std::string where;
  for (const Parameter<T>& parameter : model_.parameters()) {
    for (const T w : parameter.value.values()) {
      if (!(std::abs(static_cast<double>(w)) > largest)) continue;
      largest = std::abs(static_cast<double>(w));
      where = parameter.name;
    }
  }
  return fmt::format("the largest weight is in {} ({:.1e}), lr is {}", where, largest, number_text(learning_rate()));
}

template <class T>
void TrainingRun<T>::remember(const EpochRecord& record) {
  state_.epochs_done = record.epoch;
  for (std::size_t p = 0; p < state_.parameters.size(); ++p) {
    std::ranges::copy(model_.parameters()[p].value.values(), state_.parameters[p].data());
  }
  save_optimizer(state_);
  state_.history.epochs.push_back(record);
  state_.history.train_seconds += record.train_seconds;
  state_.history.seconds += record.seconds;
}

template <class T>
void TrainingRun<T>::decide_stop() {
  stop_ = reason_to_stop(state_, options_, judge_.has_value());
  if (stop_.empty() && cancelled()) stop_ = cancelled_text;
}

template <class T>
void TrainingRun<T>::look(std::int64_t epoch) {
  const bool looked = watch_->look(epoch, !stop_.empty() || epoch == options_.epochs);
  if (looked) each_observer([&](BasicObserver<T>& o) { o.on_health(watch_->latest()); });
}

// The last step of an epoch may make weights infinite or NaN, although its loss was finite.
template <class T>
void TrainingRun<T>::require_finite_weights(std::int64_t epoch) const {
  for (const Parameter<T>& parameter : model_.parameters()) {
    if (std::isfinite(kernels<T>().sum_squares(parameter.value.size(), parameter.value.data()))) continue;
    throw Error("N01", fmt::format("{} is no longer finite at the end of epoch {}", parameter.name, epoch),
                {"the loss was still finite; the learning rate is too large"});
  }
}

template <class T>
void TrainingRun<T>::finish() {
  require_bound();
  done_ = true;
  History& history = state_.history;
  history.stopped = stop_.empty() ? all_epochs_done : stop_;
  // A cancelled epoch is discarded: the model gets the weights from which a resumed training would start.
  const bool best = judge_ && options_.keep_best && !state_.best.empty();
  restore_snapshot(model_, best ? state_.best : state_.parameters);
  if (!best) history.best_epoch = state_.epochs_done;
  if (watch_) history.health = watch_->finish(history.best_epoch, validation_.rows());
  model_.training = TrainingSummary{.loss = loss_.text(),
                                    .optimizer = std::string(options_.optimizer.name()),
                                    .epochs = state_.epochs_done,
                                    .best_epoch = history.best_epoch,
                                    .train_rows = train_.rows(),
                                    .seed = options_.seed,
                                    .learning_rate = options_.optimizer.learning_rate(),
                                    .batch_size = options_.batch_size};
  model_.conformal.clear();
  model_.test_rows = choose_test_rows<T>(validation_.empty() ? train_ : validation_);
}

template <class T>
void TrainingRun<T>::resume() {
  fingerprint_ = fingerprint(model_, train_, validation_, options_, loss_);
  state_ = read_checkpoint(*options_.resume, model_, fingerprint_);
  if (state_.health && watch_ && !watch_->restore(std::move(*state_.health)))
    throw Error("D21", "the checkpoint's health is that of another training");
  restore_snapshot(model_, state_.parameters);
  load_optimizer(state_);
  stop_ = reason_to_stop(state_, options_, judge_.has_value());
}

template class TrainingRun<float>;
template class TrainingRun<double>;
template std::string reason_to_stop(const TrainingState<float>&, const BasicFitOptions<float>&, bool);
template std::string reason_to_stop(const TrainingState<double>&, const BasicFitOptions<double>&, bool);

}  // namespace pellucid
