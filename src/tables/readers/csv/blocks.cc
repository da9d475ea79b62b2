// Blocks: one read() for files, pipes, streams and text in memory. Not here: what the bytes mean (rows.cc).
#include "tables/readers/csv/blocks.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <istream>
#include <streambuf>

namespace pellucid::csv {

namespace {

constexpr std::size_t kept_piece = std::size_t{16} << 20;
constexpr std::uint64_t enough = std::uint64_t{4} << 20;  // bytes of text from which the number of rows is estimated

}  // namespace

Blocks::Blocks(const std::string& path, bool live)
    : path_(path), name_(shown(path)), source_(std::make_unique<Source>(path)) {
  std::error_code ignored;
  const bool pipe = path == "-" || !std::filesystem::is_regular_file(path, ignored);
  live_ = pipe && live;
  keeps_ = pipe && !live;
  if (!keeps_ && !source_->packed()) size_ = source_->at_most();
}

Blocks::Blocks(std::string_view text, std::string name) : name_(std::move(name)), text_(text), size_(text.size()) {}

Blocks::Blocks(std::istream& in, std::string name) : name_(std::move(name)), in_(&in), live_(true) {}

// Reads one line with its line end; of a longer line, the first `bytes` bytes.
std::size_t Blocks::read_line(char* out, std::size_t bytes) {
  std::streambuf& buffer = *in_->rdbuf();
  std::size_t done = 0;
  while (done < bytes) {
    const int c = buffer.sbumpc();
    if (c == std::char_traits<char>::eof()) break;
    out[done++] = static_cast<char>(c);
    if (c == '\n') break;
  }
  return done;
}

std::size_t Blocks::read(char* out, std::size_t bytes) {
  if (in_ != nullptr) return read_line(out, bytes);
  if (live_) return source_->read_some(out, bytes);
  if (replays_) return read_kept(out, bytes);
  if (source_) {
    const std::size_t count = source_->read(out, bytes);
    if (keeps_) keep(out, count);
    return count;
  }
  const std::size_t count = std::min(bytes, text_.size() - at_);
  std::memcpy(out, text_.data() + at_, count);
  at_ += count;
  return count;
}

// Keeps the bytes in vectors of one fixed size, so that growing does not copy them.
void Blocks::keep(const char* bytes, std::size_t count) {
  while (count > 0) {
    if (kept_.empty() || kept_.back().size() == kept_piece) kept_.emplace_back().reserve(kept_piece);
    const std::size_t part = std::min(count, kept_piece - kept_.back().size());
    kept_.back().insert(kept_.back().end(), bytes, bytes + part);
    bytes += part;
    count -= part;
  }
}

std::size_t Blocks::read_kept(char* out, std::size_t bytes) {
  std::size_t done = 0;
  while (done < bytes && at_ < kept_.size()) {
    const LargeVector<char>& piece = kept_[at_];
    const std::size_t part = std::min(bytes - done, piece.size() - from_);
    std::memcpy(out + done, piece.data() + from_, part);
    done += part;
    from_ += part;
    if (from_ < piece.size()) continue;
    kept_[at_++] = LargeVector<char>();
    from_ = 0;
  }
  return done;
}

double Blocks::share(std::uint64_t passed) const noexcept {
  if (size_ > 0)
    return passed >= enough || passed * 16 >= size_ ? static_cast<double>(passed) / static_cast<double>(size_) : 0;
  // The compressed file is read one block ahead of the text, so an early estimate would be wrong.
  return source_ && source_->packed() && passed >= 2 * enough ? source_->share() : 0;
}

void Blocks::rewind() {
  at_ = 0;
  replays_ = keeps_;
  if (source_ && !keeps_) source_ = std::make_unique<Source>(path_);
}

}  // namespace pellucid::csv
