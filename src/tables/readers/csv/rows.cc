// Rows: reads the text in blocks. A row that is cut by the end of a block is read again after more text has been read.
// Not here: cells (scanner.cc), finding the dialect (dialect.cc).
#include "tables/readers/csv/rows.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

#include "pellucid/error.h"
#include "tables/readers/csv/foreign.h"
#include "tables/readers/csv/refusals.h"

namespace pellucid::csv {

namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 18;
constexpr std::size_t most_row_bytes = std::size_t{32} << 20;
constexpr std::size_t least_room = 8;  // the buffer grows if it has no more free bytes than this
constexpr char end_of_file = '\x1A';   // DOS ends text files with this byte

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

Rows::Rows(Blocks& blocks, const ReadOptions& options)
    : blocks_(blocks),
      options_(options),
      source_(blocks, options.encoding),
      buffer_(block_bytes + 1),
      name_(blocks.name()) {
  fill();
  refuse_foreign(name_, text());
}

// Fills the free part of the buffer and ends it with '\0'. For a live source, it reads only once, so as not to wait.
void Rows::fill() {
  const std::size_t before = filled_;
  while (!ended_ && buffer_.size() - filled_ > least_room) {
    const std::size_t count = source_.read(buffer_.data() + filled_, buffer_.size() - 1 - filled_);
    filled_ += count;
    ended_ = count == 0;
    if (blocks_.live()) break;
  }
  const void* nul = std::memchr(buffer_.data() + before, '\0', filled_ - before);
  if (nul != nullptr) {
    refuse_nul(passed_ + static_cast<std::uint64_t>(static_cast<const char*>(nul) - buffer_.data()), name_);
  }
  if (ended_ && filled_ > 0 && buffer_[filled_ - 1] == end_of_file) --filled_;
  buffer_[filled_] = '\0';
}

void Rows::grow() {
  if (buffer_.size() - filled_ <= least_room) buffer_.resize(2 * buffer_.size());
  fill();
}

Dialect Rows::find_dialect() {
  for (;;) {
    if (ended_ && is_blank(text())) throw Error("D10", name_ + " is empty");
    const bool enough = text().size() > most_row_bytes;
    const Extent extent = ended_ ? Extent::whole : enough ? Extent::enough : Extent::part;
    if (auto found = csv::find_dialect(text(), extent, name_, options_, blocks_.live())) return *std::move(found);
    grow();
  }
}

void Rows::begin(const Dialect& dialect) {
  marks_ = {dialect.delimiter, dialect.quote, dialect.names.size() == 1};
  columns_ = dialect.names.size();
  header_ = dialect.header;
  notes_ = dialect.notes;
  scanner_.emplace(buffer_.data(), buffer_.data() + filled_, marks_);
  for (std::size_t i = 0; i < dialect.skipped_lines; ++i) {
    while (!scanner_->skip_line() && !ended_) refill(scanner_->at(), scanner_->line());
  }
  std::vector<Cell> cells;
  for (std::size_t i = 0; i < dialect.rows_above; ++i) next_row(cells);
}

// Moves the text from `from` on to the front of the buffer and reads more behind it.
void Rows::refill(const char* from, std::uint32_t line) {
  const auto start = static_cast<std::size_t>(from - buffer_.data());
  const std::size_t left = filled_ - start;
  std::memmove(buffer_.data(), from, left);
  passed_ += start;
  filled_ = left;
  if (left > most_row_bytes) refuse_long_row(name_, line, text(), marks_.quote);
  if (buffer_.size() - filled_ <= least_room) buffer_.resize(2 * buffer_.size());
  fill();
  scanner_.emplace(buffer_.data(), buffer_.data() + filled_, marks_, line);
}

bool Rows::row_is_cut(Found found) const noexcept {
  if (!scanner_->at_end() || ended_ || found == Found::stray_text || found == Found::too_wide) return false;
  return found != Found::row || !scanner_->complete();
}

bool Rows::next_row(std::vector<Cell>& cells) {
  for (;;) {
    const char* row = scanner_->at();
    const std::uint32_t line = scanner_->line();
    const Found found = scanner_->next(cells);
    if (row_is_cut(found)) {
      refill(row, line);
      continue;
    }
    if (found == Found::row) return true;
    if (found == Found::end) return false;
    refuse_row(found, *scanner_, name_);
  }
}

bool Rows::next(std::vector<Cell>& cells) {
  if (!next_row(cells)) return false;
  require_width(cells.size(), columns_, header_, ++rows_ < (header_ ? 2 : 3), line(), name_);
  if (scanner_->line() > line() + 1 && options_.quote < 0) refuse_swallowed_rows(cells, marks_, line(), name_);
  const Cell& first = cells.front();
  const bool blank =
      marks_.blank_rows && first.begin == first.end && static_cast<unsigned char>(*first.end) != marks_.quote;
  if (blank && !std::exchange(blank_told_, true)) {
    notes_.push_back(Finding::note(
        "D51",
        fmt::format("blank lines of {} (the first is line {}) are read as rows with a missing cell", name_, line())));
  }
  return true;
}

std::vector<Finding> Rows::take_notes() {
  std::vector<Finding> notes = std::exchange(notes_, {});
  const std::string encoding = source_.note();
  if (encoding != encoding_note_) notes.insert(notes.begin(), Finding::note("D50", encoding_note_ = encoding));
  return notes;
}

}  // namespace pellucid::csv
