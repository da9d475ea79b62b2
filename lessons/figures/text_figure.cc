// Figures as text for a terminal: characters on a grid, counts in columns, images with half-block characters.
// Not here: pages (lessons/figures/svg_figure.cc).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "lessons/figures/figure.h"

namespace pellucid::figures {
namespace {

constexpr int plot_rows = 14;
constexpr int most_picture_lines = 40;  // an HTML page shows all images, a terminal only some
constexpr const char* marks[] = {"●", "×", "+", "o", "▲", "□", "*", "#"};
constexpr const char* shades[] = {" ", "░", "▒", "▓", "█"};

const char* mark_of(std::size_t series) {
  return marks[series % std::size(marks)];
}

std::string padded(std::string_view text, int width) {
  return std::string(text) + std::string(static_cast<std::size_t>(std::max(0, width - text_width(text))), ' ');
}

/// A rectangle of characters with a vertical and a horizontal axis.
class Grid {
 public:
  Grid(std::pair<double, double> x, std::pair<double, double> y, int width, int height)
      : x_(x), y_(y), width_(width), height_(height), cells_(static_cast<std::size_t>(width * height), " ") {}

  /// The column and row of a point; it may be outside the canvas.
  double column(double x) const { return (x - x_.first) / (x_.second - x_.first) * (width_ - 1); }
  double row(double y) const { return (y_.second - y) / (y_.second - y_.first) * (height_ - 1); }

  void put(double column, double row, const char* mark) {
    const auto c = static_cast<int>(std::lround(column)), r = static_cast<int>(std::lround(row));
    if (c >= 0 && c < width_ && r >= 0 && r < height_) cells_[static_cast<std::size_t>(r * width_ + c)] = mark;
  }

  /// Draws a line between two points, one character per column or row.
  void line(double x0, double y0, double x1, double y1, const char* mark) {
    const double c0 = column(x0), c1 = column(x1), r0 = row(y0), r1 = row(y1);
    const int steps = std::min(1000, static_cast<int>(std::max({1.0, std::abs(c1 - c0), std::abs(r1 - r0)})));
    for (int i = 0; i <= steps; ++i) put(c0 + (c1 - c0) * i / steps, r0 + (r1 - r0) * i / steps, mark);
  }

