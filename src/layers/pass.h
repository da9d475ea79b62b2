// What stands behind a Pass: the views of one node on one workspace, and where each parameter's gradient goes. The
// short answers are inline, for a prediction of one small row asks more than it computes.
// Not here: who fills it in (workspace.cc), how gradients reach their sinks (model/pass.cc).
#pragma once

#include <vector>

#include "core/team.h"
#include "kernels/kernels.h"
#include "pellucid/layer.h"

namespace pellucid {

/// Where the gradient of one parameter goes.
///   none    nobody wants it
///   store   into `gradient`; an update, if any, follows after the whole backward pass
///   update  the optimizer's rule runs on each piece of the gradient while it is hot; the gradient is never stored
template <class T>
struct GradientSink {
  enum class Mode { none, store, update };
  Mode mode = Mode::none;
  T* gradient = nullptr;
  bool add = false;    // another use of the parameter has stored its part of this step's gradient before
  Update<T> update{};  // rule < 0: the parameter is not learned
};

template <class T>
struct PassData {
  const Kernels<T>* kernels = nullptr;
  Team* team = nullptr;
  std::int64_t rows = -1;
  bool training = false;
  bool logits = false;
  std::vector<Shape> input_shapes;  // of one row of each input
  std::vector<View<T>> x, dx;       // these, and slices where per_row, hold the rows of this batch: see set_rows
  View<T> y, dy;
  const SparseInput<T>* sparse_x = nullptr;  // x(0) without its zeros; the view x(0) is then not filled
  std::vector<View<T>> slices;               // by need; parameters and states whole
  std::vector<bool> per_row;                 // by need: whether slices[i] has one row per row of the batch
  std::vector<View<T>> new_states;           // by need, only where a layer has a state that updates
  std::vector<GradientSink<T>> sinks;        // by need
  RandomKey key{};
  std::uint32_t first_row = 0;
  std::int64_t row_block = 1024;
  bool add = false;   // stored gradients go on from those of the rows before (a later chunk of a row block)
  T* fold = nullptr;  // room for the partial sums of row blocks and for a bias's gradient

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
