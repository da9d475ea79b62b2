// Queries and hints about the memory of large vectors. All hints are optional: results do not depend on them.
// Not here: the vectors (pellucid/large_vector.h), memory that is never backed by a file (core/memory.h).
#pragma once

#include <cstddef>

#include "pellucid/large_vector.h"

namespace pellucid {

void give_back_pages(void* begin, std::size_t vector_bytes, std::size_t first, std::size_t last) noexcept;

/// Releases the memory of the elements first … last - 1; their values are lost. Elements must be released in ascending
/// order. The vector keeps its size. Does nothing for a vector that is not large.
template <class T>
void give_back(LargeVector<T>& values, std::size_t first, std::size_t last) noexcept {
  give_back_pages(values.data(), values.capacity() * sizeof(T), first * sizeof(T), last * sizeof(T));
}

/// Whether this memory is backed by a temporary file.
bool lies_in_file(const void* p) noexcept;

/// Hint: random access. Huge pages in memory; no read-ahead for file mappings.
void expect_random_reads(const void* p, std::size_t bytes) noexcept;

/// Hint for file mappings; does nothing for memory. By default the system reads many megabytes ahead. That helps when a
/// whole vector is read in order, but wastes memory when parts of many vectors are read in turn. A new vector starts
/// with single_pages, so that filling it takes no more memory than needed.
enum class Reading { in_order, single_pages };
void expect_reading(const void* p, std::size_t bytes, Reading reading) noexcept;
template <class T>
void expect_reading(const LargeVector<T>& values, Reading reading) noexcept {
  expect_reading(values.data(), values.size() * sizeof(T), reading);
}

/// Whether file mappings of this size do not fit into memory, so that explicit read-ahead pays off.
bool more_than_memory(std::size_t bytes_in_files) noexcept;
/// Asks the system to read this part of a file mapping soon; returns at once. Only for memory backed by a file.
void read_ahead(const void* p, std::size_t bytes) noexcept;

/// Whether this many more bytes fit into memory.
bool fits_into_memory(double bytes) noexcept;

/// Throws M02 if this many bytes are not available, for formats that know their size in advance. The message begins
/// with `what` and "needs".
void require_large_data(double bytes, const std::string& what, std::vector<std::string> details = {});

}  // namespace pellucid
