// Trainer and fit: the user's calls, and the check of a training before it begins.
// Not here: the epochs (training_run.cc).
#include "pellucid/trainer.h"

#include <fmt/format.h>

#include "core/text.h"
#include "model/match.h"
#include "optimizers/rule.h"
#include "pellucid/error.h"
#include "train/defaults.h"
#include "train/fingerprint.h"
#include "train/training_run.h"

namespace pellucid {

template <class T>
std::unique_ptr<TrainingRun<T>> make_run(BasicModel<T>& model, const Dataset& train, const Dataset& validation,
                                         const BasicFitOptions<T>& options) {
  require_rows(train, validation);
  std::unique_ptr<TrainingRun<T>> run;
  if (options.optimizer.settings().rule() < 0) {
    run = make_lbfgs_run(model, train, validation, options);
  } else {
    run = std::make_unique<BatchRun<T>>(model, train, validation, options);
  }
  run->begin();
  return run;
}

template <class T>
struct BasicTrainer<T>::Impl {
  std::unique_ptr<TrainingRun<T>> run;
};

namespace {

template <class T>
BasicModel<T>& with_preprocessor(BasicModel<T>& model, const Split& split) {
  model.preprocessor = split.preprocessor;
  return model;
}

}  // namespace

template <class T>
BasicTrainer<T>::BasicTrainer(BasicModel<T>& model, const Dataset& train, const Dataset& validation,
                              const BasicFitOptions<T>& options)
    : impl_(std::make_unique<Impl>(Impl{make_run(model, train, validation, options)})) {}
template <class T>
BasicTrainer<T>::BasicTrainer(BasicModel<T>& model, const Split& split, const BasicFitOptions<T>& options)
    : BasicTrainer(with_preprocessor(model, split), split.train, split.validation, options) {}
template <class T>
BasicTrainer<T>::~BasicTrainer() = default;
template <class T>
BasicTrainer<T>::BasicTrainer(BasicTrainer&&) noexcept = default;
template <class T>
BasicTrainer<T>& BasicTrainer<T>::operator=(BasicTrainer&&) noexcept = default;

template <class T>
bool BasicTrainer<T>::done() const noexcept {
  return impl_->run->done();
}
template <class T>
std::optional<EpochRecord> BasicTrainer<T>::epoch() {
  return impl_->run->epoch();
}
template <class T>
void BasicTrainer<T>::stop() {
  impl_->run->stop("stopped by its caller");
}
template <class T>
const History& BasicTrainer<T>::history() const noexcept {
  return impl_->run->history();
}
template <class T>
const BasicFitOptions<T>& BasicTrainer<T>::options() const noexcept {
  return impl_->run->options();
}
template <class T>
double BasicTrainer<T>::learning_rate() const {
  return impl_->run->learning_rate();
}
template <class T>
void BasicTrainer<T>::set_learning_rate(double rate) {
  impl_->run->set_learning_rate(rate);
}
template <class T>
std::string BasicTrainer<T>::to_bytes() const {
  return impl_->run->to_bytes();
}

template <class T>
History fit(BasicModel<T>& model, const Dataset& train, const Dataset& validation, const BasicFitOptions<T>& options) {
  const auto run = make_run(model, train, validation, options);
  while (!run->done()) run->epoch();
  return run->take_history();
}

template <class T>
History fit(BasicModel<T>& model, const Split& split, const BasicFitOptions<T>& options) {
  return fit(with_preprocessor(model, split), split.train, split.validation, options);
}

template <class T>
std::string check_fit(const BasicModel<T>& model, const Dataset& train, const Dataset& validation,
                      const BasicFitOptions<T>& given) {
  require_rows(train, validation);
  const BasicFitOptions<T> options = with_defaults(given, train);
  const Loss loss = chosen_loss(model, train, given.loss);
  const Plan<T> plan(model, training_plan(options, loss));
  if (!options.resume) return "";
  const Dataset rows = weighted(train, options.balanced_classes);
  const TrainingState<T> state =
      read_checkpoint(*options.resume, model, fingerprint(model, rows, validation, options, loss));
  if (state.epochs_done > options.epochs) {
    throw Error("U31", fmt::format("the training has done {} already, more than the {} it is to have",
                                   plural(state.epochs_done, "epoch"), options.epochs));
  }
  const std::string reason = reason_to_stop(state, options, !validation.empty());
  return reason.empty() && state.epochs_done == options.epochs ? all_epochs_done : reason;
}

#define PELLUCID_TRAINER(T)                                                                        \
  template class BasicTrainer<T>;                                                                  \
  template History fit(BasicModel<T>&, const Dataset&, const Dataset&, const BasicFitOptions<T>&); \
  template History fit(BasicModel<T>&, const Split&, const BasicFitOptions<T>&);                   \
  template std::string check_fit(const BasicModel<T>&, const Dataset&, const Dataset&, const BasicFitOptions<T>&);
PELLUCID_TRAINER(float)
PELLUCID_TRAINER(double)
#undef PELLUCID_TRAINER

}  // namespace pellucid
