// The table of activations, built-in and registered, and Activation's text form.
// Not here: the formulas (src/activations/*-inl.h), the loops (src/kernels).
#include "pellucid/activation.h"

#include <fmt/format.h>

#include <cmath>

#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

#include "activations/formulas.inc"

enum Index {
#define PELLUCID_KIND(Type, name) index_of_##name,
#include "activations/kinds.inc"
#undef PELLUCID_KIND
};

constexpr ActivationKind numbered(ActivationKind kind, int index) {
  kind.builtin = index;
  return kind;
}

}  // namespace

namespace activation_kind {
#define PELLUCID_KIND(Type, name) constinit const ActivationKind name = numbered(Type::kind, index_of_##name);
#include "activations/kinds.inc"
#undef PELLUCID_KIND
}  // namespace activation_kind

namespace {

std::vector<const ActivationKind*>& table() {
  static std::vector<const ActivationKind*> kinds{
#define PELLUCID_KIND(Type, name) &activation_kind::name,
#include "activations/kinds.inc"
#undef PELLUCID_KIND
  };
  return kinds;
}

const ActivationKind* find(std::string_view name) {
  for (const ActivationKind* kind : table()) {
    if (kind->name == name) return kind;
  }
  return nullptr;
}

[[noreturn]] void throw_unknown(std::string_view name) {
  std::vector<std::string> names;
  for (const ActivationKind* kind : table()) names.emplace_back(kind->name);
  std::vector<std::string> details{fmt::format("known: {}", join(names, ", "))};
  const std::string near = closest(name, names);
  if (!near.empty()) details.insert(details.begin(), fmt::format("did you mean {}?", near));
  throw Error("U11", fmt::format("activation: there is none called {}", quote(name)), details);
}

}  // namespace

Activation::Activation() noexcept : Activation(&activation_kind::linear) {}

Activation Activation::parse(std::string_view text) {
  const std::string whole = trim(text);
  const std::size_t open = whole.find('(');
  const std::string name = trim(whole.substr(0, open));
  const ActivationKind* kind = find(name);
  if (kind == nullptr) throw_unknown(name);
  if (open == std::string::npos) return Activation(kind);
  double parameter = 0;
  if (whole.back() != ')' || !parse_number(trim(whole.substr(open + 1, whole.size() - open - 2)), parameter)) {
    throw Error("U12",
                fmt::format("activation: expected a number in parentheses after {}, got {}", name, quote(whole)));
  }
  const Activation activation(kind, parameter);
  activation.check();
  return activation;
}

double Activation::parameter() const noexcept {
  if (kind_->parameter.name == nullptr) return 0;
  return std::isnan(parameter_) ? kind_->parameter_default : parameter_;
}

std::string Activation::text() const {
  const bool plain = kind_->parameter.name == nullptr || parameter() == kind_->parameter_default;
  return plain ? kind_->name : fmt::format("{}({})", kind_->name, number_text(parameter()));
}

void Activation::check() const {
  if (kind_ == nullptr) throw Error("U11", "activation: the pointer to its kind is null");
  const FieldInfo& info = kind_->parameter;
  if (std::isnan(parameter_)) return;
  if (info.name == nullptr) throw Error("U12", fmt::format("activation: {} takes no parameter", kind_->name));
  if (std::isfinite(parameter_) && info.range.contains(parameter_)) return;
  throw Error("U12", fmt::format("activation: {}: {} is out of range, got {}", kind_->name, info.name,
                                 number_text(parameter_)));
}

std::vector<const ActivationKind*> activation_kinds() {
  return table();
}

void register_activation(const ActivationKind& kind) {
  const ActivationKind* known = find(kind.name);
  if (known == &kind) return;
  if (known != nullptr) throw Error("U10", fmt::format("activation: the name {} is taken", quote(kind.name)));
  table().push_back(&kind);
}

}  // namespace pellucid
