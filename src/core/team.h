// Team: a few threads that run the same function over parts of one piece of work, called thousands of times a second.
// Not here: who does what (layers split by output columns), how many pay off (part_count).
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace pellucid {

/// The caller is member 0 and works too. Workers start with the first run, wait for the next one by spinning briefly
/// and then parking, and end with the Team. A member that has not begun its share when the caller is done (parked, or
/// without a CPU on a busy machine) is stood in for; after one that lost its CPU in the middle the caller works alone
/// for a while. Not shared between callers: a model that trains has a team of its own.
/// After a fork the child has no workers; the team notices and runs everything on the caller.
class Team {
 public:
  /// threads ≥ 1 members; 0: as many as CPUs this process may use (affinity and cgroup quota), at most 64.
  explicit Team(int threads = 1);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int size() const noexcept { return size_; }

  /// Calls work(part) for part = 0 … parts-1, each exactly once, as a rule part p on member p mod size; returns when
  /// all are done. Memory written before the call is seen by all parts, and what they wrote by the caller after it.
  /// `work` must not throw.
  template <class F>
  void run(int parts, const F& work) {
    run_erased(
        parts, [](const void* f, int part) { (*static_cast<const F*>(f))(part); }, &work);
  }

  /// Hands over work() for a worker that would else wait, while the caller goes on. One at a time; it must stay until
  /// finish(), which returns true when it is done and false where nobody had begun it. `work` must not throw.
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
  std::int64_t process_ = 0;  ///< the process that started the workers

  // One job at a time. `round_` is raised to publish it, `left_` counts the shares that are not finished. A share is
  // done by who claims it, so nobody reads a job that is over.
  Function function_ = nullptr;
  const void* work_ = nullptr;
  int parts_ = 0;
  Clock::time_point resting_until_{};
  Clock::duration rest_{};
  struct alignas(64) Seat {
    std::atomic<std::uint32_t> claimed{0};  ///< the last round whose share somebody took
  };
  std::unique_ptr<Seat[]> seats_;
  Function ahead_function_ = nullptr;
  const void* ahead_work_ = nullptr;
  alignas(64) std::atomic<Ahead> ahead_{Ahead::none};
  alignas(64) std::atomic<std::uint32_t> round_{0};
  std::atomic<std::uint32_t> calls_{0};  ///< raised with each round and each work ahead: what parked workers wait for
  alignas(64) std::atomic<int> left_{0};
  std::atomic<bool> ending_{false};
};

/// CPUs this process may use: its affinity mask, cut by its cgroups' quotas; at least 1, at most 64.
int usable_cpus();

/// What the quotas of cgroup v2 and v1 allow, rounded down; at least 1; 64 where there are none. Their files are looked
/// for below `root`: "" but in tests.
int cpus_by_quota(const std::string& root);

}  // namespace pellucid
