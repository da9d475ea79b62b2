// Loss: the loss function that training minimises, its settings, and how to write a loss of your own.
// Not here: the formulas (src/losses/*-inl.h, one file per kind), metrics (metric.h), models with several heads
// (model.h).
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pellucid/describe.h"
#include "pellucid/tensor.h"

namespace PELLUCID_EXPORT pellucid {

/// Description of one kind of loss. The formulas of the built-in kinds are in src/losses and are compiled into the
/// kernels. For a loss of your own, LossOf makes the kind.
struct LossKind {
  const char* name;
  const char* formula;  ///< for one output y and its target t; z is a logit
  const char* help;
  const char* source;
  const char* task;  ///< "regression", "binary" or "classification"; "" for a loss of your own
  FieldInfo parameter{nullptr, nullptr};
  double parameter_default = 0;
  bool from_logits = false;       ///< the loss works on logits: a final sigmoid or softmax is computed as part of it
  const char* output = "linear";  ///< the activation that the loss includes if from_logits
  bool rowwise = false;           ///< true: one term per row (cross_entropy); false: one term per output, summed (mse)
  double example_y = 0, example_target = 0, example_value = 0, example_slope = 0;
  bool kinked = false;  ///< true: the derivative jumps somewhere (for mae, at error 0)

  int builtin = -1;  ///< index into the table of kernels; -1: computed by a LossFunction
};

/// Interface of a loss of your own; derive from LossOf<Yours>, not from this class. An object never changes once it is
/// part of a Loss. During a training one thread at a time calls it; prediction never does.
class LossFunction {
 public:
  virtual ~LossFunction() = default;
  virtual const LossKind& kind() const = 0;
  /// Visits the settings, which are then checked, saved with the model and restored when it is loaded. Members that are
  /// not visited are not saved. Default: no settings.
  virtual void describe(Fields& fields);
  virtual std::unique_ptr<LossFunction> clone() const = 0;

  /// Number of target columns that the loss needs for a model with this number of outputs. Default: one per output. A
  /// loss for several quantiles or for the parameters of a distribution has many outputs but one target column. Throw
  /// an Error if the number of outputs is not valid.
  virtual std::int64_t target_columns(std::int64_t outputs) const;
  /// Whether the loss of a row depends on other rows of the batch (a contrastive loss). Row weights are then refused,
  /// and evaluation, which computes blocks of 256 rows, compares rows only within a block. Default: false.
  virtual bool couples_rows() const;
  /// Computes one prediction per target column from the outputs of one row: the median of several quantiles, or the
  /// mean of a distribution. Validation and evaluate() judge the model by it. Return false if there is no such
  /// prediction; then only the loss is reported. Default: the outputs themselves if there is one per target column,
  /// else false.
  virtual bool predict(std::span<const double> outputs, std::span<double> targets) const;

  /// See LossOf.
  virtual void compute(View<const float> y, View<const float> target, float* loss, View<float> dy) const = 0;
  virtual void compute(View<const double> y, View<const double> target, double* loss, View<double> dy) const = 0;

 protected:
  LossFunction() = default;
  LossFunction(const LossFunction&) = default;
  LossFunction& operator=(const LossFunction&) = default;
};

/// Base class of a loss of your own. Derive as `class Mine : public LossOf<Mine>` and write
///   static constexpr std::string_view name = "mine", summary = "…";
///   template <class T> void rows(View<const T> y, View<const T> target, T* loss, View<T> dy) const;
/// For each row r of the batch, rows() sets loss[r], and dy(r, o) to the derivative of the sum of all losses by y(r,
/// o). Optional: describe(), target_columns(), couples_rows() and predict() as above, and a constant `formula`. Class
/// labels are passed as one-hot rows if there is one target column per output (0 or 1 for a single output), and as the
/// class number if there is one target column in all. Call register_loss<Mine>() before you load a model that was
/// trained with it.
template <class Self>
class LossOf : public LossFunction {
 public:
  const LossKind& kind() const override { return kind_of_self(); }
  std::unique_ptr<LossFunction> clone() const override { return std::make_unique<Self>(self()); }
  void compute(View<const float> y, View<const float> target, float* loss, View<float> dy) const override {
    self().template rows<float>(y, target, loss, dy);
  }
  void compute(View<const double> y, View<const double> target, double* loss, View<double> dy) const override {
    self().template rows<double>(y, target, loss, dy);
  }

