// Jobs on threads: order, exceptions, a job that may not start. Not here: trainings (members_test.cc, tune_test.cc).
#include "trainings/side_by_side.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace pellucid {
namespace {

TEST(SideBySide, results_come_in_the_order_of_the_jobs_on_any_number_of_threads) {
  for (const std::int64_t threads : {1, 2, 3, 7}) {
    std::vector<std::size_t> taken;
    InOrder<std::size_t> order([&](std::size_t job, std::size_t result) {
      EXPECT_EQ(result, job * job);
      taken.push_back(job);
    });
    side_by_side(50, threads, [&](std::size_t i) { order.add(i, i * i); });
    ASSERT_EQ(taken.size(), 50U);
    for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(taken[i], i);
  }
}

TEST(SideBySide, once_a_job_may_not_start_no_later_one_does) {
  std::vector<int> done(20);
  side_by_side(
      20, 3, [&](std::size_t i) { done[i] = 1; }, [](std::size_t i) { return i != 8; });
  for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(done[i], i < 8 ? 1 : 0) << i;
}

TEST(SideBySide, the_first_exception_ends_it_and_is_thrown) {
  int after = 0;
  const auto job = [&](std::size_t i) {
    if (i == 2) throw std::runtime_error("two");
    after += i > 2 ? 1 : 0;
  };
  EXPECT_THROW(side_by_side(10, 1, job), std::runtime_error);
  EXPECT_EQ(after, 0);
}

}  // namespace
}  // namespace pellucid
