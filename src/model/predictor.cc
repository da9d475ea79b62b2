// Prediction: a plan without loss and a workspace of its own, for Predictor and predict().
// Not here: classes, units, columns (src/judge/evaluate.cc).
#include <algorithm>
#include <atomic>
#include <deque>
#include <exception>
#include <utility>

#include "model/prediction_threads.h"
#include "model/workspace.h"
#include "pellucid/error.h"

namespace pellucid {

namespace {

constexpr std::int64_t narrow = 64;  // with fewer columns, looking for zeros costs more than it saves
constexpr std::int64_t rare = 3;     // zeros are skipped if at most one number in this many is nonzero

/// The nonzero numbers of one row; the memory is reused from row to row.
template <class T>
class NonZeros {
 public:
  explicit NonZeros(std::int64_t columns)
      : column_(static_cast<std::size_t>(columns / rare + 1)), value_(column_.size()) {}
  NonZeros(const NonZeros&) = delete;
  NonZeros& operator=(const NonZeros&) = delete;

  /// Returns false if there are too many nonzero numbers for skipping to pay.
  bool gather(std::span<const T> row) noexcept {
    std::size_t found = 0;
    for (const T x : row) found += x != T(0);
    if (found >= column_.size()) return false;
    std::int32_t& count = band_[1] = 0;
    for (std::size_t c = 0; c < row.size(); ++c) {  // branch-free: the next number overwrites a zero
      column_[static_cast<std::size_t>(count)] = static_cast<std::uint16_t>(c);
      value_[static_cast<std::size_t>(count)] = row[c];
      count += row[c] != T(0);
    }
    return true;
  }
  const SparseInput<T>& row() const noexcept { return row_; }

 private:
  std::vector<std::uint16_t> column_;
  std::vector<T> value_;
  std::int32_t band_[2] = {0, 0};
  SparseInput<T> row_{.bands = 1, .band = band_, .column = column_.data(), .value = value_.data()};
};

}  // namespace

template <class T>
struct Predictor<T>::Impl {
  Impl(const BasicModel<T>& model, std::int64_t rows)
      : watched(model.identity_.watch()),
        place(&model.identity_),
        plan(model, {.rows = rows, .loss = std::nullopt, .keep = {}}),
        workspace(plan, model),
        nonzeros(plan.input.columns),
        may_skip(workspace.takes_sparse_rows() && plan.input.columns >= narrow && plan.input.columns <= 65536) {}

  /// Puts the row where the workspace reads it, dense or sparse.
  void load(std::span<const T> row) {
    const bool skip = may_skip && nonzeros.gather(row);
    if (skip != skips) workspace.set_sparse_input(skip ? &nonzeros.row() : nullptr);
    skips = skip;
    if (!skip) std::copy(row.begin(), row.end(), workspace.input().data);
  }
  void load(View<const T> rows) {
    if (std::exchange(skips, false)) workspace.set_sparse_input(nullptr);
    for (std::int64_t r = 0; r < rows.rows; ++r) std::copy_n(rows.row(r), rows.columns, workspace.input().row(r));
  }

  bool is_current() noexcept { return *watched == place && (workspace.is_bound() || workspace.rebind()); }

