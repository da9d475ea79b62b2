// Scores of a classifier: confusion matrix, precision, recall, F1, accuracy, log loss.
// Not here: the ROC curve (roc_auc.cc), text (report.cc), intervals (intervals.cc).
#include <algorithm>

#include "core/text.h"
#include "kernels/scalar_math.h"
#include "metrics/roc_auc.h"
#include "pellucid/error.h"
#include "pellucid/metric.h"

namespace pellucid {
namespace {

void check(const ClassPredictions& p) {
  if (p.truth.empty()) throw Error("U20", "a score needs at least one row");
  if (p.classes < 2) throw Error("U20", "a classification has 2 classes or more, got " + std::to_string(p.classes));
  if (p.probabilities.size() != p.truth.size() * static_cast<std::size_t>(p.classes)) {
    throw Error("U20", "score: " + plural(static_cast<std::int64_t>(p.truth.size()), "row") + " of " +
                           plural(p.classes, "class") + " need as many probabilities, got " +
                           count_text(static_cast<std::int64_t>(p.probabilities.size())));
  }
  for (std::size_t r = 0; r < p.truth.size(); ++r) {
    if (p.truth[r] >= 0 && p.truth[r] < p.classes) continue;
    throw Error("D17", "score: the label of row " + count_text(static_cast<std::int64_t>(r) + 1) + " is " +
                           std::to_string(p.truth[r]) + ", expected 0 to " + std::to_string(p.classes - 1));
  }
}

std::span<const double> row(const ClassPredictions& p, std::size_t r) {
  return p.probabilities.subspan(r * static_cast<std::size_t>(p.classes), static_cast<std::size_t>(p.classes));
}

ConfusionMatrix confusion_of(const ClassPredictions& p) {
  ConfusionMatrix matrix{p.classes, {}};
  matrix.counts.resize(static_cast<std::size_t>(p.classes) * static_cast<std::size_t>(p.classes));
  for (std::size_t r = 0; r < p.truth.size(); ++r) {
    ++matrix.counts[p.truth[r] * p.classes + said_class(row(p, r), p.threshold)];
  }
  return matrix;
}

double ratio(double part, double whole) {
  return whole > 0 ? part / whole : 0;
}

ClassScore score_of(const ConfusionMatrix& matrix, std::int32_t which) {
  std::int64_t predicted = 0, there = 0;
  for (std::int32_t c = 0; c < matrix.classes; ++c) {
    predicted += matrix.at(c, which);
    there += matrix.at(which, c);
  }
  const double hits = static_cast<double>(matrix.at(which, which));
  return {ratio(hits, static_cast<double>(predicted)), ratio(hits, static_cast<double>(there)),
          ratio(2 * hits, static_cast<double>(predicted + there)), there};
}

// Whether each class occurs, as the truth of a row or as what was predicted.
std::vector<bool> occurring(const ConfusionMatrix& matrix) {
  std::vector<bool> there(static_cast<std::size_t>(matrix.classes));
  for (std::int32_t truth = 0; truth < matrix.classes; ++truth) {
    for (std::int32_t predicted = 0; predicted < matrix.classes; ++predicted) {
      if (matrix.at(truth, predicted) == 0) continue;
      there[static_cast<std::size_t>(truth)] = true;
      there[static_cast<std::size_t>(predicted)] = true;
    }
  }
  return there;
}

// Mean over the classes, each with the weight it is given.
template <class Weight>
ClassScore mean(const std::vector<ClassScore>& scores, Weight weight) {
  ClassScore sum;
  double all = 0;
  for (std::size_t c = 0; c < scores.size(); ++c) {
    const ClassScore& s = scores[c];
    const double w = weight(c);
    all += w;
    sum.precision += w * s.precision;
    sum.recall += w * s.recall;
    sum.f1 += w * s.f1;
    sum.support += s.support;
  }
  return {sum.precision / all, sum.recall / all, sum.f1 / all, sum.support};
}

double log_loss_of(const ClassPredictions& p) {
  double sum = 0;
  for (std::size_t r = 0; r < p.truth.size(); ++r) {
    sum -= math::log(std::clamp(row(p, r)[static_cast<std::size_t>(p.truth[r])], 1e-15, 1.0));
  }
  return sum / static_cast<double>(p.truth.size());
}

}  // namespace

std::int32_t argmax(std::span<const double> values) noexcept {
  return static_cast<std::int32_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

std::int32_t said_class(std::span<const double> probabilities, double threshold) noexcept {
  return probabilities.size() == 2 ? static_cast<std::int32_t>(probabilities[1] > threshold) : argmax(probabilities);
}

ClassificationScores score(const ClassPredictions& predictions) {
  check(predictions);
  ClassificationScores scores;
  scores.rows = static_cast<std::int64_t>(predictions.truth.size());
  scores.confusion = confusion_of(predictions);
  for (std::int32_t c = 0; c < predictions.classes; ++c) {
    scores.correct += scores.confusion.at(c, c);
    scores.per_class.push_back(score_of(scores.confusion, c));
  }
  scores.accuracy = static_cast<double>(scores.correct) / static_cast<double>(scores.rows);
  // As scikit-learn: a class that neither occurs nor is predicted in these rows has no score that could count.
  const std::vector<bool> there = occurring(scores.confusion);
  scores.macro = mean(scores.per_class, [&](std::size_t c) { return there[c] ? 1.0 : 0.0; });
  scores.weighted =
      mean(scores.per_class, [&](std::size_t c) { return static_cast<double>(scores.per_class[c].support); });
  scores.roc_auc = roc_auc(predictions);
  scores.log_loss = log_loss_of(predictions);
  return scores;
}

}  // namespace pellucid
