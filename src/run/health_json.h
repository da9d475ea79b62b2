// Health and label suspects as JSON. NaN becomes null. Not here: findings as sentences (pellucid/health_findings.h).
#pragma once

#include "core/settings.h"
#include "pellucid/health.h"

namespace pellucid {

/// {epoch, layers: [{layer, gradient_rms, step_ratio, dead, saturated}]}
Json epoch_health_json(const EpochHealth& health);

/// {rows, constant_loss, kept_score, epochs: […], kept: {…}, values: {first: [{layer, outputs, gradients}], last,
/// kept}}
Json health_json(const Health& health);

}  // namespace pellucid
