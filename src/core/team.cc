// The worker threads of a Team: spin, sleep, run a share of the work, report it as done.
// Not here: dividing the work into parts (kernels/parallel.cc).
#include "core/team.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <string>
#include <system_error>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace pellucid {
namespace {

constexpr int most_threads = 64;

using namespace std::chrono_literals;
// How long an idle worker spins before it sleeps: longer than the gap between two layers, shorter than the time to read
// a batch from disk.
constexpr auto spinning = 50us;
constexpr int look_at_clock = 16;  // number of spin iterations between two readings of the clock
// how long the caller waits before it takes over the share of a member that has not begun
constexpr auto patience = 1us;
// if no round begins within this time, the worker takes work that was offered by ahead()
constexpr auto at_once = 300ns;
// A member that finishes this much later than the caller, and needs twice its time, counts as having lost its CPU.
constexpr auto late = 200us;
constexpr auto shortest_rest = 1ms, longest_rest = 128ms;

void relax() noexcept {
#if defined(__x86_64__)
  _mm_pause();
#else
  std::this_thread::yield();
#endif
}

/// Spins until ready() returns true or the time `most` is over; returns whether it is ready.
template <class Ready>
bool spin(std::chrono::nanoseconds most, const Ready& ready) {
  const auto begin = std::chrono::steady_clock::now();
  do {
    for (int i = 0; i < look_at_clock; ++i) {
      if (ready()) return true;
      relax();
    }
  } while (std::chrono::steady_clock::now() - begin < most);
  return ready();
}

/// CPUs that one cgroup allows: "QUOTA PERIOD" in one file (v2) or one file each (v1); infinite without a quota.
double cpus_of_group(const std::string& folder) {
  std::string quota;
  double period = 0;
  std::ifstream both(folder + "/cpu.max");
  if (!(both >> quota >> period)) {
    std::ifstream(folder + "/cpu.cfs_quota_us") >> quota;
    std::ifstream(folder + "/cpu.cfs_period_us") >> period;
  }
  const double cpus = std::strtod(quota.c_str(), nullptr) / period;  // "max" and -1 mean no limit
  return cpus > 0 && std::isfinite(cpus) ? cpus : std::numeric_limits<double>::infinity();
}

}  // namespace

int cpus_by_quota(const std::string& root) {
  double cpus = most_threads;
  const auto add = [&](const std::string& mount, std::string group) {
    // The quotas of all parent cgroups apply too. Inside a container the path may be the host's; then only the mounted
    // root exists.
    for (;; group.resize(group.rfind('/'))) {
      cpus = std::min(cpus, cpus_of_group(mount + group));
      if (group.find('/') == std::string::npos) break;
    }
  };
  std::ifstream groups(root + "/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {  // "0::/user.slice", "4:cpu,cpuacct:/docker/1f"
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string group = line.substr(second + 1) == "/" ? "" : line.substr(second + 1);
    if (controllers == ",,") add(root + "/sys/fs/cgroup", group);
    if (controllers.find(",cpu,") != std::string::npos) add(root + "/sys/fs/cgroup/cpu", group);
  }
  add(root + "/sys/fs/cgroup", "");
  return std::clamp(static_cast<int>(cpus), 1, most_threads);
}

int usable_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  const int allowed = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
  return std::clamp(std::min(allowed, cpus_by_quota("")), 1, most_threads);
}

Team::Team(int threads)
    : size_(threads <= 0 ? usable_cpus() : std::min(threads, most_threads)),
      seats_(size_ > 1 ? std::make_unique<Seat[]>(static_cast<std::size_t>(size_)) : nullptr) {}

Team::~Team() {
  finish();
  if (workers_.empty()) return;
  if (process_ != ::getpid()) {
    // This is a forked child. The threads exist in the parent only, so joining them would wait for ever. (So would
    // destroying a condition variable that one of them waits on; hence the atomic wait.)
    for (std::thread& worker : workers_) worker.detach();
    return;
  }
  ending_.store(true, std::memory_order_relaxed);
  round_.fetch_add(1, std::memory_order_release);
  call();
  for (std::thread& worker : workers_) worker.join();
}

void Team::start() {
  process_ = ::getpid();
  try {
    for (int member = 1; member < size_; ++member) workers_.emplace_back([this, member] { serve(member); });
  } catch (const std::system_error&) {
    // The system cannot start more threads, so fewer members do the same work.
    size_ = static_cast<int>(workers_.size()) + 1;
  }
}

