// Workspace: the memory of one plan with every view bound, and the computations of a batch: forward, loss, backward.
// A workspace serves one caller at a time.
// Not here: the optimizer's state and the order of a training step (train/updater.h), batches and epochs (src/train).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/plan.h"
#include "pellucid/observer.h"

namespace pellucid {

/// Which batch this is: decides dropout, nothing else.
struct StepKey {
  std::uint64_t seed = 0;
  std::uint32_t step = 0;
  std::uint32_t first_row = 0;
};

/// The optimizer's state for one parameter.
template <class T>
struct ParameterState {
  std::vector<Tensor<T>> slots;
};

template <class T>
class Workspace final : public Values<T> {
 public:
  /// For training: an update writes into the model's parameters. Plan and model must outlive the workspace, and the
  /// model must keep its parameters' memory (is_bound). Throws U20, U21 where the parameters are not as the plan has
  /// them, M02. The team's threads share the work; null: the caller works alone.
  Workspace(const Plan<T>& plan, BasicModel<T>& model, Team* team = nullptr) : Workspace(plan, model, &model, team) {}
  /// For prediction and judging: the model is only read, and set_rule() must not be called.
  Workspace(const Plan<T>& plan, const BasicModel<T>& model, Team* team = nullptr)
      : Workspace(plan, model, nullptr, team) {}
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  /// Whether the model still has the layers and, at their places, the parameters that this was made for.
  bool is_bound() const noexcept;
  /// Takes tensors that were put in the place of parameters, where they have the same shapes. Returns is_bound().
  bool rebind() noexcept;

  /// Whether the data may come without their zeros: every layer that reads them takes them so, and nobody else looks.
  bool takes_sparse_rows() const;
  /// Outputs of the widest layer that reads the input.
  std::int64_t widest_reader() const noexcept;
  /// The coming batches without their zeros, in place of input(); null: input() again.
  void set_sparse_input(const SparseInput<T>* batch);

  // Where a batch is put before a step; contiguous rows.
  View<T> input() const { return input_; }
  /// Another place of the same shape and stride for it, which must stay while it is read.
  void set_input(View<T> input);
  View<T> targets() const { return at(plan_.targets); }
  T* row_weights() const { return at(plan_.row_weights).data; }
  std::vector<std::int32_t>& labels() { return labels_; }

  /// What the loss reads: labels or targets, and whether rows are weighted.
  void set_batch_form(bool labelled, bool weighted) {
    labelled_ = labelled;
    weighted_ = weighted;
  }

  /// First half of a training step: forward, and the loss of the batch (by the loss's reduction) with its gradient.
  /// A plan without chunks computes all rows layer by layer. A plan with chunks (plan.h) takes some rows at a time
  /// through forward, loss and backward, so that their values stay in the cache; the gradients then lie in row blocks.
  /// Either way backward() completes the gradients.
  double forward_loss(std::int64_t rows, const StepKey& key);
  /// Second half: the gradients, and the updates of those parameters whose gradient is not stored.
  void backward();

  // The parts of the first half, for prediction, judging and checks. Not for a plan with chunks (throws P01).
  void forward(std::int64_t rows, bool training, const StepKey& key = {});
  /// The loss of the rows that went forward; with_gradient also ∂loss/∂output.
  double loss(bool with_gradient);

  bool walks_in_chunks() const noexcept { return !walkers_.empty(); }
  /// Outputs of the batch (logits where the activation is folded into the loss); not of a plan with chunks.
  View<T> output() const { return rows_of(plan_.nodes().back().y); }
  /// The same of any node.
  View<T> node_output(std::size_t node) const { return rows_of(plan_.nodes()[node].y); }
  /// ∂loss/∂output: loss() writes it and backward() reads it. A caller with a gradient of its own writes it here
  /// between forward() and backward().
  View<T> output_gradient() const { return rows_of(plan_.output_gradient); }
  /// Of each row after loss(), times its weight.
  const T* losses() const { return loss_data_.losses; }
  /// ∂loss/∂input after backward(); empty unless the plan has it.
  View<T> input_gradient() const { return rows_of(input_gradient_); }

  /// Updates during backward: slots of each parameter (in the model's order) and the rule. Parameters whose gradient is
  /// stored are left to apply_updates().
  void set_rule(int rule, std::vector<ParameterState<T>>& states);
  /// The constants of the coming step for one parameter.
  void set_step(std::size_t parameter, const UpdateStep<T>& step);
  void apply_updates();
  /// Ends an accepted step: what layers wrote as the next value of a state becomes the state. apply_updates() does it.
  void commit_states();
  /// Gradient of a parameter; empty unless the plan stores it.
  View<T> gradient(std::size_t parameter) const;
  void scale_gradients(T factor);
  /// ‖all stored gradients‖², summed parameter by parameter in the model's order.
  double gradient_square_norm() const;

  // Values, by name.
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
  void custom_loss(bool with_gradient, T scale);
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
  BasicModel<T>* learner_;  // the same model where it may be written; else null
  Team alone_{1};
  Team& team_;
  Tensor<T> arena_;
  std::vector<PassData<T>> passes_;
  std::vector<std::pair<std::size_t, std::size_t>> sink_of_;  // by parameter: node, need
  View<T> input_;
  const SparseInput<T>* sparse_input_ = nullptr;
  Region input_gradient_;
  std::vector<std::int32_t> labels_;
  /// What the loss reads and writes: the arena's, or a walker's rows of the long batch.
  struct LossData {
    View<T> targets;
    T* weights = nullptr;
    T* losses = nullptr;
    const std::int32_t* labels = nullptr;
  } loss_data_;
  std::vector<std::unique_ptr<Workspace>> walkers_;  // with chunks: one for each of the team
  StepKey key_;
  bool labelled_ = false, weighted_ = false;
  std::int64_t rows_ = 0;
  T loss_value_ = 0;
  std::map<std::string, Named, std::less<>> names_;
};

extern template class Workspace<float>;
extern template class Workspace<double>;

}  // namespace pellucid
