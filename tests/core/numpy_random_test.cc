// NumPy's legacy generator, compared with what NumPy 2.4.6 printed: the first numbers, and hashes of long sequences.
// Not here: the library's own generator (random_test.cc).
#include "pellucid/numpy_random.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "pellucid/error.h"

namespace pellucid {
namespace {

// The Python line above or beside each number computes it with NumPy, after:
//   import numpy as np; R = np.random.RandomState
//   h = lambda x: hex(int((x.view('u8') * np.arange(1, 2 * x.size, 2, dtype='u8')).sum()))  # changes with any bit
//   q = lambda x: np.floor(x * 2**32).astype('i8')

using Indices = std::vector<std::int64_t>;
constexpr std::int64_t million = 1000000;
constexpr std::uint32_t last_seed = 0xFFFFFFFF;

template <class T>
std::uint64_t hash(const std::vector<T>& values) {
  std::uint64_t sum = 0, factor = 1;
  for (T value : values) {
    sum += std::bit_cast<std::uint64_t>(value) * factor;
    factor += 2;
  }
  return sum;
}

std::uint64_t hash_to_32_places(const std::vector<double>& values) {
  Indices floors;
  for (double value : values) floors.push_back(static_cast<std::int64_t>(std::floor(value * 0x1p32)));
  return hash(floors);
}

Indices first(const Indices& values, std::int64_t count) {
  return {values.begin(), values.begin() + count};
}

// R(seed).rand(3), h(R(seed).rand(10**6))
TEST(NumpyRandom, rand_agrees_with_numpy) {
  struct Case {
    std::uint32_t seed;
    double numbers[3];
    std::uint64_t hash;
  };
  for (const Case& c :
       {Case{0, {0.5488135039273248, 0.7151893663724195, 0.6027633760716439}, 0xb2d2e062650bbe6c},
        Case{1, {0.417022004702574, 0.7203244934421581, 0.00011437481734488664}, 0x1db6d217916c4e33},
        Case{42, {0.3745401188473625, 0.9507143064099162, 0.7319939418114051}, 0x6da6c9df19a877af},
        Case{last_seed, {0.0976320289940138, 0.9123828453026218, 0.78903530185164}, 0x6e0e68c4b9a7d3bd}}) {
    NumpyRandom random(c.seed);
    for (double number : c.numbers) EXPECT_EQ(random.rand(), number) << c.seed;
    EXPECT_EQ(hash(NumpyRandom(c.seed).rand(million)), c.hash) << c.seed;
  }
}

// R(42).uniform(-1, 1, 10**6)
TEST(NumpyRandom, uniform_agrees_with_numpy) {
  const auto numbers = NumpyRandom(42).uniform(-1, 1, million);
  EXPECT_EQ(numbers[0], -0.250919762305275);
  EXPECT_EQ(numbers[1], 0.9014286128198323);
  EXPECT_EQ(numbers[2], 0.4639878836228102);
  EXPECT_EQ(hash(numbers), 0xc252ffbfdb257fb8);
}

struct Normals {
  std::uint32_t seed;
  double numbers[3];
  std::uint64_t hash_to_32_places, hash;
};

// R(seed).randn(3), h(q(R(seed).randn(10**6))), h(R(seed).randn(10**6))
constexpr Normals normals[] = {
    {0, {1.764052345967664, 0.4001572083672233, 0.9787379841057392}, 0x338d7fed87d55e49, 0x96e0d0bb43a5d25c},
    {1, {1.6243453636632417, -0.6117564136500754, -0.5281717522634557}, 0xfb6bb847f75bb192, 0xed8938c2f260489d},
    {27, {1.2856054152322811, -0.30355337730615073, 0.6190756618694475}, 0xeaffa17f0bf1f3c4, 0x196db41999826ea1},
    {42, {0.4967141530112327, -0.13826430117118466, 0.6476885381006925}, 0x6c504827679ef7b0, 0x7a1b21788f503d6e},
    {last_seed, {0.6484086742306527, 0.6693235306338161, -1.0805437227474493}, 0x1de57f916b07a4e1, 0x54a821e37abef306}};

TEST(NumpyRandom, randn_agrees_with_numpy_except_for_last_bits_of_the_c_library) {
  for (const Normals& c : normals) {
    const auto numbers = NumpyRandom(c.seed).randn(million);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_DOUBLE_EQ(numbers[i], c.numbers[i]) << c.seed;
    EXPECT_EQ(hash_to_32_places(numbers), c.hash_to_32_places) << c.seed;
  }
}

TEST(NumpyRandom, randn_agrees_with_numpy_in_every_bit_on_glibc_with_fma) {
#ifdef __GLIBC__
  if ((hwy::SupportedTargets() & (HWY_AVX2 | HWY_AVX3 | HWY_NEON)) == 0)
    GTEST_SKIP() << "no FMA: NumPy's differ as well";
  for (const Normals& c : normals) EXPECT_EQ(hash(NumpyRandom(c.seed).randn(million)), c.hash) << c.seed;
#else
  GTEST_SKIP() << "not glibc: its logarithm, and so NumPy's numbers, differ in last bits";
#endif
}

// R(3).normal(0, .1, 10**6); R(3).normal(5, 2, 3)
TEST(NumpyRandom, normal_agrees_with_numpy) {
  EXPECT_EQ(hash_to_32_places(NumpyRandom(3).normal(0, 0.1, million)), 0xf82aac37c5b8d57u);
  const auto numbers = NumpyRandom(3).normal(5, 2, 3);
  EXPECT_DOUBLE_EQ(numbers[0], 8.577256946860636);
  EXPECT_DOUBLE_EQ(numbers[1], 5.873019701023979);
  EXPECT_DOUBLE_EQ(numbers[2], 5.192994936144017);
}

// r = R(7); x = r.randint(low, high, 10**5); x[:3], h(x), r.randint(0, 1000). The last number shows how many were
// drawn.
TEST(NumpyRandom, randint_agrees_with_numpy_for_ranges_of_any_width) {
  struct Case {
    std::int64_t low, high;
    Indices numbers;
    std::uint64_t hash;
    std::int64_t next;
  };
  using Limits = std::numeric_limits<std::int64_t>;
  const std::int64_t two_32 = std::int64_t{1} << 32;
  for (const Case& c : {Case{7, 8, {7, 7, 7}, 0x104c533c00, 175}, Case{0, 2, {1, 0, 1}, 0x1279472c1, 990},
                        Case{0, 10, {4, 9, 6}, 0xa7b45cfa5, 48}, Case{500, 1000, {675, 696, 525}, 0x6d104c04941, 409},
                        Case{0, 5000, {4271, 1220, 537}, 0x16a968a511f0, 663},
                        Case{0, 60000, {58564, 49689, 10742}, 0x111188bbd2297, 886},
                        Case{-5, two_32 / 2 - 5, {327741610, 976413887, 1202242068}, 0x94e2ebd18e42d69b, 990},
                        Case{0, two_32, {327741615, 976413892, 3349725721}, 0x2ab715b5327e4a9b, 990},
                        Case{0, two_32 + 1, {1322904761, 1133316631, 372560217}, 0x2991c19aef25f8d6, 473},
                        Case{-3, 256 * two_32 - 3, {752595690689, 108744157683, 291964244176}, 0xf747078a6475653b, 913},
                        Case{Limits::min(),
                             Limits::max(),
                             {-7815732517915138876, 5163590386780219894, -1136149262272507693},
                             0x5ec6ff916099113b,
                             913}}) {
    NumpyRandom random(7);
    const Indices numbers = random.randint(c.low, c.high, 100000);
    EXPECT_EQ(first(numbers, 3), c.numbers) << c.high;
    EXPECT_EQ(hash(numbers), c.hash) << c.high;
    EXPECT_EQ(random.randint(0, 1000), c.next) << c.high;
  }
}

// np.random.seed(27); np.random.randint(500, 1000, 5000), np.random.randint(0, 500, 5000): the data of a tutorial.
TEST(NumpyRandom, the_two_columns_of_a_tutorial_are_reproduced) {
  NumpyRandom random(27);
  EXPECT_EQ(random.randint(500, 1000, 5000)[0], 519);
  EXPECT_EQ(random.randint(0, 500, 5000)[0], 214);
}

// r = R(42); x = r.permutation(n); x[:8], h(x), r.randint(0, 1000)
TEST(NumpyRandom, permutation_agrees_with_numpy) {
  struct Case {
    std::int64_t n;
    Indices begin;
    std::uint64_t hash;
    std::int64_t next;
  };
  for (const Case& c : {Case{0, {}, 0, 102}, Case{1, {0}, 0, 102}, Case{2, {1, 0}, 1, 435}, Case{3, {0, 1, 2}, 13, 860},
                        Case{178, {19, 45, 140, 30, 67, 16, 119, 174}, 0x2baf69, 957},
                        Case{1797, {1245, 220, 1518, 438, 1270, 832, 692, 1309}, 0xae0328ec, 925},
                        Case{60000, {12628, 37730, 39991, 8525, 8279, 51012, 14871, 15127}, 0x621e2c51e174, 941}}) {
    NumpyRandom random(42);
    const Indices order = random.permutation(c.n);
    EXPECT_EQ(order.size(), static_cast<std::size_t>(c.n));
    EXPECT_EQ(first(order, std::min<std::int64_t>(c.n, 8)), c.begin);
    EXPECT_EQ(hash(order), c.hash) << c.n;
    EXPECT_EQ(random.randint(0, 1000), c.next) << c.n;
  }
}

// r = R(9); x = np.arange(100, 110); r.shuffle(x); r.shuffle(x); x, r.randint(0, 1000)
TEST(NumpyRandom, consecutive_shuffles_agree_with_numpy) {
  NumpyRandom random(9);
  Indices values(10);
  std::iota(values.begin(), values.end(), 100);
  random.shuffle(values);
  random.shuffle(values);
  EXPECT_EQ(values, (Indices{103, 107, 100, 101, 105, 102, 109, 108, 104, 106}));
  EXPECT_EQ(random.randint(0, 1000), 956);
}

// R(10).choice(100, 5, replace=False); R(10).choice(100, 5)
TEST(NumpyRandom, choice_agrees_with_numpy) {
  EXPECT_EQ(NumpyRandom(10).choice(100, 5), (Indices{19, 14, 43, 37, 66}));
  EXPECT_EQ(NumpyRandom(10).choice(100, 0), Indices{});
  EXPECT_EQ(NumpyRandom(10).randint(0, 100, 5), (Indices{9, 15, 64, 28, 89}));  // with replacement
}

// sklearn 1.9: train_test_split(np.arange(35), test_size=.2, random_state=42)[1]
TEST(NumpyRandom, the_first_rows_of_a_permutation_are_the_test_rows_of_train_test_split) {
  EXPECT_EQ(first(NumpyRandom(42).permutation(35), 7), (Indices{26, 13, 24, 21, 15, 29, 19}));
}

// pandas 3.1: pd.DataFrame({"a": range(10)}).sample(frac=.8, random_state=3).index
TEST(NumpyRandom, choice_reproduces_a_pandas_sample) {
  EXPECT_EQ(NumpyRandom(3).choice(10, 8), (Indices{5, 4, 1, 2, 9, 6, 7, 0}));
}

// r = R(11); r.randn(), r.randint(0, 10), r.rand(), r.randn(), r.randint(0, 2**40), r.permutation(3), r.normal(1, 2),
// r.uniform(2, 4), r.randint(5, 6), r.randn(), r.choice(5, 2, replace=False), r.rand()
TEST(NumpyRandom, the_second_normal_number_of_a_pair_is_kept_while_others_are_drawn) {
  NumpyRandom random(11);
  EXPECT_DOUBLE_EQ(random.randn(), 1.7494547413051793);
  EXPECT_EQ(random.randint(0, 10), 1);
  EXPECT_EQ(random.rand(), 0.10517515603771133);
  EXPECT_DOUBLE_EQ(random.randn(), -0.28607299681629417);
  EXPECT_EQ(random.randint(0, std::int64_t{1} << 40), 103134108269);
  EXPECT_EQ(random.permutation(3), (Indices{1, 2, 0}));
  EXPECT_DOUBLE_EQ(random.normal(1, 2), 1.6599452996400517);
  EXPECT_EQ(random.uniform(2, 4), 3.03579707285619);
  EXPECT_EQ(random.randint(5, 6), 5);
  EXPECT_DOUBLE_EQ(random.randn(), 0.6015712968511815);
  EXPECT_EQ(random.choice(5, 2), (Indices{3, 2}));
  EXPECT_EQ(random.rand(), 0.970070988809595);
}

// r = R(3); r.rand(10**6); r.rand()
TEST(NumpyRandom, skip_acts_like_drawing_and_keeps_the_second_normal_number) {
  NumpyRandom random(3);
  random.skip(0);
  random.skip(million);
  EXPECT_EQ(random.rand(), 0.3325694495086332);

  NumpyRandom skips(5), draws(5);
  EXPECT_EQ(skips.randn(), draws.randn());
  skips.skip(7);
  draws.rand(7);
  EXPECT_EQ(skips.randn(), draws.randn());
  EXPECT_EQ(skips.rand(), draws.rand());
}

TEST(NumpyRandom, drawing_many_numbers_at_once_equals_drawing_them_one_by_one) {
  NumpyRandom at_once(8), single(8);
  const auto numbers = at_once.randn(5);  // an odd number of draws leaves the second number of a pair for the next call
  for (double number : numbers) EXPECT_EQ(number, single.randn());
  for (std::int64_t number : at_once.randint(-3, 4, 50)) EXPECT_EQ(number, single.randint(-3, 4));
  for (double number : at_once.normal(1, 3, 4)) EXPECT_EQ(number, single.normal(1, 3));
  for (double number : at_once.uniform(1, 3, 4)) EXPECT_EQ(number, single.uniform(1, 3));
  EXPECT_EQ(at_once.rand(0), std::vector<double>{});
  EXPECT_EQ(at_once.rand(), single.rand());
}

TEST(NumpyRandom, a_copy_continues_independently) {
  NumpyRandom random(6);
  random.randn();
  NumpyRandom copy = random;
  const double kept = random.randn();
  const double next = random.rand();
  EXPECT_EQ(copy.randn(), kept);
  EXPECT_EQ(copy.rand(), next);
}

TEST(NumpyRandom, invalid_arguments_are_refused_and_draw_nothing) {
  NumpyRandom random(1);
  const auto code = [&](auto call) -> std::string {
    try {
      call();
    } catch (const Error& error) {
      return error.code();
    }
    return "none";
  };
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(code([&] { random.uniform(0, infinity); }), "U12");
  EXPECT_EQ(code([&] { random.uniform(-1e308, 1e308, 3); }), "U12");
  EXPECT_EQ(code([&] { random.normal(0, -1); }), "U12");
  EXPECT_EQ(code([&] { random.normal(0, std::nan(""), 2); }), "U12");
  EXPECT_EQ(code([&] { random.randint(3, 3); }), "U12");
  EXPECT_EQ(code([&] { random.randint(3, 2, 5); }), "U12");
  EXPECT_EQ(code([&] { random.randn(-1); }), "U12");
  EXPECT_EQ(code([&] { random.permutation(-1); }), "U12");
  EXPECT_EQ(code([&] { random.choice(3, 4); }), "U12");
  EXPECT_EQ(code([&] { random.choice(3, -1); }), "U12");
  EXPECT_EQ(code([&] { random.choice(-1, -1); }), "U12");
  EXPECT_EQ(code([&] { random.skip(-1); }), "U12");
  EXPECT_EQ(code([&] { random.rand(std::numeric_limits<std::int64_t>::max()); }), "M02");
  EXPECT_EQ(random.rand(), NumpyRandom(1).rand());
}

}  // namespace
}  // namespace pellucid
