// The data behind a Pass: the views of one node in one workspace, and where each parameter's gradient goes. Short
// functions are inline because a prediction of one small row calls them more than it computes.
// Not here: filling in the data (workspace.cc), summing gradients (model/pass.cc).
#pragma once

#include <vector>

#include "core/team.h"
#include "kernels/kernels.h"
#include "pellucid/layer.h"

namespace pellucid {

/// Where the gradient of one parameter goes:
///   none    it is not needed
///   store   it is stored in `gradient`; an update, if any, follows after the whole backward pass
///   update  each piece of the gradient is applied by the update rule while it is in the cache, and is never stored
template <class T>
struct GradientSink {
  enum class Mode { none, store, update };
  Mode mode = Mode::none;
  T* gradient = nullptr;
  bool add = false;    // add to `gradient`, because another use of the parameter already stored its gradient there
  Update<T> update{};  // rule < 0: the parameter is not trained
};

template <class T>
struct PassData {
  const Kernels<T>* kernels = nullptr;
  Team* team = nullptr;
  std::int64_t rows = -1;
  bool training = false;
  bool logits = false;
  std::vector<Shape> input_shapes;  // shapes of one row of each input
  std::vector<View<T>> x, dx;       // x, dx and slices with per_row: cut to the rows of the batch by set_rows
  View<T> y, dy;
  const SparseInput<T>* sparse_x = nullptr;  // x(0) in sparse form; the view x(0) is then not filled
  std::vector<View<T>> slices;               // per need; parameters and states are whole
  std::vector<bool> per_row;                 // per need: whether slices[i] has one row per row of the batch
  std::vector<View<T>> new_states;           // per need; only if the layer has a state that is updated
  std::vector<GradientSink<T>> sinks;        // per need
  RandomKey key{};
  std::uint32_t first_row = 0;
  double dropout_factor = 1;
  std::int64_t row_block = 1024;
  bool add = false;   // stored gradients continue those of earlier rows (a later chunk of a row block)
  T* fold = nullptr;  // memory for partial sums of row blocks and for the gradient of a bias

  void set_rows(std::int64_t count) noexcept;
};

template <class T>
inline std::int64_t Pass<T>::rows() const noexcept {
  return data_.rows;
}
template <class T>
inline int Pass<T>::inputs() const noexcept {
  return static_cast<int>(data_.x.size());
}
template <class T>
inline const Shape& Pass<T>::input_shape(int input) const noexcept {
  return data_.input_shapes[static_cast<std::size_t>(input)];
}
template <class T>
inline bool Pass<T>::training() const noexcept {
  return data_.training;
}
template <class T>
inline bool Pass<T>::logits_wanted() const noexcept {
  return data_.logits;
}
template <class T>
inline View<const T> Pass<T>::x(int input) const noexcept {
  return data_.x[static_cast<std::size_t>(input)];
}
template <class T>
inline View<T> Pass<T>::y() const noexcept {
  return data_.y;
}
template <class T>
inline View<T> Pass<T>::dy() const noexcept {
  return data_.dy;
}
template <class T>
inline View<T> Pass<T>::dx(int input) const noexcept {
  return data_.dx[static_cast<std::size_t>(input)];
}
template <class T>
[[gnu::always_inline]] inline View<T> Pass<T>::slice(int need) const noexcept {
  return data_.slices[static_cast<std::size_t>(need)];
}
template <class T>
inline View<T> Pass<T>::new_state(int need) const noexcept {
  return data_.training && !data_.new_states.empty() ? data_.new_states[static_cast<std::size_t>(need)] : View<T>{};
}
template <class T>
inline Team& Pass<T>::team() const noexcept {
  return *data_.team;
}
template <class T>
inline const SparseInput<T>* Pass<T>::sparse_x() const noexcept {
  return data_.sparse_x;
}
template <class T>
[[gnu::always_inline]] inline const Kernels<T>& Pass<T>::kernels() const noexcept {
  return *data_.kernels;
}

}  // namespace pellucid
