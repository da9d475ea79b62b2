// Pixel images and contour lines for SVG figures.
// Not here: axes and text (lessons/figures/svg_figure.cc).
#pragma once

#include <string>
#include <vector>

#include "lessons/figures/figure.h"

namespace pellucid::figures {

/// A grey image as a data: URL; pixels are 0 … 1.
std::string grey_image_uri(int height, int width, const std::vector<double>& pixels);
/// The values of a map as colours, from blue (lowest) through white to orange (highest); row 0 at the bottom.
std::string map_image_uri(const Map& map);

struct Segment {
  double x0, y0, x1, y1;
};
/// The contour line of the map at this level, by marching squares between grid points, in the map's units.
std::vector<Segment> contour(const Map& map, double level);

}  // namespace pellucid::figures
