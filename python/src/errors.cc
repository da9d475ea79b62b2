// Errors of the library as Python's pellucid.Error, with settings spelled as parameters.
// Not here: the class itself (pellucid/_errors.py).
#include "binding.h"
#include "core/settings.h"
#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/recipe.h"
#include "pellucid/setting_hint.h"

namespace pellucid::python {

namespace {

std::string python_text(std::string_view text) {
  return nb::cast<std::string>(nb::repr(nb::str(text.data(), text.size())));
}

std::string list_of(const std::vector<std::string>& names) {
  std::vector<std::string> texts;
  for (const std::string& name : names) texts.push_back(python_text(name));
  return "[" + join(texts, ", ") + "]";
}

// The value of a column kind: {"age": "number"}.
std::string kinds_of(std::string_view value) {
  std::vector<std::string> texts;
  for (const NamedValue& part : split_named_values(std::string(value))) {
    texts.push_back(python_text(part.name) + ": " + python_text(part.value));
  }
  return "{" + join(texts, ", ") + "}";
}

// A value in the way in which Python writes it, as far as the default of the setting tells its type.
std::string python_value(const FieldState* field, std::string_view name, std::string_view value) {
  double number = 0;
  std::int64_t whole = 0;
  if (value == "true") return "True";
  if (value == "false") return "False";
  if (name == "kind") return kinds_of(value);
  if (name == "drop" || name == "na" || name == "target") {
    const std::vector<std::string> names = split_names(std::string(value));
    return name == "target" && names.size() == 1 ? python_text(names.front()) : list_of(names);
  }
  if (name == "hidden") return "[" + std::string(value) + "]";
  const bool is_text = field != nullptr && std::holds_alternative<std::string>(field->value);
  if (!is_text && (parse_integer(std::string(value), whole) || parse_number(std::string(value), number))) {
    return std::string(value);
  }
  return python_text(value);
}

std::string as_parameter(std::string_view name, std::string_view value) {
  Recipe recipe;
  const std::string setting = setting_name(std::string(name));
  for (const FieldState& field : list_fields(recipe)) {
    if (setting != field.info.name) continue;
    return value.empty() ? setting : setting + "=" + python_value(&field, setting, value);
  }
  return name == "force" ? "force=True" : "";
}

void translate(const std::exception_ptr& thrown, void*) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    nb::list hints;
    for (const std::string& detail : error.details())
      hints.append(nb::str(with_settings(detail, as_parameter).c_str()));
    const std::string message = with_settings(error.what(), as_parameter);
    const nb::object type = nb::module_::import_("pellucid._errors").attr("Error");
    const nb::object made = type(nb::str(error.code().c_str()), nb::str(message.c_str()), hints);
    PyErr_SetObject(type.ptr(), made.ptr());
  }
}

}  // namespace

void bind_errors(nb::module_& m) {
  nb::register_exception_translator(translate);
  m.def(
      "spelled", [](const std::string& text) { return with_settings(text, as_parameter); }, nb::arg("text"),
      "The text with settings spelled as Python parameters.");
}

}  // namespace pellucid::python
