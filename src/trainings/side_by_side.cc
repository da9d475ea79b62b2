// Jobs on threads: the machine decides who trains what, and no result depends on it.
// Not here: the course of one training (the library's fit).
#include "trainings/side_by_side.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <thread>
#include <vector>

#include "core/team.h"

namespace pellucid {

std::int64_t usable_threads(const Recipe& settings) {
  return settings.training.threads > 0 ? settings.training.threads : usable_cpus();
}

void side_by_side(std::size_t jobs, std::int64_t threads, const std::function<void(std::size_t)>& job,
                  const std::function<bool(std::size_t)>& may_start) {
  std::mutex guard;
  std::size_t next = 0;
  std::exception_ptr problem;
  const auto end_with = [&](std::exception_ptr error) {
    if (!problem) problem = std::move(error);
    next = jobs;
  };
  const auto take = [&]() -> std::optional<std::size_t> {
    const std::lock_guard lock(guard);
    try {
      if (next < jobs && may_start && !may_start(next)) next = jobs;
    } catch (...) {
      end_with(std::current_exception());
    }
    return next < jobs ? std::optional(next++) : std::nullopt;
  };
  const auto work = [&](std::optional<std::size_t> i) {
    for (; i; i = take()) {
      try {
        job(*i);
      } catch (...) {
        const std::lock_guard lock(guard);
        end_with(std::current_exception());
      }
    }
  };
  const std::optional<std::size_t> first = take();
  std::vector<std::thread> others;
  const auto wanted = std::min(static_cast<std::size_t>(threads), jobs);
  for (std::size_t t = 1; t < wanted; ++t) others.emplace_back([&] { work(take()); });
  work(first);
  for (std::thread& thread : others) thread.join();
  if (problem) std::rethrow_exception(problem);
}

}  // namespace pellucid
