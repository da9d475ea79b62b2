// Metrics: hand-computed and published values, and the text of the report.
// Not here: evaluate() on a model (tests of the trainer).
#include "pellucid/metric.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "pellucid/error.h"

namespace pellucid {
namespace {

// Probabilities of 0 and 1 that give each row the class in `predicted`.
std::vector<double> certain(const std::vector<std::int32_t>& predicted, std::int32_t classes) {
  std::vector<double> p(predicted.size() * classes);
  for (std::size_t r = 0; r < predicted.size(); ++r) p[r * classes + predicted[r]] = 1;
  return p;
}

//            predicted 0  1  2
//   truth 0            2  1  0      precision 2/3, recall 2/3, F1 2/3
//         1            1  4  0      precision 4/6, recall 4/5, F1 8/11
//         2            0  1  0      never predicted: all 0
struct Worked {
  std::vector<std::int32_t> truth{0, 0, 0, 1, 1, 1, 1, 1, 2}, predicted{0, 0, 1, 0, 1, 1, 1, 1, 1};
  std::vector<double> probabilities = certain(predicted, 3);
  ClassificationScores scores = score(ClassPredictions{truth, probabilities, 3});
};

TEST(Metrics, the_confusion_matrix_has_a_row_per_true_and_a_column_per_predicted_class) {
  const Worked w;
  EXPECT_EQ(w.scores.confusion.counts, (std::vector<std::int64_t>{2, 1, 0, 1, 4, 0, 0, 1, 0}));
  EXPECT_EQ(w.scores.confusion.at(1, 0), 1);
  EXPECT_EQ(w.scores.correct, 6);
  EXPECT_DOUBLE_EQ(w.scores.accuracy, 6.0 / 9);
}

TEST(Metrics, precision_recall_and_f1_are_zero_for_a_class_that_is_never_predicted) {
  const auto& per_class = Worked().scores.per_class;
  EXPECT_DOUBLE_EQ(per_class[0].precision, 2.0 / 3);
  EXPECT_DOUBLE_EQ(per_class[0].recall, 2.0 / 3);
  EXPECT_DOUBLE_EQ(per_class[0].f1, 2.0 / 3);
  EXPECT_DOUBLE_EQ(per_class[1].precision, 4.0 / 6);
  EXPECT_DOUBLE_EQ(per_class[1].recall, 4.0 / 5);
  EXPECT_DOUBLE_EQ(per_class[1].f1, 8.0 / 11);
  EXPECT_EQ(per_class[2].precision, 0);
  EXPECT_EQ(per_class[2].recall, 0);
  EXPECT_EQ(per_class[2].f1, 0);
  EXPECT_EQ(per_class[2].support, 1);
}

TEST(Metrics, averages_over_classes_are_unweighted_or_weighted_by_rows) {
  const auto scores = Worked().scores;
  EXPECT_DOUBLE_EQ(scores.macro.precision, (2.0 / 3 + 4.0 / 6 + 0) / 3);
  EXPECT_DOUBLE_EQ(scores.macro.recall, (2.0 / 3 + 4.0 / 5 + 0) / 3);
  EXPECT_DOUBLE_EQ(scores.macro.f1, (2.0 / 3 + 8.0 / 11 + 0) / 3);
  EXPECT_DOUBLE_EQ(scores.weighted.precision, (3 * 2.0 / 3 + 5 * 4.0 / 6 + 0) / 9);
  EXPECT_DOUBLE_EQ(scores.weighted.recall, 6.0 / 9) << "which is the accuracy";
  EXPECT_DOUBLE_EQ(scores.weighted.f1, (3 * 2.0 / 3 + 5 * 8.0 / 11 + 0) / 9);
  EXPECT_EQ(scores.macro.support, 9);
}

TEST(Metrics, a_class_without_rows_has_recall_zero_and_an_undefined_auc) {
  const std::vector<std::int32_t> truth{0, 0, 1};
  const auto p = certain({0, 2, 1}, 3);
  const auto scores = score(ClassPredictions{truth, p, 3});
  EXPECT_EQ(scores.per_class[2].support, 0);
  EXPECT_EQ(scores.per_class[2].recall, 0);
  EXPECT_TRUE(std::isnan(scores.roc_auc));
}

double auc(const std::vector<std::int32_t>& truth, const std::vector<double>& of_class_1) {
  std::vector<double> p;
  for (double x : of_class_1) p.insert(p.end(), {1 - x, x});
  return score(ClassPredictions{truth, p, 2}).roc_auc;
}

// sklearn.metrics.precision_recall_fscore_support(truth, predicted, average="macro") gives 5/6, 5/6 and 4/5 for these
// rows, however many classes the model knows; with predicted = {0, 2, 1, 1, 0} it gives 2/3, 5/9 and 3/5.
TEST(Metrics, macro_averages_ignore_classes_that_neither_occur_nor_are_predicted) {
  const std::vector<std::int32_t> truth{0, 0, 1, 1, 0};
  const auto seen = certain({0, 1, 1, 1, 0}, 4);
  const ClassScore macro = score(ClassPredictions{truth, seen, 4}).macro;
  EXPECT_DOUBLE_EQ(macro.precision, (1 + 2.0 / 3) / 2);
  EXPECT_DOUBLE_EQ(macro.recall, (2.0 / 3 + 1) / 2);
  EXPECT_DOUBLE_EQ(macro.f1, (4.0 / 5 + 4.0 / 5) / 2);
  const auto other = certain({0, 2, 1, 1, 0}, 4);
  const ClassScore with_absent = score(ClassPredictions{truth, other, 4}).macro;
  EXPECT_DOUBLE_EQ(with_absent.precision, (1 + 1 + 0) / 3.0) << "class 2 is predicted, so it counts";
  EXPECT_DOUBLE_EQ(with_absent.recall, (2.0 / 3 + 1 + 0) / 3);
  EXPECT_DOUBLE_EQ(with_absent.f1, (4.0 / 5 + 1 + 0) / 3);
}

TEST(Metrics, roc_auc_is_the_probability_that_a_positive_ranks_above_a_negative) {
  // Pairs in the right order: .35>.1, .8>.1, .8>.4; in the wrong order: .35<.4.
  EXPECT_EQ(auc({0, 0, 1, 1}, {.1, .4, .35, .8}), 0.75);
  EXPECT_EQ(auc({0, 1}, {.2, .9}), 1);
  EXPECT_EQ(auc({0, 1}, {.9, .2}), 0);
  EXPECT_TRUE(std::isnan(auc({1, 1}, {.2, .9})));
  EXPECT_TRUE(std::isnan(auc({0, 1}, {.2, std::nan("")})));
}

TEST(Metrics, ties_count_half_in_the_roc_auc) {
  EXPECT_EQ(auc({0, 1, 0, 1}, {.5, .5, .5, .5}), 0.5);
  EXPECT_EQ(auc({0, 1, 1}, {.5, .5, .9}), 0.75);         // (½ + 1) / 2
  EXPECT_EQ(auc({0, 0, 1, 1}, {.2, .6, .6, .6}), 0.75);  // (1 + ½ + 1 + ½) / 4
}

TEST(Metrics, roc_auc_of_several_classes_is_the_mean_over_one_versus_rest) {
  const std::vector<std::int32_t> truth{0, 1, 2};
  const std::vector<double> p{.5, .3, .2, .4, .35, .25, .3, .4, .3};
  // Class 0: .5 is above .4 and .3, so 1. Class 1: .35 is above .3 and below .4, so ½. Class 2: .3 is above both, so 1.
  EXPECT_DOUBLE_EQ(score(ClassPredictions{truth, p, 3}).roc_auc, (1 + 0.5 + 1) / 3);
}

TEST(Metrics, log_loss_is_clipped_if_a_certain_prediction_is_wrong) {
  const std::vector<std::int32_t> truth{0, 1};
  const std::vector<double> p{0.5, 0.5, 1, 0};
  EXPECT_NEAR(score(ClassPredictions{truth, p, 2}).log_loss, (std::log(2) - std::log(1e-15)) / 2, 1e-13);
}

TEST(Metrics, argmax_returns_the_first_of_equal_values) {
  EXPECT_EQ(argmax(std::vector<double>{0.1, 0.4, 0.4}), 1);
  EXPECT_EQ(argmax(std::vector<double>{0.5}), 0);
}

TEST(Metrics, regression_scores_have_the_hand_computed_values) {
  const std::vector<double> truth{1, 2, 3, 6}, predicted{1, 3, 2, 4};
  const RegressionScores s = score(ValuePredictions{truth, predicted});  // errors 0, 1, -1, -2
  EXPECT_EQ(s.rows, 4);
  EXPECT_DOUBLE_EQ(s.rmse, std::sqrt(6.0 / 4));
  EXPECT_DOUBLE_EQ(s.mae, 1);
  EXPECT_DOUBLE_EQ(s.max_error, 2);
  EXPECT_DOUBLE_EQ(s.r2, 1 - 6.0 / 14);  // sum of squares around the mean 3: 4 + 1 + 0 + 9
}

TEST(Metrics, regression_scores_are_right_for_very_small_and_very_large_numbers) {
  const std::vector<double> truth{1, 2, 4, 9}, predicted{2, 2, 3, 7};
  const RegressionScores plain = score(ValuePredictions{truth, predicted});
  const Interval interval = bootstrap_rmse(truth, predicted, 1);
  for (const int exponent : {-1000, -600, 530, 990}) {  // about 1e-301, 1e-180, 1e159, 1e298
    std::vector<double> scaled_truth, scaled_predicted;
    for (const double x : truth) scaled_truth.push_back(std::ldexp(x, exponent));
    for (const double x : predicted) scaled_predicted.push_back(std::ldexp(x, exponent));
    const RegressionScores scaled = score(ValuePredictions{scaled_truth, scaled_predicted});
    EXPECT_DOUBLE_EQ(scaled.rmse, std::ldexp(plain.rmse, exponent)) << exponent;
    EXPECT_DOUBLE_EQ(scaled.mae, std::ldexp(plain.mae, exponent)) << exponent;
    EXPECT_DOUBLE_EQ(scaled.r2, plain.r2) << exponent;
    EXPECT_DOUBLE_EQ(bootstrap_rmse(scaled_truth, scaled_predicted, 1).high, std::ldexp(interval.high, exponent));
    const ValuePredictions two[] = {{truth, predicted}, {scaled_truth, scaled_predicted}};
    const ValuePredictions same[] = {{truth, predicted}, {truth, predicted}};
    EXPECT_DOUBLE_EQ(bootstrap_r2(two, 1).low, bootstrap_r2(same, 1).low) << exponent;
    EXPECT_DOUBLE_EQ(row_errors(two)[3], row_errors(same)[3]) << exponent;
  }
}

TEST(Metrics, r2_is_zero_for_a_constant_truth) {
  const std::vector<double> truth{0.1, 0.1, 0.1}, predicted{0.1, 0.2, 0.1};
  EXPECT_EQ(score(ValuePredictions{truth, predicted}).r2, 0);
  EXPECT_EQ(score(ValuePredictions{truth, truth}).r2, 0);
}

TEST(Metrics, wilson_interval_agrees_with_published_values) {
  const Interval breast_cancer = wilson_interval(262, 269);
  EXPECT_NEAR(breast_cancer.low, 0.947, 0.0005);
  EXPECT_NEAR(breast_cancer.high, 0.987, 0.0005);
  // Newcombe, Statistics in Medicine 17, 1998, table I, method 3
  EXPECT_NEAR(wilson_interval(81, 263).low, 0.2553, 5e-5);
  EXPECT_NEAR(wilson_interval(81, 263).high, 0.3662, 5e-5);
  EXPECT_NEAR(wilson_interval(0, 20).high, 0.1611, 5e-5);
  EXPECT_EQ(wilson_interval(0, 20).low, 0);
  EXPECT_NEAR(wilson_interval(1, 29).low, 0.0061, 5e-5);
  EXPECT_NEAR(wilson_interval(1, 29).high, 0.1718, 5e-5);
  EXPECT_EQ(wilson_interval(29, 29).high, 1);
  EXPECT_EQ(wilson_interval(0, 0).low, 0);
  EXPECT_EQ(wilson_interval(0, 0).high, 1);
}

TEST(Metrics, the_bootstrap_interval_of_the_rmse_is_right_and_reproducible_by_seed) {
  std::vector<double> truth(400), predicted(400);
  for (std::size_t r = 0; r < truth.size(); ++r) predicted[r] = (r % 2 ? 1 : -1) * (r % 4 < 2 ? 1.0 : 2.0);
  // Half of the squared errors are 1, half 4: mean 2.5, deviation 1.5. The RMSE has deviation 1.5/√400/(2·√2.5) =
  // 0.0237.
  const Interval a = bootstrap_rmse(truth, predicted, 1), b = bootstrap_rmse(truth, predicted, 1);
  EXPECT_NEAR(a.low, std::sqrt(2.5) - 1.96 * 0.0237, 0.01);
  EXPECT_NEAR(a.high, std::sqrt(2.5) + 1.96 * 0.0237, 0.01);
  EXPECT_EQ(a.low, b.low);
  EXPECT_EQ(a.high, b.high);
  EXPECT_NE(a.low, bootstrap_rmse(truth, predicted, 2).low);
}

TEST(Metrics, labels_out_of_range_and_wrong_counts_are_refused) {
  const auto code = [](const std::vector<std::int32_t>& truth, std::size_t probabilities) -> std::string {
    const std::vector<double> p(probabilities, 0.5);
    try {
      score(ClassPredictions{truth, p, 2});
    } catch (const Error& error) {
      return error.text();
    }
    return "accepted";
  };
  EXPECT_EQ(code({0, 2}, 4), "error[D17]: score: the label of row 2 is 2, expected 0 to 1");
  EXPECT_EQ(code({0, -1}, 4).substr(0, 10), "error[D17]");
  EXPECT_EQ(code({0, 1}, 3), "error[U20]: score: 2 rows of 2 classes need as many probabilities, got 3");
  EXPECT_EQ(code({}, 0), "error[U20]: a score needs at least one row");
  const std::vector<double> two(2), three(3);
  EXPECT_THROW(score(ValuePredictions{two, three}), Error);
  EXPECT_THROW(score(ValuePredictions{}), Error);
  EXPECT_THROW(bootstrap_rmse(two, three, 1), Error);
}

TEST(Metrics, every_metric_kind_reads_its_own_score) {
  const auto classes = Worked().scores;
  const RegressionScores values{4, 1, 2, 0.5, 3};
  for (const MetricKind& kind : metric_kinds()) {
    const bool of_classes = std::string(kind.task) == "classification";
    EXPECT_EQ(kind.of_classes != nullptr, of_classes) << kind.name;
    EXPECT_EQ(kind.of_values != nullptr, !of_classes) << kind.name;
    if (kind.name == "f1") {
      EXPECT_EQ(kind.of_classes(classes), classes.macro.f1);
    }
    if (kind.name == "accuracy") {
      EXPECT_EQ(kind.of_classes(classes), classes.accuracy);
    }
    if (kind.name == "mae") {
      EXPECT_EQ(kind.of_values(values), 2);
    }
    if (kind.name == "r2") {
      EXPECT_EQ(kind.of_values(values), 0.5);
    }
  }
}

std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0, columns = 0;
  for (char c : text) {
    if (c == '\n') columns = 0;
    if (c != '\n' && (c & 0xC0) != 0x80) longest = std::max(longest, ++columns);
  }
  return longest;
}

TEST(Report, prints_the_scores_in_aligned_columns) {
  EXPECT_EQ(classification_report(Worked().scores, {"ham", "späm", "other"}),
            "class          precision  recall     f1       rows\n"
            "ham                0.667   0.667  0.667          3\n"
            "späm               0.667   0.800  0.727          5\n"
            "other              0.000   0.000  0.000          1\n"
            "\n"
            "mean               0.444   0.489  0.465          9\n"
            "weighted mean      0.593   0.667  0.626          9\n"
            "accuracy           0.667  6 of 9\n");
}

TEST(Report, prints_the_confusion_matrix_with_names_or_numbers) {
  EXPECT_EQ(confusion_text(Worked().scores.confusion, {"ham", "späm", "other"}),
            "true \\ predicted    ham   späm  other\n"
            "ham                   2      1      0\n"
            "späm                  1      4      0\n"
            "other                 0      1      0\n");
  const ConfusionMatrix wide{8, std::vector<std::int64_t>(64, 1234)};
  const std::string text = confusion_text(wide, std::vector<std::string>(8, "a rather long name"));
  EXPECT_NE(text.find("\n3 a rather long name  "), std::string::npos) << text;
  EXPECT_LE(longest_line(text), 80u);
}

TEST(Report, lists_the_most_frequent_mistakes_if_the_matrix_is_too_wide) {
  ConfusionMatrix matrix{40, std::vector<std::int64_t>(1600)};
  matrix.counts[3 * 40 + 5] = 7;
  matrix.counts[6 * 40 + 6] = 100;
  matrix.counts[2 * 40 + 9] = 12;
  EXPECT_EQ(confusion_text(matrix, {}),
            "most frequent mistakes (true -> predicted)\n"
            "       12  2 -> 9\n"
            "        7  3 -> 5\n");
}

TEST(Report, class_names_are_escaped_and_never_widen_the_report) {
  const std::vector<std::string> names{std::string(200, 'x'), "\x1b[31mred\x07", "\xff\xfe"};
  const std::string report = classification_report(Worked().scores, names);
  EXPECT_LE(longest_line(report), 80u);
  EXPECT_EQ(report.find('\x1b'), std::string::npos);
  EXPECT_LE(longest_line(confusion_text(Worked().scores.confusion, names)), 80u);
}

TEST(Metrics, above_1000_classes_there_is_no_confusion_matrix_but_the_same_scores) {
  const auto scores_of = [](std::int32_t classes) {
    std::vector<std::int32_t> truth = {0, 1, 1, 2};
    std::vector<double> p(truth.size() * static_cast<std::size_t>(classes));
    const std::size_t said[] = {0, 1, 2, 2};
    for (std::size_t r = 0; r < truth.size(); ++r) p[r * static_cast<std::size_t>(classes) + said[r]] = 1;
    return score(ClassPredictions{truth, p, classes});
  };
  const ClassificationScores few = scores_of(1000), many = scores_of(1001);
  EXPECT_EQ(few.confusion.at(1, 2), 1);
  EXPECT_TRUE(many.confusion.counts.empty());
  EXPECT_EQ(many.correct, 3);
  EXPECT_EQ(many.macro.f1, few.macro.f1);
  EXPECT_EQ(many.per_class[1].recall, 0.5);
  EXPECT_EQ(confusion_text(many.confusion, {}), "no confusion matrix is made of 1,001 classes\n");
}

}  // namespace
}  // namespace pellucid
