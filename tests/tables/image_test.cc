// Images: PNG of every kind, JPEG, damaged files and false sizes; resizing, grey, conversion to numbers and back.
// Not here: folders of images (image_folders_test.cc).
#include "pellucid/image.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/file.h"
#include "pellucid/table.h"
#include "support/files.h"
#include "support/pngs.h"

namespace pellucid {
namespace {

using test::chunk;
using test::packed;
using test::Png;
using test::refusal;

using Bytes = std::vector<std::uint8_t>;

std::string code_of(const std::string& bytes, const ImageOptions& options = {}) {
  return refusal([&] { decode_image(bytes, options); }).code();
}

std::string golden(const std::string& name) {
  return read_file(PELLUCID_SOURCE_DIR "/tests/golden/" + name);
}

// An image whose samples take every value of the bit depth, or many of them.
Png pattern(int type, int depth, bool interlaced) {
  Png png{.type = type, .depth = depth, .height = 11, .width = 13, .interlaced = interlaced};
  const auto count = static_cast<std::size_t>(png.height * png.width * png.channels());
  for (std::size_t i = 0; i < count; ++i) {
    png.samples.push_back(static_cast<std::uint32_t>(i * 40503 + i / 7) & ((1u << depth) - 1));
  }
  if (type == 3) {
    for (int i = 0; i < 3 << depth; ++i) png.palette += static_cast<char>(i * 37 + 11);
  }
  return png;
}

// The pixels that image.h promises for such a file, computed in floating point.
Bytes expected(const Png& png, double background) {
  const double most = static_cast<double>((1u << png.depth) - 1);
  const int n = png.channels();
  const bool alpha = n == 2 || n == 4;
  Bytes out;
  for (std::size_t i = 0; i < png.samples.size(); i += static_cast<std::size_t>(n)) {
    if (png.type == 3) {
      for (std::size_t c = 0; c < 3; ++c) out.push_back(static_cast<std::uint8_t>(png.palette[png.samples[i] * 3 + c]));
      continue;
    }
    const double opacity = alpha ? png.samples[i + static_cast<std::size_t>(n) - 1] / most : 1;
    for (int c = 0; c < n - (alpha ? 1 : 0); ++c) {
      const double value = png.samples[i + static_cast<std::size_t>(c)] / most * 255;
      out.push_back(static_cast<std::uint8_t>(std::floor(value * opacity + background * (1 - opacity) + 0.5)));
    }
  }
  return out;
}

TEST(Png, every_colour_type_and_bit_depth_is_read_with_and_without_interlacing) {
  const std::pair<int, std::vector<int>> kinds[] = {
      {0, {1, 2, 4, 8, 16}}, {2, {8, 16}}, {3, {1, 2, 4, 8}}, {4, {8, 16}}, {6, {8, 16}}};
  for (const auto& [type, depths] : kinds) {
    for (const int depth : depths) {
      for (const bool interlaced : {false, true}) {
        const Png png = pattern(type, depth, interlaced);
        const Image image = decode_image(png.bytes());
        SCOPED_TRACE("type " + std::to_string(type) + " depth " + std::to_string(depth));
        EXPECT_EQ(image.height, 11);
        EXPECT_EQ(image.width, 13);
        EXPECT_EQ(image.channels, (type & 2) != 0 ? 3 : 1);
        EXPECT_EQ(image.pixels, expected(png, 255));
      }
    }
  }
}

TEST(Png, transparent_pixels_show_the_background_which_is_white_by_default) {
  const Png png = pattern(6, 8, false);
  EXPECT_EQ(decode_image(png.bytes(), {.background = 0}).pixels, expected(png, 0));
  EXPECT_EQ(decode_image(png.bytes(), {.background = 100}).pixels, expected(png, 100));
  Png keyed{.type = 0, .depth = 8, .height = 1, .width = 3, .samples = {7, 8, 9}, .transparency = std::string{0, 8}};
  EXPECT_EQ(decode_image(keyed.bytes()).pixels, (Bytes{7, 255, 9}));
  Png sheer{.type = 3, .depth = 2, .height = 1, .width = 3, .samples = {0, 1, 2}};
  sheer.palette = std::string("\x01\x02\x03\x04\x05\x06\x07\x08\x09", 9);
  sheer.transparency = std::string("\xff\x00", 2);
  EXPECT_EQ(decode_image(sheer.bytes()).pixels, (Bytes{1, 2, 3, 255, 255, 255, 7, 8, 9}));
}

TEST(Png, an_index_beyond_the_palette_is_black) {
  Png png{.type = 3, .depth = 8, .height = 1, .width = 3, .samples = {1, 2, 255}, .palette = "abcdef"};
  EXPECT_EQ(decode_image(png.bytes()).pixels, (Bytes{'d', 'e', 'f', 0, 0, 0, 0, 0, 0}));
}

TEST(Png, a_truncated_file_is_refused) {
  for (const auto& [type, depth] : {std::pair{0, 8}, {6, 16}, {3, 4}}) {
    const std::string whole = pattern(type, depth, type == 6).bytes();
    for (std::size_t length = 0; length < whole.size(); ++length) {
      const std::string code = code_of(whole.substr(0, length));
      EXPECT_TRUE(code == "D16" || (length == 0 && code == "D10")) << length << " of " << whole.size() << ": " << code;
    }
  }
}

TEST(Png, a_flipped_bit_in_any_byte_is_detected_by_a_checksum) {
  const std::string whole = pattern(3, 4, false).bytes();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    EXPECT_EQ(code_of(damaged), "D16") << at;
  }
}

TEST(Png, a_false_size_is_refused_before_memory_is_allocated) {
  Png png = pattern(0, 8, false);
  const std::string pixels = chunk("IDAT", packed(png.pixels())) + chunk("IEND", "");
  const auto claim = [&](int height, int width) {
    png.height = height;
    png.width = width;
    return code_of(std::string(test::png_magic) + png.header() + pixels);
  };
  EXPECT_EQ(claim(100'000, 100'000), "D27");
  EXPECT_EQ(claim(0x7fffffff, 0x7fffffff), "D27");
  EXPECT_EQ(claim(1, 100'000), "D27");
  EXPECT_EQ(claim(8'000, 8'000), "D16");  // the size is allowed, but the pixels are missing
  EXPECT_EQ(claim(11, 0), "D16");
  EXPECT_EQ(claim(10, 13), "D16") << "more pixels than the header says";
  png.height = 11;
  EXPECT_EQ(code_of(png.bytes(), {.most_pixels = 11 * 13 - 1}), "D27");
  EXPECT_EQ(decode_image(png.bytes(), {.most_pixels = 11 * 13}).pixels.size(), 143u);
}

TEST(Png, data_that_decompress_to_too_many_bytes_are_refused) {
  const Png png = pattern(0, 8, false);
  const std::string flood = packed(std::string(50'000'000, '\0'));
  EXPECT_EQ(code_of(std::string(test::png_magic) + png.header() + chunk("IDAT", flood) + chunk("IEND", "")), "D16");
}

TEST(Png, invalid_chunks_are_refused) {
  const Png png = pattern(0, 8, false);
  const std::string begin = std::string(test::png_magic) + png.header(), data = chunk("IDAT", packed(png.pixels())),
                    end = chunk("IEND", "");
  EXPECT_EQ(decode_image(begin + chunk("tEXt", "hello") + data + end + "trailing").width, 13);
  EXPECT_EQ(code_of(begin + end), "D16");
  EXPECT_EQ(code_of(begin + png.header() + data + end), "D16");
  EXPECT_EQ(code_of(begin + chunk("CgBI", "abcd") + data + end), "D16");
  EXPECT_EQ(code_of(begin + chunk("PLTE", std::string(3 * 257, 'x')) + data + end), "D16");
  EXPECT_EQ(code_of(begin + chunk("IDAT", "no zlib") + end), "D16");
  EXPECT_EQ(code_of(std::string(test::png_magic) + data + end), "D16");
  Png bare = pattern(3, 8, false);
  bare.palette.clear();
  EXPECT_EQ(code_of(bare.bytes()), "D16");
  for (const auto& [type, depth] : {std::pair{2, 4}, {3, 16}, {5, 8}, {0, 3}}) {
    Png odd = pattern(0, 8, false);
    odd.type = type;
    odd.depth = depth;
    EXPECT_EQ(code_of(std::string(test::png_magic) + odd.header() + data + end), "D16") << type << " " << depth;
  }
}

TEST(Png, a_written_image_is_read_back_unchanged) {
  const test::TempFolder folder;
  for (const int type : {0, 2}) {
    const Image image = decode_image(pattern(type, 8, false).bytes());
    write_png(image, folder.path() + "/out.png");
    EXPECT_EQ(read_image(folder.path() + "/out.png"), image);
  }
  EXPECT_EQ(refusal([&] { write_png({1, 1, 1, {0}}, folder.path() + "/no/such/out.png"); }).code(), "M01");
  EXPECT_EQ(refusal([] { encode_png({2, 2, 1, {0, 0, 0}}); }).code(), "U20");
  EXPECT_EQ(refusal([] { encode_png({0, 0, 1, {}}); }).code(), "U20");
  EXPECT_EQ(refusal([] { encode_png({1, 1, 2, {0, 0}}); }).code(), "U20");
}

void expect_near(const Image& image, std::int64_t y, std::int64_t x, Bytes wanted) {
  for (std::size_t c = 0; c < wanted.size(); ++c) {
    const auto at = static_cast<std::size_t>(y * image.width + x) * wanted.size() + c;
    EXPECT_NEAR(image.pixels[at], wanted[c], 8) << y << "," << x << "," << c;
  }
}

TEST(Jpeg, baseline_progressive_cmyk_and_grey_files_have_the_right_colours) {
  for (const char* name : {"colour.jpg", "progressive.jpg", "cmyk.jpg"}) {
    SCOPED_TRACE(name);
    const Image image = decode_image(golden(name));
    EXPECT_EQ(image.shape(), (Shape{16, 24, 3}));
    expect_near(image, 12, 3, {200, 40, 40});
    expect_near(image, 12, 11, {30, 160, 60});
    expect_near(image, 3, 20, {20, 30, 110});
  }
  const Image grey = decode_image(golden("grey.jpg"));
  EXPECT_EQ(grey.shape(), (Shape{16, 24}));
  expect_near(grey, 3, 3, {10});
  expect_near(grey, 12, 20, {230});
}

TEST(Jpeg, a_truncated_file_is_refused) {
  for (const char* name : {"colour.jpg", "progressive.jpg", "grey.jpg", "cmyk.jpg"}) {
    const std::string whole = golden(name);
    for (std::size_t length = 0; length < whole.size(); ++length) {
      const std::string code = code_of(whole.substr(0, length));
      EXPECT_TRUE(code == "D16" || (length == 0 && code == "D10")) << name << " " << length << ": " << code;
    }
  }
}

TEST(Jpeg, any_changed_byte_gives_an_image_of_the_right_size_or_an_error) {
  for (const char* name : {"colour.jpg", "progressive.jpg", "grey.jpg", "cmyk.jpg"}) {
    const std::string whole = golden(name);
    for (std::size_t at = 2; at < whole.size(); ++at) {
      for (const int change : {0x01, 0x80, 0xff}) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ change);
        try {
          const Image image = decode_image(damaged, {.most_pixels = 1 << 20});
          EXPECT_EQ(image.pixels.size(), static_cast<std::size_t>(image.shape().elements()));
        } catch (const Error& error) {
          EXPECT_TRUE(error.code() == "D16" || error.code() == "D27") << name << " " << at << ": " << error.text();
        }
      }
    }
  }
}

// The brightness grows from block to block and is multiplied by the largest factor, so that it exceeds 32 bits.
TEST(Jpeg, extreme_brightness_does_not_overflow) {
  using namespace std::string_literals;
  const std::string tables = "\xff\xdb\0\x83\x10"s + std::string(128, '\xff') +  // quantisation factors of 65,535
                             "\xff\xc4\0\x14\0\x01"s + std::string(15, '\0') + "\x0f" +  // code 0: 15 bits follow
                             "\xff\xc4\0\x14\x10\x01"s + std::string(15, '\0') +
                             std::string(1, '\0');  // code 0: end of block
  const std::string frame = "\xff\xc0\0\x0b\x08\0\x08\0\x18\x01\x01\x11\0"s;
  const std::string scan = "\xff\xda\0\x08\x01\x01\0\0\x3f\0"s;
  const std::string blocks = "\x7f\xff\0\x3f\xff\0\x9f\xff\0\xdf"s;  // three times: 0, fifteen ones, 0
  const Image image = decode_image("\xff\xd8"s + tables + frame + scan + blocks + "\xff\xd9"s);
  EXPECT_EQ(image.shape(), (Shape{8, 24}));
}

TEST(Jpeg, sizes_and_tables_are_checked_before_use) {
  const std::string whole = golden("colour.jpg");
  const std::size_t frame = whole.find("\xff\xc0");
  std::string huge = whole;
  huge.replace(frame + 5, 4, "\xff\xff\xff\xff");
  EXPECT_EQ(code_of(huge), "D27");
  std::string flat = whole;
  flat.replace(frame + 5, 2, std::string(2, '\0'));
  EXPECT_EQ(code_of(flat), "D16");
  std::string deep = whole;
  deep[frame + 4] = 12;
  EXPECT_EQ(code_of(deep), "D27");
  const std::string head = whole.substr(0, 2), rest = whole.substr(2);
  const std::string counts = std::string("\0", 1) + std::string(16, '\x20');  // 512 codes in a table for 256
  EXPECT_EQ(code_of(head + std::string("\xff\xc4\x02\x13", 4) + counts + std::string(512, 'x') + rest), "D16");
  EXPECT_EQ(code_of(whole.substr(0, frame) + "\xff\xd9"), "D16") << "no pixels at all";
  EXPECT_EQ(code_of(golden("arithmetic.jpg")), "D27");
  // An end marker inside a segment does not end the image.
  const std::string thumbnail("\xff\xe1\x00\x06\xff\xd9xx", 8);
  EXPECT_EQ(code_of(head + thumbnail + rest.substr(0, rest.size() - 2)), "D16");
  EXPECT_EQ(decode_image(head + thumbnail + rest + "trailing").width, 24);
}

TEST(Image, other_formats_are_refused_by_name_with_a_way_out) {
  using namespace std::string_literals;
  const std::pair<const char*, std::string> files[] = {{"GIF", "GIF89a\x01\x00\x01\x00"s},
                                                       {"WebP", "RIFF\x10\0\0\0WEBPVP8 "s},
                                                       {"BMP", "BM\x10\0\0\0\0\0\0\0\x36\0\0\0"s},
                                                       {"TIFF", "II*\0\x08\0\0\0"s},
                                                       {"HEIC",
                                                        "\0\0\0\x18"
                                                        "ftypheic\0\0\0\0"s},
                                                       {"AVIF",
                                                        "\0\0\0\x18"
                                                        "ftypavif\0\0\0\0"s},
                                                       {"SVG", "<?xml version=\"1.0\"?><svg/>"s}};
  const test::TempFolder folder;
  for (const auto& [name, bytes] : files) {
    const Error error = refusal([&, text = bytes] { decode_image(text); });
    EXPECT_EQ(error.code(), "D27") << name;
    EXPECT_NE(std::string(error.what()).find(name), std::string::npos) << error.what();
    EXPECT_FALSE(error.details().empty());
    const std::string path = folder.file("image", bytes);
    EXPECT_EQ(refusal([&] { read_table(path); }).code(), "D27") << name;
  }
  EXPECT_EQ(code_of("a,b\n1,2\n"), "D16");
  EXPECT_EQ(refusal([] { read_image("no such.png"); }).code(), "D10");
  EXPECT_EQ(refusal([&] { read_image(folder.path()); }).code(), "D10");
  EXPECT_EQ(code_of("x", {.channels = 2}), "U12");
  EXPECT_EQ(code_of("x", {.background = 256}), "U12");
}

TEST(Resize, smaller_averages_areas_and_larger_interpolates_linearly) {
  EXPECT_EQ(resize({2, 4, 1, {0, 10, 20, 31, 2, 12, 22, 33}}, 1, 2).pixels, (Bytes{6, 27}));  // 26.5 is rounded up
  // Each output covers half of the middle pixel.
  EXPECT_EQ(resize({1, 3, 1, {0, 90, 240}}, 1, 2).pixels, (Bytes{30, 190}));
  EXPECT_EQ(resize({1, 2, 1, {0, 100}}, 1, 4).pixels, (Bytes{0, 25, 75, 100}));
  EXPECT_EQ(resize({2, 1, 3, {0, 10, 20, 40, 50, 60}}, 1, 1).pixels, (Bytes{20, 30, 40}));
  const Image image = decode_image(golden("colour.jpg"));
  EXPECT_EQ(resize(image, 16, 24), image);
  EXPECT_EQ(resize(image, 300, 7).shape(), (Shape{300, 7, 3}));
}

TEST(Resize, a_uniform_image_stays_uniform_at_any_size) {
  for (const int side : {1, 2, 3, 7, 28, 63, 1000}) {
    const Image image = resize({9, 14, 1, Bytes(126, 201)}, side, 1001 - side);
    EXPECT_EQ(image.pixels, Bytes(static_cast<std::size_t>(side * (1001 - side)), 201)) << side;
  }
  const Image pixel{1, 1, 1, {5}};
  for (const auto& [height, width] : {std::pair{0, 1}, {1, 0}, {-1, 1}, {1, 65'536}}) {
    EXPECT_EQ(refusal([&, h = height, w = width] { resize(pixel, h, w); }).code(), "U12");
  }
}

TEST(Image, grey_is_brightness_and_colour_has_three_equal_channels) {
  const Image colours{1, 4, 3, {255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255}};
  EXPECT_EQ(to_grey(colours).pixels, (Bytes{76, 150, 29, 255}));
  EXPECT_EQ(to_rgb(to_grey(colours)).pixels, (Bytes{76, 76, 76, 150, 150, 150, 29, 29, 29, 255, 255, 255}));
  EXPECT_EQ(to_rgb(colours), colours);
  EXPECT_EQ(decode_image(golden("colour.jpg"), {.channels = 1}), to_grey(decode_image(golden("colour.jpg"))));
  EXPECT_EQ(decode_image(golden("grey.jpg"), {.channels = 3}).channels, 3);
}

TEST(Image, conversion_to_numbers_and_back_gives_the_same_image) {
  Image image{2, 128, 1, {}};
  for (int i = 0; i < 256; ++i) image.pixels.push_back(static_cast<std::uint8_t>(i));
  const std::vector<float> numbers = to_vector(image);
  EXPECT_EQ(numbers[0], 0.0f);
  EXPECT_EQ(numbers[255], 1.0f);
  EXPECT_EQ(image_of(numbers, image.shape()), image);
  EXPECT_EQ(image_of(numbers, Shape{2, 128, 1}), image);
  EXPECT_EQ(image_of(std::vector<float>{-3, 0.5f, 1e30f}, Shape{1, 1, 3}).pixels, (Bytes{0, 128, 255}));
  EXPECT_EQ(refusal([&] { image_of(numbers, Shape{256}); }).code(), "U20");
  EXPECT_EQ(refusal([&] { image_of(numbers, Shape{16, 8, 2}); }).code(), "U20");
  EXPECT_EQ(refusal([&] { image_of(numbers, Shape{16, 17}); }).code(), "U20");
  const std::vector<float> odd{std::numeric_limits<float>::quiet_NaN()};
  EXPECT_EQ(refusal([&] { image_of(odd, Shape{1, 1}); }).code(), "D15");
}

}  // namespace
}  // namespace pellucid
