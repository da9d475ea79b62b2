// Counting, and writing the counters. Not here: serving them (prediction_service.cc).
#include "app/serve/server_metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>

namespace pellucid::app {

void ServerMetrics::count_request(std::string_view path, unsigned status, double seconds) {
  const auto bucket = std::ranges::lower_bound(limits, seconds) - limits.begin();
  const std::lock_guard guard(lock_);
  ++requests_[{std::string(path), status}];
  ++seconds_[static_cast<std::size_t>(bucket)];
  all_seconds_ += seconds;
}

void ServerMetrics::count_error(const std::string& code) {
  const std::lock_guard guard(lock_);
  ++errors_[code];
}

std::string ServerMetrics::text(std::size_t connections) const {
  std::string text;
  const auto out = std::back_inserter(text);
  const auto head = [&](const char* name, const char* type, const char* help) {
    fmt::format_to(out, "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  };
  const std::lock_guard guard(lock_);
  head("pellucid_requests_total", "counter", "Requests that were answered.");
  for (const auto& [key, count] : requests_) {
    fmt::format_to(out, "pellucid_requests_total{{path=\"{}\",status=\"{}\"}} {}\n", key.first, key.second, count);
  }
  head("pellucid_errors_total", "counter", "Rows and requests that were refused, by error code.");
  for (const auto& [code, count] : errors_)
    fmt::format_to(out, "pellucid_errors_total{{code=\"{}\"}} {}\n", code, count);
  head("pellucid_rows_total", "counter", "Rows that were predicted.");
  fmt::format_to(out, "pellucid_rows_total {}\n", rows_.load(std::memory_order_relaxed));
  head("pellucid_connections", "gauge", "Connections that are open.");
  fmt::format_to(out, "pellucid_connections {}\n", connections);
  head("pellucid_request_seconds", "histogram", "Time from the last byte of a request to its response.");
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < limits.size(); ++i) {
    fmt::format_to(out, "pellucid_request_seconds_bucket{{le=\"{}\"}} {}\n", limits[i], sum += seconds_[i]);
  }
  fmt::format_to(out, "pellucid_request_seconds_bucket{{le=\"+Inf\"}} {}\n", sum += seconds_.back());
  fmt::format_to(out, "pellucid_request_seconds_sum {}\npellucid_request_seconds_count {}\n", all_seconds_, sum);
  return text;
}

}  // namespace pellucid::app
