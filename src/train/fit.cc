// What all ways of training share: epochs, validation, the best weights, stopping, checkpoints.
// Not here: how an epoch is spent (batch_run.cc, lbfgs_run.cc).
#include "train/fit.h"

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
constexpr const char* all_done = "all epochs done";

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

Dataset weighted(const Dataset& data, bool balanced) {
  return balanced && data.is_classification() ? data.with_weights(balanced_weights(data)) : data;
}

template <class T>
void build_if_needed(BasicModel<T>& model, const Dataset& train, const Dataset& validation,
                     const BasicFitOptions<T>& options) {
  require_training_memory(model, train, validation, options);
  if (!model.is_built()) model.build(train.row_shape(), options.seed);
}

// Validation rows are judged as training rows are learned: by the same loss, of the same targets.
void require_alike(const Dataset& train, const Dataset& validation) {
  if (validation.empty()) return;
  if (!validation.has_targets()) throw Error("U20", "the validation rows have no targets");
  if (validation.row_shape().elements() != train.row_shape().elements()) {
    throw Error("U20", "the training rows have the shape " + train.row_shape().text() + ", the validation rows " +
                           validation.row_shape().text());
  }
  const Targets &ours = train.targets(), &theirs = validation.targets();
  if (train.has_labels() == validation.has_labels() && ours.multi_label == theirs.multi_label &&
      (train.has_labels() ? ours.classes == theirs.classes : ours.columns == theirs.columns)) {
    return;
  }
  const auto text = [](const Targets& t) {
    return t.classes > 0 ? plural(t.classes, "class") : plural(t.columns, t.multi_label ? "question" : "target column");
  };
  throw Error("U20", "the training rows have " + text(ours) + ", the validation rows " + text(theirs));
}

void require_targets(const Dataset& train) {
  if (train.empty()) throw Error("D17", "there are no training rows");
  if (!train.has_targets()) throw Error("U20", "the training rows have no targets");
}

// Rows as the net sees them, spread evenly: they travel in the model file and are verified on load.
template <class T>
Tensor<T> choose_test_rows(const Dataset& data) {
  const std::int64_t count = std::min<std::int64_t>(10, data.rows());
  Tensor<T> rows(Shape{count, data.row_shape().elements()});
  for (std::int64_t i = 0; i < count; ++i) data.read_row<T>(i * data.rows() / count, rows.view().row(i));
  return rows;
}

// Why training ends after the last epoch of this state; "": it goes on.
template <class T>
std::string reason_to_stop(const FitState<T>& state, const BasicFitOptions<T>& options, bool validated) {
  const auto& epochs = state.history.epochs;
  if (validated && options.patience > 0 && state.since_best >= options.patience) {
    return fmt::format("no better val loss for {}", plural(options.patience, "epoch"));
  }
  if (options.stop_change > 0 && epochs.size() > 1 &&
      std::abs(epochs.back().train_loss - epochs[epochs.size() - 2].train_loss) < options.stop_change) {
    return "the loss moved less than " + number_text(options.stop_change);
  }
  return state.exhausted;
}

}  // namespace

template <class T>
FitRun<T>::FitRun(BasicModel<T>& model, const Dataset& train, const Dataset& validation,
                  const BasicFitOptions<T>& options)
    : model_(model),
      train_(weighted(train, options.balanced_classes)),
      validation_(validation),
      options_(with_defaults(options, train)),
      team_(static_cast<int>(options_.threads)),
      loss_((build_if_needed(model, train, validation, options), chosen_loss(model, train, options.loss))) {
  if (!validation.empty()) judge_.emplace(model, validation, loss_, &team_);
  if (options_.health) watch_.emplace(model, train_, loss_, &team_);
}

template <class T>
History FitRun<T>::run() {
  if (options_.resume || options_.checkpoint) fingerprint_ = fingerprint(model_, train_, validation_, options_, loss_);
  if (options_.resume) resume();
  each_observer([&](BasicObserver<T>& o) { o.on_start(options_.epochs, steps_per_epoch()); });
  if (!options_.resume) {
    state_.parameters = take_snapshot(model_);
    save_optimizer(state_);
  }
  try {
    while (stop_.empty() && state_.epochs_done < options_.epochs) one_epoch(state_.epochs_done + 1);
  } catch (const Error& error) {
    if (error.code() == "N01") restore_snapshot(model_, state_.best.empty() ? state_.parameters : state_.best);
    throw;
  }
  finish();
  return std::move(state_.history);
}

// An observer may have put another tensor in the place of a parameter.
template <class T>
void FitRun<T>::require_bound() const {
  if (workspace().is_bound()) return;
  throw Error("U24", "the model's layers or parameters were replaced while it was trained",
              {"an observer may write numbers into parameters, not put other tensors in their place"});
}

template <class T>
void FitRun<T>::one_epoch(std::int64_t epoch) {
  require_bound();
  const auto start = Clock::now();
  EpochRecord record{.epoch = epoch};
  if (watch_) watch_->begin_epoch(steps_per_epoch());
  record.train_loss = train_epoch(epoch);
  record.train_seconds = seconds_since(start);
  if (stop_ == cancelled_text) return checkpoint(true);  // the epoch is not whole: the state stays that of the last one
  if (watch_) watch_->end_epoch();
  state_.exhausted = stop_;
  require_finite_weights(epoch);
  judge(record);
  record.learning_rate = current_learning_rate();
  record.seconds = seconds_since(start);
  remember(record);
  decide_stop();
  if (watch_) look(epoch);
  each_observer([&](BasicObserver<T>& o) { o.on_epoch(record); });
  checkpoint(!stop_.empty() || epoch == options_.epochs);
}

