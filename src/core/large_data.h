// What is known of the memory behind large vectors, and wishes about it.
// Not here: the vectors (pellucid/large_vector.h), memory that is never in a file (memory.h).
#pragma once

#include <cstddef>

#include "pellucid/large_vector.h"

namespace pellucid {

void give_back_pages(void* begin, std::size_t vector_bytes, std::size_t first, std::size_t last) noexcept;

/// Gives the memory of the elements first … last - 1 back, whose values are lost; those before must have been given
/// back as well. The vector stays as long as it is. Nothing happens to one that is not large.
template <class T>
void give_back(LargeVector<T>& values, std::size_t first, std::size_t last) noexcept {
  give_back_pages(values.data(), values.capacity() * sizeof(T), first * sizeof(T), last * sizeof(T));
}

/// Whether this memory is a temporary file's.
bool lies_in_file(const void* p) noexcept;

/// What lies here will be read in no order: huge pages, or of a file single pages.
void expect_random_reads(const void* p, std::size_t bytes) noexcept;

/// Of a file; else nothing happens. By itself the system reads ahead in many megabytes: right for who reads all of it
/// from the first element on, but memory is gone when many vectors are read beside each other, some of each in turn. A
/// new vector is of single pages, so that filling it takes no more than it needs.
enum class Reading { in_order, single_pages };
void expect_reading(const void* p, std::size_t bytes, Reading reading) noexcept;
template <class T>
void expect_reading(const LargeVector<T>& values, Reading reading) noexcept {
  expect_reading(values.data(), values.size() * sizeof(T), reading);
}

/// Whether so many bytes in files will not stay in memory, so that reading ahead is worth its calls.
bool more_than_memory(std::size_t bytes_in_files) noexcept;
/// Of a file; else nothing good comes of it: asks the system to read this soon. It does not wait.
void read_ahead(const void* p, std::size_t bytes) noexcept;

/// Whether so many bytes more may lie in memory.
bool fits_into_memory(double bytes) noexcept;

/// For formats that know how much they will need: throws M02 where that is not to be had, as `what` "needs".
void require_large_data(double bytes, const std::string& what, std::vector<std::string> details = {});

}  // namespace pellucid
