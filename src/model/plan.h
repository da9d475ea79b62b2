// Plan: a model compiled for a batch size, a loss and what shall be kept: which slices exist and where they lie in one
// arena. Immutable; one plan serves any number of workspaces. Not here: the memory itself and running a step
// (workspace.h).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "layers/pass.h"
#include "pellucid/loss.h"
#include "pellucid/model.h"

namespace pellucid {

struct PlanOptions {
  std::int64_t rows = 1;          ///< most rows of a batch
  std::optional<Loss> loss;       ///< none: forward only
  std::vector<std::string> keep;  ///< values to be readable by name (observer.h)
  bool store_gradients = false;   ///< every parameter's gradient is stored (clipping by norm, L-BFGS, checks)
  bool input_gradient = false;    ///< also ∂loss/∂input
  std::int64_t row_block = 1024;
};

/// A region of the arena: rows × columns at an offset in elements, `stride` from row to row. offset < 0: absent.
struct Region {
  std::int64_t offset = -1, rows = 0, columns = 0, stride = 0;
};

struct PlanNode {
  std::vector<Need> needs;
  std::vector<Region> slices;         ///< saved and scratch by need; absent for parameters
  std::vector<int> parameters;        ///< index into the model's parameters by need, -1: none of them
  std::vector<bool> stores_gradient;  ///< by need
  std::vector<Region> gradients;      ///< by need, where stored
  std::vector<Region> new_states;     ///< by need, where a state updates; empty: none does
  Region y;
  std::vector<Region> dx;  ///< by input; absent where no layer needs it
  /// The inputs that read this node: (node, input). The gradient of y is the sum of their dx, in descending node order.
  std::vector<std::pair<int, int>> readers;
  bool logits = false;
  int shares = -1;         ///< the node that has the parameters which this one uses; -1: its own
  bool is_shared = false;  ///< the parameters have several uses: their gradient is the sum over these, so it is stored
  bool last_use = true;    ///< no later node uses the same parameters: this use's gradient is stored first
  bool has_backward = false;  ///< something at or below this node wants a gradient
};

/// Whether a slice that a layer asks for belongs to the model, and not to a plan.
inline bool is_owned(const Need& need) noexcept {
  return need.wanted && (need.role == Role::parameter || need.role == Role::state);
}

/// Whether a training moves it.
inline bool is_learned(const Need& need) noexcept {
  return need.wanted && need.role == Role::parameter && need.trainable;
}

/// Throws U20 where a parameter is not as its layer needs it: anybody may have put another tensor in its place.
void require_shape(const std::string& parameter, const Shape& found, std::int64_t size, const Shape& needed);

/// Throws U28 where every parameter of the model is frozen.
template <class T>
void require_trainable(const BasicModel<T>& model);

template <class T>
class Plan {
 public:
  /// The model's parameters need not be there yet, only its shapes (BasicModel::set_row_shape). Throws U20 (shapes, a
  /// node nobody reads), U21, U22 (no gradient), U23 (unknown name in keep), M02 where no memory can hold it.
  Plan(const BasicModel<T>& model, const PlanOptions& options);

  const PlanOptions& options() const noexcept { return options_; }
  const std::vector<PlanNode>& nodes() const noexcept { return nodes_; }
  std::int64_t arena_elements() const noexcept { return arena_; }
  std::int64_t parameter_count() const noexcept { return parameters_; }  ///< how many tensors the model owns
  double parameter_elements() const noexcept;                            ///< and how many numbers
  std::int64_t outputs() const noexcept { return nodes_.back().y.columns; }
  bool keeps(const std::string& name) const;
  /// The same for a chunk of rows, where this long batch is walked chunk by chunk (chunks.cc); null: it is walked
  /// whole.
  const Plan* chunk() const noexcept { return chunk_.get(); }

  Region
      block_sums;  ///< with chunks: a row block's gradients a row; the first row is where the parameters' gradients lie
  Region input, targets, row_weights, row_losses, output_gradient, probabilities, fold;

 private:
  Region reserve(std::int64_t rows, std::int64_t columns, std::int64_t stride);
  Region reserve(std::int64_t rows, std::int64_t columns) { return reserve(rows, columns, columns); }
  Region reserve_rows(std::int64_t columns);
  Region reserve_batch(std::int64_t columns);
  void list_needs(const BasicModel<T>& model);
  void find_backward(const BasicModel<T>& model);
  bool stores_gradient(const PlanNode& node, const Need& need, const std::string& name) const;
  void cut_into_chunks(const BasicModel<T>& model);
  void lay_out_node(const BasicModel<T>& model, int index);
  void lay_out_backward(const BasicModel<T>& model);
  void check_keep(const BasicModel<T>& model) const;

  PlanOptions options_;
  std::vector<PlanNode> nodes_;
  std::int64_t arena_ = 0;
  int parameters_ = 0;
  std::shared_ptr<const Plan> chunk_;
};

extern template class Plan<float>;
extern template class Plan<double>;

}  // namespace pellucid