template <class T>
void FitRun<T>::checkpoint(bool last) {
  if (!options_.checkpoint) return;
  const auto make = [&] {
    return write_checkpoint(state_, fingerprint_, options_.note, watch_ ? &watch_->memory() : nullptr);
  };
  options_.checkpoint({make, last});
}

template <class T>
void FitRun<T>::judge(EpochRecord& record) {
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

// Who ran away, where no gradient tells.
template <class T>
std::string FitRun<T>::largest_weight() const {
  double largest = 0;
  std::string where;
  for (const Parameter<T>& parameter : model_.parameters()) {
    for (const T w : parameter.value.values()) {
      if (!(std::abs(static_cast<double>(w)) > largest)) continue;
      largest = std::abs(static_cast<double>(w));
      where = parameter.name;
    }
  }
  return fmt::format("the largest weight is in {} ({:.1e}), lr is {}", where, largest,
                     number_text(current_learning_rate()));
}

template <class T>
void FitRun<T>::remember(const EpochRecord& record) {
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
void FitRun<T>::decide_stop() {
  stop_ = reason_to_stop(state_, options_, judge_.has_value());
  if (stop_.empty() && cancelled()) stop_ = cancelled_text;
}

template <class T>
void FitRun<T>::look(std::int64_t epoch) {
  const bool looked = watch_->look(epoch, !stop_.empty() || epoch == options_.epochs);
  if (looked) each_observer([&](BasicObserver<T>& o) { o.on_health(watch_->latest()); });
}

// A last step may spoil the weights after its loss was found finite.
template <class T>
void FitRun<T>::require_finite_weights(std::int64_t epoch) const {
  for (const Parameter<T>& parameter : model_.parameters()) {
    if (std::isfinite(kernels<T>().sum_squares(parameter.value.size(), parameter.value.data()))) continue;
    throw Error("N01", fmt::format("{} is no longer finite at the end of epoch {}", parameter.name, epoch),
                {"the loss was still finite; the learning rate is too large"});
  }
}

template <class T>
void FitRun<T>::finish() {
  require_bound();
  History& history = state_.history;
  history.stopped = stop_.empty() ? all_done : stop_;
  // A cancelled epoch is thrown away: what the model keeps is what a resumed run would start from.
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
  model_.test_rows = choose_test_rows<T>(validation_.empty() ? train_ : validation_);
}

template <class T>
void FitRun<T>::resume() {
  state_ = read_checkpoint(*options_.resume, model_, fingerprint_);
  if (state_.health && watch_ && !watch_->restore(std::move(*state_.health)))
    throw Error("D21", "the checkpoint's health is that of another training");
  restore_snapshot(model_, state_.parameters);
  load_optimizer(state_);
  stop_ = reason_to_stop(state_, options_, judge_.has_value());
}

template class FitRun<float>;
template class FitRun<double>;

template <class T>
std::string check_fit(const BasicModel<T>& model, const Dataset& train, const Dataset& validation,
                      const BasicFitOptions<T>& given) {
  require_targets(train);
  require_alike(train, validation);
  const BasicFitOptions<T> options = with_defaults(given, train);
  const Loss loss = chosen_loss(model, train, given.loss);
  const Plan<T> plan(model, {.rows = options.batch_size,
                             .loss = loss,
                             .keep = options.keep,
                             .store_gradients = options.clip_norm > 0,
                             .row_block = options.row_block});
  if (!options.resume) return "";
  const Dataset rows = weighted(train, options.balanced_classes);
  const FitState<T> state =
      read_checkpoint(*options.resume, model, fingerprint(model, rows, validation, options, loss));
  if (state.epochs_done > options.epochs) {
    throw Error("U31", fmt::format("the training has done {} already, more than the {} it is to have",
                                   plural(state.epochs_done, "epoch"), options.epochs));
  }
  const std::string reason = reason_to_stop(state, options, !validation.empty());
  return reason.empty() && state.epochs_done == options.epochs ? all_done : reason;
}

template <class T>
History fit(BasicModel<T>& model, const Dataset& train, const Dataset& validation, const BasicFitOptions<T>& options) {
  require_targets(train);
  require_alike(train, validation);
  if (options.optimizer.settings().rule() < 0) return make_lbfgs_run(model, train, validation, options)->run();
  return BatchRun<T>(model, train, validation, options).run();
}

template <class T>
History fit(BasicModel<T>& model, const Split& split, const BasicFitOptions<T>& options) {
  model.preprocessor = split.preprocessor;
  return fit(model, split.train, split.validation, options);
}

template std::string check_fit(const BasicModel<float>&, const Dataset&, const Dataset&, const BasicFitOptions<float>&);
template std::string check_fit(const BasicModel<double>&, const Dataset&, const Dataset&,
                               const BasicFitOptions<double>&);
template History fit(BasicModel<float>&, const Dataset&, const Dataset&, const BasicFitOptions<float>&);
template History fit(BasicModel<double>&, const Dataset&, const Dataset&, const BasicFitOptions<double>&);
template History fit(BasicModel<float>&, const Split&, const BasicFitOptions<float>&);
template History fit(BasicModel<double>&, const Split&, const BasicFitOptions<double>&);

}  // namespace pellucid