  /// The canvas with its axes; `label` formats a value of y.
  template <class Label>
  std::string text(const Label& label, const Frame& frame) const {
    std::vector<std::string> names(static_cast<std::size_t>(height_));
    int wide = 0;
    for (int r = 0; r < height_; ++r) {
      const bool named = r % 4 == 0 || r == height_ - 1;
      if (named && !(r % 4 == 0 && height_ - 1 - r < 2 && r != height_ - 1))
        names[static_cast<std::size_t>(r)] = label(y_.second - (y_.second - y_.first) * r / (height_ - 1));
      wide = std::max(wide, text_width(names[static_cast<std::size_t>(r)]));
    }
    std::string result = frame.y_label.empty() ? "" : "  " + frame.y_label + "\n";
    for (int r = 0; r < height_; ++r) {
      const std::string& name = names[static_cast<std::size_t>(r)];
      std::string line = std::string(static_cast<std::size_t>(wide - text_width(name) + 2), ' ') + name + " │";
      for (int c = 0; c < width_; ++c) line += cells_[static_cast<std::size_t>(r * width_ + c)];
      result += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    const std::string margin(static_cast<std::size_t>(wide + 3), ' ');
    std::string axis = margin + "└";
    for (int c = 0; c < width_; ++c) axis += "─";
    const std::string low = tick_text(x_.first), high = tick_text(x_.second);
    const int room = width_ - text_width(low) - text_width(high);
    const std::string middle = text_width(frame.x_label) + 2 <= room ? frame.x_label : "";
    const int before = std::max(1, (room - text_width(middle)) / 2);
    const int after = std::max(1, room - before - text_width(middle));
    return result + axis + "\n" + margin + " " + low + std::string(static_cast<std::size_t>(before), ' ') + middle +
           std::string(static_cast<std::size_t>(after), ' ') + high + "\n";
  }

 private:
  std::pair<double, double> x_, y_;
  int width_, height_;
  std::vector<std::string> cells_;
};

std::string legend(const std::vector<Series>& series) {
  std::string text;
  for (std::size_t s = 0; s < series.size(); ++s) {
    if (!series[s].name.empty()) text += fmt::format("  {} {}", mark_of(s), series[s].name);
  }
  return text.empty() ? "" : text + "\n";
}

int plot_width(int width) {
  return std::clamp(width - 14, 24, 72);
}

std::string draw(const Curves& curves, int width) {
  std::vector<Series> shown = curves.series;
  std::vector<const std::vector<double>*> x, y;
  for (Series& one : shown) {
    for (double& value : one.y) {
      if (curves.log_y) value = value > 0 ? std::log10(value) : std::nan("");
    }
    x.push_back(&one.x);
    y.push_back(&one.y);
  }
  Grid grid(range_of(x), range_of(y), plot_width(width), plot_rows);
  for (std::size_t s = 0; s < shown.size(); ++s) {
    const Series& one = shown[s];
    for (std::size_t i = 0; i < one.x.size(); ++i) {
      const std::size_t next = std::min(i + 1, one.x.size() - 1);
      if (!std::isfinite(one.y[i]) || !std::isfinite(one.y[next])) continue;
      grid.line(one.x[i], one.y[i], one.x[next], one.y[next], mark_of(s));
    }
  }
  const auto label = [&](double value) { return tick_text(curves.log_y ? std::pow(10, value) : value); };
  return grid.text(label, curves.frame) + legend(shown);
}

std::string draw(const Scatter& scatter, int width) {
  std::vector<const std::vector<double>*> x, y;
  for (const Series& one : scatter.series) {
    x.push_back(&one.x);
    y.push_back(&one.y);
    if (scatter.diagonal) x.push_back(&one.y), y.push_back(&one.x);
  }
  const auto across = range_of(x), up = range_of(y);
  Grid grid(across, up, plot_width(width), plot_rows + 4);
  if (scatter.diagonal) grid.line(across.first, across.first, across.second, across.second, "·");
  for (std::size_t s = 0; s < scatter.series.size(); ++s) {
    const Series& one = scatter.series[s];
    for (std::size_t i = 0; i < one.x.size(); ++i) grid.put(grid.column(one.x[i]), grid.row(one.y[i]), mark_of(s));
  }
  return grid.text(tick_text, scatter.frame) + legend(scatter.series);
}

std::string draw(const Histogram& histogram, int width) {
  const Bins bins = bins_of(histogram);
  const double most = std::max(1.0, *std::max_element(bins.counts.begin(), bins.counts.end()));
  std::string result = histogram.frame.x_label.empty() ? "" : "  " + histogram.frame.x_label + "\n";
  for (std::size_t i = 0; i < bins.counts.size(); ++i) {
    const auto length = static_cast<int>(std::lround(bins.counts[i] / most * (plot_width(width) - 14)));
    std::string bar;
    for (int c = 0; c < length; ++c) bar += "█";
    result += fmt::format("  {:>10} │{} {}\n", tick_text((bins.edges[i] + bins.edges[i + 1]) / 2), bar, bins.counts[i]);
  }
  return result;
}

std::string draw(const Confusion& matrix, int) {
  std::size_t wide = 3;
  for (const std::string& name : matrix.classes) wide = std::max(wide, static_cast<std::size_t>(text_width(name)));
  for (const double count : matrix.counts) wide = std::max(wide, fmt::format("{}", count).size());
  const int cell = static_cast<int>(wide) + 1;
  std::string result =
      fmt::format("  down: {}, across: {}\n  {}", matrix.frame.y_label, matrix.frame.x_label, std::string(wide, ' '));
  for (const std::string& name : matrix.classes) result += padded("", cell - text_width(name)) + name;
  result += "\n";
  const std::size_t n = matrix.classes.size();
  for (std::size_t r = 0; r < n; ++r) {
    result += "  " + padded(matrix.classes[r], static_cast<int>(wide));
    for (std::size_t c = 0; c < n; ++c) {
      const double count = matrix.counts[r * n + c];
      result += fmt::format("{:>{}}", count == 0 ? "·" : fmt::format("{}", count), cell);
    }
    result += "\n";
  }
  return result;
}

/// One line of an image: two rows of pixels per line; for large images four pixels per character.
std::string picture_line(const Picture& picture, int line) {
  std::string text;
  for (int c = 0; c < picture.width; ++c) {
    double sum = 0;
    for (int r = 2 * line; r < 2 * line + 2; ++r) {
      if (r < picture.height) sum += picture.pixels[static_cast<std::size_t>(r * picture.width + c)] / 2;
    }
    text += shades[static_cast<std::size_t>(std::clamp(sum * 4.999, 0.0, 4.0))];
  }
  return text;
}

std::string caption_of(const Picture& picture) {
  return (picture.right ? (*picture.right ? "✓ " : "✗ ") : "") + picture.caption;
}

std::string draw(const Pictures& all, int width) {
  std::string result;
  std::size_t at = 0;
  int shown = 0;
  while (at < all.pictures.size() && shown < most_picture_lines) {
    std::size_t end = at;
    int used = 0, lines = 0;
    for (; end < all.pictures.size() && static_cast<int>(end - at) < all.columns; ++end) {
      const Picture& one = all.pictures[end];
      const int wide = std::max(one.width, text_width(caption_of(one))) + 2;
      if (end > at && used + wide > width) break;
      used += wide;
      lines = std::max(lines, (one.height + 1) / 2);
    }
    for (int line = 0; line <= lines; ++line) {
      std::string text;
      for (std::size_t i = at; i < end; ++i) {
        const Picture& one = all.pictures[i];
        const int wide = std::max(one.width, text_width(caption_of(one)));
        text += "  " + padded(line == lines ? caption_of(one) : picture_line(one, line), wide);
      }
      result += text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
    }
    shown += lines + 1;
    at = end;
  }
  if (at < all.pictures.size()) result += fmt::format("  … {} more on a page\n", all.pictures.size() - at);
  return result;
}

std::string draw(const Map& map, int width) {
  const int across = std::min(plot_width(width), std::max(2 * map.width, 24)), down = across / 2;
  const auto [low, high] = range_of({&map.values});
  Grid grid({map.x_low, map.x_high}, {map.y_low, map.y_high}, across, down);
  for (int r = 0; r < down; ++r) {
    for (int c = 0; c < across; ++c) {
      const int x = c * map.width / across, y = (down - 1 - r) * map.height / down;
      const double value = map.values[static_cast<std::size_t>(y * map.width + x)];
      const double share = std::isfinite(value) ? (value - low) / (high - low) : 0;
      grid.put(c, r, shades[static_cast<std::size_t>(std::clamp(share * 4.999, 0.0, 4.0))]);
    }
  }
  for (std::size_t s = 0; s < map.points.size(); ++s) {
    const Series& one = map.points[s];
    for (std::size_t i = 0; i < one.x.size(); ++i) grid.put(grid.column(one.x[i]), grid.row(one.y[i]), mark_of(s));
  }
  return grid.text(tick_text, map.frame) +
         fmt::format("  from {} (blank) to {} (█)\n", tick_text(low), tick_text(high)) + legend(map.points);
}

std::string draw(const Sheet& sheet, int) {
  std::vector<int> wide(sheet.header.size(), 0);
  std::vector<std::vector<std::string>> lines = {sheet.header};
  lines.insert(lines.end(), sheet.rows.begin(), sheet.rows.end());
  for (const auto& line : lines) {
    for (std::size_t c = 0; c < std::min(wide.size(), line.size()); ++c)
      wide[c] = std::max(wide[c], text_width(line[c]));
  }
  std::string result;
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t c = 0; c < std::min(wide.size(), line.size()); ++c) text += "  " + padded(line[c], wide[c]);
    result += text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
  }
  return result;
}

}  // namespace

std::string text_of(const Figure& figure, int width) {
  const std::string title = frame_of(figure).title;
  return (title.empty() ? "" : "  " + title + "\n") +
         std::visit([&](const auto& one) { return draw(one, std::max(40, width)); }, figure);
}

}  // namespace pellucid::figures
