// Terminal: the two output streams, what they can show (width, colour, a live line), and how they fail.
// Not here: what is said (the commands, progress.h, result_block.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "run/score_text.h"

namespace pellucid::app {

enum class Style { plain, label, faint, good, warning, error };

/// What the flags every command shares ask of the output.
struct OutputFlags {
  std::string color = "auto";  ///< auto | always | never
  bool json = false;
  bool no_progress = false;
  bool verbose = false;
  bool help = false;
  int quiet = 0;  ///< 1: no progress, 2: only the last line of the result
};

/// Results go to standard output, everything else to standard error. NO_COLOR, FORCE_COLOR, TERM=dumb and COLUMNS hold.
/// Names and cells come from other people's files: whatever is said is made visible() here, and only here.
class Terminal {
 public:
  explicit Terminal(OutputFlags flags = {});

  const OutputFlags& flags() const noexcept { return flags_; }
  bool live() const noexcept { return live_; }  ///< standard error is a terminal that can rewrite its last line
  int width() const noexcept { return width_; }

  /// Text to standard output, at once; with --json it is data. Throws M03 and M01; a reader that has gone away is no
  /// error: false from then on.
  bool result(std::string_view text);
  /// What programs read (CSV, scripts): byte for byte.
  bool data(std::string_view bytes);
  /// A line with a path that scripts go on with: byte for byte, unless a terminal shows it.
  void path(std::string_view path);
  /// A line to standard error.
  void say(std::string_view line);
  /// Redraws the live line; the next say() or an empty text removes it.
  void live_line(std::string_view text);

  /// The text in colours, where standard error (or output) shows them.
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
/// ━━━━━──── of 32 columns.
std::string progress_bar(double share);
/// A bar each, as high as its share of the largest; nothing at all for 0.
std::string histogram_bars(const std::vector<double>& counts);
/// ▁▂▃▄▅▆▇█ over the range of the values, at most `width` of them.
std::string sparkline(const double* values, int count, int width);

}  // namespace pellucid::app
