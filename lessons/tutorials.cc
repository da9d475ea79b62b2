// The list of tutorials, made by CMake from the files in examples/tutorials.
// Not here: the tutorials.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/text.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {

std::vector<const Tutorial*> tutorials() {
#define PELLUCID_ROW(name) &tutorial_##name,
  std::vector<const Tutorial*> all = {
#include "lessons/rows.inc"
  };
#undef PELLUCID_ROW
  std::stable_sort(all.begin(), all.end(),
                   [](const Tutorial* a, const Tutorial* b) { return std::string_view(a->from) < b->from; });
  return all;
}

const Tutorial& find_tutorial(std::string_view name) {
  std::vector<std::string> names;
  for (const Tutorial* one : tutorials()) {
    if (one->name == name) return *one;
    names.emplace_back(one->name);
  }
  const std::string near = closest(name, names);
  throw Error("U23", "no tutorial " + quote(name),
              {near.empty() ? "they are listed by: pellucid tutorial" : "did you mean " + near + "?"});
}

}  // namespace pellucid::tutorial
