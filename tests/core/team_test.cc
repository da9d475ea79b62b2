// Team: every part once, at any size; many rounds; after a fork; two at a time.
// Not here: that training keeps its bits (threads_test).
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

TEST(Team, a_member_that_has_not_begun_is_stood_in_for) {
  Team team(2);
  team.run(2, [](int) {});
  std::this_thread::sleep_for(std::chrono::milliseconds(5));  // the worker has parked
  std::vector<int> runs(64, 0);
  for (int round = 0; round < 200; ++round) {
    team.run(64, [&](int part) { ++runs[static_cast<std::size_t>(part)]; });
  }
  EXPECT_TRUE(std::all_of(runs.begin(), runs.end(), [](int n) { return n == 200; }));
}

TEST(Team, a_member_that_is_late_is_left_out_for_a_while) {
  Team team(2);
  const std::thread::id caller = std::this_thread::get_id();
  std::thread::id second;
  const auto round = [&](int milliseconds) {
    std::atomic<bool> begun{false};
    team.run(2, [&](int part) {
      if (part == 0) {  // gives the worker time to begin, so that nobody stands in for it
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

TEST(Team, quotas_of_both_kinds_of_cgroup_are_read_and_the_tightest_counts) {
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

TEST(Team, work_handed_over_is_done_or_was_never_begun) {
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

TEST(Team, a_lone_caller_is_never_taken_work_off) {
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
