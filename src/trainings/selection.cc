// Greedy selection. All sums run over the rows in their order.
// Not here: what outputs mean (judge/output_reader.cc).
#include "trainings/selection.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/scalar_math.h"

namespace pellucid {
namespace {

constexpr double least_probability = 1e-15;
constexpr int factors = 16;  // probabilities that are multiplied before a logarithm is taken: 1e-15^16 > 1e-308

}  // namespace

AnswerJudge::AnswerJudge(const Model& model, const Dataset& rows)
    : rows_(rows), reader_(model, rows, recorded_loss(model, rows), OutputSource::prediction) {
  const std::size_t targets = reader_.targets().size();
  classes_ = targets == 0 || reader_.targets().front().classes > 0;
  for (std::int64_t r = 0; r < rows.rows(); ++r) weight_ += rows.weights().empty() ? 1 : rows.weights()[r];
  if (classes_) return;
  for (std::int64_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t t = 0; t < targets; ++t) truth_.push_back(measured(t, reader_.true_net_value(rows, r, t)));
  }
  for (std::size_t t = 0; t < targets; ++t) {
    double mean = 0, squares = 0;
    for (std::size_t i = t; i < truth_.size(); i += targets) mean += truth_[i];
    mean /= static_cast<double>(rows.rows());
    for (std::size_t i = t; i < truth_.size(); i += targets) squares += (truth_[i] - mean) * (truth_[i] - mean);
    spreads_.push_back(squares / static_cast<double>(rows.rows()));
  }
}

// A logarithmic target is compared in its own unit, others as the net learns them.
double AnswerJudge::measured(std::size_t target, double net_value) const {
  const FittedTarget& fitted = reader_.targets()[target].fitted;
  return fitted.shift ? fitted.of_net(net_value) : net_value;
}

Answers AnswerJudge::read(View<const float> outputs) {
  Answers answers;
  answers.reserve(static_cast<std::size_t>(outputs.rows) * reader_.targets().size());
  for (std::int64_t r = 0; r < outputs.rows; ++r) {
    reader_.read<float>({outputs.row(r), static_cast<std::size_t>(outputs.columns)});
    for (std::size_t t = 0; t < reader_.targets().size(); ++t) {
      answers.push_back(classes_ ? reader_.probabilities(t)[static_cast<std::size_t>(reader_.true_class(rows_, r, t))]
                                 : reader_.net_value(t));
    }
  }
  return answers;
}

double AnswerJudge::log_loss(const Answers& sum, double count) const {
  const std::size_t targets = std::max<std::size_t>(1, reader_.targets().size());
  const std::span<const float> weights = rows_.weights();
  const double factor = 1 / count;
  double total = 0, product = 1;
  int multiplied = 0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    const double p = std::max(least_probability, sum[i] * factor);
    if (!weights.empty()) {
      total -= weights[i / targets] * math::log(p);
      continue;
    }
    product *= p;
    if (++multiplied < factors) continue;
    total -= math::log(product);
    product = 1;
    multiplied = 0;
  }
  return (total - math::log(product)) / (weight_ * static_cast<double>(targets));
}

double AnswerJudge::squared_error(const Answers& sum, double count, std::size_t target) const {
  const std::size_t targets = reader_.targets().size();
  const std::span<const float> weights = rows_.weights();
  double squares = 0;
  for (std::size_t i = target; i < sum.size(); i += targets) {
    const double error = measured(target, sum[i] / count) - truth_[i];
    squares += error * error * (weights.empty() ? 1 : weights[i / targets]);
  }
  return squares / weight_;
}

double AnswerJudge::loss(const Answers& sum, double count) const {
  if (classes_) return log_loss(sum, count);
  const std::size_t targets = reader_.targets().size();
  if (targets == 1) return std::sqrt(squared_error(sum, count, 0));
  double mean = 0;
  for (std::size_t t = 0; t < targets; ++t) {
    if (spreads_[t] > 0) mean += squared_error(sum, count, t) / spreads_[t];
  }
  return mean / static_cast<double>(targets);
}

std::vector<std::size_t> choose_members(std::span<const Answers> answers, const AnswerJudge& judge, std::size_t most) {
  std::vector<std::size_t> chosen;
  std::vector<bool> used(answers.size());
  Answers sum, tried;
  double best = std::numeric_limits<double>::infinity();
  while (chosen.size() < most) {
    std::size_t next = answers.size();
    const double count = static_cast<double>(chosen.size()) + 1;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (used[i] || answers[i].empty()) continue;
      tried = answers[i];
      for (std::size_t k = 0; k < sum.size(); ++k) tried[k] += sum[k];
      const double loss = judge.loss(tried, count);
      if (!(loss < best)) continue;
      best = loss;
      next = i;
    }
    if (next == answers.size()) break;
    used[next] = true;
    chosen.push_back(next);
    sum.resize(answers[next].size());
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += answers[next][k];
  }
  return chosen;
}

}  // namespace pellucid
