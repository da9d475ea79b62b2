// Plan: a model compiled for a batch size, a loss and a list of values to keep: which slices exist and where they lie
// in one arena. Immutable; any number of workspaces can share a plan.
// Not here: the memory itself and running a step (workspace.h).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "layers/pass.h"
#include "losses/head_losses.h"
#include "pellucid/loss.h"
#include "pellucid/model.h"

namespace pellucid {

struct PlanOptions {
  std::int64_t rows = 1;          ///< largest number of rows of a batch
  std::optional<Loss> loss;       ///< none: forward only
  std::vector<std::string> keep;  ///< values that can be read by name (observer.h)
  bool store_gradients = false;   ///< store every parameter's gradient (clipping by norm, L-BFGS, checks)
  bool input_gradient = false;    ///< also compute ∂loss/∂input
  std::int64_t row_block = 1024;
};

/// A region of the arena: rows × columns from `offset`, with `stride` elements from row to row. offset < 0: absent.
struct Region {
  std::int64_t offset = -1, rows = 0, columns = 0, stride = 0;
};

struct PlanNode {
  std::vector<Need> needs;
  std::vector<Region> slices;         ///< saved and scratch slices, per need; absent for parameters
  std::vector<int> parameters;        ///< per need: index into the model's parameters; -1: not a parameter
  std::vector<bool> stores_gradient;  ///< per need
  std::vector<Region> gradients;      ///< per need; absent if not stored
  std::vector<Region> new_states;     ///< per need, for states that are updated; empty: none are
  Region y;
  std::vector<Region> dx;  ///< per input; absent if no layer needs it
  /// The inputs that read this node, as (node, input). The gradient of y is the sum of their dx, in descending node
  /// order.
  std::vector<std::pair<int, int>> readers;
  bool logits = false;
  int shares = -1;  ///< index of the node whose parameters this one uses; -1: its own
  /// The parameters have several uses, so their gradient is the sum over the uses and is stored.
  bool is_shared = false;
  bool last_use = true;       ///< no later node uses the same parameters, so this use stores its gradient first
  bool has_backward = false;  ///< whether a gradient is needed at or below this node
  Region probabilities;       ///< outputs of the folded activation, if `keep` names the node's output
};

/// One part of the model's outputs: the last layer's, or one head's.
struct PlanOutput {
  int node = 0;
  std::int64_t first = 0;      ///< its first column in the outputs
  Region targets, row_losses;  ///< for a head with a loss: the target columns it learns, and its loss per row
};

/// A range of columns of a region.
inline Region columns_of(const Region& region, std::int64_t first, std::int64_t columns) noexcept {
  return {region.offset < 0 ? -1 : region.offset + first, region.rows, columns, region.stride};
}

/// Whether the model owns the memory of this need. All other needs belong to a workspace.
inline bool is_owned(const Need& need) noexcept {
  return need.wanted && (need.role == Role::parameter || need.role == Role::state);
}

/// Whether training changes it.
inline bool is_learned(const Need& need) noexcept {
  return need.wanted && need.role == Role::parameter && need.trainable;
}

/// Throws U20 if a parameter does not have the shape that its layer needs: callers may have replaced the tensor.
void require_shape(const std::string& parameter, const Shape& found, std::int64_t size, const Shape& needed);

/// Throws U28 if every parameter of the model is frozen.
template <class T>
void require_trainable(const BasicModel<T>& model);

template <class T>
class Plan {
 public:
  /// Needs only the model's shapes (BasicModel::set_row_shape), not its parameters. Throws U20 (shapes, a node that no
  /// other reads), U21, U22 (no gradient), U23 (unknown name in keep), M02 if the values exceed any memory.
  Plan(const BasicModel<T>& model, const PlanOptions& options);

  const PlanOptions& options() const noexcept { return options_; }
  const std::vector<PlanNode>& nodes() const noexcept { return nodes_; }
  std::int64_t arena_elements() const noexcept { return arena_; }
  std::int64_t parameter_count() const noexcept { return parameters_; }     ///< number of tensors the model owns
  double parameter_elements() const noexcept;                               ///< number of numbers in them
  std::int64_t outputs() const noexcept { return output.columns; }          ///< of all heads together
  const std::vector<PlanOutput>& parts() const noexcept { return parts_; }  ///< one, or one per head
  /// The loss of a part. Only if the options have a loss.
  const Loss& loss_of(std::size_t part) const noexcept;
  bool keeps(const std::string& name) const;
  /// The plan of one chunk if batches are computed in chunks (chunks.cc); else null.
  const Plan* chunk() const noexcept { return chunk_.get(); }

  /// With chunks: the gradients of each row block, one block per row. The parameters' gradients lie in the first row.
  Region block_sums;
  Region output;  ///< the outputs of all parts side by side
  Region input, targets, row_weights, row_losses, output_gradient, fold;

 private:
  Region reserve(std::int64_t rows, std::int64_t columns, std::int64_t stride);
  Region reserve(std::int64_t rows, std::int64_t columns) { return reserve(rows, columns, columns); }
  Region reserve_rows(std::int64_t columns);
  Region reserve_batch(std::int64_t columns);
  void list_outputs(const BasicModel<T>& model);
  void list_needs(const BasicModel<T>& model);
  void find_backward(const BasicModel<T>& model);
  bool stores_gradient(const PlanNode& node, const Need& need, const std::string& name) const;
  void cut_into_chunks(const BasicModel<T>& model);
  void lay_out_node(const BasicModel<T>& model, int index);
  void lay_out_backward(const BasicModel<T>& model);
  void lay_out_loss(const BasicModel<T>& model);
  void check_keep(const BasicModel<T>& model) const;

  PlanOptions options_;
  std::vector<PlanNode> nodes_;
  std::vector<PlanOutput> parts_;
  std::int64_t arena_ = 0;
  int parameters_ = 0;
  std::shared_ptr<const Plan> chunk_;
};

extern template class Plan<float>;
extern template class Plan<double>;

}  // namespace pellucid
