// Workspace: the arena of one plan with every view bound, and the three moves of a step: forward, loss, backward.
// One workspace serves one caller at a time. Not here: batches, epochs, schedules (src/train).
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
  /// Binds to the model's parameters; plan and model must outlive the workspace, and the model keep its parameters'
  /// memory (is_bound). Throws U20, U21 where they are not as the plan has them, M02.
  /// The team's threads share the work of each step; null: the caller works alone.
  Workspace(const Plan<T>& plan, BasicModel<T>& model, Team* team = nullptr);
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

  void forward(std::int64_t rows, bool training, const StepKey& key = {});
  /// The data loss of the batch (by the loss's reduction); with_gradient also ∂loss/∂output. Where the plan walks in
  /// chunks, this is the walk: all three moves of one chunk, then of the next.
  double loss(bool with_gradient);
  void backward();

  View<T> output() const { return rows_of(plan_.nodes().back().y); }  ///< likewise not where it walks in chunks
  bool walks_in_chunks() const noexcept { return !walkers_.empty(); }
  /// What a node gave (logits where its activation is folded into the loss); not where the plan walks in chunks.
  View<T> node_output(std::size_t node) const { return rows_of(plan_.nodes()[node].y); }
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
  View<T> at(const Region& region) const;
  View<T> rows_of(const Region& region) const;
  void bind_node(std::size_t index);
  void bind_sink(std::size_t index, std::size_t need);
  void sum_readers(std::size_t index);
  void sum_input_readers();
  void row_losses(bool with_gradient, T scale);
  void custom_loss(bool with_gradient, T scale);
  void walk_chunks(bool with_gradient, T scale);
  void walk_block(Workspace& walker, std::int64_t block, bool with_gradient, T scale) const;
  void aim(Workspace& walker, std::int64_t block) const;
  void fold_blocks();
  void keep_probabilities();
  void name_values();

  struct Named {
    View<T> view;
    bool per_row;
  };

  const Plan<T>& plan_;
  BasicModel<T>& model_;
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
  bool training_ = false;
  StepKey key_;
  bool labelled_ = false, weighted_ = false;
  std::int64_t rows_ = 0;
  T loss_value_ = 0;
  std::map<std::string, Named, std::less<>> names_;
};

extern template class Workspace<float>;
extern template class Workspace<double>;

}  // namespace pellucid
