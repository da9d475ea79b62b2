// The error of the last failed call on each thread, and guarded(), through which every function of the C interface
// runs. Not here: the codes (core/error_codes.cc).
#pragma once

#include <cstddef>
#include <exception>
#include <new>
#include <string>

#include "pellucid/error.h"

namespace pellucid::c {

/// Kept in memory that every thread has from its start, so that it works when no memory is left. Longer text is cut.
struct LastError {
  char code[8] = "", text[2048] = "", hint[2048] = "";
};
const LastError& last_error() noexcept;
void remember(const char* code, const char* text) noexcept;
void remember(const Error& error) noexcept;

/// Calls `work`. Any exception becomes the last error, and `failed` is returned.
template <class Result, class Work>
Result guarded(Result failed, const Work& work) noexcept {
  try {
    return work();
  } catch (const Error& error) {
    remember(error);
  } catch (const std::bad_alloc&) {
    remember("M02", "not enough memory");
  } catch (const std::exception& error) {
    remember("P01", error.what());
  } catch (...) {
    remember("P01", "an exception of an unknown type");
  }
  return failed;
}

/// Throws U39 if the pointer is null.
template <class T>
T& given(T* pointer, const char* name) {
  if (pointer == nullptr) throw Error("U39", std::string("the argument ") + name + " is a null pointer");
  return *pointer;
}

/// Throws U39 if `needed` numbers do not fit.
void require_room(const void* outputs, std::size_t capacity, std::size_t needed);
/// a · b; throws U39 if the product does not fit.
std::size_t product(std::size_t a, std::size_t b);

}  // namespace pellucid::c
