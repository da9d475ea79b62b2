// Reading JSON that anybody may have written: how deep and how wide it may be, and numbers that are what they claim.
// Not here: what documents mean.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

namespace pellucid {

using Json = nlohmann::ordered_json;  ///< members keep their order, and are looked up one after the other
using SortedJson = nlohmann::json;    ///< for objects of very many members

/// Deepest nesting that is read: copying, comparing and writing a document are recursive.
inline constexpr int most_json_depth = 64;

/// The document; where the text is none, or is nested deeper than most_json_depth, what is_discarded() is true of. The
/// same for a Json with an object of more than 10,000 members, for which a SortedJson should be asked.
template <class J = Json>
J parse_json(std::string_view text);

extern template Json parse_json(std::string_view);
extern template SortedJson parse_json(std::string_view);

/// A whole number from `low` on that 64 bits with a sign hold; false for anything else: 4294967297.0, true, "1".
template <class J>
bool read_count(const J& json, std::int64_t low, std::int64_t& value) {
  if (!json.is_number_integer()) return false;
  if (json.is_number_unsigned() && json.template get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX)) {
    return false;
  }
  value = json.template get<std::int64_t>();
  return value >= low;
}

}  // namespace pellucid
