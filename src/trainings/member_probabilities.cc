// The temperature and the decision threshold of averaged members, by the outputs for rows that their nets have not
// seen. Not here: those of a single net (recipe/probabilities.cc), the search (judge/temperature.cc,
// metrics/threshold.cc).
#include "judge/output_reader.h"
#include "judge/temperature.h"
#include "pellucid/metric.h"
#include "pellucid/temperature.h"
#include "recipe/probabilities.h"
#include "trainings/members.h"

namespace pellucid {
namespace {

double best_threshold_of(const Model& model, const Dataset& rows, const Tensor<float>& outputs) {
  OutputReader reader(model, rows, recorded_loss(model, rows), OutputSource::prediction);
  const std::size_t targets = reader.targets().size();
  std::vector<std::vector<std::int32_t>> truth(targets);
  std::vector<std::vector<double>> probabilities(targets);
  for (std::int64_t r = 0; r < rows.rows(); ++r) {
    reader.read<float>({outputs.view().row(r), static_cast<std::size_t>(outputs.view().columns)});
    for (std::size_t t = 0; t < targets; ++t) {
      const std::span<const double> p = reader.probabilities(t);
      probabilities[t].insert(probabilities[t].end(), p.begin(), p.end());
      truth[t].push_back(reader.true_class(rows, r, t));
    }
  }
  std::vector<ClassPredictions> predictions;
  for (std::size_t t = 0; t < targets; ++t) predictions.push_back({truth[t], probabilities[t], 2});
  return best_threshold(predictions);
}

}  // namespace

std::optional<double> calibrate_members(TrainedMembers& trained, const Recipe& recipe) {
  ValidationOutputs& seen = trained.validation;
  if (seen.members.empty()) return std::nullopt;
  std::optional<double> temperature;
  if (wants_temperature(trained.model, recipe) && takes_temperature(trained.model, seen.rows)) {
    temperature = ensemble_temperature(seen.members, seen.rows);
    apply_temperature(trained.model, *temperature);
    apply_temperature(trained.best, ensemble_temperature({&seen.members.front(), 1}, seen.rows));
    seen.outputs = average_at(seen.members, seen.rows, *temperature);
  }
  const Auto<double>& threshold = recipe.model.threshold;
  trained.model.threshold =
      threshold.is_auto() ? best_threshold_of(trained.model, seen.rows, seen.outputs) : threshold.value();
  trained.best.threshold = trained.model.threshold;
  return temperature;
}

LargeVector<double> own_probabilities(const TrainedMembers& trained) {
  const auto& [rows, members, outputs] = trained.validation;
  OutputReader reader(trained.model, rows, recorded_loss(trained.model, rows), OutputSource::prediction);
  LargeVector<double> result;
  for (std::int64_t r = 0; r < rows.rows(); ++r) {
    reader.read<float>({outputs.view().row(r), static_cast<std::size_t>(outputs.view().columns)});
    const std::int32_t label = reader.true_class(rows, r, 0);
    result.push_back(reader.probabilities(0)[static_cast<std::size_t>(label)]);
  }
  return result;
}

}  // namespace pellucid
