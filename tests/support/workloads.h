// The workloads of bench/workloads.json on made-up rows with as many zeros as the real ones.
// Not here: the real rows (bench/rows.py).
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "pellucid/trainer.h"

namespace pellucid::test {

using Json = nlohmann::json;

/// The nets that are trained; single predictions are left out.
std::vector<std::string> workload_names();
const Json& workload(const std::string& name);

/// Share of zeros in the real rows.
double zeros_of(const Json& job);
/// Bytes where the real ones are bytes. Where there are zeros, some columns hold nothing else.
Dataset make_data(const Json& job, std::int64_t rows, double zeros);
Model make_model(const Json& job, const Dataset& data, const Initializer& weights = {});
/// Batch, optimizer, rate and schedule.
FitOptions make_options(const Json& job, const Dataset& data);

}  // namespace pellucid::test
