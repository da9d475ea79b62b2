// Names of the values of each enum in column_kind.h, as settings and files spell them.
// Not here: what the values do (prepare/scaling.cc, prepare/kinds.cc, tables/dates.cc).
#include "pellucid/column_kind.h"

#include <algorithm>

#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {

namespace {

// One name per value, in the order of the enum.
template <class Choice>
constexpr std::string_view names[] = {""};
template <>
constexpr std::string_view names<ColumnKind>[] = {"number", "boolean", "date", "categorical", "bytes", "drop"};
template <>
constexpr std::string_view names<AskedKind>[] = {"number",    "decimal-comma", "categorical", "boolean", "date",
                                                 "day-first", "month-first",   "year-first",  "drop",    "text"};
template <>
constexpr std::string_view names<DateForm>[] = {"Y-M-D",   "D-M-Y", "M-D-Y", "D-M-y",   "M-D-y",       "y-M-D",
                                                "D Mon Y", "h:m",   "YMD",   "seconds", "milliseconds"};
template <>
constexpr std::string_view names<BooleanForm>[] = {"no/yes", "false/true", "n/y", "f/t", "off/on", "0/1"};
template <>
constexpr std::string_view names<DatePart>[] = {"year", "month", "weekday", "hour", "elapsed"};
template <>
constexpr std::string_view names<Scaling>[] = {"auto", "standard", "minmax", "robust", "none"};
template <>
constexpr std::string_view names<MissingCells>[] = {"auto", "error", "mean", "median", "most-frequent", "drop"};
template <>
constexpr std::string_view names<TargetScaling>[] = {"standard", "log"};
template <>
constexpr std::string_view names<Task>[] = {"auto", "classification", "regression"};

}  // namespace

template <class Choice>
std::span<const std::string_view> choices_of() noexcept {
  return names<Choice>;
}

template <class Choice>
std::optional<Choice> find_choice(std::string_view name) noexcept {
  const auto found = std::find(std::begin(names<Choice>), std::end(names<Choice>), name);
  if (found == std::end(names<Choice>)) return std::nullopt;
  return static_cast<Choice>(found - std::begin(names<Choice>));
}

template <class Choice>
Choice choice_of(std::string_view name, std::string_view setting) {
  if (const auto found = find_choice<Choice>(name)) return *found;
  const std::vector<std::string> all(std::begin(names<Choice>), std::end(names<Choice>));
  throw Error("U12", std::string(setting) + " cannot be " + quote(name), {"there are: " + join(all, ", ")});
}

#define PELLUCID_CHOICE(Choice)                                                  \
  template std::span<const std::string_view> choices_of<Choice>() noexcept;      \
  template std::optional<Choice> find_choice<Choice>(std::string_view) noexcept; \
  template Choice choice_of<Choice>(std::string_view, std::string_view);
PELLUCID_CHOICE(ColumnKind)
PELLUCID_CHOICE(AskedKind)
PELLUCID_CHOICE(DateForm)
PELLUCID_CHOICE(BooleanForm)
PELLUCID_CHOICE(DatePart)
PELLUCID_CHOICE(Scaling)
PELLUCID_CHOICE(MissingCells)
PELLUCID_CHOICE(TargetScaling)
PELLUCID_CHOICE(Task)
#undef PELLUCID_CHOICE

}  // namespace pellucid
