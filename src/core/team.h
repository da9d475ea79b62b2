// Team: a few threads that run one function over the parts of a piece of work, thousands of times per second.
// Not here: how work is divided and how many parts pay off (kernels/parallel.h).
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace pellucid {

/// The calling thread is member 0 and works too. The workers start with the first run. Between runs they spin for a
/// short time and then sleep; they end with the Team. If the caller has finished its own share and another member has
/// not begun (it sleeps, or a busy machine gives it no CPU), the caller does that member's share too. If a member lost
/// its CPU in the middle of a share, the caller works alone for a while. A Team serves one caller at a time: each model
/// that trains has its own. After a fork the child has no workers; the Team notices this and runs everything on the
/// caller.
class Team {
 public:
  /// threads ≥ 1: the number of members. 0: as many as this process may use CPUs (affinity and cgroup quota), at most
  /// 64.
  explicit Team(int threads = 1);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int size() const noexcept { return size_; }

  /// Calls work(part) for part = 0 … parts-1, each exactly once, normally part p on member p mod size; returns when all
  /// parts are done. Memory written before the call is visible to all parts, and what the parts wrote is visible to the
  /// caller afterwards. `work` must not throw.
  template <class F>
  void run(int parts, const F& work) {
    run_erased(
        parts, [](const void* f, int part) { (*static_cast<const F*>(f))(part); }, &work);
  }

  /// Offers work() to a worker that would otherwise wait, while the caller continues. One piece of work at a time; it
  /// must stay alive until finish(). finish() returns true if the work was done and false if no worker had begun it.
  /// `work` must not throw.
  template <class F>
  void ahead(const F& work) {
    finish();
    if (size_ > 1 && workers_.empty()) start();
    ahead_function_ = [](const void* f, int) { (*static_cast<const F*>(f))(); };
    ahead_work_ = &work;
    ahead_.store(Ahead::waits, std::memory_order_release);
    call();
  }
  bool finish();

 private:
  using Function = void (*)(const void*, int);
  enum class Ahead { none, waits, runs, done };
  using Clock = std::chrono::steady_clock;
  void run_erased(int parts, Function function, const void* work);
  void start();
  void call() noexcept;
  void serve(int member);
  void await(std::uint32_t seen);
  bool work_ahead();
  bool claim(int member, std::uint32_t round);
  void work_share(int member);
  void finish_round(std::uint32_t round);
  void rest_if_late(Clock::time_point begin, Clock::time_point done, Clock::time_point end);

  int size_;
  std::vector<std::thread> workers_;
  std::int64_t process_ = 0;  ///< the process that started the workers; another one after a fork

  // One job at a time. Raising `round_` publishes it; `left_` counts the shares that are not finished. Only the thread
  // that claims a share does it, so no thread reads a job that is already over.
  Function function_ = nullptr;
  const void* work_ = nullptr;
  int parts_ = 0;
  Clock::time_point resting_until_{};
  Clock::duration rest_{};
  struct alignas(64) Seat {
    std::atomic<std::uint32_t> claimed{0};  ///< the last round in which this share was claimed
  };
  std::unique_ptr<Seat[]> seats_;
  Function ahead_function_ = nullptr;
  const void* ahead_work_ = nullptr;
  alignas(64) std::atomic<Ahead> ahead_{Ahead::none};
  alignas(64) std::atomic<std::uint32_t> round_{0};
  /// Raised by each round and each work ahead; sleeping workers wait for it to change.
  std::atomic<std::uint32_t> calls_{0};
  alignas(64) std::atomic<int> left_{0};
  std::atomic<bool> ending_{false};
};

/// CPUs this process may use: its affinity mask, limited by the quotas of its cgroups; at least 1, at most 64.
int usable_cpus();

/// CPUs that the quotas of cgroup v2 and v1 allow, rounded down; at least 1; 64 without a quota. `root` is put before
/// the paths of the files that are read: "" except in tests.
int cpus_by_quota(const std::string& root);

}  // namespace pellucid
