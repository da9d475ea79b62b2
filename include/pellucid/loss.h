// Loss: the loss function that training minimises, its settings, and how to write a loss of your own.
// Not here: the formulas (src/losses/*-inl.h, one file per kind), metrics (metric.h), several heads (model.h).
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

/// What is known about one kind of loss. The built-in kinds are written once in src/losses and computed by the kernels.
/// The kind of a loss of your own is made by LossOf.
struct LossKind {
  const char* name;
  const char* formula;  ///< of one output y with target t (z: a logit)
  const char* help;
  const char* source;
  const char* task;  ///< "regression", "binary" or "classification"; "" for a loss of your own
  FieldInfo parameter{nullptr, nullptr};
  double parameter_default = 0;
  bool from_logits = false;       ///< the loss takes logits: a last sigmoid or softmax is folded into it
  const char* output = "linear";  ///< the activation whose logits it takes
  bool rowwise = false;           ///< one term per row (cross_entropy); false: a sum of one term per output (mse)
  double example_y = 0, example_target = 0, example_value = 0, example_slope = 0;
  bool kinked = false;  ///< the derivative jumps somewhere (mae at 0)

  int builtin = -1;  ///< index into the kernels' table; -1: a LossFunction computes it
};

/// What a loss of your own computes. Write yours by deriving from LossOf<Yours>; an object is immutable once it is part
/// of a Loss. Calls come from one thread at a time per training; prediction never calls it.
class LossFunction {
 public:
  virtual ~LossFunction() = default;
  virtual const LossKind& kind() const = 0;
  /// Names the settings; they are checked, saved with the model and restored from the file. Members that are not named
  /// here are not saved. Default: there are none.
  virtual void describe(Fields& fields);
  virtual std::unique_ptr<LossFunction> clone() const = 0;

  /// How many target columns the loss reads for a net with so many outputs. Default: one per output. Several quantiles
  /// or the parameters of a distribution have one target column for many outputs. Throw an Error where the number of
  /// outputs makes no sense.
  virtual std::int64_t target_columns(std::int64_t outputs) const;
  /// Whether the loss of one row depends on other rows of the batch (a contrastive loss). Row weights are then refused,
  /// and judging, which takes 256 rows at a time, compares the rows within such a block. Default: false.
  virtual bool couples_rows() const;
  /// One prediction per target column from the outputs of one row, by which validation and evaluate() judge the model:
  /// the median of several quantiles, the mean of a distribution. False: there is none, and only the loss is known.
  /// Default: the outputs themselves where there is one per target column, else false.
  virtual bool predict(std::span<const double> outputs, std::span<double> targets) const;

  /// See LossOf.
  virtual void compute(View<const float> y, View<const float> target, float* loss, View<float> dy) const = 0;
  virtual void compute(View<const double> y, View<const double> target, double* loss, View<double> dy) const = 0;

 protected:
  LossFunction() = default;
  LossFunction(const LossFunction&) = default;
  LossFunction& operator=(const LossFunction&) = default;
};

/// Derive as `class Mine : public LossOf<Mine>` and write
///   static constexpr std::string_view name = "mine", summary = "…";
///   template <class T> void rows(View<const T> y, View<const T> target, T* loss, View<T> dy) const;
/// which for each row r of the batch sets loss[r], and dy(r, o) to the derivative of the sum of all loss[…] by y(r, o).
/// Optional: describe(), target_columns(), couples_rows(), predict() (above) and a constant `formula`.
/// Class labels arrive as one-hot rows where there is one target column per output (0 or 1 for a single output), and as
/// the number of the class where there is one target column in all. register_loss<Mine>() makes models that were
/// trained with it loadable.
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

/// mean: over the rows of the batch, and over the outputs where the loss is a sum of one term per output (mse); the
/// loss of a LossFunction is averaged over the rows alone. sum: over both, as the older texts write it. Row weights
/// multiply each row's loss; the mean still divides by the number of rows.
enum class Reduction { mean, sum };

struct HeadLosses;  // the losses of a model's heads, weighted: src/losses/head_losses.h

/// A loss with its settings: `Loss("huber")`, `Loss("huber", {.parameter = 2})`, `Loss("mse", {.reduction =
/// Reduction::sum})`, `Loss(Mine(0.9))`. Cheap to copy.
class Loss {
 public:
  struct Options {
    Reduction reduction = Reduction::mean;
    double parameter = -1;  ///< huber: delta; negative: the kind's default
  };

  /// Throws U11 for an unknown name (with the nearest), U12 for a parameter out of range. A registered loss of your own
  /// gets its default settings.
  explicit Loss(std::string_view name);
  Loss(std::string_view name, Options options);
  /// A built-in kind.
  explicit Loss(const LossKind& kind);
  Loss(const LossKind& kind, Options options);
  /// A loss of your own. Throws U12 when a setting is out of range.
  template <class F>
  requires std::derived_from<F, LossFunction> Loss(F function, Reduction reduction = Reduction::mean)
      : Loss(std::shared_ptr<const LossFunction>(std::make_shared<F>(std::move(function))), reduction) {}
  explicit Loss(std::shared_ptr<const LossFunction> function, Reduction reduction = Reduction::mean);
  /// The weighted sum of the losses of a model's heads; the library makes it (default_loss, fit).
  explicit Loss(std::shared_ptr<const HeadLosses> heads);

  /// "mse", "huber(1.5)", "mse, sum", "mine(share=0.9)": what text() writes. Throws U11, U12.
  static Loss parse(std::string_view text);

  const LossKind& kind() const noexcept { return *kind_; }
  Reduction reduction() const noexcept { return options_.reduction; }
  double parameter() const noexcept;
  const LossFunction* function() const noexcept { return function_.get(); }  ///< null for the built-in kinds
  const HeadLosses* heads() const noexcept { return heads_.get(); }          ///< null unless the model has heads
  /// How many target columns it reads for so many outputs. Throws U33 where a loss of your own answers less than 1.
  std::int64_t target_columns(std::int64_t outputs) const;
  bool couples_rows() const;  ///< of any head
  std::string text() const;   ///< "huber(1.5)", "mse, sum"

 private:
  const LossKind* kind_;
  Options options_;
  std::shared_ptr<const LossFunction> function_;
  std::shared_ptr<const HeadLosses> heads_;
};

std::vector<const LossKind*> loss_kinds();  ///< built-in first in alphabetical order, then registered ones

/// Makes a loss of your own known by name, so that Loss(name) and a model file that names it find it; `make` gives one
/// with default settings. Throws U10 if another kind has the name. Call it before threads start.
void register_loss(const LossKind& kind, std::unique_ptr<LossFunction> (*make)());
template <class F>
void register_loss() {
  register_loss(F::kind_of_self(), [] { return std::unique_ptr<LossFunction>(std::make_unique<F>()); });
}

}  // namespace pellucid
