// TextAudience: a lesson as it happens, in lines of text. JsonAudience: its comparisons as JSON lines.
// Not here: pages (page.h), the small programs' main (main.cc).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lessons/lesson.h"

namespace pellucid::tutorial {

using Write = std::function<void(const std::string&)>;

/// Colours a verdict or a heading; may return the text as it is.
using Paint = std::function<std::string(const std::string& text, std::optional<Verdict> verdict)>;

class TextAudience : public Audience {
 public:
  TextAudience(Write write, int width, Paint paint = {});

  void title(const Tutorial& tutorial);
  void words(const std::string& paragraph) override;
  void comparison(const Comparison& line) override;
  void figure(const figures::Figure& figure) override;

 private:
  Write write_;
  int width_;
  Paint paint_;
};

/// {"v":1,"tutorial":"xor","name":…,"expected":…,"got":…,"verdict":"exact"}: a number or a list of numbers each;
/// expected is text for a range, and null where the caller chose another seed.
std::string json_of(const Tutorial& tutorial, const Comparison& line);

}  // namespace pellucid::tutorial
