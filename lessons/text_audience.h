// TextAudience: a lesson as lines of text, while it runs. JsonAudience: its comparisons as JSON lines.
// Not here: pages (lessons/page.h), the main function of the small programs (lessons/main.cc).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lessons/lesson.h"

namespace pellucid::tutorial {

using Write = std::function<void(const std::string&)>;

/// Colours a verdict or a heading; may return the text unchanged.
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

/// Lines of the form {"v":1,"tutorial":"xor","name":…,"expected":…,"got":…,"verdict":"exact"}. expected and got are a
/// number or a list of numbers. expected is a text for a range, and null if the caller chose another seed.
std::string json_of(const Tutorial& tutorial, const Comparison& line);

}  // namespace pellucid::tutorial
