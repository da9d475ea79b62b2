// Area under the ROC curve. Not here: the other scores (classification.cc).
#pragma once

#include "pellucid/metric.h"

namespace pellucid {

/// Two classes: the AUC of class 1. More classes: the mean AUC of each class against the rest. NaN if a class has no
/// rows or a probability is NaN. Equal probabilities share their mean rank (Hanley, McNeil, Radiology 143, 1982).
double roc_auc(const ClassPredictions& predictions);

}  // namespace pellucid
