// Workspace: the memory of a plan, and the computations of a batch: forward, loss, backward. One caller at a time.
// Not here: the optimizer's state and the order of a training step (train/updater.h), batches and epochs (src/train).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/plan.h"
#include "pellucid/observer.h"

namespace pellucid {

/// Identifies a batch for the random numbers of dropout, and has the factor on its rate. Nothing else depends on it.
struct StepKey {
  std::uint64_t seed = 0;
  std::uint32_t step = 0;
  std::uint32_t first_row = 0;
  double dropout_factor = 1;
};

/// The optimizer's state for one parameter.
template <class T>
struct ParameterState {
  std::vector<Tensor<T>> slots;
};

template <class T>
class Workspace final : public Values<T> {
 public:
  /// For training: updates write into the model's parameters. Plan and model must outlive the workspace, and the
  /// model's parameters must stay at their addresses (is_bound). `team`: threads that share the work; null: only the
  /// caller's. Throws U20 or U21 if the parameters do not match the plan, M02.
  Workspace(const Plan<T>& plan, BasicModel<T>& model, Team* team = nullptr) : Workspace(plan, model, &model, team) {}
  /// For prediction and evaluation: only reads the model. set_rule() must not be called.
  Workspace(const Plan<T>& plan, const BasicModel<T>& model, Team* team = nullptr)
      : Workspace(plan, model, nullptr, team) {}
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  /// Whether the model still has the layers, and the parameters at the addresses, for which this workspace was made.
  bool is_bound() const noexcept;
  /// Reads from tensors that replaced parameters, if their shapes are the same. Returns is_bound().
  bool rebind() noexcept;

  /// Whether input rows may be sparse: every layer that reads the input accepts them, and the input is not kept.
  bool takes_sparse_rows() const;
  /// Number of outputs of the widest layer that reads the input.
  std::int64_t widest_reader() const noexcept;
  /// Reads the coming batches from here, in place of input(); null: from input() again.
  void set_sparse_input(const SparseInput<T>* batch);

  // Memory for the caller to put a batch into before a step; contiguous rows.
  View<T> input() const { return input_; }
  /// Reads the input from other memory with the same shape and stride, which must stay valid while it is read.
  void set_input(View<T> input);
  View<T> targets() const { return at(plan_.targets); }
  T* row_weights() const { return at(plan_.row_weights).data; }
  std::vector<std::int32_t>& labels() { return labels_; }

  /// Says what the loss reads: labels or targets, and whether rows have weights.
  void set_batch_form(bool labelled, bool weighted) {
    labelled_ = labelled;
    weighted_ = weighted;
  }

  /// First half of a training step: forward, the loss of the batch (with the loss's reduction) and its gradient. A plan
  /// with chunks (plan.h) also runs backward here, chunk by chunk, and leaves the gradients as sums per row block. In
  /// both cases backward() completes the gradients.
  double forward_loss(std::int64_t rows, const StepKey& key);
  /// Second half: computes the gradients, and updates the parameters whose gradients are not stored.
  void backward();

  // Steps of the first half, for prediction, evaluation and checks. A plan with chunks throws P01.
  void forward(std::int64_t rows, bool training, const StepKey& key = {});
  /// The loss of the rows of the last forward(); with_gradient: also ∂loss/∂output.
  double loss(bool with_gradient);

  bool walks_in_chunks() const noexcept { return !walkers_.empty(); }
  /// Outputs of the batch; logits if the activation is folded into the loss. Not for a plan with chunks.
  View<T> output() const { return rows_of(plan_.output); }
  /// The same for any node.
  View<T> node_output(std::size_t node) const { return rows_of(plan_.nodes()[node].y); }
  /// ∂loss/∂output: loss() writes it, and backward() reads it. A caller that computes this gradient itself writes it
  /// here between forward() and backward().
  View<T> output_gradient() const { return rows_of(plan_.output_gradient); }
  /// The loss of each row after loss(), multiplied by the row's weight.
  const T* losses() const { return loss_data_.losses; }
  /// ∂loss/∂input after backward(); empty unless the plan has it.
  View<T> input_gradient() const { return rows_of(input_gradient_); }

  /// Enables updates during backward(): `states` per parameter (in the model's order), `rule`: index of the update
  /// rule. Parameters with a stored gradient are updated by apply_updates() instead.
  void set_rule(int rule, std::vector<ParameterState<T>>& states);
  /// Sets the constants of the next step for one parameter.
  void set_step(std::size_t parameter, const UpdateStep<T>& step);
  void apply_updates();
  /// Ends an accepted step: new states that layers wrote become the states. apply_updates() calls it.
  void commit_states();
  /// Gradient of a parameter; empty unless the plan stores it.
  View<T> gradient(std::size_t parameter) const;
  void scale_gradients(T factor);
  /// ‖all stored gradients‖², summed parameter by parameter in the model's order.
  double gradient_square_norm() const;

  // Reading values by name.
  std::vector<std::string> names() const override;
  View<const T> read(std::string_view name) const override;
  std::int64_t rows() const override { return rows_; }

 private:
  Workspace(const Plan<T>& plan, const BasicModel<T>& model, BasicModel<T>* learner, Team* team);
  View<T> at(const Region& region) const;
  View<T> rows_of(const Region& region) const;
  void bind_node(std::size_t index);
  void bind_sink(std::size_t index, std::size_t need);
  void sum_readers(std::size_t index);
  void sum_input_readers();
  void row_losses(bool with_gradient, T scale);
  double head_losses(bool with_gradient);
  T loss_scale(std::int64_t rows) const;
  double mean_loss(T scale);
  void require_whole() const;
  void walk_chunks(T scale);
  void walk_block(Workspace& walker, std::int64_t block, T scale) const;
  void aim(Workspace& walker, std::int64_t block) const;
  void fold_blocks();
  void keep_probabilities();
  void name_values();

  struct Named {
    View<T> view;
    bool per_row;
  };

  const Plan<T>& plan_;
  const BasicModel<T>& model_;
  BasicModel<T>* learner_;  // the same model if it may be written; else null
  Team alone_{1};
  Team& team_;
  Tensor<T> arena_;
  std::vector<PassData<T>> passes_;
  std::vector<std::pair<std::size_t, std::size_t>> sink_of_;  // per parameter: node and need
  View<T> input_;
  const SparseInput<T>* sparse_input_ = nullptr;
  Region input_gradient_;
  std::vector<std::int32_t> labels_;
  std::vector<T> part_losses_;  // per head, without its weight
  /// Where the loss reads and writes: in the arena, or for a walker in the rows of the long batch.
  struct LossData {
    View<T> targets;
    T* weights = nullptr;
    T* losses = nullptr;
    const std::int32_t* labels = nullptr;
  } loss_data_;
  std::vector<std::unique_ptr<Workspace>> walkers_;  // with chunks: one per thread of the team
  StepKey key_;
  bool labelled_ = false, weighted_ = false;
  std::int64_t rows_ = 0;
  T loss_value_ = 0;
  std::map<std::string, Named, std::less<>> names_;
};

extern template class Workspace<float>;
extern template class Workspace<double>;

}  // namespace pellucid
