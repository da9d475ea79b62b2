// Parsing JSON from untrusted sources: limits on depth and width, and strict reading of whole numbers.
// Not here: the meaning of documents (files/architecture_json.h, src/run).
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

namespace pellucid {

using Json = nlohmann::ordered_json;  ///< members keep their order; a look-up takes time proportional to their number
using SortedJson = nlohmann::json;    ///< for objects with very many members

/// Largest nesting depth that is accepted; copying, comparing and writing a document are recursive.
inline constexpr int most_json_depth = 64;

/// Parses the document. The result is_discarded() if the text is not valid JSON or is nested deeper than
/// most_json_depth. The same holds for a Json with an object of more than 10,000 members; parse a SortedJson instead.
template <class J = Json>
J parse_json(std::string_view text);

extern template Json parse_json(std::string_view);
extern template SortedJson parse_json(std::string_view);

/// Reads a whole number of at least `low` that fits into 64 bits with a sign. False for anything else: 4294967297.0,
/// true, "1".
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
