// Figures as HTML elements: SVG for figures with axes, tables for figures with cells.
// Not here: text for terminals (text_figure.cc), the surrounding page (lessons/page.cc), its style (page_style.cc).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lessons/figures/figure.h"
#include "lessons/figures/pixels.h"

namespace pellucid::figures {
namespace {

constexpr double plot_width = 420, plot_height = 240, left = 64, right = 16, top = 12, bottom = 44;

/// Maps values to positions on the drawing, for both axes.
struct Scale {
  std::pair<double, double> x, y;
  bool log_y = false;

  double at_x(double value) const { return left + (value - x.first) / (x.second - x.first) * plot_width; }
  double at_y(double value) const {
    if (log_y) value = std::log10(value);
    return top + (y.second - value) / (y.second - y.first) * plot_height;
  }
  bool shows(double value) const { return std::isfinite(value) && (!log_y || value > 0); }
};

std::string class_of(std::size_t series) {
  return fmt::format("s{}", series % 6);
}

std::string vertical_ticks(const Scale& scale) {
  std::string text;
  std::vector<double> at = ticks(scale.y.first, scale.y.second, 5);
  if (scale.log_y) std::erase_if(at, [](double power) { return power != std::round(power); });
  if (scale.log_y && at.size() < 2) at = {scale.y.first, scale.y.second};
  for (const double tick : at) {
    const double y = top + (scale.y.second - tick) / (scale.y.second - scale.y.first) * plot_height;
    text += fmt::format(R"(<line class="grid" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/>)", left,
                        left + plot_width, y, y);
    text += fmt::format(R"(<text class="tick" x="{:.1f}" y="{:.1f}" text-anchor="end">{}</text>)", left - 6, y + 4,
                        tick_text(scale.log_y ? std::pow(10, tick) : tick));
  }
  return text;
}

std::string axes(const Scale& scale, const Frame& frame) {
  std::string text = vertical_ticks(scale);
  for (const double tick : ticks(scale.x.first, scale.x.second, 6)) {
    text += fmt::format(R"(<text class="tick" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)", scale.at_x(tick),
                        top + plot_height + 18, tick_text(tick));
  }
  text += fmt::format(R"(<path class="axis" d="M{:.1f} {:.1f}V{:.1f}H{:.1f}"/>)", left, top, top + plot_height,
                      left + plot_width);
  text += fmt::format(R"(<text class="label" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)",
                      left + plot_width / 2, top + plot_height + 38, escaped(frame.x_label));
  text += fmt::format(
      R"svg(<text class="label" transform="translate(14 {:.1f}) rotate(-90)" text-anchor="middle">{}</text>)svg",
      top + plot_height / 2, escaped(frame.y_label));
  return text;
}

std::string svg(const Frame& frame, const std::string& inside) {
  return fmt::format(R"(<svg viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">{}</svg>)",
                     left + plot_width + right, top + plot_height + bottom, escaped(frame.title), inside);
}

/// The names of the series and their marks, below a drawing.
std::string legend(const std::vector<Series>& series, bool points) {
  std::string text;
  for (std::size_t s = 0; s < series.size(); ++s) {
    if (series[s].name.empty()) continue;
    const std::string mark = points ? R"(<circle cx="10" cy="6" r="4"/>)" : R"(<line x1="0" x2="20" y1="6" y2="6"/>)";
    text += fmt::format(R"(<li class="{}{}"><svg viewBox="0 0 20 12" aria-hidden="true">{}</svg>{}</li>)", class_of(s),
                        series[s].dashed ? " dashed" : "", mark, escaped(series[s].name));
  }
  return text.empty() ? "" : "<ul class=\"legend\">" + text + "</ul>";
}

std::string path(const Series& one, const Scale& scale, std::size_t at) {
  std::string d;
  bool drawing = false;
  for (std::size_t i = 0; i < one.x.size(); ++i) {
    const bool shown = scale.shows(one.y[i]);
    if (shown) d += fmt::format("{}{:.1f} {:.1f}", drawing ? "L" : "M", scale.at_x(one.x[i]), scale.at_y(one.y[i]));
    drawing = shown;
  }
  return fmt::format(R"(<path class="line {}{}" d="{}"/>)", class_of(at), one.dashed ? " dashed" : "", d);
}

std::string dots(const std::vector<Series>& series, const Scale& scale) {
  std::string text;
  for (std::size_t s = 0; s < series.size(); ++s) {
    for (std::size_t i = 0; i < series[s].x.size(); ++i) {
      text += fmt::format(R"(<circle class="dot {}" cx="{:.1f}" cy="{:.1f}" r="2.5"/>)", class_of(s),
                          scale.at_x(series[s].x[i]), scale.at_y(series[s].y[i]));
    }
  }
  return text;
}

std::string draw(const Curves& curves) {
  std::vector<const std::vector<double>*> x, y;
  std::vector<std::vector<double>> heights;
  for (const Series& one : curves.series) {
    heights.push_back(one.y);
    for (double& value : heights.back()) {
      if (curves.log_y) value = value > 0 ? std::log10(value) : std::nan("");
    }
    x.push_back(&one.x);
  }
  for (const std::vector<double>& list : heights) y.push_back(&list);
  const Scale scale{range_of(x), range_of(y), curves.log_y};
  std::string inside = axes(scale, curves.frame);
  for (std::size_t s = 0; s < curves.series.size(); ++s) inside += path(curves.series[s], scale, s);
  return svg(curves.frame, inside) + legend(curves.series, false);
}

std::string draw(const Scatter& scatter) {
  std::vector<const std::vector<double>*> x, y;
  for (const Series& one : scatter.series) {
    x.push_back(&one.x);
    y.push_back(&one.y);
    if (scatter.diagonal) x.push_back(&one.y), y.push_back(&one.x);
  }
  const Scale scale{range_of(x), range_of(y)};
  std::string inside = axes(scale, scatter.frame);
  if (scatter.diagonal) {
    inside += fmt::format(R"(<line class="diagonal" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)",
                          scale.at_x(scale.x.first), scale.at_y(scale.x.first), scale.at_x(scale.x.second),
                          scale.at_y(scale.x.second));
  }
  return svg(scatter.frame, inside + dots(scatter.series, scale)) + legend(scatter.series, true);
}

std::string draw(const Histogram& histogram) {
  const Bins bins = bins_of(histogram);
  const double most = std::max(1.0, *std::max_element(bins.counts.begin(), bins.counts.end()));
  const Scale scale{{bins.edges.front(), bins.edges.back()}, {0, most}};
  std::string inside = axes(scale, histogram.frame);
  for (std::size_t i = 0; i < bins.counts.size(); ++i) {
    const double from = scale.at_x(bins.edges[i]), to = scale.at_x(bins.edges[i + 1]), y = scale.at_y(bins.counts[i]);
    inside += fmt::format(R"(<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)", from + 0.5, y,
                          std::max(0.5, to - from - 1), top + plot_height - y);
  }
  return svg(histogram.frame, inside);
}

std::string draw(const Confusion& matrix) {
  const std::size_t n = matrix.classes.size();
  const auto ranged = [&](std::size_t r) {
    double sum = 0;
    for (std::size_t c = 0; c < n; ++c) sum += matrix.counts[r * n + c];
    return std::max(1.0, sum);
  };
  std::string text = fmt::format(R"(<table class="confusion"><tr><th>{} ↓ · {} →</th>)", escaped(matrix.frame.y_label),
                                 escaped(matrix.frame.x_label));
  for (const std::string& name : matrix.classes) text += fmt::format("<th scope=\"col\">{}</th>", escaped(name));
  text += "</tr>";
  for (std::size_t r = 0; r < n; ++r) {
    text += fmt::format("<tr><th scope=\"row\">{}</th>", escaped(matrix.classes[r]));
    for (std::size_t c = 0; c < n; ++c) {
      const double count = matrix.counts[r * n + c], share = count / ranged(r);
      text += fmt::format(R"(<td class="{}" style="--share:{:.3f}">{}</td>)", r == c ? "right" : "wrong", share, count);
    }
    text += "</tr>";
  }
  return text + "</table>";
}

std::string draw(const Pictures& all) {
  std::string text = fmt::format(R"(<div class="pictures" style="--columns:{}">)", std::max(1, all.columns));
  for (const Picture& one : all.pictures) {
    const char* judged = one.right ? (*one.right ? " right" : " wrong") : "";
    const char* mark = one.right ? (*one.right ? "✓ " : "✗ ") : "";
    text += fmt::format(R"(<div class="picture{}"><img alt="{}" src="{}"><span>{}{}</span></div>)", judged,
                        escaped(one.caption), grey_image_uri(one.height, one.width, one.pixels), mark,
                        escaped(one.caption));
  }
  return text + "</div>";
}

std::string contours(const Map& map, const Scale& scale) {
  std::string text;
  for (const double level : map.levels) {
    std::string d;
    for (const Segment& line : contour(map, level)) {
      d += fmt::format("M{:.1f} {:.1f}L{:.1f} {:.1f}", scale.at_x(line.x0), scale.at_y(line.y0), scale.at_x(line.x1),
                       scale.at_y(line.y1));
    }
    text += fmt::format(R"(<path class="contour" d="{}"/>)", d);
  }
  return text;
}

std::string draw(const Map& map) {
  const Scale scale{{map.x_low, map.x_high}, {map.y_low, map.y_high}};
  std::string inside = fmt::format(
      R"(<image x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" preserveAspectRatio="none" href="{}"/>)", left,
      top, plot_width, plot_height, map_image_uri(map));
  inside += axes(scale, map.frame) + contours(map, scale) + dots(map.points, scale);
  const auto [low, high] = range_of({&map.values});
  return svg(map.frame, inside) + legend(map.points, true) +
         fmt::format("<p class=\"range\">from {} (blue) to {} (orange)</p>", tick_text(low), tick_text(high));
}

std::string draw(const Sheet& sheet) {
  std::string text = "<table><tr>";
  for (const std::string& cell : sheet.header) text += "<th scope=\"col\">" + escaped(cell) + "</th>";
  text += "</tr>";
  for (const auto& row : sheet.rows) {
    text += "<tr>";
    for (const std::string& cell : row) text += "<td>" + escaped(cell) + "</td>";
    text += "</tr>";
  }
  return text + "</table>";
}

}  // namespace

std::string html_of(const Figure& figure) {
  return "<figure><figcaption>" + escaped(frame_of(figure).title) + "</figcaption>" +
         std::visit([](const auto& one) { return draw(one); }, figure) + "</figure>\n";
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

}  // namespace pellucid::figures
