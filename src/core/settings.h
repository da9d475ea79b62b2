// What is made of a description (pellucid/describe.h): JSON, reading a word from the command line, validation, help.
// Not here: which things have settings.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/json.h"
#include "pellucid/describe.h"

namespace pellucid {

/// One field as it stands: for help, docs and lists of settings.
struct FieldState {
  FieldInfo info;
  std::variant<double, std::int64_t, bool, std::string, std::vector<std::string>, Auto<double>, Auto<std::int64_t>,
               Auto<std::vector<std::int64_t>>>
      value;
  std::string text() const;   ///< the value as it would be typed; a list with commas
  std::string range() const;  ///< "≥ 0", "0 ≤ x < 1", "classic|nesterov|averaged", "" for anything
};

/// Anything with `void describe(Fields&)`, seen without its type.
class Describable {
 public:
  template <class S>
  Describable(S& settings)  // NOLINT: a view, made in passing
      : object_(&settings), visit_([](void* object, Fields& fields) { static_cast<S*>(object)->describe(fields); }) {}
  void describe(Fields& fields) const { visit_(object_, fields); }

 private:
  void* object_;
  void (*visit_)(void*, Fields&);
};

std::vector<FieldState> list_fields(Describable settings);
Json settings_to_json(Describable settings);

/// Sets what the object names and leaves the rest. Throws U12 (range, type), U05 for unknown keys, all of them at once.
/// `what` opens the message: "layer dense".
void settings_from_json(Describable settings, const Json& json, const std::string& what);

/// Sets one field from text (a list to this one name, or to none where it is empty). Throws U05 for an unknown name
/// (with the nearest), U02 where the text does not fit.
void set_field(Describable settings, std::string_view name, std::string_view text, const std::string& what);

/// Sets a field that holds a list. Throws U05 for an unknown name, U02 where it holds no list.
void set_list_field(Describable settings, std::string_view name, const std::vector<std::string>& list,
                    const std::string& what);

/// Throws U12 for the first field outside its range or choices.
void check_settings(Describable settings, const std::string& what);

}  // namespace pellucid
