// Blocks: files, pipes and text in memory behind one read. Not here: what the bytes mean.
#include "formats/csv/blocks.h"

#include <algorithm>
#include <cstring>
#include <filesystem>

namespace pellucid::csv {

Blocks::Blocks(const std::string& path) : path_(path), name_(shown(path)), source_(std::make_unique<Source>(path)) {
  std::error_code ignored;
  keeps_ = path == "-" || !std::filesystem::is_regular_file(path, ignored);
  if (!keeps_ && !source_->packed()) size_ = source_->at_most();
}

Blocks::Blocks(std::string_view text, std::string name) : name_(std::move(name)), text_(text), size_(text.size()) {}

std::size_t Blocks::read(char* out, std::size_t bytes) {
  if (replays_) return read_kept(out, bytes);
  if (source_) {
    const std::size_t count = source_->read(out, bytes);
    if (keeps_ && count > 0) kept_.emplace_back(out, count);
    return count;
  }
  const std::size_t count = std::min(bytes, text_.size() - at_);
  std::memcpy(out, text_.data() + at_, count);
  at_ += count;
  return count;
}

std::size_t Blocks::read_kept(char* out, std::size_t bytes) {
  std::size_t done = 0;
  while (done < bytes && at_ < kept_.size()) {
    std::string& block = kept_[at_];
    const std::size_t part = std::min(bytes - done, block.size());
    std::memcpy(out + done, block.data(), part);
    done += part;
    block.erase(0, part);
    if (block.empty()) ++at_;
  }
  return done;
}

void Blocks::rewind() {
  at_ = 0;
  replays_ = keeps_;
  if (source_ && !keeps_) source_ = std::make_unique<Source>(path_);
}

}  // namespace pellucid::csv
