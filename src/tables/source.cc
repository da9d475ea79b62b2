// Source: the bytes of one file or of standard input. Gzip is recognised by content and may have several members.
// Not here: what the bytes mean (tables/readers).
#include "tables/source.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <limits>
#include <vector>

#include "core/file.h"
#include "pellucid/error.h"

namespace pellucid {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t deflate_limit = 1032;  // deflate compresses by at most this factor

}  // namespace

std::string shown(const std::string& path) {
  return path == "-" ? "<stdin>" : path;
}

struct Source::State {
  int file = STDIN_FILENO;
  std::uint64_t size = std::numeric_limits<std::uint64_t>::max() / deflate_limit;  // this value: unknown (a pipe)
  std::uint64_t consumed = 0;                                                      // bytes read from the file
  std::vector<unsigned char> input = std::vector<unsigned char>(1 << 18);
  std::size_t first = 0;  // unread bytes: input[first, last)
  std::size_t last = 0;
  bool packed = false;
  bool in_member = false;
  z_stream stream{};

  ~State() {
    if (packed) inflateEnd(&stream);
    if (file > STDIN_FILENO) ::close(file);
  }
  void begin(const std::string& name);
  bool refill(const std::string& name);
  // `some`: after the first byte, return what is available instead of waiting for more.
  std::size_t read(void* out, std::size_t bytes, bool some, const std::string& name);
  std::size_t read_plain(unsigned char* out, std::size_t bytes, bool some, const std::string& name);
  std::size_t read_packed(unsigned char* out, std::size_t bytes, bool some, const std::string& name);
  bool next_member(const std::string& name);
};

// Reads at least two bytes, if the file has them, because the first two tell whether it is gzip.
void Source::State::begin(const std::string& name) {
  if (!refill(name) || last > 1) return;
  const unsigned char byte = input.front();
  const bool more = refill(name);
  std::memmove(input.data() + 1, input.data(), std::min(last, input.size() - 1));
  input.front() = byte;
  last = more ? last + 1 : 1;
}

// Reads the next bytes of the file into `input`. Returns false at the end of the file.
bool Source::State::refill(const std::string& name) {
  first = last = 0;
  ssize_t count = 0;
  do {
    count = ::read(file, input.data(), input.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) throw Error("D10", "cannot read " + name + ": " + std::strerror(errno));
  last = static_cast<std::size_t>(count);
  consumed += last;
  return last > 0;
}

std::size_t Source::State::read(void* out, std::size_t bytes, bool some, const std::string& name) {
  auto* to = static_cast<unsigned char*>(out);
  return packed ? read_packed(to, bytes, some, name) : read_plain(to, bytes, some, name);
}

std::size_t Source::State::read_plain(unsigned char* out, std::size_t bytes, bool some, const std::string& name) {
  std::size_t done = 0;
  while (done < bytes && (first < last || (!(some && done > 0) && refill(name)))) {
    const std::size_t part = std::min(bytes - done, last - first);
    std::memcpy(out + done, input.data() + first, part);
    first += part;
    done += part;
  }
  return done;
}

// At the end of a gzip member: begins the next one, or returns false at the end. Zero bytes between members (padding
// of tapes and block devices) are skipped.
bool Source::State::next_member(const std::string& name) {
  while (first < last || refill(name)) {
    if (input[first] == 0) {
      ++first;
      continue;
    }
    if (input[first] != 0x1F) throw Error("D16", name + " is damaged: bytes that are no gzip follow its end");
    inflateReset(&stream);
    return in_member = true;
  }
  return false;
}

std::size_t Source::State::read_packed(unsigned char* out, std::size_t bytes, bool some, const std::string& name) {
  std::size_t done = 0;
  while (done < bytes) {
    if (some && done > 0 && first == last) break;
    if (!in_member && !next_member(name)) break;
    if (first == last && !refill(name)) throw Error("D16", name + " is truncated: the gzip data ends early");
    stream.next_in = input.data() + first;
    stream.avail_in = static_cast<uInt>(last - first);
    stream.next_out = out + done;
    const auto room = static_cast<uInt>(std::min<std::size_t>(bytes - done, 1u << 30));
    stream.avail_out = room;
    const int status = inflate(&stream, Z_NO_FLUSH);
    first = last - stream.avail_in;
    done += room - stream.avail_out;
    if (status == Z_STREAM_END) {
      in_member = false;
    } else if (status == Z_MEM_ERROR) {
      throw Error("M02", "no memory to unpack " + name);
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      throw Error("D16", name + " is damaged: " + (stream.msg ? stream.msg : "not a gzip file"));
    }
  }
  return done;
}

Source::Source(const std::string& path) : name_(shown(path)), state_(std::make_unique<State>()) {
  std::error_code problem;
  if (path != "-") {
    state_->file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (state_->file < 0 || fs::is_directory(path, problem)) throw cannot_open(path);
    if (fs::is_regular_file(path, problem)) state_->size = fs::file_size(path, problem);
  }
  state_->begin(name_);
  if (state_->last >= 2 && state_->input[0] == 0x1F && state_->input[1] == 0x8B) {
    if (inflateInit2(&state_->stream, 15 + 16) != Z_OK) throw Error("M02", "no memory to unpack " + name_);
    state_->packed = state_->in_member = true;
  }
}

Source::~Source() = default;

std::size_t Source::read(void* out, std::size_t bytes) {
  return state_->read(out, bytes, false, name_);
}

std::size_t Source::read_some(void* out, std::size_t bytes) {
  return state_->read(out, bytes, true, name_);
}

void Source::read_exactly(void* out, std::size_t bytes) {
  if (read(out, bytes) != bytes) throw Error("D16", name_ + " is truncated: it has fewer bytes than its header says");
}

std::uint64_t Source::at_most() const noexcept {
  const std::uint64_t held = state_->last - state_->first;
  const std::uint64_t left = state_->size - std::min(state_->size, state_->consumed) + held;
  return state_->packed ? (left + 1) * deflate_limit : left;
}

double Source::share() const noexcept {
  if (state_->size >= std::numeric_limits<std::uint64_t>::max() / deflate_limit) return 0;
  const std::uint64_t taken = state_->consumed - (state_->last - state_->first);
  return static_cast<double>(taken) / static_cast<double>(std::max<std::uint64_t>(1, state_->size));
}

bool Source::packed() const noexcept {
  return state_->packed;
}

std::string Source::read_all() {
  std::string text;
  const bool known = !state_->packed && at_most() < (std::uint64_t{1} << 40);
  std::size_t room = known ? static_cast<std::size_t>(at_most()) + 1 : std::size_t{1} << 20;
  for (std::size_t done = 0;;) {
    text.resize(room);
    done += read(text.data() + done, room - done);
    if (done < room) {
      text.resize(done);
      return text;
    }
    room += room / 2 + (1 << 16);
  }
}

}  // namespace pellucid