void Team::run_erased(int parts, Function function, const void* work) {
  const bool one = size_ == 1 || parts <= 1 || (!workers_.empty() && process_ != ::getpid());
  const Clock::time_point begin = one ? Clock::time_point{} : Clock::now();
  if (one || begin < resting_until_) {
    for (int part = 0; part < parts; ++part) function(work, part);
    return;
  }
  if (workers_.empty()) start();
  function_ = function;
  work_ = work;
  parts_ = parts;
  left_.store(size_ - 1, std::memory_order_relaxed);
  const std::uint32_t round = round_.fetch_add(1, std::memory_order_release) + 1;
  call();
  work_share(0);
  const Clock::time_point done = Clock::now();
  finish_round(round);
  rest_if_late(begin, done, Clock::now());
}

bool Team::finish() {
  if (ahead_.load(std::memory_order_relaxed) == Ahead::none) return false;
  Ahead waits = Ahead::waits;
  if (ahead_.compare_exchange_strong(waits, Ahead::none, std::memory_order_relaxed)) return false;
  const auto ended = [this] { return ahead_.load(std::memory_order_acquire) == Ahead::done; };
  while (!spin(spinning, ended) && process_ == ::getpid()) std::this_thread::yield();
  // False if the work was running when the process forked.
  return ahead_.exchange(Ahead::none, std::memory_order_relaxed) == Ahead::done;
}

bool Team::work_ahead() {
  Ahead waits = Ahead::waits;
  if (!ahead_.compare_exchange_strong(waits, Ahead::runs, std::memory_order_acquire)) return false;
  ahead_function_(ahead_work_, 0);
  ahead_.store(Ahead::done, std::memory_order_release);
  return true;
}

void Team::call() noexcept {
  calls_.fetch_add(1, std::memory_order_release);
  calls_.notify_all();  // makes no system call unless a worker sleeps
}

void Team::finish_round(std::uint32_t round) {
  const auto all_done = [this] { return left_.load(std::memory_order_acquire) == 0; };
  if (spin(patience, all_done)) return;
  for (int member = 1; member < size_; ++member) {
    if (!claim(member, round)) continue;
    work_share(member);
    left_.fetch_sub(1, std::memory_order_relaxed);
  }
  if (spin(spinning, all_done)) return;
  while (!all_done()) std::this_thread::yield();  // there may be more threads than CPUs, so let the worker run
}

// After a late member the caller works alone for a while. The time doubles each time a member is late, up to a limit;
// rounds that finish in time shorten it again.
void Team::rest_if_late(Clock::time_point begin, Clock::time_point done, Clock::time_point end) {
  if (end - done < late + (done - begin)) {
    rest_ = rest_ > shortest_rest ? rest_ - (end - begin) / 8 : Clock::duration{};
    return;
  }
  rest_ = std::clamp<Clock::duration>(2 * rest_, shortest_rest, longest_rest);
  resting_until_ = end + rest_;
}

bool Team::claim(int member, std::uint32_t round) {
  std::uint32_t before = round - 1;
  return seats_[static_cast<std::size_t>(member)].claimed.compare_exchange_strong(before, round,
                                                                                  std::memory_order_acq_rel);
}

void Team::work_share(int member) {
  for (int part = member; part < parts_; part += size_) function_(work_, part);
}

// Waits until a round after `seen` begins. If none begins soon, the worker meanwhile does work that was offered by
// ahead().
void Team::await(std::uint32_t seen) {
  const auto called = [&] { return round_.load(std::memory_order_acquire) != seen; };
  while (!spin(at_once, called)) {
    const std::uint32_t calls = calls_.load(std::memory_order_acquire);
    if (work_ahead() || spin(spinning, [&] { return calls_.load(std::memory_order_acquire) != calls; })) continue;
    if (!called()) calls_.wait(calls, std::memory_order_acquire);
  }
}

void Team::serve(int member) {
  std::uint32_t seen = 0;
  for (;;) {
    await(seen);
    seen = round_.load(std::memory_order_acquire);
    if (ending_.load(std::memory_order_relaxed)) return;
    if (!claim(member, seen)) continue;
    work_share(member);
    left_.fetch_sub(1, std::memory_order_release);
  }
}

}  // namespace pellucid
