// The workloads of bench/workloads.json on random rows with the same share of zeros as the real ones.
// Not here: the real rows (bench/rows.py).
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "pellucid/trainer.h"

namespace pellucid::test {

using Json = nlohmann::json;

/// The workloads that train; single predictions are left out.
std::vector<std::string> workload_names();
const Json& workload(const std::string& name);

/// The share of zeros in the real rows.
double zeros_of(const Json& job);
/// Bytes if the real features are bytes. If there are zeros, some columns contain nothing else.
Dataset make_data(const Json& job, std::int64_t rows, double zeros);
Model make_model(const Json& job, const Dataset& data, const Initializer& weights = {});
/// Batch size, optimizer, learning rate and schedule.
FitOptions make_options(const Json& job, const Dataset& data);

}  // namespace pellucid::test
