// Gradient check: compares the gradients of the backward pass with numeric ones.
// Not here: the layers (src/layers); the check only sees the loss as a function of the model's numbers.
#include "pellucid/gradient_check.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "judge/judge.h"
#include "model/match.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

// The check covers frozen parameters too.
BasicModel<double> unfrozen(BasicModel<double> model) {
  for (const Node& node : model.nodes()) model.freeze(node.name, false);
  return model;
}

class GradientCheck {
 public:
  GradientCheck(const BasicModel<double>& model, const Dataset& data, const Loss& loss, std::int64_t most,
                std::uint64_t seed)
      : model_(unfrozen(model)),
        plan_(model_, {.rows = data.rows(), .loss = loss, .keep = {}, .store_gradients = true, .input_gradient = true}),
        workspace_(plan_, model_),
        batches_(data, data.rows(), false, 0),
        feeder_(batches_, workspace_, true, nullptr),
        most_(most),
        seed_(seed) {
    rows_ = feeder_.load(0, workspace_);
    base_ = loss_now();
    workspace_.loss(true);
    workspace_.backward();
  }

  std::vector<GradientVerdict> run() {
    // A faulty layer might write into the gradients while the loss is evaluated, so they are copied first.
    const std::vector<double> of_input = copy(workspace_.input_gradient());
    std::vector<std::vector<double>> of_parameters;
    for (std::size_t p = 0; p < model_.parameters().size(); ++p) of_parameters.push_back(copy(workspace_.gradient(p)));

    std::vector<GradientVerdict> verdicts;
    for (std::size_t p = 0; p < of_parameters.size(); ++p) {
      Parameter<double>& parameter = model_.parameters()[p];
      if (parameter.role == Role::parameter)
        verdicts.push_back(check(parameter.name, of_parameters[p], parameter.value.data()));
    }
    verdicts.push_back(check("input", of_input, workspace_.input().data));
    return verdicts;
  }

 private:
  // Symmetric differences of three widths, combined by Richardson extrapolation.
  struct Estimate {
    double slope;
    double change;  // between the last two extrapolations
    double jump;    // of the slope at the point itself; 0 where the loss is smooth
  };

  double loss_now() {
    workspace_.forward(rows_, true, {.seed = seed_});
    return workspace_.loss(false);
  }

  static std::vector<double> copy(View<const double> view) { return {view.data, view.data + view.rows * view.columns}; }

  Estimate estimate(double& value, double width) {
    const double before = value;
    double slopes[3], bends[3];
    for (int i = 0; i < 3; ++i, width /= 2) {
      value = before + width;
      const double above = loss_now(), up = value - before;
      value = before - width;
      const double below = loss_now(), down = before - value;
      slopes[i] = (above - below) / (up + down);
      bends[i] = (above - base_) / up - (base_ - below) / down;
    }
    value = before;
    const double first = (4 * slopes[1] - slopes[0]) / 3, second = (4 * slopes[2] - slopes[1]) / 3;
    return {second, std::abs(second - first), std::abs(2 * bends[1] - bends[0])};
  }

  // The slope, or nothing if the differences do not converge because a kink of an activation or of the loss is too
  // near. The decision uses the loss alone, so a wrong backward pass cannot be excused by it.
  std::optional<double> numeric(double& value, double typical) {
    int exponent = 0;
    std::frexp(value, &exponent);
    const double size = std::ldexp(1.0, std::max(exponent, 0));  // a power of 2, so that value ± width is exact
    for (double width : {0x1p-11, 0x1p-14, 0x1p-17}) {
      const Estimate e = estimate(value, width * size);
      const double scale = std::max(std::abs(e.slope), typical), noise = 1e-15 * std::abs(base_) / width;
      if (e.change <= 1e-9 * scale + noise && e.jump <= 1e-4 * scale + noise) return e.slope;
    }
    return std::nullopt;
  }

  GradientVerdict check(const std::string& name, const std::vector<double>& analytic, double* values) {
    std::vector<std::int64_t> chosen(analytic.size());
    std::iota(chosen.begin(), chosen.end(), std::int64_t{0});
    if (static_cast<std::int64_t>(chosen.size()) > most_) {
      Random({.seed = seed_, .stream = static_cast<std::uint32_t>(analytic.size() % 65536)}).shuffle(chosen);
      chosen.resize(static_cast<std::size_t>(most_));
      std::sort(chosen.begin(), chosen.end());
    }
    double typical = 0;
    for (double a : analytic) typical += a * a;
    typical = std::sqrt(typical / static_cast<double>(std::max<std::size_t>(analytic.size(), 1)));

    GradientVerdict verdict{name, 0, 0, 0, 0, false};
    double difference = 0, analytic_squares = 0, numeric_squares = 0;
    for (std::int64_t i : chosen) {
      const std::optional<double> n = numeric(values[i], typical);
      ++(n ? verdict.checked : verdict.skipped);
      if (!n) continue;
      const double a = analytic[static_cast<std::size_t>(i)];
      difference += (a - *n) * (a - *n);
      analytic_squares += a * a;
      numeric_squares += *n * *n;
    }
    verdict.analytic_norm = std::sqrt(analytic_squares);
    const double both = verdict.analytic_norm + std::sqrt(numeric_squares);
    const bool vanish = both <= 1e-10 * std::max(1.0, std::abs(base_));  // the rest is rounding error
    verdict.relative_error = vanish ? 0 : std::sqrt(difference) / both;
    verdict.ok = verdict.checked > 0 && verdict.relative_error <= 1e-7;
    return verdict;
  }

  BasicModel<double> model_;
  Plan<double> plan_;
  Workspace<double> workspace_;
  Batches batches_;
  Feeder<double> feeder_;
  std::int64_t most_, rows_ = 0;
  std::uint64_t seed_;
  double base_ = 0;
};

}  // namespace

std::vector<GradientVerdict> check_gradients(const BasicModel<double>& model, const Dataset& data,
                                             const std::optional<Loss>& loss, const GradientCheckOptions& options) {
  if (data.empty() || !data.has_targets()) throw Error("U20", "a gradient check needs rows with targets");
  const auto require = [](const char* name, std::int64_t low, std::int64_t got) {
    if (got >= low) return;
    throw Error("U12", std::string("gradient check: ") + name + " takes " + std::to_string(low) + " or more, got " +
                           std::to_string(got));
  };
  require("most_per_parameter", 1, options.most_per_parameter);
  require("most_rows", 0, options.most_rows);
  const bool fewer = options.most_rows > 0 && options.most_rows < data.rows();
  std::vector<std::int64_t> first(static_cast<std::size_t>(fewer ? options.most_rows : 0));
  std::iota(first.begin(), first.end(), std::int64_t{0});
  const Dataset rows = fewer ? data.subset(first) : data;
  return GradientCheck(model, rows, chosen_loss(model, rows, loss), options.most_per_parameter, options.seed).run();
}

}  // namespace pellucid
