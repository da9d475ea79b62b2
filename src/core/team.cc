// The team's workers: spin, park, run, finish.
// Not here: any arithmetic.
#include "core/team.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <system_error>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace pellucid {
namespace {

constexpr int most_threads = 64;
// About 20 µs of spinning: longer than the gap between two layers, shorter than a batch that is being read from disk.
constexpr int spins = 4000;

void relax() noexcept {
#if defined(__x86_64__)
  _mm_pause();
#else
  std::this_thread::yield();
#endif
}

// CPUs that the cgroup's quota allows; "max" or no such file: all.
int cpus_by_quota() {
  std::ifstream in("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0;
  if (!(in >> quota >> period) || quota == "max" || period <= 0) return most_threads;
  const double cpus = std::strtod(quota.c_str(), nullptr) / period;
  return std::max(1, static_cast<int>(cpus));
}

}  // namespace

int usable_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  const int allowed = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
  return std::clamp(std::min(allowed, cpus_by_quota()), 1, most_threads);
}

Team::Team(int threads) : size_(threads <= 0 ? usable_cpus() : std::min(threads, most_threads)) {}

Team::~Team() {
  if (workers_.empty()) return;
  if (process_ != ::getpid()) {
    // A forked child: the threads live in the parent only, and joining would wait for ever.
    for (std::thread& worker : workers_) worker.detach();
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    ending_.store(true, std::memory_order_relaxed);
    round_.fetch_add(1, std::memory_order_release);
  }
  wake_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void Team::start() {
  process_ = ::getpid();
  try {
    for (int member = 1; member < size_; ++member) workers_.emplace_back([this, member] { serve(member); });
  } catch (const std::system_error&) {
    // No more threads to be had: fewer members do the same work.
    size_ = static_cast<int>(workers_.size()) + 1;
  }
}

void Team::run_erased(int parts, Function function, const void* work) {
  const bool alone = size_ == 1 || parts <= 1 || (!workers_.empty() && process_ != ::getpid());
  if (alone) {
    for (int part = 0; part < parts; ++part) function(work, part);
    return;
  }
  if (workers_.empty()) start();
  function_ = function;
  work_ = work;
  parts_ = parts;
  left_.store(size_ - 1, std::memory_order_relaxed);
  // seq_cst pairs with the worker's parked_ and round_: either it sees the new round or we see it parked.
  round_.fetch_add(1, std::memory_order_seq_cst);
  if (parked_.load(std::memory_order_seq_cst) > 0) {
    { const std::lock_guard lock(mutex_); }
    wake_.notify_all();
  }
  work_share(0);
  for (int i = 0; left_.load(std::memory_order_acquire) > 0; ++i) {
    // A machine with more threads than CPUs: let the worker have this one.
    i < spins ? relax() : std::this_thread::yield();
  }
}

void Team::work_share(int member) const {
  for (int part = member; part < parts_; part += size_) function_(work_, part);
}

void Team::serve(int member) {
  std::uint32_t seen = 0;
  for (;;) {
    for (int i = 0; i < spins && round_.load(std::memory_order_acquire) == seen; ++i) relax();
    if (round_.load(std::memory_order_acquire) == seen) {
      std::unique_lock lock(mutex_);
      parked_.fetch_add(1, std::memory_order_seq_cst);
      wake_.wait(lock, [&] { return round_.load(std::memory_order_seq_cst) != seen; });
      parked_.fetch_sub(1, std::memory_order_relaxed);
    }
    ++seen;
    if (ending_.load(std::memory_order_relaxed)) return;
    work_share(member);
    left_.fetch_sub(1, std::memory_order_release);
  }
}

}  // namespace pellucid
