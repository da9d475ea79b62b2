// Scores and other numbers as readable text with three to four significant digits.
// Not here: numbers in files, which read back exactly (core/text.h: number_text).
#pragma once

#include <string>

#include "pellucid/metric.h"

namespace pellucid {

/// "0.1634", "52,400", "3.1e-05": at most four significant digits, whole numbers in full.
std::string short_number(double x);

std::string percent(double share);  ///< "97.4%" for 0.974

/// An accuracy as "97.4%", an RMSE as "21,340", an R² as "0.9613"; `unknown` for NaN.
std::string score_text(ScoreKind kind, double score, const char* unknown = "–");
/// The same, with its name if the number alone would be ambiguous: "R² 0.9613".
std::string named_score(ScoreKind kind, double score, const char* unknown = "–");
const char* score_name(ScoreKind kind);  ///< "accuracy", "RMSE", "R²"
/// The difference of two scores: for accuracy in percentage points ("1.2"), otherwise as score_text().
std::string difference_text(ScoreKind kind, double difference);

}  // namespace pellucid
