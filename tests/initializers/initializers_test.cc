// Initial weights: the variances given in the papers, parsing and printing, reproducibility by seed.
// Not here: which initializer a layer uses (tests of the layers).
#include "pellucid/initializer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "pellucid/error.h"

namespace pellucid {
namespace {

constexpr std::int64_t fan_in = 300, fan_out = 100, count = fan_in * fan_out;

std::vector<double> draw(const std::string& text, std::uint64_t seed = 42, std::uint32_t stream = 0) {
  std::vector<double> values(count);
  Initializer::parse(text).fill({seed, Purpose::initialize, stream}, fan_in, fan_out, values.data(), count);
  return values;
}

struct Moments {
  double mean = 0, variance = 0, largest = 0;
};
Moments moments(const std::vector<double>& values) {
  Moments m;
  for (double x : values) m.mean += x / count;
  for (double x : values) m.variance += (x - m.mean) * (x - m.mean) / count;
  for (double x : values) m.largest = std::max(m.largest, std::abs(x));
  return m;
}

struct Case {
  const char* text;
  double variance;
};
class Variance : public testing::TestWithParam<Case> {};

TEST_P(Variance, is_as_given_in_the_paper) {
  const auto [text, variance] = GetParam();
  const Moments m = moments(draw(text));
  EXPECT_NEAR(m.mean, 0, 5 * std::sqrt(variance / count));
  EXPECT_NEAR(m.variance / variance, 1, 5 * std::sqrt(2.0 / count));
  const bool uniform = std::string(text).find("uniform") != std::string::npos;
  const double limit = std::sqrt(3 * variance);
  if (uniform) {
    EXPECT_LT(m.largest, limit);
    EXPECT_GT(m.largest, 0.999 * limit);
  } else {
    EXPECT_GT(m.largest, 3 * std::sqrt(variance)) << "not truncated";
  }
}
INSTANTIATE_TEST_SUITE_P(Initializers, Variance,
                         testing::Values(Case{"glorot_uniform", 2.0 / (300 + 100)},
                                         Case{"glorot_normal", 2.0 / (300 + 100)}, Case{"he_uniform", 2.0 / 300},
                                         Case{"he_normal", 2.0 / 300}, Case{"lecun_uniform", 1.0 / 300},
                                         Case{"lecun_normal", 1.0 / 300}, Case{"normal", 0.05 * 0.05},
                                         Case{"normal(0.01)", 0.01 * 0.01}, Case{"uniform", 0.05 * 0.05 / 3},
                                         Case{"uniform(-3, 3)", 3.0}),
                         [](const auto& info) {
                           std::string name = info.param.text;
                           std::replace_if(
                               name.begin(), name.end(), [](char c) { return !std::isalnum(c); }, '_');
                           return name;
                         });

TEST(Initializer, zeros_and_constant_set_exactly_these_values) {
  for (double x : draw("zeros")) ASSERT_EQ(x, 0);
  for (double x : draw("constant(0.25)")) ASSERT_EQ(x, 0.25);
}

TEST(Initializer, truncated_normal_has_no_value_beyond_two_sigma) {
  const Moments m = moments(draw("truncated_normal(0.5)"));
  EXPECT_LE(m.largest, 1);
  EXPECT_GT(m.largest, 0.99);
  EXPECT_NEAR(m.mean, 0, 0.01);
  EXPECT_NEAR(m.variance / 0.25, 0.7737, 0.02);  // of a normal distribution cut at ±2
}

TEST(Initializer, the_same_seed_gives_the_same_bits_and_another_stream_other_values) {
  for (const InitializerKind* kind : initializer_kinds()) {
    const std::string text = kind->name;
    if (text == "auto") continue;
    EXPECT_EQ(draw(text, 1, 2), draw(text, 1, 2)) << text;
    if (text == "zeros" || text == "kinks" || text == "constant") continue;
    EXPECT_NE(draw(text, 1, 2), draw(text, 2, 2)) << text;
    EXPECT_NE(draw(text, 1, 2), draw(text, 1, 3)) << text;
  }
}

TEST(Initializer, float_values_are_the_double_values_rounded) {
  const Initializer he("he_normal");
  const RandomKey key{3, Purpose::initialize, 1};
  std::vector<double> wide(100);
  std::vector<float> narrow(100);
  he.fill(key, 10, 10, wide.data(), 100);
  he.fill(key, 10, 10, narrow.data(), 100);
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(narrow[i], static_cast<float>(wide[i]));
}

TEST(Initializer, text_can_be_parsed_to_the_same_initializer) {
  for (const char* text : {"auto", "zeros", "he_normal", "constant(-0.5)", "normal(0.01)", "uniform(-1, 2.5)"}) {
    EXPECT_EQ(Initializer::parse(text).text(), text);
  }
  EXPECT_EQ(Initializer("normal").text(), "normal(0.05)");
  EXPECT_EQ(Initializer::parse(" uniform( -1,1 ) ").text(), "uniform(-1, 1)");
  EXPECT_EQ(Initializer("xavier_uniform").text(), "glorot_uniform");
  EXPECT_EQ(Initializer("xavier_normal").text(), "glorot_normal");
  EXPECT_TRUE(Initializer().is_auto());
}

std::string refusal(const std::string& text) {
  try {
    Initializer::parse(text);
  } catch (const Error& error) {
    return error.text();
  }
  return "accepted";
}

TEST(Initializer, wrong_text_is_refused_with_a_reason) {
  EXPECT_EQ(refusal("he_norml"), "error[U11]: no initializer \"he_norml\"\n  did you mean he_normal?");
  EXPECT_EQ(refusal("zeros(1)"), "error[U12]: initializer \"zeros\": takes no numbers, got 1");
  EXPECT_EQ(refusal("normal(1, 2)"), "error[U12]: initializer \"normal\": takes 1 number, got 2");
  EXPECT_EQ(refusal("normal(-1)"), "error[U12]: initializer \"normal(-1)\": sigma is 0 or more");
  EXPECT_EQ(refusal("uniform(2, 1)"), "error[U12]: initializer \"uniform(2, 1)\": low must not exceed high");
  for (const char* text :
       {"normal(nan)", "normal(inf)", "normal(x)", "normal(1", "normal()x", "uniform(1,2,3)", "", "("}) {
    EXPECT_EQ(refusal(text).substr(0, 7), "error[U") << text;
  }
}

}  // namespace
}  // namespace pellucid
