// Settings that are typed as words: enumerations, kinds, lists of names. Not here: numbers (core/settings.h).
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/text.h"
#include "pellucid/describe.h"
#include "pellucid/error.h"

namespace pellucid {

/// Visits the value as text: `write` makes the text, `read` is called where the visitor changed it.
template <class Value, class Write, class Read>
void describe_as_text(Fields& fields, const FieldInfo& info, Value& value, Write write, Read read) {
  const std::string before = write(value);
  std::string text = before;
  fields.field(info, text);
  if (text != before) value = read(text);
}

/// The same for a value that may be "auto".
template <class Value, class Write, class Read>
void describe_as_text(Fields& fields, const FieldInfo& info, Auto<Value>& value, Write write, Read read) {
  const auto write_auto = [&](const Auto<Value>& x) { return x.is_auto() ? std::string("auto") : write(x.value()); };
  std::string text = write_auto(value);
  const std::string before = text;
  fields.field(info, text);
  if (text == before) return;
  if (text == "auto") {
    value = {};
  } else {
    value = read(text);
  }
}

/// An enumeration, whose words stand in info.choices in the order of its constants.
template <class Enum>
void describe_words(Fields& fields, const FieldInfo& info, Enum& value) {
  const std::vector<std::string> words = split_text(info.choices, '|');
  describe_as_text(
      fields, info, value, [&](Enum x) { return words.at(static_cast<std::size_t>(x)); },
      [&](const std::string& text) {
        const auto at = std::find(words.begin(), words.end(), text) - words.begin();
        if (at == static_cast<std::ptrdiff_t>(words.size())) throw Error("P01", "no word of a setting: " + text);
        return static_cast<Enum>(at);
      });
}

/// The same for one that may be "auto", the first of the words.
template <class Enum>
void describe_words(Fields& fields, const FieldInfo& info, Auto<Enum>& value) {
  int at = value.is_auto() ? 0 : 1 + static_cast<int>(value.value());
  describe_words(fields, info, at);
  if (at == 0) {
    value = {};
  } else {
    value = static_cast<Enum>(at - 1);
  }
}

inline void describe_text(Fields& fields, const FieldInfo& info, Auto<std::string>& value) {
  const auto same = [](const std::string& text) { return text; };
  describe_as_text(fields, info, value, same, same);
}

}  // namespace pellucid
