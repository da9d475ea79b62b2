// Auto<T>: a setting that is either a value or "auto", which leaves the choice to a rule.
// Not here: the rules themselves (src/recipe/resolve.h).
#pragma once

#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

namespace detail {
template <class T>
struct ItemOf {
  struct type {};  // T is not a vector: no list can be assigned
};
template <class Item>
struct ItemOf<std::vector<Item>> {
  using type = Item;
};
[[noreturn]] void throw_undecided();
}  // namespace detail

/// A value, or "auto" (the default): then a documented rule chooses the value when a training is prepared.
///
///     recipe.training.epochs = 50;         // a value
///     recipe.training.epochs = {};         // "auto" again
///     recipe.model.hidden = {64, 32};      // a list of values
template <class T>
class Auto {
 public:
  Auto() = default;
  Auto(T value) : value_(std::move(value)) {}  // NOLINT: implicit, because assigning a plain value is the usual case
  Auto(std::initializer_list<typename detail::ItemOf<T>::type> list) : value_(list) {}

  bool is_auto() const noexcept { return !value_.has_value(); }
  /// Throws U36 while the value is "auto".
  const T& value() const {
    if (!value_) detail::throw_undecided();
    return *value_;
  }
  T value_or(T other) const { return value_ ? *value_ : std::move(other); }

  friend bool operator==(const Auto& a, const Auto& b) { return a.value_ == b.value_; }
  friend bool operator==(const Auto& a, const T& b) { return a.value_ && *a.value_ == b; }

 private:
  std::optional<T> value_;
};

}  // namespace pellucid
