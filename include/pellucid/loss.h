// Loss: what training makes small, and what a kind of loss is.
// Not here: the formulas (src/losses/*-inl.h, one file a kind), metrics (metric.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/describe.h"

namespace PELLUCID_EXPORT pellucid {

/// One kind of loss. The built-in kinds are written once in src/losses; a kind of your own (builtin = -1) gives row
/// functions.
struct LossKind {
  const char* name;
  const char* formula;  ///< of one output y with target t (z: a logit)
  const char* help;
  const char* source;
  const char* task;  ///< "regression", "binary" or "classification"
  FieldInfo parameter{nullptr, nullptr};
  double parameter_default = 0;
  bool from_logits = false;       ///< the loss takes logits: a last sigmoid or softmax is folded into it
  const char* output = "linear";  ///< the activation whose logits it takes
  bool rowwise = false;           ///< sees a whole row at once (categorical cross-entropy)
  double example_y = 0, example_target = 0, example_value = 0, example_slope = 0;
  bool kinked = false;  ///< the derivative jumps somewhere (mae at 0)

  int builtin = -1;
  /// A kind of your own: m rows of n outputs against n targets. loss[r] = Σ over outputs; dy[r,o] = ∂loss[r]/∂y[r,o].
  void (*rows_float)(std::int64_t m, std::int64_t n, const float* y, const float* target, float* loss, float* dy,
                     double parameter) = nullptr;
  void (*rows_double)(std::int64_t m, std::int64_t n, const double* y, const double* target, double* loss, double* dy,
                      double parameter) = nullptr;
};

/// mean: over the rows of the batch (and over the outputs, where the loss is a sum of one term an output);
/// sum: over both, as the older texts write it. Row weights multiply each row's loss; the mean still divides by the
/// rows.
enum class Reduction { mean, sum };

/// A kind with its settings: `Loss("huber")`, `Loss("huber", {.parameter = 2})`, `Loss("mse", {.reduction =
/// Reduction::sum})`.
class Loss {
 public:
  struct Options {
    Reduction reduction = Reduction::mean;
    double parameter = -1;  ///< huber: delta; negative: the kind's default
  };

  /// Throws U11 for an unknown name (with the nearest), U12 for a parameter out of range.
  explicit Loss(std::string_view name);
  Loss(std::string_view name, Options options);
  explicit Loss(const LossKind& kind);
  Loss(const LossKind& kind, Options options);

  /// "mse", "huber(1.5)", "mse, sum": what text() writes. Throws U11, U12.
  static Loss parse(std::string_view text);

  const LossKind& kind() const noexcept { return *kind_; }
  Reduction reduction() const noexcept { return options_.reduction; }
  double parameter() const noexcept;
  std::string text() const;  ///< "huber(1.5)", "mse, sum"

 private:
  const LossKind* kind_;
  Options options_;
};

std::vector<const LossKind*> loss_kinds();  ///< built-in first in alphabetical order, then registered ones
void register_loss(const LossKind& kind);   ///< see register_activation

}  // namespace pellucid
