// Pixels and contour lines: what an SVG cannot say in shapes alone.
// Not here: axes and text (svg_figure.cc).
#pragma once

#include <string>
#include <vector>

#include "lessons/figures/figure.h"

namespace pellucid::figures {

/// A data: address of a grey image; pixels 0 … 1.
std::string grey_image_uri(int height, int width, const std::vector<double>& pixels);
/// A map's values as colours, blue (lowest) through white to orange (highest), row 0 at the bottom.
std::string map_image_uri(const Map& map);

struct Segment {
  double x0, y0, x1, y1;
};
/// Where the map crosses the level, by marching squares between the places of the grid, in the map's own units.
std::vector<Segment> contour(const Map& map, double level);

}  // namespace pellucid::figures
