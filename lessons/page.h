// PageAudience: lessons as one self-contained HTML page.
// Not here: text output (lessons/text_audience.h), drawings (lessons/figures).
#pragma once

#include <string>

#include "lessons/lesson.h"

namespace pellucid::tutorial {

class PageAudience : public Audience {
 public:
  void title(const Tutorial& tutorial);
  void words(const std::string& paragraph) override;
  void comparison(const Comparison& line) override;
  void figure(const figures::Figure& figure) override;

  /// The complete page of all output so far.
  std::string text() const;

 private:
  enum class Part { none, figures, table };
  void begin(Part part);

  std::string contents_, body_;
  Part open_ = Part::none;
};

}  // namespace pellucid::tutorial
