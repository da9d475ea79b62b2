// Writes to standard output and standard error, and detects colours and width.
// Not here: the texts (app/text).
#include "app/cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

#include "core/convert.h"
#include "core/text.h"
#include "core/visible.h"
#include "pellucid/error.h"

namespace pellucid::app {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

bool wants_color(const std::string& flag, int stream) {
  if (flag == "always") return true;
  if (flag == "never" || !environment("NO_COLOR").empty()) return false;
  const std::string force = environment("FORCE_COLOR");
  if (!force.empty()) return force != "0";
  return ::isatty(stream) == 1 && environment("TERM") != "dumb";
}

int terminal_width() {
  std::int64_t columns = 0;
  if (parse_integer(environment("COLUMNS"), columns) && columns > 0) {
    return static_cast<int>(std::clamp<std::int64_t>(columns, 20, 1000));
  }
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return std::max<int>(20, size.ws_col);
  return 80;
}

void write_error(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);  // a failure here cannot be reported anywhere
  std::fflush(stderr);
}

// Marks the number of a Style inside a text until it is shown. It is random in each process, so that no file can
// contain it.
const std::string& color_mark() {
  static const std::string mark = [] {
    std::random_device random;
    return fmt::format("\x1b{:08x}{:08x}", random(), random());
  }();
  return mark;
}

}  // namespace

Terminal::Terminal(OutputFlags flags) : flags_(std::move(flags)) {
  color_output_ = wants_color(flags_.color, STDOUT_FILENO);
  color_error_ = wants_color(flags_.color, STDERR_FILENO);
  live_ = ::isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb" && !flags_.no_progress && flags_.quiet == 0;
  width_ = terminal_width();
}

bool Terminal::result(std::string_view text) {
  return data(flags_.json ? std::string(text) : shown(text));
}

bool Terminal::data(std::string_view bytes) {
  if (reader_gone_) return false;
  live_line("");
  errno = 0;
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() && std::fflush(stdout) == 0;
  if (written) return true;
  const int reason = errno;
  std::clearerr(stdout);
  if (reason != EPIPE) {
    const bool full = reason == ENOSPC || reason == EFBIG || reason == EDQUOT;
    throw Error(full ? "M03" : "M01", fmt::format("cannot write to standard output: {}", std::strerror(reason)));
  }
  reader_gone_ = true;
  return false;
}

void Terminal::path(std::string_view path) {
  data((::isatty(STDOUT_FILENO) == 1 ? visible(path) : std::string(path)) + "\n");
}

void Terminal::say(std::string_view line) {
  live_line("");
  write_error(shown(line) + "\n");
}

void Terminal::live_line(std::string_view text) {
  if (!live_ || (text.empty() && !live_line_shown_)) return;
  write_error("\r\x1b[K" + shown(text));
  live_line_shown_ = !text.empty();
}

std::string Terminal::painted(bool on, Style style, std::string_view text) {
  if (!on || style == Style::plain) return std::string(text);
  return fmt::format("{0}{1}{2}{0}0", color_mark(), static_cast<int>(style), text);
}

// Makes control characters visible and replaces the marks that painted() inserted by colours.
std::string Terminal::shown(std::string_view text) {
  static constexpr const char* codes[] = {"\x1b[0m", "\x1b[36m", "\x1b[2m", "\x1b[32m", "\x1b[1;33m", "\x1b[1;31m"};
  std::string result;
  for (;;) {
    const std::size_t mark = text.find(color_mark());
    result += visible(text.substr(0, mark));
    if (mark == std::string_view::npos) return result;
    text.remove_prefix(mark + color_mark().size());
    result += codes[text[0] - '0'];
    text.remove_prefix(1);
  }
}

std::string duration_text(double seconds) {
  if (!(seconds >= 0)) return "?";
  if (seconds < 0.0995) return fmt::format("{:.{}f}ms", seconds * 1000, seconds < 0.00995 ? 1 : 0);
  if (seconds < 9.95) return fmt::format("{:.2f}s", seconds);
  const auto whole = to_whole<std::int64_t>(std::min(seconds + 0.5, 1e15));
  if (whole < 60) return fmt::format("{}s", whole);
  if (whole < 3600) return fmt::format("{}m {:02}s", whole / 60, whole % 60);
  return fmt::format("{}h {:02}m", whole / 3600, whole / 60 % 60);
}

std::string progress_bar(double share) {
  constexpr int width = 32;
  const int filled = std::clamp(to_whole<int>(share * width), 0, width);
  std::string text;
  for (int i = 0; i < width; ++i) text += i < filled ? "━" : "─";
  return text;
}

namespace {
constexpr const char* bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
}

std::string histogram_bars(const std::vector<double>& counts) {
  const double most = counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
  std::string line;
  for (const double n : counts) {
    line += n > 0 ? bars[std::clamp(to_whole<int>(std::ceil(n / most * 8)) - 1, 0, 7)] : " ";
  }
  return line;
}

std::string sparkline(const double* values, int count, int width) {
  const int shown = std::min(count, width);
  if (shown <= 0) return "";
  const auto [low, high] = std::minmax_element(values, values + count);
  const double span = *high - *low;
  std::string line;
  for (int i = 0; i < shown; ++i) {
    const double* first = values + static_cast<std::int64_t>(i) * count / shown;
    const double share = span > 0 ? (*first - *low) / span : 0;
    line += bars[std::clamp(to_whole<int>(share * 7 + 0.5), 0, 7)];
  }
  return line;
}

}  // namespace pellucid::app
