// Uses of a settings description (pellucid/describe.h): JSON, values from text, validation, lists for help.
// Not here: the settings themselves (for example pellucid/optimizer.h).
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/json.h"
#include "pellucid/describe.h"

namespace pellucid {

/// One field with its current value, for help, documents and lists of settings.
struct FieldState {
  FieldInfo info;
  std::variant<double, std::int64_t, bool, std::string, std::vector<std::string>, Auto<double>, Auto<std::int64_t>,
               Auto<std::vector<std::int64_t>>>
      value;
  std::string text() const;   ///< the value as a user would type it; lists with commas
  std::string range() const;  ///< "≥ 0", "0 ≤ x < 1", "classic|nesterov|averaged"; "" if every value is allowed
};

/// A type-erased view of any object with `void describe(Fields&)`. The object must outlive the view.
class Describable {
 public:
  template <class S>
  Describable(S& settings)  // NOLINT: implicit, because it is only a view
      : object_(&settings), visit_([](void* object, Fields& fields) { static_cast<S*>(object)->describe(fields); }) {}
  void describe(Fields& fields) const { visit_(object_, fields); }

 private:
  void* object_;
  void (*visit_)(void*, Fields&);
};

std::vector<FieldState> list_fields(Describable settings);
Json settings_to_json(Describable settings);

/// Sets the fields that the JSON object contains; the others keep their values. Throws U12 (range, type), and U05 that
/// lists all unknown keys. `what` is the beginning of error messages, such as "layer dense".
void settings_from_json(Describable settings, const Json& json, const std::string& what);

/// Sets one field from text; a list field becomes a list of this one name, or empty for an empty text. Throws U05 for
/// an unknown field (suggesting the nearest name), U02 if the text does not fit.
void set_field(Describable settings, std::string_view name, std::string_view text, const std::string& what);

/// Sets a list field. Throws U05 for an unknown field, U02 if the field is not a list.
void set_list_field(Describable settings, std::string_view name, const std::vector<std::string>& list,
                    const std::string& what);

/// Throws U12 for the first field outside its range or choices.
void check_settings(Describable settings, const std::string& what);

}  // namespace pellucid
