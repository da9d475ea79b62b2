// Fields: how an object describes its settings, each once: name, default, range, unit and one line of help.
// Not here: reading and writing settings as JSON, flags, help and documentation (src/core/settings.h).
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "pellucid/auto.h"
#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// The interval of allowed values of a number. If an end is open, the bound itself is not allowed.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;
  bool high_open = false;

  bool contains(double x) const noexcept {
    return (low_open ? x > low : x >= low) && (high_open ? x < high : x <= high);
  }
};

inline constexpr Range any_number{};
inline constexpr Range positive{0, std::numeric_limits<double>::infinity(), true, false};
inline constexpr Range not_negative{0, std::numeric_limits<double>::infinity()};
inline constexpr Range fraction{0, 1, false, true};  ///< 0 ≤ x < 1
inline constexpr Range unit_interval{0, 1};          ///< 0 ≤ x ≤ 1

/// Description of one setting. All strings must exist as long as the program runs.
struct FieldInfo {
  const char* name;
  const char* help;
  Range range{};
  const char* unit = "";
  const char* choices = "";  ///< for text: the allowed words, separated by '|'; empty: any text
};

/// Visits the settings of any object that has `void describe(Fields&)`. The same visit serves reading (JSON, command
/// line), writing, help and validation.
class Fields {
 public:
  virtual ~Fields() = default;
  virtual void field(const FieldInfo& info, double& value) = 0;
  virtual void field(const FieldInfo& info, std::int64_t& value) = 0;
  virtual void field(const FieldInfo& info, bool& value) = 0;
  virtual void field(const FieldInfo& info, std::string& value) = 0;
  /// a list of names; choices are ignored
  virtual void field(const FieldInfo& info, std::vector<std::string>& value) = 0;
  virtual void field(const FieldInfo& info, Auto<double>& value) = 0;
  virtual void field(const FieldInfo& info, Auto<std::int64_t>& value) = 0;
  /// the range holds for each item
  virtual void field(const FieldInfo& info, Auto<std::vector<std::int64_t>>& value) = 0;
};

}  // namespace pellucid
