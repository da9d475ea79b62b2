// Area under the ROC curve. Not here: the other scores (classification.cc).
#pragma once

#include "pellucid/metric.h"

namespace pellucid {

/// Two classes: of class 1; more: the mean of each against the rest. NaN where a class has no rows or a probability is
/// NaN. By ranks, equal probabilities sharing their mean rank (Hanley, McNeil, Radiology 143, 1982).
double roc_auc(const ClassPredictions& predictions);

}  // namespace pellucid
