// Checks a PNG file: its chunks, checksums, and whether there are as many pixels as the header says.
// Not here: decoding pixels (codec.cc).
#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <span>

#include "pellucid/error.h"
#include "tables/images/file.h"

namespace pellucid {
namespace {

using namespace std::string_view_literals;

std::uint32_t big_endian(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

// Samples per pixel by colour type: grey, -, RGB, palette, grey + alpha, -, RGBA.
constexpr int samples_of[] = {1, 0, 3, 1, 2, 0, 4};

struct Header {
  ImageFile file;
  int samples = 1;
  bool interlaced = false;
};

Header read_header(std::string_view body, std::int64_t most_pixels, const std::string& name) {
  const int type = static_cast<unsigned char>(body[9]);
  const int depth = static_cast<unsigned char>(body[8]);
  const bool wide = depth == 8 || depth == 16;
  const bool narrow = depth == 1 || depth == 2 || depth == 4;
  const bool known = type == 0   ? wide || narrow
                     : type == 3 ? narrow || depth == 8
                                 : (type == 2 || type == 4 || type == 6) && wide;
  if (!known || body[10] != 0 || body[11] != 0 || static_cast<unsigned char>(body[12]) > 1) {
    throw Error("D16", fmt::format("{} is damaged: colour type {} with {} bits is none of PNG's", name, type, depth));
  }
  Header header;
  header.file.format = ImageFormat::png;
  header.file.width = big_endian(body, 0);
  header.file.height = big_endian(body, 4);
  header.file.channels = (type & 2) != 0 ? 3 : 1;
  header.file.depth = depth;
  header.file.palette = type == 3;
  header.samples = samples_of[type];
  header.interlaced = body[12] == 1;
  require_image_size(header.file, most_pixels, name);
  return header;
}

// Size of the decompressed rows in bytes, with one filter byte per row. An interlaced image (Adam7) consists of seven
// small images.
std::uint64_t unpacked_bytes(const Header& header) {
  struct Pass {
    int x, y, dx, dy;
  };
  static constexpr Pass whole[] = {{0, 0, 1, 1}};
  static constexpr Pass adam7[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                   {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
  std::uint64_t total = 0;
  for (const Pass& pass : header.interlaced ? std::span<const Pass>(adam7) : std::span<const Pass>(whole)) {
    const std::int64_t width = (header.file.width - pass.x + pass.dx - 1) / pass.dx;
    const std::int64_t height = (header.file.height - pass.y + pass.dy - 1) / pass.dy;
    if (width <= 0 || height <= 0) continue;
    total += static_cast<std::uint64_t>(height * ((width * header.samples * header.file.depth + 7) / 8 + 1));
  }
  return total;
}

// Decompresses the pixels, counts them and discards them. So a file with more pixels than its header says is refused
// before memory is allocated for it.
class Counter {
 public:
  Counter(std::uint64_t expected, const std::string& name) : left_(expected), name_(name) {
    if (inflateInit(&stream_) != Z_OK) throw Error("M02", "no memory to unpack " + name);
  }
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;
  ~Counter() { inflateEnd(&stream_); }

  void take(std::string_view packed) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
    int status = Z_OK;
    while (!ended_ && status == Z_OK) {
      stream_.next_out = out_;
      stream_.avail_out = sizeof out_;
      status = inflate(&stream_, Z_NO_FLUSH);
      const std::uint64_t got = sizeof out_ - stream_.avail_out;
      if (got > left_) throw Error("D16", name_ + " is damaged: it holds more pixels than its header says");
      left_ -= got;
      ended_ = status == Z_STREAM_END;
      if (status == Z_MEM_ERROR) throw Error("M02", "no memory to unpack " + name_);
      if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
        throw Error("D16", fmt::format("{} is damaged: {}", name_,
                                       stream_.msg != nullptr ? stream_.msg : "its pixels do not unpack"));
      }
    }
  }

  void finish() const {
    if (left_ > 0 || !ended_) throw Error("D16", name_ + " is truncated: it holds fewer pixels than its header says");
  }

 private:
  z_stream stream_{};
  std::uint64_t left_;
  const std::string& name_;
  bool ended_ = false;
  Bytef out_[1 << 14];
};

struct Chunk {
  std::string_view type, body;
  std::size_t at;  // offset of the chunk's first byte in the file
};

// Reads the chunk at `at`, checks its checksum, and moves `at` to the next chunk.
Chunk next_chunk(std::string_view bytes, std::size_t& at, const std::string& name) {
  if (bytes.size() - at < 12) throw Error("D16", name + " is truncated: a PNG ends with IEND, this one before it");
  const std::uint64_t length = big_endian(bytes, at);
  if (length > bytes.size() - at - 12) {
    throw Error("D16", fmt::format("{} is truncated: a chunk of {} bytes begins at byte {} of {}", name, length, at,
                                   bytes.size()));
  }
  const Chunk chunk{bytes.substr(at + 4, 4), bytes.substr(at + 8, static_cast<std::size_t>(length)), at};
  const auto* from = reinterpret_cast<const Bytef*>(chunk.type.data());
  if (crc32_z(0, from, chunk.body.size() + 4) != big_endian(bytes, at + 8 + chunk.body.size())) {
    throw Error("D16", fmt::format("{} is damaged: the checksum of the chunk at byte {} differs", name, at));
  }
  at += 12 + chunk.body.size();
  return chunk;
}

}  // namespace

ImageFile inspect_png(std::string_view bytes, std::int64_t most_pixels, const std::string& name) {
  std::size_t at = 8;
  const Chunk first = next_chunk(bytes, at, name);
  if (first.type != "IHDR"sv || first.body.size() != 13) throw Error("D16", name + " is damaged: no header (IHDR)");
  Header header = read_header(first.body, most_pixels, name);
  Counter counter(unpacked_bytes(header), name);
  for (Chunk chunk = next_chunk(bytes, at, name); chunk.type != "IEND"sv; chunk = next_chunk(bytes, at, name)) {
    if (chunk.type == "IDAT"sv) {
      counter.take(chunk.body);
    } else if (chunk.type == "PLTE"sv) {
      if (chunk.body.size() % 3 != 0 || chunk.body.size() > 768)
        throw Error("D16", name + " is damaged: its palette is none of at most 256 colours");
      header.file.colours = chunk.body.size() / 3;
      header.file.colours_at = chunk.at;
    } else if ((chunk.type[0] & 0x20) == 0) {  // capital first letter: a decoder must know the chunk
      throw Error("D16",
                  fmt::format("{} is damaged: a chunk that PNG does not know begins at byte {}", name, chunk.at));
    }
  }
  counter.finish();
  if (header.file.palette && header.file.colours == 0) throw Error("D16", name + " is damaged: it has no palette");
  return header.file;
}

}  // namespace pellucid
