// The list of update rules, generated from the formula files. Not here: the formulas (src/optimizers/*-inl.h).
#include "optimizers/rules.h"

#include <iterator>

#include "kernels/kernels.h"

namespace pellucid {
namespace {

#include "optimizers/formulas.inc"

struct Row {
  std::string_view name;
  int slots;
};

#define PELLUCID_KIND(Type, name) static_assert(Type::slots <= max_slots, #name " keeps too many slots");
#include "optimizers/kinds.inc"
#undef PELLUCID_KIND

#define PELLUCID_KIND(Type, name) {#name, Type::slots},
constexpr Row rows[] = {
#include "optimizers/kinds.inc"
};
#undef PELLUCID_KIND

}  // namespace

int update_rule(std::string_view name) noexcept {
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    if (rows[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

int update_slots(int rule) noexcept {
  return rule < 0 ? 0 : rows[rule].slots;
}

}  // namespace pellucid
