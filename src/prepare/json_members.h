// Reads members of a stored preprocessor's JSON; each function throws D21 if the member is missing or of another type.
// Not here: what the members mean (preprocess_json.cc, target_json.cc).
#pragma once

#include <string>
#include <vector>

#include "core/json.h"
#include "pellucid/error.h"
#include "tables/number_form.h"

namespace pellucid::members {

[[noreturn]] inline void refuse(const std::string& why) {
  throw Error("D21", "the stored preprocessing is damaged: " + why);
}

inline const SortedJson& member(const SortedJson& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) refuse(std::string("no ") + key);
  return *found;
}

inline double number(const SortedJson& object, const char* key) {
  const SortedJson& value = member(object, key);
  if (!value.is_number()) refuse(std::string(key) + " is not a number");
  return value.get<double>();  // JSON cannot spell NaN or infinity, and the parser refuses numbers that are too large
}

inline std::string text(const SortedJson& object, const char* key) {
  const SortedJson& value = member(object, key);
  if (!value.is_string()) refuse(std::string(key) + " is not text");
  return value.get<std::string>();
}

inline std::vector<std::string> texts(const SortedJson& object, const char* key) {
  const SortedJson& value = member(object, key);
  if (!value.is_array()) refuse(std::string(key) + " is not a list");
  std::vector<std::string> result;
  for (const SortedJson& item : value) {
    if (!item.is_string()) refuse(std::string(key) + " contains something other than text");
    result.push_back(item.get<std::string>());
  }
  return result;
}

inline std::string number_form(const SortedJson& object, const char* key) {
  std::string form = text(object, key);
  if (!form_of(form)) refuse(std::string(key) + " is not a known way to write numbers");
  return form;
}

}  // namespace pellucid::members
