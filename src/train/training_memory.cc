// Estimates the memory of a training before it begins.
// Not here: the objects that need it (training_run.cc, batch_run.cc, lbfgs_run.cc).
#include <algorithm>

#include "core/memory.h"
#include "core/settings.h"
#include "core/team.h"
#include "core/text.h"
#include "model/match.h"
#include "model/plan.h"
#include "optimizers/rule.h"
#include "pellucid/error.h"
#include "pellucid/trainer.h"
#include "train/defaults.h"

namespace pellucid {
namespace {

// Largest batches, in rows, of judge.cc and health_watch.cc.
constexpr std::int64_t judged_at_once = 256, watched_at_once = 512;

template <class T>
double workspace_elements(const Plan<T>& plan, int threads) {
  const double walkers = plan.chunk() ? threads * static_cast<double>(plan.chunk()->arena_elements()) : 0;
  return static_cast<double>(plan.arena_elements()) + walkers;
}

// Number of copies of all parameters besides the model: the snapshot of the last epoch, the best weights, and two
// copies of the optimizer's state.
template <class T>
double parameter_copies(const BasicFitOptions<T>& options, bool judged) {
  const double weights = 1 + (judged && options.keep_best ? 1 : 0);
  if (options.optimizer.settings().rule() >= 0) return weights + 2.0 * options.optimizer.settings().slots();
  double history = 0;  // L-BFGS computes in double
  Optimizer optimizer = options.optimizer;
  for (const FieldState& field : list_fields(optimizer)) {
    if (std::string_view(field.info.name) == "history")
      history = static_cast<double>(std::get<std::int64_t>(field.value));
  }
  return weights + (2 * history + 4) * sizeof(double) / sizeof(T);
}

}  // namespace

template <class T>
void require_training_memory(const BasicModel<T>& given, const Dataset& train, const Dataset& validation,
                             const BasicFitOptions<T>& given_options) {
  const BasicFitOptions<T> options = with_defaults(given_options, train);
  BasicModel<T> unbuilt;
  if (!given.is_built()) {
    unbuilt = given;
    unbuilt.set_row_shape(train.row_shape());
  }
  const BasicModel<T>& model = given.is_built() ? given : unbuilt;
  const Loss loss = chosen_loss(model, train, options.loss);
  const int threads = options.threads > 0 ? static_cast<int>(options.threads) : usable_cpus();
  const bool all_rows = options.optimizer.settings().rule() < 0;
  const Plan<T> plan(model, {.rows = options.batch_size,
                             .loss = loss,
                             .keep = options.keep,
                             .store_gradients = options.clip_norm > 0 || all_rows,
                             .row_block = options.row_block});
  const bool judged = !validation.empty();
  const double copies = (given.is_built() ? 0 : 1) + parameter_copies(options, judged);
  double elements = plan.parameter_elements() * copies + workspace_elements(plan, threads);
  const auto add = [&](std::int64_t rows, bool gradients) {
    const Plan<T> other(model, {.rows = rows, .loss = loss, .keep = {}, .store_gradients = gradients});
    elements += workspace_elements(other, threads);
  };
  if (judged) add(std::min(validation.rows(), judged_at_once), false);
  if (options.health) add(std::min(train.rows(), watched_at_once), true);
  try {
    require_memory(elements * sizeof(T));
  } catch (const Error& error) {
    throw Error("M02", std::string("training this net: ") + error.what(),
                {"parameters " + bytes_text(plan.parameter_elements() * sizeof(T)) + ", times " + number_text(copies) +
                     " for the best weights and the optimizer; values of " + plural(options.batch_size, "row") + " " +
                     bytes_text(workspace_elements(plan, threads) * sizeof(T)),
                 "use smaller layers (`hidden`) or a smaller batch size (`batch_size`)"});
  }
}

template void require_training_memory(const BasicModel<float>&, const Dataset&, const Dataset&,
                                      const BasicFitOptions<float>&);
template void require_training_memory(const BasicModel<double>&, const Dataset&, const Dataset&,
                                      const BasicFitOptions<double>&);

}  // namespace pellucid
