// OutputReader: a row of the model's outputs as predictions of its targets, for models with heads and for losses of the
// user's own.
// Not here: the scores (scorer, metrics), models with one output per target, whose outputs are the predictions.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "losses/head_losses.h"
#include "pellucid/model.h"

namespace pellucid {

/// Whether targets must be read by an OutputReader: the model has heads, or the loss is the user's own and its outputs
/// are not one per class.
bool needs_reader(const Loss& loss, const Dataset& data, std::int64_t outputs);

/// One target as the model predicts it.
struct ReadTarget {
  std::string name;          ///< of its column, or its number; where two heads learn it, with the head behind it
  std::int64_t column = 0;   ///< of the data's targets
  std::int32_t classes = 0;  ///< 0: a number
  FittedTarget unit;         ///< of a number: the way back to its unit
};

class OutputReader {
 public:
  /// `folded`: the outputs come from a plan with a loss, so that a softmax or sigmoid that the loss takes is left out.
  template <class T>
  OutputReader(const BasicModel<T>& model, const Dataset& data, const Loss& loss, bool folded);

  /// Those that are predicted; a loss of the user's own may give no prediction.
  const std::vector<ReadTarget>& targets() const noexcept { return targets_; }

  /// Reads a row of outputs.
  template <class T>
  void read(std::span<const T> outputs);
  /// Of the row that was read: the target's number in its unit, or its probabilities.
  double value(std::size_t target) const { return values_[target].front(); }
  std::span<const double> probabilities(std::size_t target) const { return values_[target]; }

  /// What is true of a row: the number in its unit, or the class.
  double truth(const Dataset& data, std::int64_t row, std::size_t target) const;

 private:
  struct Part {
    HeadLoss head;
    bool logits = false;
    std::size_t first_target = 0, targets = 0;
  };
  void read_part(const Part& part, std::span<const double> outputs);

  std::vector<Part> parts_;
  std::vector<ReadTarget> targets_;
  std::vector<std::vector<double>> values_;
  std::vector<double> row_, numbers_;
};

}  // namespace pellucid
