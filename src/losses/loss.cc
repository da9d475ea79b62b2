// The table of losses (built-in and registered), and Loss to text and back.
// Not here: the formulas (*-inl.h), the loops (src/kernels), which loss suits a model (model/match.h).
#include "pellucid/loss.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/settings.h"
#include "core/settings_text.h"
#include "core/text.h"
#include "losses/head_losses.h"
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

struct Row {
  const LossKind* kind;
  std::unique_ptr<LossFunction> (*make)();  // null for the built-in kinds
};

std::vector<Row>& table() {
  static std::vector<Row> rows{
#define PELLUCID_KIND(Type, name) {&name, nullptr},
#include "losses/kinds.inc"
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

const Row& find_or_throw(std::string_view name) {
  if (const Row* row = find(name)) return *row;
  std::vector<std::string> names;
  for (const Row& row : table()) names.emplace_back(row.kind->name);
  std::vector<std::string> details{fmt::format("known: {}", join(names, ", "))};
  const std::string near = closest(name, names);
  if (!near.empty()) details.insert(details.begin(), fmt::format("did you mean {}?", near));
  details.emplace_back(
      "a loss of your own must be registered before a model with it is loaded: register_loss<Yours>()");
  throw Error("U11", fmt::format("loss: there is none called {}", quote(name)), details);
}

Loss with_defaults(const Row& row, Loss::Options options) {
  if (row.make == nullptr) return Loss(*row.kind, options);
  if (options.parameter >= 0) throw Error("U12", fmt::format("loss: {} takes no parameter", row.kind->name));
  return Loss(std::shared_ptr<const LossFunction>(row.make()), options.reduction);
}

constexpr LossKind heads_kind{.name = "heads",
                              .formula = "sum of the heads' losses, each times its weight",
                              .help = "",
                              .source = "",
                              .task = "",
                              .rowwise = true};

}  // namespace

Loss::Loss(std::string_view name) : Loss(name, Options{}) {}
Loss::Loss(std::string_view name, Options options) : Loss(with_defaults(find_or_throw(name), options)) {}
Loss::Loss(const LossKind& kind) : Loss(kind, Options{}) {}

Loss::Loss(const LossKind& kind, Options options) : kind_(&kind), options_(options) {
  if (kind.builtin < 0) {
    throw Error("U11", fmt::format("loss: nothing computes {}", kind.name),
                {"derive your loss from LossOf and give the object itself"});
  }
  if (options.parameter < 0) return;
  const FieldInfo& info = kind.parameter;
  if (info.name == nullptr) throw Error("U12", fmt::format("loss: {} takes no parameter", kind.name));
  if (std::isfinite(options.parameter) && info.range.contains(options.parameter)) return;
  throw Error(
      "U12", fmt::format("loss: {}: {} is out of range, got {}", kind.name, info.name, number_text(options.parameter)));
}

Loss::Loss(std::shared_ptr<const LossFunction> function, Reduction reduction)
    : kind_(function ? &function->kind() : nullptr), options_{.reduction = reduction}, function_(std::move(function)) {
  if (!function_) throw Error("U11", "loss: the pointer to its function is null");
  const auto copy = function_->clone();  // describe() may write to its object
  check_settings(*copy, fmt::format("loss {}", kind_->name));
}

Loss::Loss(std::shared_ptr<const HeadLosses> heads)
    : kind_(&heads_kind), options_{.reduction = heads->reduction()}, heads_(std::move(heads)) {}

Loss Loss::parse(std::string_view text) {
  Options options;
  if (text.ends_with(", sum")) {
    options.reduction = Reduction::sum;
    text.remove_suffix(5);
  }
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos) return Loss(text, options);
  const std::string_view name = text.substr(0, open), inside = text.substr(open + 1, text.size() - open - 2);
  const bool closed = text.back() == ')';
  if (const Row* row = find(name); closed && row != nullptr && row->make != nullptr) {
    std::unique_ptr<LossFunction> function = row->make();
    settings_from_text(*function, inside, fmt::format("loss {}", name));
    return Loss(std::shared_ptr<const LossFunction>(std::move(function)), options.reduction);
  }
  if (!closed || !parse_number(inside, options.parameter) || options.parameter < 0) {
    find_or_throw(name);
    throw Error("U12", fmt::format("loss: expected a number of 0 or more in parentheses, got {}", quote(text)));
  }
  return Loss(name, options);
}

double Loss::parameter() const noexcept {
  if (kind_->parameter.name == nullptr) return 0;
  return options_.parameter < 0 ? kind_->parameter_default : options_.parameter;
}

std::int64_t Loss::target_columns(std::int64_t outputs) const {
  if (heads_) return heads_->target_columns;
  if (!function_) return outputs;
  const std::int64_t columns = function_->target_columns(outputs);
  if (columns >= 1) return columns;
  throw Error("U33", fmt::format("loss {}: it asks for {} target columns for {}, and at least 1 is needed", kind_->name,
                                 columns, plural(outputs, "output")));
}

bool Loss::couples_rows() const {
  if (!heads_) return function_ && function_->couples_rows();
  return std::ranges::any_of(heads_->heads, [](const HeadLoss& head) { return head.loss.couples_rows(); });
}

std::string Loss::text() const {
  if (heads_) return heads_->text();
  const std::string end = reduction() == Reduction::sum ? ", sum" : "";
  if (function_) return settings_text(kind_->name, *function_->clone()) + end;
  const bool plain = kind_->parameter.name == nullptr || parameter() == kind_->parameter_default;
  return fmt::format("{}{}{}", kind_->name, plain ? "" : fmt::format("({})", number_text(parameter())), end);
}

void LossFunction::describe(Fields&) {}

std::int64_t LossFunction::target_columns(std::int64_t outputs) const {
  return outputs;
}

bool LossFunction::couples_rows() const {
  return false;
}

bool LossFunction::predict(std::span<const double> outputs, std::span<double> targets) const {
  if (outputs.size() != targets.size()) return false;
  std::ranges::copy(outputs, targets.begin());
  return true;
}

std::vector<const LossKind*> loss_kinds() {
  std::vector<const LossKind*> kinds;
  for (const Row& row : table()) kinds.push_back(row.kind);
  return kinds;
}

void register_loss(const LossKind& kind, std::unique_ptr<LossFunction> (*make)()) {
  if (make == nullptr) throw Error("U20", "a loss of your own needs a way to make one");
  const Row* known = find(kind.name);
  if (known != nullptr && known->kind == &kind) return;
  if (known != nullptr) throw Error("U10", fmt::format("loss: the name {} is taken", quote(kind.name)));
  table().push_back({&kind, make});
}

}  // namespace pellucid
