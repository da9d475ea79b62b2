// Source: the bytes of one file or stream, unpacked on the way if they are gzip. Not here: what the bytes mean.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace pellucid {

class Source {
 public:
  /// "-" is standard input. Throws D10 (no such file, a directory, no permission).
  explicit Source(const std::string& path);
  ~Source();

  /// Fills `out`; fewer than `bytes` only at the end. Throws D10 (cannot read), D16 (damaged or truncated gzip).
  std::size_t read(void* out, std::size_t bytes);
  /// What is there without waiting for more: at least one byte, but at the end none. Throws as read.
  std::size_t read_some(void* out, std::size_t bytes);
  /// As read, but the end is an error too: D16 "… ends early".
  void read_exactly(void* out, std::size_t bytes);
  /// All that remains.
  std::string read_all();

  /// No more than this many bytes can come: what a length in a header is held against before allocating.
  std::uint64_t at_most() const noexcept;
  bool packed() const noexcept;
  /// How much of the file has been taken, 0 … 1; 0: of a pipe.
  double share() const noexcept;
  const std::string& name() const noexcept { return name_; }

 private:
  struct State;
  std::string name_;
  std::unique_ptr<State> state_;
};

/// The path as messages show it.
std::string shown(const std::string& path);

}  // namespace pellucid
