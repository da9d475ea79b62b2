// The small net of the setting distill as JSON. Not here: training it (distill.h).
#pragma once

#include "core/settings.h"
#include "pellucid/run_result.h"

namespace pellucid {

/// For report.json and the `end` event. result.distilled is there.
Json distilled_json(const RunResult& result);

}  // namespace pellucid
