// The data sets that the program carries with it, as CSV text.
// Not here: the files themselves (data/), embedding (cmake/embed.cmake).
#pragma once

#include <span>
#include <string_view>

namespace pellucid::app {

struct Sample {
  std::string_view name;  ///< "iris"
  std::string_view target;
  std::string_view about;  ///< one line
  std::string_view csv;
};

std::span<const Sample> samples();

}  // namespace pellucid::app
