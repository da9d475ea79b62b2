// images: shrinking an image, with swapped axes as in text 003; an image as a vector.
// Not here: folders of images as data (src/tables/images), digits (digits_6_5.cc).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lessons/lesson.h"
#include "pellucid/image.h"

namespace pellucid::tutorial {
namespace {

/// One channel of a disc at a distance from its centre, measured in the longer side of the image.
std::uint8_t disc(double down, double right, int channel) {
  const double distance = std::hypot(down, right);
  if (distance > 0.45) return 255;
  const double strength[] = {0.5 + right, 0.5 + down, 0.5 - right};
  return static_cast<std::uint8_t>(255 * std::clamp(strength[channel] * (0.4 + distance), 0.0, 1.0));
}

/// The text reads its own files; here the image is drawn.
Image draw(std::int64_t height, std::int64_t width, int channels) {
  Image image{height, width, channels, {}};
  const auto side = static_cast<double>(std::max(height, width));
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x) {
      const double down = static_cast<double>(2 * y - height) / (2 * side),
                   right = static_cast<double>(2 * x - width) / (2 * side);
      for (int c = 0; c < channels; ++c) image.pixels.push_back(disc(down, right, c));
    }
  }
  return image;
}

/// An image with opacity: three colours and an alpha channel. An Image has either of them; read_image blends the
/// colours with a background.
struct Rgba {
  Image colours, opacity;

  std::vector<double> shape() const {
    return {static_cast<double>(colours.height), static_cast<double>(colours.width),
            static_cast<double>(colours.channels + opacity.channels)};
  }
};

Rgba resize(const Rgba& image, std::int64_t height, std::int64_t width) {
  return {pellucid::resize(image.colours, height, width), pellucid::resize(image.opacity, height, width)};
}

figures::Picture shown(const Rgba& image, const std::string& caption) {
  const Image grey = to_grey(pellucid::resize(image.colours, image.colours.height / 8, image.colours.width / 8));
  const std::vector<float> pixels = to_vector(grey);
  return {static_cast<int>(grey.height),
          static_cast<int>(grey.width),
          {pixels.begin(), pixels.end()},
          caption,
          std::nullopt};
}

void make_smaller(Lesson& lesson) {
  lesson.say(
      "An image in memory has the shape height, width, channels: rows first, like a matrix. People say width by "
      "height, and so does PIL. The text unpacks the shape as `x, y, _`, so x is the height, and passes `(x/4, y/4)` "
      "to PIL's resize, which expects the width first. The image becomes wider than high, and circles become "
      "ellipses.");
  const Rgba picture{draw(1315, 1200, 3), draw(1315, 1200, 1)};
  lesson.exact("shape of a picture of 1200 by 1315", "(1315, 1200, 4)", picture.shape());
  const std::int64_t x = picture.colours.height, y = picture.colours.width;
  const Rgba swapped = resize(picture, y / 4, x / 4), right = resize(picture, x / 4, y / 4);
  lesson.exact("shape after shrinking as in the text", "(300, 328, 4)", swapped.shape());
  lesson.errs("shape after shrinking with correct axes", "(300, 328, 4)", "(328, 300, 4)", right.shape(),
              "the text's axes are swapped");
  lesson.show(figures::Pictures{{"Swapped axes distort circles", "", ""},
                                {shown(swapped, "300 x 328, as in the text"), shown(right, "328 x 300")},
                                2});
}

void make_vector(Lesson& lesson) {
  lesson.say(
      "The input of a network is one long row of numbers: 512 rows of 512 pixels with three colours are 786,432 of "
      "them. Converting back needs the shape, which the vector does not contain. (OpenCV, with which the text reads "
      "this image, has blue first; the text's other two libraries, and pellucid, have red first.)");
  const Image picture = draw(512, 512, 3);
  const Shape shape = picture.shape();
  lesson.exact("shape of the picture", "(512, 512, 3)",
               std::vector<double>(shape.extents().begin(), shape.extents().end()));
  const std::vector<float> vector = to_vector(picture);
  lesson.exact("shape of its vector", "(786432, 1)", std::vector<double>{static_cast<double>(vector.size()), 1});
  lesson.holds(
      "pixel (100, 200) begins at 3·(100·512 + 200)",
      vector[3 * (100 * 512 + 200) + 1] == static_cast<float>(picture.pixels[3 * (100 * 512 + 200) + 1]) / 255);
  lesson.holds("the vector and the shape give the image back", image_of(vector, shape) == picture);
  lesson.holds("and so does a PNG", decode_image(encode_png(picture)) == picture);
}

void run(Lesson& lesson) {
  make_smaller(lesson);
  make_vector(lesson);
}

}  // namespace

const Tutorial tutorial_images{"images", "003", "shrinking an image, and an image as a vector", run};

}  // namespace pellucid::tutorial
