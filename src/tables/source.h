// Source: the bytes of one file or of standard input, decompressed if they are gzip.
// Not here: what the bytes mean (tables/readers).
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace pellucid {

class Source {
 public:
  /// Path "-" is standard input. Throws D10 (no such file, a directory, no permission).
  explicit Source(const std::string& path);
  ~Source();

  /// Reads `bytes` bytes into `out`, fewer only at the end; returns how many. Throws D10 (cannot read), D16 (damaged or
  /// truncated gzip), M02.
  std::size_t read(void* out, std::size_t bytes);
  /// Reads what is available without waiting for more, but at least one byte; returns 0 only at the end. Throws like
  /// read().
  std::size_t read_some(void* out, std::size_t bytes);
  /// Like read(), but throws D16 if the data end early.
  void read_exactly(void* out, std::size_t bytes);
  /// Reads all remaining bytes.
  std::string read_all();

  /// Upper limit for the number of remaining bytes. Readers compare the lengths in a file's header with it before they
  /// allocate memory.
  std::uint64_t at_most() const noexcept;
  bool packed() const noexcept;  ///< whether the data are gzip
  /// Share of the file that has been read, 0 … 1; always 0 for a pipe.
  double share() const noexcept;
  const std::string& name() const noexcept { return name_; }

 private:
  struct State;
  std::string name_;
  std::unique_ptr<State> state_;
};

/// The path as messages show it: "-" is "<stdin>".
std::string shown(const std::string& path);

}  // namespace pellucid
