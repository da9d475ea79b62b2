// PageAudience: lessons as one HTML page that needs no other file.
// Not here: lines of text (text_audience.h), drawings (figures/).
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

  /// The whole page of what was said so far.
  std::string text() const;

 private:
  enum class Part { none, figures, table };
  void begin(Part part);

  std::string contents_, body_;
  Part open_ = Part::none;
};

}  // namespace pellucid::tutorial
