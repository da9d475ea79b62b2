// OutputReader: what the columns of a model's output mean for each target: the probabilities of its classes, the
// probability of "yes", or a number in the target's own unit. Every prediction is read here.
// Not here: running the model (evaluate.cc, judge.h, record.cc), scores (scorer.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "losses/head_losses.h"
#include "pellucid/model.h"

namespace pellucid {

/// The loss that the model was trained with, without its label smoothing, which matters for training only. A model
/// without a training record has the default loss for these rows. Throws where the record names an unknown loss.
template <class T>
Loss recorded_loss(const BasicModel<T>& model, const Dataset& data);

/// Where the outputs that are read come from.
enum class OutputSource {
  prediction,  ///< Model::predict or a Predictor
  loss_plan,   ///< a plan with a loss, which leaves out a final softmax or sigmoid that the loss computes itself
};

/// What a model without heads predicts, where no labelled rows say it.
enum class TargetForm { classes, yes_or_no, numbers };

/// One target as the model predicts it.
struct ReadTarget {
  std::string name;            ///< of its column, or its number; if two heads learn it, followed by the head's layer
  std::int64_t column = 0;     ///< of the dataset's targets
  std::int32_t classes = 0;    ///< at least 2; 0: the target is a number
  FittedTarget fitted;         ///< names of the classes, or the scaling of the number
  std::size_t first = 0;       ///< its first value among those that OutputReader::read keeps
  std::size_t count = 1;       ///< how many of them belong to the target
  bool logits = false;         ///< they are logits; otherwise probabilities, not necessarily of sum 1
  double least = 0, most = 0;  ///< limits of the number on the scale of the training, if `fitted` has any

  std::vector<std::string> class_names() const;  ///< classes without a name are named "0", "1", …
};

/// Reads outputs row by row. After its construction it allocates nothing, unless the loss is the user's own and its
/// LossFunction::predict allocates. One object belongs to one thread. The data may be destroyed after construction.
class OutputReader {
 public:
  /// For labelled rows: their targets say what is predicted.
  template <class T>
  OutputReader(const BasicModel<T>& model, const Dataset& data, const Loss& loss, OutputSource source);
  /// For a model without heads, read as `form` says, whatever it was trained on.
  template <class T>
  OutputReader(const BasicModel<T>& model, TargetForm form);
  /// For a model that was trained on a table: its preprocessor knows the targets. Throws U20 where it has none.
  template <class T>
  static OutputReader of_table_model(const BasicModel<T>& model);

  /// The targets that are predicted; empty where the user's own loss gives no predictions (LossFunction::predict).
  const std::vector<ReadTarget>& targets() const noexcept { return targets_; }

  /// Takes one row of outputs; all of the following are about this row.
  template <class T>
  void read(std::span<const T> outputs);
  /// The most probable class; of two classes, class 1 if its probability is above the model's decision threshold.
  std::int32_t predicted_class(std::size_t target) const;
  void set_threshold(double threshold) noexcept { threshold_ = threshold; }  ///< the model's at construction
  /// One probability per class, which sum to 1. Valid until the next call.
  std::span<const double> probabilities(std::size_t target);
  /// The number as the model learned it (on the scale of its training), and in the target's own unit.
  double net_value(std::size_t target) const {
    const ReadTarget& t = targets_[target];
    return t.fitted.clamped ? std::clamp(values_[t.first], t.least, t.most) : values_[t.first];
  }
  double value(std::size_t target) const { return targets_[target].fitted.prediction(values_[targets_[target].first]); }

  /// The true class of a labelled row, and the true number on the scale of the training.
  std::int32_t true_class(const Dataset& data, std::int64_t row, std::size_t target) const;
  double true_net_value(const Dataset& data, std::int64_t row, std::size_t target) const {
    return data.value(row, targets_[target].column);
  }

 private:
  /// Outputs next to each other that belong together: all of a model, or those of a head.
  struct Part {
    std::size_t first_output, outputs, first_value, values;
    Loss loss;  ///< where it is the user's own, it makes the values of the outputs
    bool uses_loss;
  };
  OutputReader(double threshold, std::size_t outputs) : threshold_(threshold), row_(outputs) {}
  void add_part(const HeadLoss& head, bool logits, std::span<const std::int32_t> classes,
                std::span<const FittedTarget> fitted);
  void fill_probabilities(const ReadTarget& target, std::span<double> p) const;

  double threshold_;
  std::vector<Part> parts_;
  std::vector<ReadTarget> targets_;
  std::vector<double> row_, values_, probabilities_;
};

}  // namespace pellucid
