// Figure: the contents of a figure as data: curves, points, histograms, heat maps, images, maps of a plane, tables.
// Not here: rendering for a terminal (lessons/figures/text_figure.cc) or a page (lessons/figures/svg_figure.cc).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace pellucid::figures {

/// The title is a sentence that says what the figure shows.
struct Frame {
  std::string title, x_label, y_label;
};

struct Series {
  std::string name;
  std::vector<double> x, y;
  bool dashed = false;
};

/// Lines through points, from left to right. log_y: logarithmic vertical axis; values ≤ 0 are omitted.
struct Curves {
  Frame frame;
  std::vector<Series> series;
  bool log_y = false;
};

/// Single points. diagonal: also draws the line y = x, for predicted against actual values.
struct Scatter {
  Frame frame;
  std::vector<Series> series;
  bool diagonal = false;
};

/// How many values are in each of `bins` equal intervals of their range.
struct Histogram {
  Frame frame;
  std::vector<double> values;
  int bins = 20;
};

/// Counts by actual class (down) and predicted class (across), row-major.
struct Confusion {
  Frame frame;  ///< x_label: name of the columns; y_label: name of the rows
  std::vector<std::string> classes;
  std::vector<double> counts;
};

struct Picture {
  int height = 0, width = 0;
  std::vector<double> pixels;  ///< 0 (black) … 1 (white), row-major
  std::string caption;
  std::optional<bool> right;  ///< whether a prediction is correct: blue frame and ✓, or dashed vermilion frame and ✗
};

struct Pictures {
  Frame frame;
  std::vector<Picture> pictures;
  int columns = 4;
};

/// Values on a grid over a rectangle; row 0 is at y_low. Contour lines are drawn at the levels, and points on top.
struct Map {
  Frame frame;
  double x_low = 0, x_high = 1, y_low = 0, y_high = 1;
  int width = 0, height = 0;
  std::vector<double> values;
  std::vector<double> levels;
  std::vector<Series> points;
};

struct Sheet {
  Frame frame;
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

using Figure = std::variant<Curves, Scatter, Histogram, Confusion, Pictures, Map, Sheet>;

const Frame& frame_of(const Figure& figure);

/// The figure as lines of text of at most `width` columns (40 or more); the last line ends with a line break.
std::string text_of(const Figure& figure, int width);

/// The figure as an HTML element <figure> with an inline SVG or a table. Its colours are CSS variables of page_style().
/// All text of the figure is escaped.
std::string html_of(const Figure& figure);
/// The style sheet that html_of needs: light, dark and print.
std::string_view page_style();
/// Escapes text for HTML.
std::string escaped(std::string_view text);

/// Round numbers that divide [low, high] into about `wanted` intervals.
std::vector<double> ticks(double low, double high, int wanted);
/// Three significant digits: "0.0125", "5,760,000".
std::string tick_text(double value);
/// Smallest and largest finite value. If they are equal, a range of width 1 around them; without finite values, 0 … 1.
std::pair<double, double> range_of(const std::vector<const std::vector<double>*>& lists);
/// The counts of a histogram and the edges of its bins (bins + 1).
struct Bins {
  std::vector<double> edges, counts;
};
Bins bins_of(const Histogram& histogram);

}  // namespace pellucid::figures
