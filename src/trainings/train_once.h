// One training as a part of something larger: build, fit, calibrate, judge. A trial of tune, a fold, a seed, a
// baseline. Not here: the run that is watched and written (run/train.cc).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "pellucid/error.h"
#include "pellucid/evaluation.h"
#include "pellucid/model.h"
#include "pellucid/recipe.h"
#include "pellucid/trainer.h"

namespace pellucid {

struct OnceOptions {
  std::optional<std::uint64_t> seed{};  ///< instead of the recipe's
  std::optional<std::int64_t> threads{};
  const std::atomic<bool>* cancel = nullptr;
  bool watched = false;  ///< of a single net: observers, health, checkpoints and resuming of its options stay
  const Recipe* calibrate = nullptr;  ///< says how probabilities are calibrated after the training; null: not at all
  bool intervals = false;             ///< fit prediction intervals by the validation rows
  const Dataset* judged = nullptr;    ///< rows of the split on which the model is evaluated; null or empty: none
  /// Of a single net: the bytes that `keep` got when the same training had ended; it is not repeated then.
  std::optional<std::string> kept{};
  std::function<void(const std::string& bytes)> keep{};  ///< gets the checkpoint of a training that is complete
};

struct TrainedOnce {
  Model model;
  History history;
  std::optional<Evaluation> evaluation{};
  std::optional<Error> diverged{};  ///< N01; then the model holds the last good weights and nothing was judged
  bool cancelled = false;           ///< then nothing was judged

  bool is_complete() const noexcept { return !diverged && !cancelled; }
};

/// `recipe` is resolved; with members (members.h) they count as one training. Throws as fit(), but for N01.
TrainedOnce train_once(const Recipe& recipe, const Split& split, const OnceOptions& options);

/// The same with a net of the caller's, which is not built yet, and with options for fit(). Unless it is `watched`,
/// observers, checkpoints, health and resuming of these options are left out.
TrainedOnce train_once(Model net, const Split& split, FitOptions fit_options, const OnceOptions& options);

}  // namespace pellucid