  std::shared_ptr<const ModelIdentity* const> watched;
  const ModelIdentity* place;
  Plan<T> plan;
  Workspace<T> workspace;
  NonZeros<T> nonzeros;
  bool may_skip, skips = false;
};

template <class T>
Predictor<T>::Predictor(const BasicModel<T>& model, std::int64_t rows) : impl_(std::make_unique<Impl>(model, rows)) {}
template <class T>
Predictor<T>::~Predictor() = default;
template <class T>
Predictor<T>::Predictor(Predictor&&) noexcept = default;
template <class T>
Predictor<T>& Predictor<T>::operator=(Predictor&&) noexcept = default;

namespace {

[[noreturn]] void refuse(std::int64_t rows, std::int64_t columns, std::int64_t most_rows, std::int64_t wanted) {
  throw Error("U20", "predict takes up to " + std::to_string(most_rows) + " rows of " + std::to_string(wanted) +
                         " numbers, got " + std::to_string(rows) + " of " + std::to_string(columns));
}

// Checks the identity first, because a model that was destroyed must not be read.
void require_current(auto* impl) {
  if (impl == nullptr) throw Error("U24", "this predictor was moved from: only the one it was moved to can predict");
  if (!impl->is_current()) {
    throw Error("U24", "the model has changed since this predictor was made of it",
                {"make a new one: model.predictor()"});
  }
}

}  // namespace

template <class T>
std::span<const T> Predictor<T>::operator()(std::span<const T> row) {
  require_current(impl_.get());
  Workspace<T>& workspace = impl_->workspace;
  const View<T> input = workspace.input();
  const auto columns = static_cast<std::int64_t>(row.size());
  if (columns != input.columns) refuse(1, columns, input.rows, input.columns);
  impl_->load(row);
  workspace.forward(1, false);
  const View<T> y = workspace.output();
  return {y.data, static_cast<std::size_t>(y.columns)};
}

template <class T>
View<const T> Predictor<T>::operator()(View<const T> rows) {
  require_current(impl_.get());
  Workspace<T>& workspace = impl_->workspace;
  const View<T> input = workspace.input();
  if (rows.columns != input.columns || rows.rows < 0 || rows.rows > input.rows || (rows.rows > 0 && !rows))
    refuse(rows.rows, rows.columns, input.rows, input.columns);
  impl_->load(rows);
  workspace.forward(rows.rows, false);
  return workspace.output();
}

namespace {

// Operations per thread: some hundred microseconds, several times the cost of starting a thread.
constexpr double worth_a_thread = 1e7;
constexpr std::int64_t chunk = rows_predicted_at_once;

}  // namespace

template <class T>
int threads_for(const BasicModel<T>& model, std::int64_t rows, std::int64_t threads) {
  const double operations = 2 * static_cast<double>(rows) * static_cast<double>(model.parameter_count());
  const bool own = std::ranges::any_of(model.nodes(), [](const Node& node) {
    const Activation* f = node.layer->output_activation();
    return f && f->kind().builtin < 0;
  });
  if (own || rows <= chunk || operations < 2 * worth_a_thread) return 1;
  const double most = std::min(operations / worth_a_thread, static_cast<double>((rows + chunk - 1) / chunk));
  return static_cast<int>(std::min<double>(most, threads > 0 ? static_cast<double>(threads) : usable_cpus()));
}

namespace {

/// One thread's work: takes the next chunk until none is left.
template <class T, class Read>
void predict_chunks(Workspace<T>& workspace, std::atomic<std::int64_t>& next, View<T> out, const Read& read) {
  for (;;) {
    const std::int64_t first = next.fetch_add(chunk, std::memory_order_relaxed);
    if (first >= out.rows) return;
    const std::int64_t count = std::min(chunk, out.rows - first);
    for (std::int64_t r = 0; r < count; ++r) read(first + r, workspace.input().row(r));
    workspace.forward(count, false);
    const View<T> y = workspace.output();
    std::copy_n(y.data, count * y.columns, out.row(first));
  }
}

template <class T, class Read>
Tensor<T> predict_rows(const BasicModel<T>& model, std::int64_t rows, std::int64_t threads, const Read& read) {
  Tensor<T> result(Shape{rows, model.output_shape().elements()});
  const Plan<T> plan(model, {.rows = std::clamp<std::int64_t>(rows, 1, chunk), .loss = std::nullopt, .keep = {}});
  Team team(threads_for(model, rows, threads));
  std::deque<Workspace<T>> workspaces;
  for (int i = 0; i < team.size(); ++i) workspaces.emplace_back(plan, model);
  std::vector<std::exception_ptr> thrown(workspaces.size());
  std::atomic<std::int64_t> next{0};
  team.run(team.size(), [&](int part) {
    const auto i = static_cast<std::size_t>(part);
    try {
      predict_chunks(workspaces[i], next, result.view(), read);
    } catch (...) {  // a user's own layer may throw
      thrown[i] = std::current_exception();
    }
  });
  for (const std::exception_ptr& error : thrown) {
    if (error) std::rethrow_exception(error);
  }
  return result;
}

}  // namespace

template <class T>
Tensor<T> BasicModel<T>::predict(View<const T> rows, std::int64_t threads) const {
  if (rows.columns != row_shape().elements() || rows.rows < 0 || (rows.rows > 0 && !rows)) {
    throw Error("U20", "the model takes rows of " + row_shape().text() + " numbers, got " + std::to_string(rows.rows) +
                           " rows of " + std::to_string(rows.columns) + (rows ? "" : " without data"));
  }
  return predict_rows<T>(*this, rows.rows, threads,
                         [&](std::int64_t r, T* out) { std::copy(rows.row(r), rows.row(r) + rows.columns, out); });
}

template <class T>
Tensor<T> BasicModel<T>::predict(const Dataset& data, std::int64_t threads) const {
  if (data.row_shape().elements() != row_shape().elements()) {
    throw Error("U20",
                "the model takes rows of shape " + row_shape().text() + ", the data has " + data.row_shape().text());
  }
  return predict_rows<T>(*this, data.rows(), threads, [&](std::int64_t r, T* out) { data.read_row<T>(r, out); });
}

template <class T>
Predictor<T> BasicModel<T>::predictor(std::int64_t rows) const {
  return Predictor<T>(*this, rows);
}

template int threads_for(const BasicModel<float>&, std::int64_t, std::int64_t);
template int threads_for(const BasicModel<double>&, std::int64_t, std::int64_t);
template class Predictor<float>;
template class Predictor<double>;
template Tensor<float> BasicModel<float>::predict(View<const float>, std::int64_t) const;
template Tensor<double> BasicModel<double>::predict(View<const double>, std::int64_t) const;
template Tensor<float> BasicModel<float>::predict(const Dataset&, std::int64_t) const;
template Tensor<double> BasicModel<double>::predict(const Dataset&, std::int64_t) const;
template Predictor<float> BasicModel<float>::predictor(std::int64_t) const;
template Predictor<double> BasicModel<double>::predictor(std::int64_t) const;

}  // namespace pellucid
