// Which members are averaged: greedy selection by their predictions of the validation rows.
// Not here: training members (members.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "judge/output_reader.h"
#include "pellucid/dataset.h"
#include "pellucid/model.h"

namespace pellucid {

/// What selection looks at in outputs of a model for labelled rows: of each row and target the probability of the true
/// class, or the predicted number. Answers of averaged outputs are the averaged answers.
using Answers = std::vector<double>;

class AnswerJudge {
 public:
  /// `model`: any of the members; they all have the same outputs. The rows must outlive the judge.
  AnswerJudge(const Model& model, const Dataset& rows);

  Answers read(View<const float> outputs);
  /// Smaller is better: the mean log loss of classes; the RMSE of one number, in the scaled unit of the net; the mean
  /// 1 − R² of several numbers. The answers are `sum` / `count`. Rows count by their weights.
  double loss(const Answers& sum, double count = 1) const;

 private:
  double log_loss(const Answers& sum, double count) const;
  double squared_error(const Answers& sum, double count, std::size_t target) const;
  double measured(std::size_t target, double net_value) const;

  const Dataset& rows_;
  OutputReader reader_;
  bool classes_ = false;
  Answers truth_;                // of numbers
  std::vector<double> spreads_;  // of numbers: mean squared deviation of each target
  double weight_ = 0;            // of all rows
};

/// Indices of the chosen answers, in the order in which they were chosen: first the best single one, then each time the
/// one that makes the mean of the chosen best, until none makes it better or `most` are chosen. Of equal ones the
/// first. No answers, as of a member that diverged, are never chosen. Caruana, Niculescu-Mizil, Crew, Ksikes, "Ensemble
/// Selection from Libraries of Models", ICML 2004, without repetitions.
std::vector<std::size_t> choose_members(std::span<const Answers> answers, const AnswerJudge& judge,
                                        std::size_t most = 32);

}  // namespace pellucid
