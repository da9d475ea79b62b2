// Members of FittedColumn that answer for every kind of column.
// Not here: fitting (fit.cc), FittedTarget (target_scale.cc).
#include "pellucid/fitted_column.h"

#include <cmath>

namespace pellucid {

static_assert(std::variant_size_v<decltype(FittedColumn::learned)> == static_cast<std::size_t>(ColumnKind::drop));

const NumberScale* FittedColumn::scale() const noexcept {
  if (const auto* found = number()) return &found->scale;
  if (const auto* found = boolean()) return &found->scale;
  const auto* const bytes = std::get_if<BytesColumn>(&learned);
  return bytes != nullptr ? &bytes->scale : nullptr;
}

const ValueRange* FittedColumn::range() const noexcept {
  if (const auto* found = date()) return &found->range;
  return scale();
}

bool FittedColumn::refuses_missing() const noexcept {
  if (const auto* found = date()) return found->refuses_missing;
  if (const auto* found = categorical()) return found->refuses_missing;
  return std::isnan(scale()->fill);
}

bool FittedColumn::is_constant() const noexcept {
  if (const auto* found = date()) return found->parts.empty() || found->parts.back().scale.factor == 0;
  if (const auto* found = categorical()) return !found->varies;
  return scale()->factor == 0;
}

bool FittedColumn::is_one_hot() const noexcept {
  const auto* const words = categorical();
  return words != nullptr && !words->embedded;
}

}  // namespace pellucid
