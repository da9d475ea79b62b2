// ServerMetrics: counters of a server, as Prometheus reads them. Not here: what is counted (prediction_service.cc).
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace pellucid::app {

/// Any number of threads may count at once.
class ServerMetrics {
 public:
  /// A request was answered. `path` must be one of a few: each becomes a series.
  void count_request(std::string_view path, unsigned status, double seconds);
  void count_rows(std::int64_t rows) noexcept { rows_.fetch_add(rows, std::memory_order_relaxed); }
  /// A row or a request was refused with this code.
  void count_error(const std::string& code);
  /// The text format of Prometheus, version 0.0.4.
  std::string text(std::size_t connections) const;

 private:
  static constexpr std::array<double, 12> limits = {1e-5, 2.5e-5, 5e-5, 1e-4,  2.5e-4, 5e-4,
                                                    1e-3, 2.5e-3, 1e-2, 0.025, 0.1,    1};
  mutable std::mutex lock_;
  std::map<std::pair<std::string, unsigned>, std::int64_t, std::less<>> requests_;
  std::map<std::string, std::int64_t> errors_;
  std::array<std::int64_t, limits.size() + 1> seconds_{};  // the last one: longer than all limits
  double all_seconds_ = 0;
  std::atomic<std::int64_t> rows_{0};
};

}  // namespace pellucid::app
