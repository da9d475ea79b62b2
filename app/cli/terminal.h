// Terminal: the two output streams, their abilities (width, colour, a live line) and their failures.
// Not here: the texts (the commands, progress.h, result_block.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "run/score_text.h"

namespace pellucid::app {

enum class Style { plain, label, faint, good, warning, error };

/// The output flags that all commands share.
struct OutputFlags {
  std::string color = "auto";  ///< auto | always | never
  bool json = false;
  bool no_progress = false;
  bool verbose = false;
  bool help = false;
  int quiet = 0;  ///< 1: no progress, 2: only the last line of the result
};

/// Results go to standard output, everything else goes to standard error. NO_COLOR, FORCE_COLOR, TERM=dumb and COLUMNS
/// are respected. Names and cells come from untrusted files, so control characters are made visible() here, and only
/// here.
class Terminal {
 public:
  explicit Terminal(OutputFlags flags = {});

  const OutputFlags& flags() const noexcept { return flags_; }
  bool live() const noexcept { return live_; }  ///< standard error is a terminal that can rewrite its last line
  int width() const noexcept { return width_; }

  /// Writes text to standard output and flushes; with --json the text is data. Returns false if the reader has closed
  /// the pipe, which is not an error. Throws M01, M03.
  bool result(std::string_view text);
  /// Writes text for other programs (CSV, scripts), byte for byte.
  bool data(std::string_view bytes);
  /// Writes a line with a path for scripts: byte for byte, unless standard output is a terminal.
  void path(std::string_view path);
  /// Writes a line to standard error.
  void say(std::string_view line);
  /// Redraws the live line; an empty text or the next say() removes it.
  void live_line(std::string_view text);

  /// The text in the colour of the style, if standard error (or standard output) shows colours.
  std::string paint(Style style, std::string_view text) const { return painted(color_error_, style, text); }
  std::string paint_result(Style style, std::string_view text) const { return painted(color_output_, style, text); }

 private:
  static std::string painted(bool on, Style style, std::string_view text);
  static std::string shown(std::string_view text);

  OutputFlags flags_;
  bool color_output_ = false, color_error_ = false;
  bool live_ = false;
  bool live_line_shown_ = false;
  bool reader_gone_ = false;
  int width_ = 80;
};

/// "3.1ms", "0.31s", "12s", "3m 20s"
std::string duration_text(double seconds);
/// A progress bar of 32 columns: ━━━━━────.
std::string progress_bar(double share);
/// One bar per value, its height relative to the largest value; a blank for 0.
std::string histogram_bars(const std::vector<double>& counts);
/// A sparkline ▁▂▃▄▅▆▇█ over the range of the values, at most `width` characters wide.
std::string sparkline(const double* values, int count, int width);

}  // namespace pellucid::app
