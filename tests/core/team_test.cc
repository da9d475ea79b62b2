// Team: each part runs exactly once, many rounds, fork, two teams at once, CPU quotas, and work done ahead.
// Not here: that training gives the same bits (threads_test.cc).
#include "core/team.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <numeric>

namespace pellucid {
namespace {

TEST(Team, every_part_runs_exactly_once_with_any_number_of_threads) {
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

TEST(Team, results_of_each_round_are_visible_in_the_next) {
  Team team(3);
  std::vector<long> value(8, 0);
  for (int round = 0; round < 20000; ++round) {
    const long before = std::accumulate(value.begin(), value.end(), 0L);
    ASSERT_EQ(before, 8L * round);
    team.run(8, [&](int part) { ++value[static_cast<std::size_t>(part)]; });
  }
}

TEST(Team, sleeping_workers_wake_up_again) {
  Team team(2);
  for (int round = 0; round < 5; ++round) {
    std::atomic<int> sum{0};
    team.run(2, [&](int part) { sum += part + 1; });
    EXPECT_EQ(sum, 3);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

TEST(Team, a_forked_child_works_alone_and_exits) {
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

TEST(Team, two_teams_in_two_threads_are_independent) {
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

TEST(Team, parts_of_a_worker_that_has_not_started_are_done_by_others) {
  Team team(2);
  team.run(2, [](int) {});
  std::this_thread::sleep_for(std::chrono::milliseconds(5));  // now the worker is asleep
  std::vector<int> runs(64, 0);
  for (int round = 0; round < 200; ++round) {
    team.run(64, [&](int part) { ++runs[static_cast<std::size_t>(part)]; });
  }
  EXPECT_TRUE(std::all_of(runs.begin(), runs.end(), [](int n) { return n == 200; }));
}

TEST(Team, a_slow_worker_is_not_used_for_a_while) {
  Team team(2);
  const std::thread::id caller = std::this_thread::get_id();
  std::thread::id second;
  const auto round = [&](int milliseconds) {
    std::atomic<bool> begun{false};
    team.run(2, [&](int part) {
      if (part == 0) {  // gives the worker time to start, so that the caller does not take its part
        for (int i = 0; i < 1000 && !begun; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return;
      }
      begun = true;
      second = std::this_thread::get_id();
      if (second != caller) std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    });
  };
  round(50);
  EXPECT_NE(second, caller);
  team.run(2, [&](int part) { second = part == 1 ? std::this_thread::get_id() : second; });
  EXPECT_EQ(second, caller);
}

// A folder that looks like /proc and /sys/fs/cgroup, with these files in it.
class FakeRoot {
 public:
  explicit FakeRoot(const std::map<std::string, std::string>& files) {
    char name[] = "/tmp/pellucid-cgroup-XXXXXX";
    root_ = mkdtemp(name);
    for (const auto& [path, text] : files) {
      std::filesystem::create_directories((root_ / path).parent_path());
      std::ofstream(root_ / path) << text;
    }
  }
  ~FakeRoot() { std::filesystem::remove_all(root_); }
  int cpus() const { return cpus_by_quota(root_.string()); }

 private:
  std::filesystem::path root_;
};

TEST(Team, cpu_quotas_of_cgroups_v1_and_v2_are_read_and_the_tightest_counts) {
  const std::string own = "proc/self/cgroup", v2 = "sys/fs/cgroup/", v1 = "sys/fs/cgroup/cpu/";
  EXPECT_EQ(FakeRoot({}).cpus(), 64);
  EXPECT_EQ(FakeRoot({{own, "0::/\n"}, {v2 + "cpu.max", "max 100000\n"}}).cpus(), 64);
  EXPECT_EQ(FakeRoot({{own, "0::/\n"}, {v2 + "cpu.max", "100000 100000\n"}}).cpus(), 1);
  EXPECT_EQ(FakeRoot({{own, "0::/\n"}, {v2 + "cpu.max", "350000 100000\n"}}).cpus(), 3);
  EXPECT_EQ(FakeRoot({{own, "0::/\n"}, {v2 + "cpu.max", "10000 100000\n"}}).cpus(), 1);
  EXPECT_EQ(FakeRoot({{own, "0::/a.slice/b.service\n"},
                      {v2 + "a.slice/cpu.max", "200000 100000\n"},
                      {v2 + "a.slice/b.service/cpu.max", "500000 100000\n"}})
                .cpus(),
            2);
  EXPECT_EQ(FakeRoot({{own, "0::/not/there\n"}, {v2 + "cpu.max", "200000 100000\n"}}).cpus(), 2);
  EXPECT_EQ(FakeRoot({{own, "5:memory:/x\n4:cpu,cpuacct:/docker/1f\n"},
                      {v1 + "cpu.cfs_quota_us", "-1\n"},
                      {v1 + "cpu.cfs_period_us", "100000\n"},
                      {v1 + "docker/1f/cpu.cfs_quota_us", "150000\n"},
                      {v1 + "docker/1f/cpu.cfs_period_us", "50000\n"}})
                .cpus(),
            3);
  EXPECT_EQ(FakeRoot({{own, "nonsense\n"}, {v2 + "cpu.max", "garbage\n"}}).cpus(), 64);
  EXPECT_EQ(FakeRoot({{own, "0::/\n"}, {v2 + "cpu.max", "100000 0\n"}}).cpus(), 64);
}

TEST(Team, work_given_ahead_runs_completely_or_not_at_all) {
  Team team(2);
  int value = 0;
  const auto work = [&] { ++value; };
  EXPECT_FALSE(team.finish());
  for (int round = 0, done = 0; round < 2000; ++round) {
    team.ahead(work);
    if (round % 3) team.run(2, [](int) {});
    done += team.finish();
    ASSERT_EQ(value, done);
  }
  EXPECT_FALSE(team.finish());
}

TEST(Team, a_team_of_one_never_runs_work_ahead) {
  Team team(1);
  const auto work = [] { FAIL(); };
  team.ahead(work);
  EXPECT_FALSE(team.finish());
}

TEST(Team, there_is_at_least_one_cpu) {
  EXPECT_GE(usable_cpus(), 1);
  EXPECT_EQ(Team(0).size(), usable_cpus());
}

}  // namespace
}  // namespace pellucid
