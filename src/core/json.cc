// Parsing JSON after a check of its nesting depth and width. Not here: reading values from the parsed document.
#include "core/json.h"

#include <algorithm>
#include <type_traits>
#include <vector>

namespace pellucid {
namespace {

// Look-ups in an ordered object take time proportional to its size.
constexpr std::int64_t most_ordered_members = 10000;

struct Extent {
  std::size_t depth = 0;     // nesting depth of the deepest array or object
  std::int64_t members = 0;  // members of the largest object
};

// Counts brackets and colons outside strings. Whether the brackets match is left to the parser.
Extent extent_of(std::string_view text) {
  Extent extent;
  std::vector<std::int64_t> members;  // number of members so far in each array or object that encloses this position
  bool quoted = false;
  for (std::size_t i = 0; i < text.size() && members.size() <= most_json_depth; ++i) {
    const char c = text[i];
    if (c == '"') quoted = !quoted;
    if (quoted && c == '\\') ++i;
    if (quoted) continue;
    if (c == '[' || c == '{') members.push_back(0);
    if ((c == ']' || c == '}') && !members.empty()) members.pop_back();
    if (c == ':' && !members.empty()) extent.members = std::max(extent.members, ++members.back());
    extent.depth = std::max(extent.depth, members.size());
  }
  return extent;
}

}  // namespace

template <class J>
J parse_json(std::string_view text) {
  const Extent extent = extent_of(text);
  const bool too_wide = std::is_same_v<J, Json> && extent.members > most_ordered_members;
  if (extent.depth > most_json_depth || too_wide) return J(J::value_t::discarded);
  return J::parse(text, nullptr, false);
}

template Json parse_json(std::string_view);
template SortedJson parse_json(std::string_view);

}  // namespace pellucid
