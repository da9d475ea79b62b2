// Team: every part once, at any size; many rounds; after a fork; two at a time.
// Not here: that training keeps its bits (training_test).
#include "core/team.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <numeric>

namespace pellucid {
namespace {

TEST(Team, every_part_runs_exactly_once_whatever_the_size) {
  for (int threads : {1, 2, 3, 7}) {
    Team team(threads);
    for (int parts : {0, 1, 2, 5, 100}) {
      std::vector<int> runs(static_cast<std::size_t>(parts), 0);
      team.run(parts, [&](int part) { ++runs[static_cast<std::size_t>(part)]; });
      EXPECT_EQ(std::accumulate(runs.begin(), runs.end(), 0), parts);
      EXPECT_TRUE(std::all_of(runs.begin(), runs.end(), [](int n) { return n == 1; }));
    }
  }
}

TEST(Team, thousands_of_rounds_hand_results_from_one_to_the_next) {
  Team team(3);
  std::vector<long> value(8, 0);
  for (int round = 0; round < 20000; ++round) {
    const long before = std::accumulate(value.begin(), value.end(), 0L);
    ASSERT_EQ(before, 8L * round);
    team.run(8, [&](int part) { ++value[static_cast<std::size_t>(part)]; });
  }
}

TEST(Team, workers_that_parked_wake_again) {
  Team team(2);
  for (int round = 0; round < 5; ++round) {
    std::atomic<int> sum{0};
    team.run(2, [&](int part) { sum += part + 1; });
    EXPECT_EQ(sum, 3);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

TEST(Team, a_forked_child_works_alone_and_ends) {
  Team team(3);
  team.run(3, [](int) {});
  const pid_t child = fork();
  if (child == 0) {
    int sum = 0;
    team.run(4, [&](int part) { sum += part; });
    _exit(sum == 6 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  std::atomic<int> sum{0};
  team.run(3, [&](int part) { sum += part; });
  EXPECT_EQ(sum, 3);
}

TEST(Team, two_teams_in_two_threads_do_not_meet) {
  const auto busy = [] {
    Team team(2);
    long sum = 0;
    for (int round = 0; round < 2000; ++round) {
      std::atomic<int> parts{0};
      team.run(4, [&](int) { ++parts; });
      sum += parts;
    }
    EXPECT_EQ(sum, 8000);
  };
  std::thread other(busy);
  busy();
  other.join();
}

TEST(Team, there_is_at_least_one_cpu) {
  EXPECT_GE(usable_cpus(), 1);
  EXPECT_EQ(Team(0).size(), usable_cpus());
}

}  // namespace
}  // namespace pellucid
