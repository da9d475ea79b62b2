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

// With more classes no confusion matrix is made, because it has classes² numbers.
constexpr std::int32_t most_confused = 1000;

// Numbers of rows per class: in truth, predicted, and correctly predicted.
struct Counts {
  explicit Counts(std::int32_t classes) : there(static_cast<std::size_t>(classes)), predicted(there), hits(there) {}
  std::vector<std::int64_t> there, predicted, hits;
};

Counts count(const ClassPredictions& p, ConfusionMatrix& matrix) {
  const auto classes = static_cast<std::size_t>(p.classes);
  if (p.classes <= most_confused) matrix.counts.resize(classes * classes);
  Counts counts(p.classes);
  for (std::size_t r = 0; r < p.truth.size(); ++r) {
    const auto truth = static_cast<std::size_t>(p.truth[r]);
    const auto said = static_cast<std::size_t>(predicted_class(row(p, r), p.threshold));
    ++counts.there[truth];
    ++counts.predicted[said];
    if (said == truth) ++counts.hits[truth];
    if (!matrix.counts.empty()) ++matrix.counts[truth * classes + said];
  }
  return counts;
}

double ratio(double part, double whole) {
  return whole > 0 ? part / whole : 0;
}

ClassScore score_of(const Counts& counts, std::size_t which) {
  const auto hits = static_cast<double>(counts.hits[which]);
  const std::int64_t predicted = counts.predicted[which], there = counts.there[which];
  return {ratio(hits, static_cast<double>(predicted)), ratio(hits, static_cast<double>(there)),
          ratio(2 * hits, static_cast<double>(predicted + there)), there};
}

// Weighted mean over the classes.
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

std::int32_t predicted_class(std::span<const double> probabilities, double threshold) noexcept {
  return probabilities.size() == 2 ? static_cast<std::int32_t>(probabilities[1] > threshold) : argmax(probabilities);
}

ClassificationScores score(const ClassPredictions& predictions) {
  check(predictions);
  ClassificationScores scores;
  scores.rows = static_cast<std::int64_t>(predictions.truth.size());
  scores.confusion.classes = predictions.classes;
  const Counts counts = count(predictions, scores.confusion);
  for (std::size_t c = 0; c < counts.hits.size(); ++c) {
    scores.correct += counts.hits[c];
    scores.per_class.push_back(score_of(counts, c));
  }
  scores.accuracy = static_cast<double>(scores.correct) / static_cast<double>(scores.rows);
  // As in scikit-learn, a class that neither occurs nor is predicted in these rows does not count in the mean.
  scores.macro =
      mean(scores.per_class, [&](std::size_t c) { return counts.there[c] + counts.predicted[c] > 0 ? 1.0 : 0.0; });
  scores.weighted =
      mean(scores.per_class, [&](std::size_t c) { return static_cast<double>(scores.per_class[c].support); });
  scores.roc_auc = roc_auc(predictions);
  scores.log_loss = log_loss_of(predictions);
  return scores;
}

}  // namespace pellucid
