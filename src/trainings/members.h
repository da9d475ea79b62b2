// Members: nets with drawn settings, each trained on one thread, and the best of them averaged into one model.
// Not here: what is drawn (member_space.h), which are chosen (selection.h), records for users (pellucid/members.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pellucid/error.h"
#include "pellucid/members.h"
#include "pellucid/model.h"
#include "pellucid/preprocess.h"
#include "pellucid/recipe.h"
#include "pellucid/trainer.h"

namespace pellucid {

/// How many nets each thread trains, about; 1 without members.
double rounds_of_members(const Recipe& recipe);
/// Throws U34 where the recipe has settings that members cannot have, or the split has no validation rows.
void check_members(const Recipe& recipe, const Split& split);

struct MemberOptions {
  std::optional<std::int64_t> threads{};  ///< instead of the recipe's
  const std::atomic<bool>* cancel = nullptr;
  /// Called for each member that has ended, in the order of their numbers, one at a time.
  std::function<void(const MemberProgress&)> found{};
  /// `keep` gets the checkpoint of each net that is complete, `kept` gives it back where an earlier call with the same
  /// recipe and rows has kept it: the net is not trained again then. Both are called from several threads, for nets
  /// that differ; `net` counts from 1. `note` is stored in the checkpoints (FitOptions::note).
  std::function<void(std::int64_t member, std::int64_t net, const std::string& bytes)> keep{};
  std::function<std::optional<std::string>(std::int64_t member, std::int64_t net)> kept{};
  std::string note{};
  /// Of the first net, which is trained on the calling thread: its observers, checkpoints, health and resuming are
  /// those of these options. `keep` and `kept` are not called for it. Null: nobody watches it.
  const FitOptions* first = nullptr;
};

/// Outputs for rows that the nets have not been trained on.
struct ValidationOutputs {
  Dataset rows;                        ///< the validation rows; with cross-fitting those of all folds
  std::vector<Tensor<float>> members;  ///< of each chosen member, as it was trained; rows × outputs
  Tensor<float> outputs;               ///< their average; after calibrate_members() the calibrated one
};

struct TrainedMembers {
  Model model;  ///< not calibrated yet
  Model best;   ///< the best single member: with cross-fitting the average of its nets
  Members record;
  History history;  ///< of the first net; if it diverged, of the best single member's first one
  ValidationOutputs validation;
  /// N01: all members diverged; the model is the first net with its last good weights.
  std::optional<Error> diverged{};
  bool cancelled = false;  ///< the model is made of the members that had ended by then
};

/// Trains the members of a resolved recipe: bits depend on the recipe and the split, not on the threads; with a time
/// limit also on how many members ended in time (record.members.size()): the same recipe with that number of members
/// and without the limit gives the same bits. Throws U34, and as fit(), but for N01.
TrainedMembers train_members(const Recipe& recipe, const Split& split, const MemberOptions& options);

/// Calibrates the probabilities of model and best member as the recipe says, by the outputs for rows that the nets have
/// not seen, and sets the decision thresholds. Returns the model's temperature, if there is one.
std::optional<double> calibrate_members(TrainedMembers& trained, const Recipe& recipe);

/// The probability of each validation row's label, by the nets that have not seen the row. For one target of classes.
LargeVector<double> own_probabilities(const TrainedMembers& trained);

}  // namespace pellucid
