// Training by L-BFGS on all rows at once: one accepted step per epoch.
// Not here: the search (optimizers/lbfgs.cc).
#include "optimizers/lbfgs.h"

#include <cmath>

#include "core/settings.h"
#include "pellucid/error.h"
#include "train/training_run.h"

namespace pellucid {
namespace {

Lbfgs settings_of(Optimizer optimizer) {
  Lbfgs settings;
  settings_from_json(settings, settings_to_json(optimizer), "optimizer lbfgs");
  return settings;
}

template <class T>
class LbfgsRun final : public TrainingRun<T> {
 public:
  LbfgsRun(BasicModel<T>& model, const Dataset& train, const Dataset& validation, const BasicFitOptions<T>& options)
      : TrainingRun<T>(model, train, validation, options),
        batches_(this->train_, this->train_.rows(), false, 0),
        plan_(model, {.rows = this->train_.rows(),
                      .loss = this->loss_,
                      .keep = this->options_.keep,
                      .store_gradients = true,
                      .row_block = this->options_.row_block}),
        workspace_(plan_, model, &this->team_),
        feeder_(batches_, workspace_, true, nullptr) {
    require_trainable(model);
    feeder_.load(0, workspace_);
    for (const Parameter<T>& parameter : model.parameters()) {
      const Need need = model.needs(parameter.node)[static_cast<std::size_t>(parameter.need)];
      learned_.push_back(is_learned(need));
      decays_.push_back(need.decays);
      has_states_ |= need.updates;
    }
  }

 private:
  std::int64_t steps_per_epoch() const override { return 1; }
  const Workspace<T>& workspace() const override { return workspace_; }

  double train_epoch(std::int64_t epoch) override {
    if (!search_) begin_search();
    const bool moved = search_->step();
    if (!moved) this->stop_ = search_->stopped();
    write_point(search_->point());
    if (moved) commit_states();
    const double loss = search_->value() - penalty(search_->point());
    if (!std::isfinite(loss)) throw Error("N01", "loss is not finite in epoch " + std::to_string(epoch));
    this->each_observer([&](BasicObserver<T>& o) { o.on_step(epoch, workspace_); });
    return loss;
  }

  // States belong to the accepted point, which need not be the one that the search evaluated last.
  void commit_states() {
    if (!has_states_) return;
    std::vector<double> gradient(evaluated_.size());
    if (evaluated_ != search_->point()) evaluate(search_->point(), gradient);
    workspace_.commit_states();
  }

  void begin_search() {
    search_.emplace(
        settings_of(this->options_.optimizer),
        [this](const std::vector<double>& point, std::vector<double>& gradient) { return evaluate(point, gradient); },
        read_point());
  }

  // A search that has not begun has no state; it will start from the weights.
  void load_optimizer(const TrainingState<T>& state) override {
    if (state.search.empty() && state.epochs_done == 0) return;
    begin_search();
    if (!search_->restore(state.search))
      throw Error("D21", "the checkpoint holds no search of lbfgs: it is damaged, or an early version wrote it");
    write_point(search_->point());
  }

  void save_optimizer(TrainingState<T>& state) const override {
    if (search_) state.search = search_->state();
  }

  template <class F>
  void each_learned(F f) const {
    for (std::size_t p = 0; p < learned_.size(); ++p) {
      if (learned_[p]) f(p);
    }
  }

  std::vector<double> read_point() const {
    std::vector<double> point;
    each_learned([&](std::size_t p) {
      const auto values = this->model_.parameters()[p].value.values();
      point.insert(point.end(), values.begin(), values.end());
    });
    return point;
  }

  void write_point(const std::vector<double>& point) {
    std::size_t at = 0;
    each_learned([&](std::size_t p) {
      for (T& value : this->model_.parameters()[p].value.values()) value = static_cast<T>(point[at++]);
    });
  }

  double penalty(const std::vector<double>& point) const {
    double squares = 0;
    std::size_t at = 0;
    each_learned([&](std::size_t p) {
      const auto n = static_cast<std::size_t>(this->model_.parameters()[p].value.size());
      for (std::size_t i = 0; i < n; ++i, ++at) squares += decays_[p] ? point[at] * point[at] : 0;
    });
    return this->options_.l2 / 2 * squares;
  }

  double evaluate(const std::vector<double>& point, std::vector<double>& gradient) {
    write_point(point);
    if (has_states_) evaluated_ = point;
    const double loss = workspace_.forward_loss(this->train_.rows(), {.seed = this->options_.seed});
    workspace_.backward();
    std::size_t at = 0;
    each_learned([&](std::size_t p) {
      const View<T> g = workspace_.gradient(p);
      for (std::int64_t i = 0; i < g.rows * g.columns; ++i, ++at) {
        gradient[at] = static_cast<double>(g.data[i]) + (decays_[p] ? this->options_.l2 * point[at] : 0);
      }
    });
    return loss + penalty(point);
  }

  Batches batches_;
  Plan<T> plan_;
  Workspace<T> workspace_;
  Feeder<T> feeder_;
  std::vector<bool> learned_, decays_;
  bool has_states_ = false;
  std::vector<double> evaluated_;  // the point of the last evaluation; only with states
  std::optional<LbfgsSearch> search_;
};

}  // namespace

template <class T>
std::unique_ptr<TrainingRun<T>> make_lbfgs_run(BasicModel<T>& model, const Dataset& train, const Dataset& validation,
                                               const BasicFitOptions<T>& options) {
  return std::make_unique<LbfgsRun<T>>(model, train, validation, options);
}

template std::unique_ptr<TrainingRun<float>> make_lbfgs_run(BasicModel<float>&, const Dataset&, const Dataset&,
                                                            const BasicFitOptions<float>&);
template std::unique_ptr<TrainingRun<double>> make_lbfgs_run(BasicModel<double>&, const Dataset&, const Dataset&,
                                                             const BasicFitOptions<double>&);

}  // namespace pellucid
