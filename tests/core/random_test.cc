// The counter-based generator: published test vectors, the distributions, and independence of the order of calls.
// Not here: initial weights (initializers_test.cc), dropout (tests of the layers).
#include "pellucid/random.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <vector>

namespace pellucid {
namespace {

using Words = std::array<std::uint32_t, 4>;

// Philox4x32-10, from Random123's kat_vectors. Our key is its key; our (block, row, step, purpose · 2^16 + stream) is
// its counter.
TEST(Random, words_equal_the_published_philox_test_vectors) {
  EXPECT_EQ(random_words({.seed = 0, .purpose = Purpose{0}}, 0),
            (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  const RandomKey ones{~std::uint64_t{0}, Purpose{0xffff}, 0xffff, 0xffffffff, 0xffffffff};
  EXPECT_EQ(random_words(ones, 0xffffffff), (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  const RandomKey digits_of_pi{0x299f31d0a4093822, Purpose{0x0370}, 0x7344, 0x13198a2e, 0x85a308d3};
  EXPECT_EQ(random_words(digits_of_pi, 0x243f6a88), (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, every_field_of_the_key_changes_the_stream) {
  const RandomKey key{1, Purpose::dropout, 2, 3, 4};
  std::set<Words> seen;
  for (RandomKey k : {key, RandomKey{5, Purpose::dropout, 2, 3, 4}, RandomKey{1, Purpose::split, 2, 3, 4},
                      RandomKey{1, Purpose::dropout, 5, 3, 4}, RandomKey{1, Purpose::dropout, 2, 5, 4},
                      RandomKey{1, Purpose::dropout, 2, 3, 5}}) {
    seen.insert(random_words(k, 0));
  }
  seen.insert(random_words(key, 1));
  EXPECT_EQ(seen.size(), 7u);
}

TEST(Random, words_are_the_same_with_every_instruction_set) {
  for (const std::int64_t target : {HWY_SSE4, HWY_AVX2, HWY_AVX3, HWY_NEON}) {
    if ((hwy::SupportedTargets() & target) == 0) continue;
    hwy::SetSupportedTargetsForTest(target);
    const RandomKey key{.seed = 0x123456789abcdef0, .purpose = Purpose::shuffle, .stream = 3, .step = 5, .row = 9};
    Random random(key);
    for (std::uint32_t block = 0; block < 100; ++block) {
      for (std::uint32_t word : random_words(key, block)) EXPECT_EQ(random.word(), word);
    }
    hwy::SetSupportedTargetsForTest(0);
  }
}

TEST(Random, uniform_numbers_are_spread_evenly_from_zero_to_one) {
  Random random({.seed = 42});
  constexpr int n = 100000;
  std::array<int, 10> tenth{};
  double sum = 0;
  for (int i = 0; i < n; ++i) {
    const double u = random.uniform();
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    ++tenth[static_cast<std::size_t>(10 * u)];
    sum += u;
  }
  EXPECT_NEAR(sum / n, 0.5, 5 * std::sqrt(1.0 / 12 / n));
  for (int count : tenth) EXPECT_NEAR(count, n / 10, 5 * std::sqrt(n * 0.1 * 0.9));
}

TEST(Random, below_gives_every_result_equally_often) {
  Random random({.seed = 3});
  constexpr int n = 60000;
  std::array<int, 6> die{};
  for (int i = 0; i < n; ++i) ++die[random.below(6)];
  for (int count : die) EXPECT_NEAR(count, n / 6, 5 * std::sqrt(n / 6.0 * 5 / 6));
  EXPECT_EQ(random.below(1), 0u);

  // With 3·2^62 possible results, a plain remainder would give the lower third twice as often as the rest.
  const std::uint64_t huge = std::uint64_t{3} << 62;
  int lower = 0;
  for (int i = 0; i < 30000; ++i) {
    const std::uint64_t x = random.below(huge);
    ASSERT_LT(x, huge);
    lower += x < huge / 3;
  }
  EXPECT_NEAR(lower, 10000, 5 * std::sqrt(30000 * 2.0 / 9));
}

TEST(Random, normal_numbers_have_the_moments_of_the_normal_distribution) {
  Random random({.seed = 11});
  constexpr int n = 200000;
  double m1 = 0, m2 = 0, m3 = 0, m4 = 0;
  int within_one = 0;
  for (int i = 0; i < n; ++i) {
    const double x = random.normal();
    m1 += x / n;
    m2 += x * x / n;
    m3 += x * x * x / n;
    m4 += x * x * x * x / n;
    within_one += std::abs(x) < 1;
  }
  EXPECT_NEAR(m1, 0, 5 * std::sqrt(1.0 / n));
  EXPECT_NEAR(m2, 1, 5 * std::sqrt(2.0 / n));
  EXPECT_NEAR(m3, 0, 5 * std::sqrt(15.0 / n));
  EXPECT_NEAR(m4, 3, 5 * std::sqrt(96.0 / n));
  EXPECT_NEAR(within_one / double{n}, 0.6826895, 5 * std::sqrt(0.217 / n));
}

TEST(Random, normal_numbers_come_in_box_muller_pairs) {
  Random uniform({.seed = 5}), normal({.seed = 5});
  const double u = 1 - uniform.uniform(), turn = 2 * M_PI * uniform.uniform();
  const double radius = std::sqrt(-2 * std::log(u));
  EXPECT_NEAR(normal.normal(), radius * std::cos(turn), 1e-14);
  EXPECT_NEAR(normal.normal(), radius * std::sin(turn), 1e-14);
}

TEST(Random, a_shuffle_is_a_permutation_that_depends_only_on_the_key) {
  std::vector<std::int64_t> a(1000), b, c;
  std::iota(a.begin(), a.end(), 0);
  const auto sorted = a;
  b = c = a;
  Random({.seed = 1}).shuffle(a);
  Random({.seed = 1}).shuffle(b);
  Random({.seed = 2}).shuffle(c);
  EXPECT_EQ(a, b);
  EXPECT_NE(a, c);
  EXPECT_NE(a, sorted);
  std::sort(a.begin(), a.end());
  EXPECT_EQ(a, sorted);
  std::vector<std::int64_t> none, one{9};
  Random({.seed = 1}).shuffle(none);
  Random({.seed = 1}).shuffle(one);
  EXPECT_EQ(one, std::vector<std::int64_t>{9});
}

TEST(Random, all_orders_of_three_are_equally_likely) {
  std::map<std::vector<std::int64_t>, int> seen;
  constexpr int n = 12000;
  for (std::uint32_t i = 0; i < n; ++i) {
    std::vector<std::int64_t> v{0, 1, 2};
    Random({.seed = 8, .step = i}).shuffle(v);
    ++seen[v];
  }
  EXPECT_EQ(seen.size(), 6u);
  for (const auto& [order, count] : seen) EXPECT_NEAR(count, n / 6, 5 * std::sqrt(n / 6.0 * 5 / 6));
}

}  // namespace
}  // namespace pellucid
