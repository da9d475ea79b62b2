// Checks a JPEG file: its segments, the Huffman tables that a decoder would trust, and the end marker.
// Not here: decoding pixels (codec.cc).
#include <fmt/format.h>

#include <algorithm>

#include "pellucid/error.h"
#include "tables/images/file.h"

namespace pellucid {
namespace {

constexpr int most_scans = 500;  // a progressive photo has about ten; decoding each takes a pass over the whole image

class Walk {
 public:
  Walk(std::string_view bytes, std::int64_t most_pixels, const std::string& name)
      : bytes_(bytes), most_pixels_(most_pixels), name_(name) {}

  ImageFile run() {
    while (true) {
      const int marker = next_marker();
      if (marker == 0xD9) break;
      const std::string_view body = segment(marker);
      if (is_frame(marker)) read_frame(marker, body);
      if (marker == 0xC4) check_codes(body);
      if (marker == 0xDA) skip_scan();
    }
    if (scans_ == 0) damaged("it holds no pixels");
    return file_;
  }

 private:
  [[noreturn]] void damaged(const std::string& why) const { throw Error("D16", name_ + " is damaged: " + why); }
  [[noreturn]] void truncated() const {
    throw Error("D16", name_ + " is truncated: a JPEG ends with FF D9, this one before it");
  }
  [[noreturn]] void unread(const char* kind) const {
    throw Error("D27", fmt::format("{} is {}; only baseline and progressive JPEG with 8 bits can be read", name_, kind),
                {"save it again as a baseline JPEG or a PNG"});
  }
  int byte(std::size_t at) const { return static_cast<unsigned char>(bytes_[at]); }

  // C0 … CF, except the tables C4 and CC and the reserved C8
  static bool is_frame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  int next_marker() {
    if (at_ >= bytes_.size()) truncated();
    if (byte(at_) != 0xFF) damaged(fmt::format("a segment should begin at byte {}", at_));
    while (at_ < bytes_.size() && byte(at_) == 0xFF) ++at_;  // a marker may be preceded by any number of FF bytes
    if (at_ >= bytes_.size()) truncated();
    return byte(at_++);
  }

  std::string_view segment(int marker) {
    if (marker < 0xC0 || (marker >= 0xD0 && marker <= 0xD8)) {
      damaged(fmt::format("a segment of kind {:02X} at byte {}", marker, at_ - 2));
    }
    if (bytes_.size() - at_ < 2) truncated();
    const std::size_t length = static_cast<std::size_t>(byte(at_) << 8 | byte(at_ + 1));
    if (length < 2) damaged(fmt::format("a segment of {} bytes at byte {}", length, at_ - 2));
    if (length > bytes_.size() - at_) truncated();
    const std::string_view body = bytes_.substr(at_ + 2, length - 2);
    at_ += length;
    return body;
  }

  void read_frame(int marker, std::string_view body) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(body[i]); };
    if (file_.format != ImageFormat::none) damaged("it has two frames");
    if (body.size() < 6) damaged("its frame header is too short");
    if (marker > 0xC8) unread("an arithmetic-coded JPEG");
    if (marker > 0xC2) unread("a lossless or hierarchical JPEG");
    if (at(0) != 8) unread("a JPEG of more than 8 bits");
    if (at(5) != 1 && at(5) != 3 && at(5) != 4) damaged(fmt::format("it has {} channels", at(5)));
    file_ = {.format = ImageFormat::jpeg,
             .height = at(1) << 8 | at(2),
             .width = at(3) << 8 | at(4),
             .channels = at(5) == 1 ? 1 : 3};
    require_image_size(file_, most_pixels_, name_);
  }

  // Checks each Huffman table: the number of codes per length (16 counts), then the symbols. With more than 256
  // symbols, or more codes of a length than there can be, a decoder would leave its arrays.
  void check_codes(std::string_view body) const {
    while (!body.empty()) {
      if (body.size() < 17) damaged("a table of codes is too short");
      std::size_t symbols = 0;
      std::size_t room = 1;  // number of unused codes of this length
      bool fits = true;
      for (std::size_t length = 1; length <= 16; ++length) {
        const auto count = static_cast<unsigned char>(body[length]);
        room *= 2;
        fits = fits && count <= room;
        room -= std::min<std::size_t>(room, count);
        symbols += count;
      }
      if (!fits || symbols > 256 || body.size() < 17 + symbols) damaged("a table of codes contradicts itself");
      body.remove_prefix(17 + symbols);
    }
  }

  // Coded pixels end at the next marker: an FF that is followed by neither 00 (a data byte FF) nor D0 … D7 (a restart).
  void skip_scan() {
    if (file_.format == ImageFormat::none) damaged("pixels before the frame header");
    if (++scans_ > most_scans) damaged(fmt::format("it has more than {} scans", most_scans));
    while (true) {
      at_ = bytes_.find('\xff', at_);
      if (at_ == bytes_.npos || at_ + 1 >= bytes_.size()) truncated();
      const int next = byte(at_ + 1);
      if (next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) return;
      at_ += next == 0xFF ? 1 : 2;
    }
  }

  std::string_view bytes_;
  std::int64_t most_pixels_;
  const std::string& name_;
  std::size_t at_ = 2;
  int scans_ = 0;
  ImageFile file_;
};

}  // namespace

ImageFile inspect_jpeg(std::string_view bytes, std::int64_t most_pixels, const std::string& name) {
  return Walk(bytes, most_pixels, name).run();
}

}  // namespace pellucid
