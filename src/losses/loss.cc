// The table of losses, built-in and registered, and Loss's settings.
// Not here: the formulas (*-inl.h), the loops (src/kernels).
#include "pellucid/loss.h"

#include <fmt/format.h>

#include <cmath>

#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

#include "losses/formulas.inc"

enum Index {
#define PELLUCID_KIND(Type, name) index_of_##name,
#include "losses/kinds.inc"
#undef PELLUCID_KIND
};

constexpr LossKind numbered(LossKind kind, int index) {
  kind.builtin = index;
  return kind;
}

#define PELLUCID_KIND(Type, name) constinit const LossKind name = numbered(Type::kind, index_of_##name);
#include "losses/kinds.inc"
#undef PELLUCID_KIND

std::vector<const LossKind*>& table() {
  static std::vector<const LossKind*> kinds{
#define PELLUCID_KIND(Type, name) &name,
#include "losses/kinds.inc"
#undef PELLUCID_KIND
  };
  return kinds;
}

const LossKind* find(std::string_view name) {
  for (const LossKind* kind : table()) {
    if (kind->name == name) return kind;
  }
  return nullptr;
}

const LossKind& find_or_throw(std::string_view name) {
  if (const LossKind* kind = find(name)) return *kind;
  std::vector<std::string> names;
  for (const LossKind* kind : table()) names.emplace_back(kind->name);
  std::vector<std::string> details{fmt::format("known: {}", join(names, ", "))};
  const std::string near = closest(name, names);
  if (!near.empty()) details.insert(details.begin(), fmt::format("did you mean {}?", near));
  throw Error("U11", fmt::format("loss: there is none called {}", quote(name)), details);
}

}  // namespace

Loss::Loss(std::string_view name) : Loss(name, Options{}) {}
Loss::Loss(std::string_view name, Options options) : Loss(find_or_throw(name), options) {}
Loss::Loss(const LossKind& kind) : Loss(kind, Options{}) {}

Loss::Loss(const LossKind& kind, Options options) : kind_(&kind), options_(options) {
  if (options.parameter < 0) return;
  const FieldInfo& info = kind.parameter;
  if (info.name == nullptr) throw Error("U12", fmt::format("loss: {} takes no parameter", kind.name));
  if (std::isfinite(options.parameter) && info.range.contains(options.parameter)) return;
  throw Error(
      "U12", fmt::format("loss: {}: {} is out of range, got {}", kind.name, info.name, number_text(options.parameter)));
}

Loss Loss::parse(std::string_view text) {
  Options options;
  if (text.ends_with(", sum")) {
    options.reduction = Reduction::sum;
    text.remove_suffix(5);
  }
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos) return Loss(text, options);
  const std::string_view number = text.substr(open + 1, text.size() - open - 2);
  if (text.back() != ')' || !parse_number(number, options.parameter) || options.parameter < 0) {
    throw Error("U12", fmt::format("loss: expected a number of 0 or more in parentheses, got {}", quote(text)));
  }
  return Loss(text.substr(0, open), options);
}

double Loss::parameter() const noexcept {
  if (kind_->parameter.name == nullptr) return 0;
  return options_.parameter < 0 ? kind_->parameter_default : options_.parameter;
}

std::string Loss::text() const {
  const bool plain = kind_->parameter.name == nullptr || parameter() == kind_->parameter_default;
  return fmt::format("{}{}{}", kind_->name, plain ? "" : fmt::format("({})", number_text(parameter())),
                     reduction() == Reduction::sum ? ", sum" : "");
}

std::vector<const LossKind*> loss_kinds() {
  return table();
}

void register_loss(const LossKind& kind) {
  const LossKind* known = find(kind.name);
  if (known == &kind) return;
  if (known != nullptr) throw Error("U10", fmt::format("loss: the name {} is taken", quote(kind.name)));
  table().push_back(&kind);
}

}  // namespace pellucid
