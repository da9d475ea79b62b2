// Greedy selection. All sums run over the rows in their order.
// Not here: what outputs mean (judge/output_reader.cc).
#include "trainings/selection.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "kernels/scalar_math.h"
#include "metrics/roc_auc.h"

namespace pellucid {
namespace {

constexpr double least_probability = 1e-15;
constexpr int factors = 16;  // probabilities that are multiplied before a logarithm is taken: 1e-15^16 > 1e-308

}  // namespace

AnswerJudge::AnswerJudge(const Model& model, const Dataset& rows, std::string_view metric)
    : rows_(rows), reader_(model, rows, recorded_loss(model, rows), OutputSource::prediction) {
  const std::size_t targets = reader_.targets().size();
  classes_ = targets == 0 || reader_.targets().front().classes > 0;
  if (targets > 0 && metric == "accuracy") by_ = By::accuracy;
  if (targets > 0 && metric == "roc_auc") by_ = By::roc_auc;
  if (targets > 0 && metric == "mae") by_ = By::mae;
  for (std::int64_t r = 0; r < rows.rows(); ++r) weight_ += rows.weights().empty() ? 1 : rows.weights()[r];
  if (by_ == By::accuracy || by_ == By::roc_auc) {
    std::size_t first = 0;
    for (std::int64_t r = 0; r < rows.rows(); ++r) {
      for (std::size_t t = 0; t < targets; ++t) {
        by_class_.push_back(first + static_cast<std::size_t>(reader_.true_class(rows, r, t)));
        first += static_cast<std::size_t>(reader_.targets()[t].classes);
      }
    }
  }
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
      if (!classes_) {
        answers.push_back(reader_.net_value(t));
        continue;
      }
      const std::span<const double> p = reader_.probabilities(t);
      if (by_class_.empty()) {
        answers.push_back(p[static_cast<std::size_t>(reader_.true_class(rows_, r, t))]);
      } else {
        answers.insert(answers.end(), p.begin(), p.end());
      }
    }
  }
  return answers;
}

double AnswerJudge::log_loss(const Answers& sum, double count) const {
  const std::size_t targets = std::max<std::size_t>(1, reader_.targets().size());
  const std::size_t answers = by_class_.empty() ? sum.size() : by_class_.size();
  const std::span<const float> weights = rows_.weights();
  const double factor = 1 / count;
  double total = 0, product = 1;
  int multiplied = 0;
  for (std::size_t i = 0; i < answers; ++i) {
    const double p = std::max(least_probability, sum[true_at(i)] * factor);
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

double AnswerJudge::mean_error(const Answers& sum, double count, std::size_t target, bool squared) const {
  const std::size_t targets = reader_.targets().size();
  const std::span<const float> weights = rows_.weights();
  double total = 0;
  for (std::size_t i = target; i < sum.size(); i += targets) {
    const double error = measured(target, sum[i] / count) - truth_[i];
    total += (squared ? error * error : std::abs(error)) * (weights.empty() ? 1 : weights[i / targets]);
  }
  return total / weight_;
}

double AnswerJudge::loss(const Answers& sum, double count) const {
  if (classes_) return log_loss(sum, count);
  const std::size_t targets = reader_.targets().size();
  if (targets == 1) return std::sqrt(mean_error(sum, count, 0, true));
  double mean = 0;
  for (std::size_t t = 0; t < targets; ++t) {
    if (spreads_[t] > 0) mean += mean_error(sum, count, t, true) / spreads_[t];
  }
  return mean / static_cast<double>(targets);
}

// 1 − accuracy or 1 − ROC AUC, the mean over the targets.
double AnswerJudge::mean_of_classes(const Answers& sum, double count) const {
  const std::vector<ReadTarget>& targets = reader_.targets();
  const auto rows = static_cast<std::size_t>(rows_.rows());
  const std::size_t width = sum.size() / rows;
  double mean = 0;
  std::size_t first = 0;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    const auto classes = static_cast<std::size_t>(targets[t].classes);
    std::vector<double> p(rows * classes);
    std::vector<std::int32_t> truth(rows);
    std::size_t right = 0;
    for (std::size_t r = 0; r < rows; ++r) {
      const std::span<double> own = std::span(p).subspan(r * classes, classes);
      for (std::size_t c = 0; c < classes; ++c) own[c] = sum[r * width + first + c] / count;
      truth[r] = static_cast<std::int32_t>(by_class_[r * targets.size() + t] - r * width - first);
      right += argmax(own) == truth[r];
    }
    mean += by_ == By::accuracy ? static_cast<double>(right) / static_cast<double>(rows)
                                : roc_auc({truth, p, targets[t].classes});
    first += classes;
  }
  return 1 - mean / static_cast<double>(targets.size());
}

double AnswerJudge::value(const Answers& sum, double count) const {
  if (by_ == By::loss) return loss(sum, count);
  if (by_ == By::mae) return mean_error(sum, count, 0, false);
  const double value = mean_of_classes(sum, count);
  return std::isnan(value) ? loss(sum, count) : value;  // no ROC AUC, because a class has no rows
}

std::vector<double> AnswerJudge::errors(const Answers& answers) const {
  const std::size_t targets = std::max<std::size_t>(1, reader_.targets().size());
  std::vector<double> errors(by_class_.empty() ? answers.size() : by_class_.size());
  for (std::size_t i = 0; i < errors.size(); ++i) {
    const double answer = answers[true_at(i)];
    errors[i] = classes_ ? answer - 1 : measured(i % targets, answer) - truth_[i];
  }
  return errors;
}

std::vector<std::size_t> choose_members(std::span<const Answers> answers, const AnswerJudge& judge, std::size_t most) {
  std::vector<std::size_t> chosen;
  std::vector<bool> used(answers.size());
  Answers sum, tried;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double best = infinity, best_loss = infinity;
  while (chosen.size() < most) {
    std::size_t next = answers.size();
    const double count = static_cast<double>(chosen.size()) + 1;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (used[i] || answers[i].empty()) continue;
      tried = answers[i];
      for (std::size_t k = 0; k < sum.size(); ++k) tried[k] += sum[k];
      const double value = judge.value(tried, count);
      if (!(value <= best)) continue;
      const double loss = judge.loss(tried, count);
      if (value == best && !(loss < best_loss)) continue;
      best = value;
      best_loss = loss;
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

std::vector<std::vector<double>> error_correlations(std::span<const Answers> answers, const AnswerJudge& judge) {
  std::vector<std::vector<double>> errors;
  for (const Answers& one : answers) {  // of mean 0 and length 1
    std::vector<double>& own = errors.emplace_back(judge.errors(one));
    const double mean = std::accumulate(own.begin(), own.end(), 0.0) / static_cast<double>(own.size());
    double squares = 0;
    for (double& error : own) {
      error -= mean;
      squares += error * error;
    }
    for (double& error : own) error = squares > 0 ? error / std::sqrt(squares) : 0;
  }
  std::vector<std::vector<double>> all(errors.size(), std::vector<double>(errors.size(), 1));
  for (std::size_t i = 0; i < errors.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      all[i][j] = all[j][i] = std::inner_product(errors[i].begin(), errors[i].end(), errors[j].begin(), 0.0);
    }
  }
  return all;
}

}  // namespace pellucid
