// Figures as text and as HTML: where points are drawn, and that names are escaped.
// Not here: the appearance of the pages.
#include "lessons/figures/figure.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lessons/figures/pixels.h"

namespace pellucid::figures {
namespace {

TEST(Figures, ticks_are_round_numbers_within_the_range) {
  EXPECT_EQ(ticks(0, 10, 5), (std::vector<double>{0, 2, 4, 6, 8, 10}));
  const std::vector<double> small = ticks(0.013, 0.047, 3);
  ASSERT_FALSE(small.empty());
  for (const double tick : small) EXPECT_TRUE(tick >= 0.013 && tick <= 0.047) << tick;
}

TEST(Figures, every_value_falls_into_one_bin) {
  const Bins bins = bins_of({{}, {0, 1, 1, 9.9, 10, std::nan("")}, 10});
  EXPECT_EQ(bins.edges.front(), 0);
  EXPECT_EQ(bins.edges.back(), 10);
  EXPECT_EQ(bins.counts, (std::vector<double>{1, 2, 0, 0, 0, 0, 0, 0, 0, 2}));
}

TEST(Figures, a_rising_line_is_drawn_from_corner_to_corner) {
  const std::string text = text_of(Curves{{"Up", "x", "y"}, {{"line", {0, 1}, {0, 1}}}, false}, 60);
  EXPECT_NE(text.find("Up"), std::string::npos);
  const std::size_t first = text.find("│"), last = text.rfind("│");
  EXPECT_LT(text.find("●", first), text.find('\n', first)) << "the highest point is in the first line";
  EXPECT_EQ(text.find("●", last), last + std::string("│").size()) << "the lowest is in the last, at the axis";
}

TEST(Figures, values_that_cannot_be_drawn_are_left_out) {
  const Curves curves{{"t", "x", "y"}, {{"a", {0, 1, 2, 3}, {1, std::nan(""), -1, 100}}}, true};
  EXPECT_EQ(html_of(curves).find("nan"), std::string::npos);
  EXPECT_NE(text_of(curves, 60).find("100"), std::string::npos);
  EXPECT_FALSE(text_of(Curves{{"empty", "", ""}, {}, false}, 60).empty());
  EXPECT_FALSE(html_of(Histogram{{"none", "", ""}, {}, 5}).empty());
}

TEST(Figures, names_are_escaped_in_html) {
  const std::string evil = "<script>alert('x')</script>";
  const Figure all[] = {
      Curves{{evil, evil, evil}, {{evil, {0, 1}, {0, 1}}}, false},
      Scatter{{evil, evil, evil}, {{evil, {0}, {1}}}, true}, Confusion{{evil, evil, evil}, {evil, "b"}, {1, 0, 0, 1}},
      Pictures{{evil, "", ""}, {{1, 1, {0.5}, evil, true}}, 2}, Sheet{{evil, "", ""}, {evil}, {{evil}}}};
  for (const Figure& figure : all) EXPECT_EQ(html_of(figure).find("<script"), std::string::npos);
}

TEST(Figures, a_contour_is_drawn_where_the_level_is_crossed) {
  // Values 0 and 1 on a grid of 2 × 2 cells with centres at 0.25 and 0.75: the level 0.5 is crossed at x = 0.5.
  const Map map{{}, 0, 1, 0, 1, 2, 2, {0, 1, 0, 1}, {0.5}, {}};
  const std::vector<Segment> lines = contour(map, 0.5);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_DOUBLE_EQ(lines[0].x0, 0.5);
  EXPECT_DOUBLE_EQ(lines[0].x1, 0.5);
}

TEST(Figures, a_picture_becomes_a_bitmap_of_the_same_size) {
  // 54 bytes of header, and two rows of one pixel with three bytes, each padded to four bytes
  const std::string uri = grey_image_uri(2, 1, {0, 1});
  EXPECT_EQ(uri.rfind("data:image/bmp;base64,Qk0+AAAA", 0), 0u) << uri;
  EXPECT_EQ((uri.size() - std::string("data:image/bmp;base64,").size()) * 3 / 4, 63u) << "62 bytes and padding";
}

}  // namespace
}  // namespace pellucid::figures
