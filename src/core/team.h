// Team: a few threads that run the same function over parts of one piece of work, called thousands of times a second.
// Not here: who does what (layers split by output columns), how many pay off (part_count).
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace pellucid {

/// The caller is member 0 and works too. Workers start with the first run, wait for the next one by spinning briefly
/// and then parking, and end with the Team. Not shared between callers: a model that trains has a team of its own.
/// After a fork the child has no workers; the team notices and runs everything on the caller.
class Team {
 public:
  /// threads ≥ 1 members; 0: as many as CPUs this process may use (affinity and cgroup quota), at most 64.
  explicit Team(int threads = 1);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int size() const noexcept { return size_; }

  /// Calls work(part) for part = 0 … parts-1, each exactly once, part p on member p mod size; returns when all are
  /// done. Memory written before the call is seen by all parts, and what they wrote by the caller after it. `work` must
  /// not throw.
  template <class F>
  void run(int parts, const F& work) {
    run_erased(
        parts, [](const void* f, int part) { (*static_cast<const F*>(f))(part); }, &work);
  }

 private:
  using Function = void (*)(const void*, int);
  void run_erased(int parts, Function function, const void* work);
  void start();
  void serve(int member);
  void work_share(int member) const;

  int size_;
  std::vector<std::thread> workers_;
  std::int64_t process_ = 0;  ///< the process that started the workers

  // One job at a time. `round_` is raised to publish it, `left_` counts the workers that still run it.
  Function function_ = nullptr;
  const void* work_ = nullptr;
  int parts_ = 0;
  alignas(64) std::atomic<std::uint32_t> round_{0};
  alignas(64) std::atomic<int> left_{0};
  std::atomic<int> parked_{0};
  std::atomic<bool> ending_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
};

/// CPUs this process may use: its affinity mask, cut by the cgroup's quota; at least 1.
int usable_cpus();

}  // namespace pellucid