  static const LossKind& kind_of_self() {
    static const LossKind kind = [] {
      LossKind made{.name = std::string_view(Self::name).data(),
                    .formula = "",
                    .help = std::string_view(Self::summary).data(),
                    .source = "",
                    .task = "",
                    .rowwise = true};
      if constexpr (requires { Self::formula; }) made.formula = std::string_view(Self::formula).data();
      return made;
    }();
    return kind;
  }

 private:
  const Self& self() const noexcept { return static_cast<const Self&>(*this); }
};

/// How the losses of a batch are combined. mean: over the rows, and over the outputs if the loss has one term per
/// output (mse); a LossFunction is averaged over the rows only. sum: over both. Row weights multiply the loss of each
/// row; the mean still divides by the number of rows.
enum class Reduction { mean, sum };

struct HeadLosses;  // the weighted losses of a model's heads: src/losses/head_losses.h

/// One loss: a kind and its settings, such as `Loss("huber")`, `Loss("huber", {.parameter = 2})`, `Loss("mse",
/// {.reduction = Reduction::sum})` or `Loss(Mine(0.9))`. Cheap to copy.
class Loss {
 public:
  struct Options {
    Reduction reduction = Reduction::mean;
    double parameter = -1;  ///< the kind's parameter (for huber, delta); negative: its default
  };

  /// A loss by name; a registered loss of your own gets its default settings. Throws U11 for an unknown name (the
  /// message suggests the nearest), U12 for a parameter out of range.
  explicit Loss(std::string_view name);
  Loss(std::string_view name, Options options);
  /// A built-in loss.
  explicit Loss(const LossKind& kind);
  Loss(const LossKind& kind, Options options);
  /// A loss of your own. Throws U12 if one of its settings is out of range.
  template <class F>
  requires std::derived_from<F, LossFunction> Loss(F function, Reduction reduction = Reduction::mean)
      : Loss(std::shared_ptr<const LossFunction>(std::make_shared<F>(std::move(function))), reduction) {}
  explicit Loss(std::shared_ptr<const LossFunction> function, Reduction reduction = Reduction::mean);
  /// For the library itself (default_loss, fit): the weighted sum of the losses of a model's heads.
  explicit Loss(std::shared_ptr<const HeadLosses> heads);

  /// Makes a loss from text as text() writes it: "mse", "huber(1.5)", "mse, sum", "mine(share=0.9)". Throws U11, U12.
  static Loss parse(std::string_view text);

  const LossKind& kind() const noexcept { return *kind_; }
  Reduction reduction() const noexcept { return options_.reduction; }
  double parameter() const noexcept;
  const LossFunction* function() const noexcept { return function_.get(); }  ///< null for the built-in kinds
  const HeadLosses* heads() const noexcept { return heads_.get(); }          ///< null unless the model has heads
  /// Number of target columns for this number of outputs. Throws U33 if a loss of your own returns less than 1.
  std::int64_t target_columns(std::int64_t outputs) const;
  bool couples_rows() const;  ///< true if the loss, or that of any head, does (LossFunction::couples_rows)
  std::string text() const;   ///< "huber(1.5)", "mse, sum"

 private:
  const LossKind* kind_;
  Options options_;
  std::shared_ptr<const LossFunction> function_;
  std::shared_ptr<const HeadLosses> heads_;
};

std::vector<const LossKind*> loss_kinds();  ///< built-in first in alphabetical order, then registered ones

/// Registers a loss of your own under its name, which Loss(name) and loading a model need. `make` returns an object
/// with default settings. Throws U10 if the name is taken by another kind. Not thread-safe: call it before other
/// threads start.
void register_loss(const LossKind& kind, std::unique_ptr<LossFunction> (*make)());
template <class F>
void register_loss() {
  register_loss(F::kind_of_self(), [] { return std::unique_ptr<LossFunction>(std::make_unique<F>()); });
}

}  // namespace pellucid
