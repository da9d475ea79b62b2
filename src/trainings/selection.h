// Which members are averaged: greedy selection by their predictions of the validation rows.
// Not here: training members (members.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "judge/output_reader.h"
#include "pellucid/dataset.h"
#include "pellucid/model.h"

namespace pellucid {

/// What selection looks at in outputs of a model for labelled rows: of each row and target the probability of the true
/// class, or the predicted number; by accuracy or ROC AUC the probabilities of all classes. Answers of averaged outputs
/// are the averaged answers.
using Answers = std::vector<double>;

class AnswerJudge {
 public:
  /// `model`: any of the members; they all have the same outputs. The rows must outlive the judge. `metric`: the metric
  /// by which the run is judged (metric_name()), one that its targets have; "": the loss.
  AnswerJudge(const Model& model, const Dataset& rows, std::string_view metric = {});

  Answers read(View<const float> outputs);
  /// What members are chosen by, smaller is better: 1 − accuracy, 1 − ROC AUC, the mean absolute error in the unit of
  /// loss(); for other metrics loss(). Accuracy and ROC AUC count each row once, as the metrics do (metric.h).
  double value(const Answers& sum, double count = 1) const;
  /// Decides between equal values: the mean log loss of classes; the RMSE of one number, in the scaled unit of the net;
  /// the mean 1 − R² of several numbers. The answers are `sum` / `count`. Rows count by their weights.
  double loss(const Answers& sum, double count = 1) const;
  /// Of each row and target the probability of the true class minus 1, or the predicted minus the true number.
  std::vector<double> errors(const Answers& answers) const;

 private:
  enum class By { loss, accuracy, roc_auc, mae };

  std::size_t true_at(std::size_t i) const { return by_class_.empty() ? i : by_class_[i]; }
  double log_loss(const Answers& sum, double count) const;
  double mean_error(const Answers& sum, double count, std::size_t target, bool squared) const;
  double mean_of_classes(const Answers& sum, double count) const;
  double measured(std::size_t target, double net_value) const;

  const Dataset& rows_;
  OutputReader reader_;
  By by_ = By::loss;
  bool classes_ = false;
  std::vector<std::size_t> by_class_;  // with all classes: where in the answers the true class of row and target is
  Answers truth_;                      // of numbers
  std::vector<double> spreads_;        // of numbers: mean squared deviation of each target
  double weight_ = 0;                  // of all rows
};

/// Indices of the chosen answers, in the order in which they were chosen: first the best single one, then each time the
/// one that makes the mean of the chosen best, until none makes it better or `most` are chosen. Of equal values the
/// smaller loss is better, of equal losses the first. No answers, as of a member that diverged, are never chosen.
/// Caruana, Niculescu-Mizil, Crew, Ksikes, "Ensemble Selection from Libraries of Models", ICML 2004, without
/// repetitions.
std::vector<std::size_t> choose_members(std::span<const Answers> answers, const AnswerJudge& judge,
                                        std::size_t most = 32);

/// Pearson correlation of the errors of each two answers: 1 where they err alike, so that averaging them brings
/// nothing; 0 also where one of them has equal errors for all rows.
std::vector<std::vector<double>> error_correlations(std::span<const Answers> answers, const AnswerJudge& judge);

}  // namespace pellucid
