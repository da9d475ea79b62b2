// Large vectors in memory and in files, memory that is given back, free memory, and sets of keys.
// Not here: tables and features that are stored in such vectors (one_hot_test.cc, cli/memory_test.py).
#include "pellucid/large_vector.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <numeric>
#include <set>

#include "core/key_set.h"
#include "core/large_data.h"
#include "core/memory.h"
#include "pellucid/random.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::refusal;

constexpr std::size_t million = 1'000'000;

// The limit holds for the whole process, so each test ends by setting one that is never reached.
class LargeVectors : public testing::Test {
 protected:
  ~LargeVectors() override { limit_large_data(std::uint64_t{1} << 60); }

  std::size_t files_in_folder() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_.path()), {}));
  }

  test::TempFolder folder_;
};

std::size_t resident_pages(const LargeVector<double>& values) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  std::vector<unsigned char> pages(values.size() * sizeof(double) / page);
  EXPECT_EQ(::mincore(const_cast<double*>(values.data()), pages.size() * page, pages.data()), 0);
  return static_cast<std::size_t>(std::count_if(pages.begin(), pages.end(), [](auto p) { return (p & 1) != 0; }));
}

TEST_F(LargeVectors, above_the_limit_use_unnamed_files_and_behave_like_any_vector) {
  limit_large_data(0, folder_.path());
  const LargeDataUse before = large_data_use();
  LargeVector<double> values;
  for (std::size_t i = 0; i < million; ++i) values.push_back(static_cast<double>(i));
  EXPECT_TRUE(lies_in_file(values.data()));
  EXPECT_TRUE(lies_in_file(&values.back()));
  EXPECT_EQ(files_in_folder(), 0u);
  EXPECT_GE(large_data_use().in_files, before.in_files + million * sizeof(double));
  EXPECT_EQ(large_data_use().in_memory, before.in_memory);
  const LargeVector<double> copy = values;
  values.erase(values.begin(), values.begin() + 10);
  EXPECT_EQ(values.front(), 10);
  EXPECT_EQ(copy.back(), million - 1);
  values = LargeVector<double>();
  EXPECT_EQ(large_data_use().in_files, before.in_files + copy.capacity() * sizeof(double));
}

TEST_F(LargeVectors, below_the_limit_stay_in_memory_and_small_ones_always_do) {
  const std::uint64_t used = large_data_use().in_memory;
  limit_large_data(used + 20 * million, folder_.path());
  const LargeVector<double> first(2 * million), second(million);
  const LargeVector<std::uint8_t> small(1000);
  EXPECT_FALSE(lies_in_file(first.data()));
  EXPECT_TRUE(lies_in_file(second.data()));
  EXPECT_FALSE(lies_in_file(small.data()));
  EXPECT_EQ(large_data_use().in_memory, used + 16 * million);
  EXPECT_TRUE(fits_into_memory(1e6));
  EXPECT_FALSE(fits_into_memory(5e6));
}

TEST_F(LargeVectors, a_missing_folder_is_replaced_by_its_nearest_existing_parent) {
  limit_large_data(0, folder_.path() + "/runs/deeper");
  const LargeVector<double> values(million, 7);
  EXPECT_TRUE(lies_in_file(values.data()));
  EXPECT_EQ(values.back(), 7);
}

TEST_F(LargeVectors, a_full_disk_and_missing_permission_are_machine_errors) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  rlimit small = before;
  small.rlim_cur = million;
  ::setrlimit(RLIMIT_FSIZE, &small);
  limit_large_data(0, folder_.path());
  const Error full = refusal([] { LargeVector<double> values(million); });
  ::setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(full.code(), "M03");
  EXPECT_EQ(full.exit_code(), 5);
  EXPECT_NE(std::string(full.what()).find(folder_.path()), std::string::npos) << full.what();
  EXPECT_EQ(files_in_folder(), 0u);
  limit_large_data(0, "/proc");
  EXPECT_EQ(refusal([] { LargeVector<double> values(million); }).code(), "M01");
}

TEST_F(LargeVectors, give_back_frees_the_given_elements_and_keeps_the_others) {
  for (const bool file : {false, true}) {
    limit_large_data(file ? 0 : std::uint64_t{1} << 60, folder_.path());
    LargeVector<double> values(million, 3);
    ASSERT_EQ(lies_in_file(values.data()), file);
    const std::size_t all = resident_pages(values);
    give_back(values, 0, million / 4);
    give_back(values, million / 4, million / 2);
    EXPECT_LE(resident_pages(values), all * 6 / 10) << file;
    EXPECT_EQ(std::accumulate(values.begin() + million / 2, values.end(), 0.0), 1.5 * million);
  }
  LargeVector<double> small(100, 3);
  give_back(small, 0, 100);
  EXPECT_EQ(small[0], 3);
}

TEST(FreeMemory, is_limited_by_the_tightest_cgroup_and_counts_cached_files_as_free) {
  const test::TempFolder root;
  const auto group = [&](const std::string& folder, const std::vector<std::pair<std::string, std::string>>& files) {
    std::filesystem::create_directories(root.path() + "/" + folder);
    for (const auto& [name, text] : files) root.file(folder + "/" + name, text);
  };
  group("a", {{"memory.max", "1000"},
              {"memory.current", "300"},
              {"memory.stat", "anon 100\nactive_file 40\ninactive_file 60\n"}});
  group("a/b", {{"memory.max", "max"}, {"memory.current", "300"}});
  group("memory/c", {{"memory.limit_in_bytes", "700"},
                     {"memory.usage_in_bytes", "500"},
                     {"memory.stat", "cache 9\ntotal_inactive_file 100\ntotal_active_file 50\n"}});
  EXPECT_EQ(memory_left_by_cgroups("0::/a/b\n", root.path()), 800u);
  EXPECT_EQ(memory_left_by_cgroups("4:memory:/c\n0::/\n", root.path()), 350u);
  EXPECT_EQ(memory_left_by_cgroups("4:cpu,memory:/c/gone\n0::/a\n", root.path()), 350u);
  EXPECT_EQ(memory_left_by_cgroups("4:cpu:/c\n0::/elsewhere\n", root.path()), 0u);
  EXPECT_EQ(memory_left_by_cgroups("nonsense", root.path()), 0u);
}

TEST(FreeMemory, is_known_on_this_machine) {
  EXPECT_GT(available_memory(), 0u);
}

TEST(KeySet, agrees_with_std_set) {
  Random random({.seed = 3});
  KeySet keys;
  std::set<std::uint64_t> expected;
  for (int i = 0; i < 20'000; ++i) {
    const double x = static_cast<double>(random.below(9'000)) / 4;
    EXPECT_EQ(keys.insert(number_key(x)), expected.insert(number_key(x)).second);
  }
  EXPECT_EQ(keys.size(), static_cast<std::int64_t>(expected.size()));
  for (int i = 0; i < 9'100; ++i) {
    const std::uint64_t key = number_key(i / 4.0);
    EXPECT_EQ(keys.contains(key), expected.contains(key)) << i;
  }
  EXPECT_EQ(number_key(-0.0), number_key(0));
}

}  // namespace
}  // namespace pellucid
