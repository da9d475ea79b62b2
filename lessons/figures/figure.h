// Figure: what can be drawn, as data: curves, points, histograms, heat maps, pictures, maps of a plane, tables.
// Not here: how it looks in a terminal (text_figure.cc) or on a page (svg_figure.cc).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace pellucid::figures {

/// A title is a sentence that says what there is to see.
struct Frame {
  std::string title, x_label, y_label;
};

struct Series {
  std::string name;
  std::vector<double> x, y;
  bool dashed = false;
};

/// Lines through points, left to right. log_y: the vertical axis is logarithmic, values ≤ 0 are left out.
struct Curves {
  Frame frame;
  std::vector<Series> series;
  bool log_y = false;
};

/// Single points. diagonal: the line y = x is drawn, for predictions against truth.
struct Scatter {
  Frame frame;
  std::vector<Series> series;
  bool diagonal = false;
};

/// How many of the values fall into each of `bins` equal intervals of their range.
struct Histogram {
  Frame frame;
  std::vector<double> values;
  int bins = 20;
};

/// Counts by true class (down) and predicted class (across), row-major.
struct Confusion {
  Frame frame;  ///< x_label, y_label: what is across and what is down
  std::vector<std::string> classes;
  std::vector<double> counts;
};

struct Picture {
  int height = 0, width = 0;
  std::vector<double> pixels;  ///< 0 (black) … 1 (white), row-major
  std::string caption;
  std::optional<bool> right;  ///< of a prediction: framed blue with ✓, or vermillion and dashed with ✗
};

struct Pictures {
  Frame frame;
  std::vector<Picture> pictures;
  int columns = 4;
};

/// A value at each place of a grid over a rectangle; row 0 lies at y_low. Contours are drawn at the levels, points over
/// them.
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

/// As lines of text of at most `width` columns (40 or more), the last one ended.
std::string text_of(const Figure& figure, int width);

/// As an element of an HTML page: <figure> with an inline SVG or a table; its colours are CSS variables of
/// page_style(). No text of the figure is trusted.
std::string html_of(const Figure& figure);
/// The style sheet that html_of counts on: light, dark and print.
std::string_view page_style();
/// Text made harmless inside HTML.
std::string escaped(std::string_view text);

/// Round numbers that divide [low, high] into about `wanted` parts.
std::vector<double> ticks(double low, double high, int wanted);
/// Three significant digits: "0.0125", "5,760,000".
std::string tick_text(double value);
/// Smallest and largest finite value; a range of 1 around a single one, 0 … 1 of none.
std::pair<double, double> range_of(const std::vector<const std::vector<double>*>& lists);
/// Counts of a histogram and the edges between them (bins + 1).
struct Bins {
  std::vector<double> edges, counts;
};
Bins bins_of(const Histogram& histogram);

}  // namespace pellucid::figures
