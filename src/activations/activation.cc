// The table of activations (built-in and registered), and Activation to text and back.
// Not here: the formulas (*-inl.h), the loops (src/kernels).
#include "pellucid/activation.h"

#include <fmt/format.h>

#include <cmath>

#include "core/settings.h"
#include "core/settings_text.h"
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

struct Row {
  const ActivationKind* kind;
  std::unique_ptr<ActivationFunction> (*make)();  // null for the built-in kinds
};

std::vector<Row>& table() {
  static std::vector<Row> rows{
#define PELLUCID_KIND(Type, name) {&activation_kind::name, nullptr},
#include "activations/kinds.inc"
#undef PELLUCID_KIND
  };
  return rows;
}

const Row* find(std::string_view name) {
  for (const Row& row : table()) {
    if (row.kind->name == name) return &row;
  }
  return nullptr;
}

[[noreturn]] void throw_unknown(std::string_view name) {
  std::vector<std::string> names;
  for (const Row& row : table()) names.emplace_back(row.kind->name);
  std::vector<std::string> details{fmt::format("known: {}", join(names, ", "))};
  const std::string near = closest(name, names);
  if (!near.empty()) details.insert(details.begin(), fmt::format("did you mean {}?", near));
  details.emplace_back(
      "an activation of your own must be registered before a model with it is loaded: "
      "register_activation<Yours>()");
  throw Error("U11", fmt::format("activation: there is none called {}", quote(name)), details);
}

}  // namespace

Activation::Activation() noexcept : Activation(&activation_kind::linear) {}

Activation::Activation(std::unique_ptr<ActivationFunction> function)
    : Activation(function ? &function->kind() : nullptr) {
  if (!function) throw Error("U11", "activation: the pointer to its function is null");
  check_settings(*function, fmt::format("activation {}", kind_->name));
  function_ = function.release();
  share();
}

void Activation::share() const noexcept {
  function_->owners_.fetch_add(1, std::memory_order_relaxed);
}

void Activation::release() const noexcept {
  if (function_->owners_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete function_;
}

Activation Activation::parse(std::string_view text) {
  const std::string whole = trim(text);
  const std::size_t open = whole.find('(');
  const std::string name = trim(whole.substr(0, open));
  const Row* row = find(name);
  if (row == nullptr) throw_unknown(name);
  const bool brackets = open != std::string::npos, closed = whole.ends_with(')');
  const std::string inside = brackets && closed ? whole.substr(open + 1, whole.size() - open - 2) : "";
  if (row->make != nullptr && brackets == closed) {
    std::unique_ptr<ActivationFunction> function = row->make();
    settings_from_text(*function, inside, "activation " + name);
    return Activation(std::move(function));
  }
  if (!brackets) return Activation(row->kind);
  double parameter = 0;
  if (!closed || !parse_number(trim(inside), parameter)) {
    throw Error("U12",
                fmt::format("activation: expected a number in parentheses after {}, got {}", name, quote(whole)));
  }
  const Activation activation(row->kind, parameter);
  activation.check();
  return activation;
}

double Activation::parameter() const noexcept {
  if (kind_->parameter.name == nullptr) return 0;
  return std::isnan(parameter_) ? kind_->parameter_default : parameter_;
}

std::string Activation::text() const {
  // describe() may write to its object, so it visits a copy.
  if (function_ != nullptr) return settings_text(kind_->name, *function_->clone());
  const bool plain = kind_->parameter.name == nullptr || parameter() == kind_->parameter_default;
  return plain ? kind_->name : fmt::format("{}({})", kind_->name, number_text(parameter()));
}

void Activation::check() const {
  if (kind_ == nullptr) throw Error("U11", "activation: the pointer to its kind is null");
  if (kind_->builtin < 0 && function_ == nullptr) {
    throw Error("U11", fmt::format("activation: nothing computes {}", kind_->name),
                {"derive your activation from ActivationOf and give the object itself"});
  }
  const FieldInfo& info = kind_->parameter;
  if (std::isnan(parameter_)) return;
  if (info.name == nullptr) throw Error("U12", fmt::format("activation: {} takes no parameter", kind_->name));
  if (std::isfinite(parameter_) && info.range.contains(parameter_)) return;
  throw Error("U12", fmt::format("activation: {}: {} is out of range, got {}", kind_->name, info.name,
                                 number_text(parameter_)));
}

void ActivationFunction::describe(Fields&) {}

std::vector<const ActivationKind*> activation_kinds() {
  std::vector<const ActivationKind*> kinds;
  for (const Row& row : table()) kinds.push_back(row.kind);
  return kinds;
}

void register_activation(const ActivationKind& kind, std::unique_ptr<ActivationFunction> (*make)()) {
  if (make == nullptr) throw Error("U20", "an activation of your own needs a way to make one");
  const Row* known = find(kind.name);
  if (known != nullptr && known->kind == &kind) return;
  if (known != nullptr) throw Error("U10", fmt::format("activation: the name {} is taken", quote(kind.name)));
  table().push_back({&kind, make});
}

}  // namespace pellucid
