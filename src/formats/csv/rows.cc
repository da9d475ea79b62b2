// Rows: a row that the block cuts is read again once more of it is there. Not here: cells (scanner.cc).
#include "formats/csv/rows.h"

#include <cstring>

#include "formats/csv/dialect.h"

namespace pellucid::csv {

namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 18;

}  // namespace

Rows::Rows(Blocks& blocks) : blocks_(blocks), buffer_(block_bytes + 1) {
  fill();
}

// Fills what is free of the buffer, but for the '\0' behind.
void Rows::fill() {
  const std::size_t room = buffer_.size() - 1 - filled_;
  char* to = buffer_.data() + filled_;
  const std::size_t count = blocks_.read(to, room);
  ended_ = count < room;
  const bool start = passed_ + filled_ == 0;
  filled_ += count;
  buffer_[filled_] = '\0';
  if (start) {
    refuse_utf16({to, count}, blocks_.name());
    if (std::string_view(to, count).starts_with("\xEF\xBB\xBF")) first_ = 3;
  }
  const void* nul = std::memchr(to, '\0', count);
  if (nul == nullptr) return;
  refuse_nul(passed_ + static_cast<std::uint64_t>(static_cast<const char*>(nul) - buffer_.data()) - first_,
             blocks_.name());
}

void Rows::grow() {
  buffer_.resize(2 * buffer_.size());
  fill();
}

void Rows::begin(char delimiter) {
  delimiter_ = delimiter;
  scanner_.emplace(buffer_.data() + first_, buffer_.data() + filled_, delimiter);
}

// Moves what is left to the front, and reads on behind it.
void Rows::refill(const char* from, std::uint32_t line) {
  const auto start = static_cast<std::size_t>(from - buffer_.data());
  const std::size_t left = filled_ - start;
  std::memmove(buffer_.data(), from, left);
  passed_ += start;
  filled_ = left;
  if (start == 0) buffer_.resize(2 * buffer_.size());  // a row longer than the buffer
  fill();
  scanner_.emplace(buffer_.data(), buffer_.data() + filled_, delimiter_, line);
}

bool Rows::next(std::vector<Cell>& cells) {
  for (;;) {
    const char* row = scanner_->at();
    const std::uint32_t line = scanner_->line();
    const Found found = scanner_->next(cells);
    if (scanner_->at_end() && !ended_ && found != Found::stray_text) {
      refill(row, line);
      continue;
    }
    if (found == Found::row) return true;
    if (found == Found::end) return false;
    refuse_quotes(found, *scanner_, blocks_.name());
  }
}

}  // namespace pellucid::csv
