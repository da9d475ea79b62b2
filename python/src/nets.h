// Net: a model that Python objects share, with the locks that make it safe for threads.
// Not here: what Python can do with it (nets.cc, training.cc).
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

#include "arrays.h"
#include "pellucid/model.h"
#include "pellucid/table_predictor.h"

namespace pellucid::python {

/// Features, targets and weights of rows.
struct Data {
  Dataset data;
};

class Net {
 public:
  Net() : model_(std::make_shared<Model>()) {}
  explicit Net(Model model) : model_(std::make_shared<Model>(std::move(model))) {}
  /// A model that is part of something else, such as a run.
  explicit Net(std::shared_ptr<Model> model) : model_(std::move(model)) {}
  Net(Net&&) = delete;

  Model& model() noexcept { return *model_; }
  const std::shared_ptr<Model>& shared() const noexcept { return model_; }

  /// Calls `use` without the GIL, together with other readers, but not while the model is trained by another thread.
  template <class Use>
  auto read(const Use& use) {
    if (is_mine()) return use(*model_);
    const nb::gil_scoped_release released;
    const std::shared_lock lock(mutex_);
    return use(*model_);
  }
  /// Calls `use` without the GIL and alone.
  template <class Use>
  auto change(const Use& use) {
    if (is_mine()) return use(*model_);
    const nb::gil_scoped_release released;
    const std::unique_lock lock(mutex_);
    const Mine mine(owner_);
    return use(*model_);
  }

  /// Writes the outputs for one row or a few, with a predictor that is kept from call to call. Called with the GIL.
  void predict_few(View<const float> rows, View<float> out);
  /// The predictions for a table, likewise.
  std::vector<TargetPredictions> predict_table(const Table& table, std::int64_t threads);

 private:
  struct Mine {
    explicit Mine(std::atomic<std::thread::id>& owner) : owner_(owner) { owner_ = std::this_thread::get_id(); }
    ~Mine() { owner_ = std::thread::id(); }
    std::atomic<std::thread::id>& owner_;
  };
  // Whether this thread changes the model already: a callback of the training calls predict().
  bool is_mine() const noexcept { return owner_.load() == std::this_thread::get_id(); }

  std::shared_ptr<Model> model_;
  std::shared_mutex mutex_;
  std::atomic<std::thread::id> owner_{};
  // Predictors that no thread uses now.
  template <class Kind>
  struct Idle {
    std::mutex mutex{};
    std::vector<std::unique_ptr<Kind>> list{};
  };
  // Calls use(predictor) with an idle predictor, or with a new one where there is none or the model has changed.
  template <class Kind, class Make, class Use>
  static auto with_predictor(Idle<Kind>& idle, const Make& make, const Use& use);

  Idle<Predictor<float>> predictors_;
  Idle<TablePredictor> table_predictors_;
};

}  // namespace pellucid::python
