// Compiles stb's single-header libraries. All names of stb are local to this file.
// Not here: checks of image files (png.cc, jpeg.cc) and of images (image.cc).
#include "tables/images/codec.h"

#include <cstdlib>
#include <cstring>

#include "pellucid/error.h"

// Memory is zeroed, because a damaged JPEG may use a table that it has not defined. Assertions are off: png.cc and
// jpeg.cc check what stb would assert about its input. cmake/library.cmake makes signed overflow wrap around in this
// file.
#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_MAX_DIMENSIONS (1 << 26)
#define STBI_ASSERT(x) ((void)0)
#define STBI_MALLOC(size) std::calloc(1, size)
#define STBI_REALLOC(memory, size) std::realloc(memory, size)
#define STBI_FREE(memory) std::free(memory)
#include <stb_image.h>

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#define STBIW_ASSERT(x) ((void)0)
#include <stb_image_write.h>

namespace pellucid {

void Unpacked::Free::operator()(void* memory) const noexcept {
  std::free(memory);
}

Unpacked unpack_image(std::string_view bytes, bool deep, const std::string& name) {
  const auto* from = reinterpret_cast<const stbi_uc*>(bytes.data());
  const int size = static_cast<int>(bytes.size());
  int width = 0, height = 0, samples = 0;
  Unpacked result;
  if (deep) {
    result.words.reset(stbi_load_16_from_memory(from, size, &width, &height, &samples, 0));
  } else {
    result.bytes.reset(stbi_load_from_memory(from, size, &width, &height, &samples, 0));
  }
  if (!result.words && !result.bytes) {
    const char* reason = stbi_failure_reason();
    if (reason != nullptr && std::strcmp(reason, "outofmem") == 0)
      throw Error("M02", "no memory for the pixels of " + name);
    throw Error("D16", name + " is damaged: " + (reason != nullptr ? reason : "its pixels cannot be unpacked"));
  }
  result.height = height;
  result.width = width;
  result.samples = samples;
  return result;
}

std::string pack_png(const Image& image) {
  std::string bytes;
  const auto append = [](void* to, void* data, int size) {
    static_cast<std::string*>(to)->append(static_cast<const char*>(data), static_cast<std::size_t>(size));
  };
  const int width = static_cast<int>(image.width);
  if (stbi_write_png_to_func(append, &bytes, width, static_cast<int>(image.height), image.channels, image.pixels.data(),
                             width * image.channels) == 0) {
    throw Error("M02", "no memory to pack a PNG of " + image.shape().text());
  }
  return bytes;
}

}  // namespace pellucid
