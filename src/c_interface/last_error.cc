// The last error of each thread. Not here: which calls fail (models.cc, records.cc, tables.cc, training.cc).
#include "c_interface/last_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "core/text.h"
#include "pellucid/pellucid_c.h"

namespace pellucid::c {
namespace {

constinit thread_local LastError last;

template <std::size_t n>
void copy_cut(std::string_view text, char (&to)[n]) noexcept {
  const auto inside = [&](std::size_t i) { return (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80; };
  std::size_t size = std::min(text.size(), n - 1);
  while (size > 0 && size < text.size() && inside(size)) --size;  // not in the middle of a character
  *std::copy_n(text.data(), size, to) = '\0';
}

}  // namespace

const LastError& last_error() noexcept {
  return last;
}

void remember(const char* code, const char* text) noexcept {
  copy_cut(code, last.code);
  copy_cut(text, last.text);
  copy_cut("", last.hint);
}

void remember(const Error& error) noexcept {
  remember(error.code().c_str(), error.what());
  try {
    copy_cut(join(error.details(), "\n"), last.hint);
  } catch (const std::bad_alloc&) {  // the code and the text are enough
  }
}

void require_room(const void* outputs, std::size_t capacity, std::size_t needed) {
  if (outputs == nullptr && needed > 0) throw Error("U39", "the argument outputs is a null pointer");
  if (capacity >= needed) return;
  throw Error("U39", fmt::format("the argument capacity is {}, and {} numbers are written", capacity, needed));
}

std::size_t product(std::size_t a, std::size_t b) {
  if (b == 0 || a <= PTRDIFF_MAX / b) return a * b;
  throw Error("U39", fmt::format("{} rows of {} numbers are more than memory can hold", a, b));
}

}  // namespace pellucid::c

extern "C" {

const char* pellucid_version(void) {
  return PELLUCID_VERSION_STRING;
}

const char* pellucid_error_code(void) {
  return pellucid::c::last_error().code;
}

const char* pellucid_error_text(void) {
  return pellucid::c::last_error().text;
}

const char* pellucid_error_hint(void) {
  return pellucid::c::last_error().hint;
}
}
