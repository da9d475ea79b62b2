// The built-in data sets, as CSV text inside the program.
// Not here: embedding the files of data/ (cmake/embed.cmake).
#pragma once

#include <span>
#include <string_view>

namespace pellucid {

struct Sample {
  std::string_view name;  ///< "iris"
  std::string_view target;
  std::string_view about;  ///< one line
  std::string_view csv;
};

std::span<const Sample> samples();

}  // namespace pellucid
