// Recognises image formats by the first bytes; checks the size of an image.
// Not here: checking the contents of a PNG (png.cc) or a JPEG (jpeg.cc).
#include "tables/images/file.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {

using namespace std::string_view_literals;

ImageFormat image_format(std::string_view head) noexcept {
  if (head.starts_with("\x89PNG\r\n\x1a\n"sv)) return ImageFormat::png;
  return head.starts_with("\xff\xd8\xff"sv) ? ImageFormat::jpeg : ImageFormat::none;
}

std::string_view foreign_image(std::string_view head) noexcept {
  if (head.starts_with("GIF87a"sv) || head.starts_with("GIF89a"sv)) return "GIF";
  if (head.starts_with("RIFF"sv) && head.substr(8).starts_with("WEBP"sv)) return "WebP";
  if (head.starts_with("BM"sv) && head.size() > 10 && head.substr(6, 4) == "\0\0\0\0"sv) return "BMP";
  if (head.starts_with("II*\0"sv) || head.starts_with("MM\0*"sv)) return "TIFF";
  if (head.size() > 12 && head.substr(4, 4) == "ftyp"sv) {
    const std::string_view brand = head.substr(8, 4);
    if (brand == "avif"sv || brand == "avis"sv) return "AVIF";
    if (brand.starts_with("hei"sv) || brand.starts_with("hev"sv) || brand == "mif1"sv) return "HEIC";
  }
  if (head.starts_with("\0\0\0\x0cjP  "sv)) return "JPEG 2000";
  if (head.starts_with("\xff\x0a"sv) || head.starts_with("\0\0\0\x0cJXL "sv)) return "JPEG XL";
  const bool markup = head.starts_with("<svg"sv) || head.starts_with("<?xml"sv);
  return markup && head.find("<svg"sv) != head.npos ? "SVG" : "";
}

Error foreign_image_error(const std::string& name, std::string_view format) {
  return Error("D27", fmt::format("{} is of format {}; only PNG and JPEG can be read", name, format),
               {"convert it to PNG first, for example: magick " + quote(name, 200) + " image.png"});
}

void require_image_size(const ImageFile& file, std::int64_t most_pixels, const std::string& name) {
  if (file.width < 1 || file.height < 1) {
    throw Error("D16", fmt::format("{} is damaged: its header says {} x {} pixels", name, file.width, file.height));
  }
  if (std::max(file.width, file.height) <= most_image_side && file.width <= most_pixels / file.height) return;
  throw Error("D27",
              fmt::format("{} claims {} x {} pixels; at most {} million, and 65,535 per side, can be read", name,
                          count_text(file.width), count_text(file.height), most_pixels / 1'000'000),
              {"make it smaller first"});
}

ImageFile inspect_image(std::string_view bytes, std::int64_t most_pixels, const std::string& name) {
  if (bytes.empty()) throw Error("D10", name + " is empty");
  switch (image_format(bytes)) {
    case ImageFormat::png:
      return inspect_png(bytes, most_pixels, name);
    case ImageFormat::jpeg:
      return inspect_jpeg(bytes, most_pixels, name);
    case ImageFormat::none:
      break;
  }
  const std::string_view format = foreign_image(bytes.substr(0, 512));
  if (!format.empty()) throw foreign_image_error(name, format);
  throw Error("D16", name + " is not an image: it does not begin like PNG or JPEG");
}

}  // namespace pellucid
