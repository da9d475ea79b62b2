// Several trainings side by side on the threads of this machine: the one place that schedules them.
// Not here: what a training is (train_once.h), threads inside one training (core/team.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

#include "pellucid/recipe.h"

namespace pellucid {

/// The recipe's threads, or as many as CPUs that this process may use.
std::int64_t usable_threads(const Recipe& settings);

/// Calls job(0) … job(jobs − 1) on up to `threads` threads, the caller's among them, which gets
/// job 0. Jobs begin in their order. Before
/// each one `may_start` is asked, one call at a time; once it says no, no further job begins. The first exception of a
/// job ends it as well, and is thrown on when all running jobs have ended.
void side_by_side(std::size_t jobs, std::int64_t threads, const std::function<void(std::size_t)>& job,
                  const std::function<bool(std::size_t)>& may_start = {});

/// Passes the results of jobs on in the order of the jobs, each as early as that allows, one at a time, on the thread
/// that adds it.
template <class Result>
class InOrder {
 public:
  explicit InOrder(std::function<void(std::size_t job, Result result)> take) : take_(std::move(take)) {}

  void add(std::size_t job, Result result) {
    const std::lock_guard lock(guard_);
    waiting_.emplace(job, std::move(result));
    for (auto at = waiting_.find(next_); at != waiting_.end(); at = waiting_.find(next_)) {
      Result ready = std::move(at->second);
      waiting_.erase(at);
      take_(next_++, std::move(ready));
    }
  }

 private:
  std::function<void(std::size_t, Result)> take_;
  std::mutex guard_;
  std::map<std::size_t, Result> waiting_;
  std::size_t next_ = 0;
};

}  // namespace pellucid
