// Descriptions of the optimizers' settings, their constants per step, and Optimizer, which holds any of them.
// Not here: the formulas (src/optimizers/*-inl.h), the L-BFGS search (optimizers/lbfgs.cc), schedules
// (optimizers/schedule.cc).
#include "pellucid/optimizer.h"

#include "core/settings.h"
#include "core/text.h"
#include "kernels/scalar_math.h"
#include "optimizers/rule.h"
#include "optimizers/rules.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

using Constants = std::array<double, 8>;

// The constants of step t, in the order that each formula file documents.
Constants constants(const Sgd&, std::int64_t, double rate, double) {
  return {rate};
}
Constants constants(const Momentum& s, std::int64_t, double rate, double) {
  return {rate, s.momentum, s.form == "averaged" ? 1 - s.momentum : 1.0, s.form == "nesterov" ? 1.0 : 0.0};
}
Constants constants(const RmsProp& s, std::int64_t, double rate, double) {
  return {rate, s.rho, 1 - s.rho, s.epsilon_inside ? 0 : s.epsilon, s.epsilon_inside ? s.epsilon : 0};
}
Constants constants(const Adagrad& s, std::int64_t, double rate, double) {
  return {rate, s.epsilon};
}
Constants constants(const Adam& s, std::int64_t t, double rate, double) {
  return {rate / (1 - math::power(s.beta1, t)), s.beta1, 1 - s.beta1, s.beta2, 1 - s.beta2, s.epsilon,
          1 / (1 - math::power(s.beta2, t))};
}
Constants constants(const AdamW& s, std::int64_t t, double rate, double decay_rate) {
  Constants result = constants(Adam{s.learning_rate, s.beta1, s.beta2, s.epsilon}, t, rate, 0);
  result[7] = decay_rate * s.weight_decay;
  return result;
}
Constants constants(const Lbfgs&, std::int64_t, double, double) {
  return {};
}

template <class S>
class SettingsOf : public Optimizer::Settings {
 public:
  explicit SettingsOf(S settings) : settings_(std::move(settings)) {}

  std::unique_ptr<Settings> clone() const override { return std::make_unique<SettingsOf>(settings_); }
  std::string_view name() const override { return S::name; }
  std::string_view help() const override { return S::summary; }
  std::string_view formula() const override { return S::formula; }
  void describe(Fields& fields) override { settings_.describe(fields); }
  double* learning_rate() override {
    if constexpr (requires(S s) { s.learning_rate; }) return &settings_.learning_rate;
    return nullptr;
  }
  int rule() const override { return update_rule(S::name); }
  int slots() const override { return update_slots(rule()); }
  bool follows_size() const override { return std::is_same_v<S, Sgd> || std::is_same_v<S, Momentum>; }
  bool counts_steps() const override { return std::is_same_v<S, Adam> || std::is_same_v<S, AdamW>; }
  Constants constants(std::int64_t t, double rate, double decay_rate) const override {
    return pellucid::constants(settings_, t, rate, decay_rate);
  }
  bool decays_by_groups() const override {
    if constexpr (requires(S s) { s.decays; }) return settings_.decays == "groups";
    return false;
  }

 private:
  S settings_;
};

void describe_rate(Fields& fields, double& rate) {
  fields.field({"learning_rate", "factor on every step", positive}, rate);
}
void describe_epsilon(Fields& fields, double& epsilon, const char* help) {
  fields.field({"epsilon", help, positive}, epsilon);
}
template <class S>
void describe_adam(Fields& fields, S& s) {
  describe_rate(fields, s.learning_rate);
  fields.field({"beta1", "decay rate of the running mean of the gradients", fraction}, s.beta1);
  fields.field({"beta2", "decay rate of the running mean of the squared gradients", fraction}, s.beta2);
  describe_epsilon(fields, s.epsilon, "added to the root of that mean, to keep the division finite");
}

}  // namespace

void Sgd::describe(Fields& fields) {
  describe_rate(fields, learning_rate);
}

void Momentum::describe(Fields& fields) {
  describe_rate(fields, learning_rate);
  fields.field({"momentum", "share of the velocity that is kept at each step", fraction}, momentum);
  fields.field({"form", "definition of the velocity", {}, "", "classic|nesterov|averaged"}, form);
}

void RmsProp::describe(Fields& fields) {
  describe_rate(fields, learning_rate);
  fields.field({"rho", "decay rate of the running mean of the squared gradients", fraction}, rho);
  describe_epsilon(fields, epsilon, "keeps the division finite");
  fields.field({"epsilon_inside", "whether epsilon is added under the root instead of to the root"}, epsilon_inside);
}

void Adagrad::describe(Fields& fields) {
  describe_rate(fields, learning_rate);
  describe_epsilon(fields, epsilon, "added to the root of the sum of squares");
}

void Adam::describe(Fields& fields) {
  describe_adam(fields, *this);
}

void AdamW::describe(Fields& fields) {
  describe_adam(fields, *this);
  fields.field({"weight_decay", "shrinks each weight by this share times the learning rate at each step", not_negative},
               weight_decay);
  fields.field({"decays",
                "weights: of layers, by the layer's learning rate; groups: all but biases of dense layers, by the "
                "learning rate times the square of the layer's factor on it",
                {},
                "",
                "weights|groups"},
               decays);
}

void Lbfgs::describe(Fields& fields) {
  fields.field({"history", "number of past steps that are used for the next direction", {1, 1000}, "steps"}, history);
  fields.field({"tolerance", "stops when no gradient component is larger than this", not_negative}, tolerance);
}

Optimizer::Optimizer(Sgd settings) : settings_(std::make_shared<SettingsOf<Sgd>>(settings)) {}
Optimizer::Optimizer(Momentum settings) : settings_(std::make_shared<SettingsOf<Momentum>>(std::move(settings))) {}
Optimizer::Optimizer(RmsProp settings) : settings_(std::make_shared<SettingsOf<RmsProp>>(settings)) {}
Optimizer::Optimizer(Adagrad settings) : settings_(std::make_shared<SettingsOf<Adagrad>>(settings)) {}
Optimizer::Optimizer(Adam settings) : settings_(std::make_shared<SettingsOf<Adam>>(settings)) {}
Optimizer::Optimizer(AdamW settings) : settings_(std::make_shared<SettingsOf<AdamW>>(std::move(settings))) {}
Optimizer::Optimizer(Lbfgs settings) : settings_(std::make_shared<SettingsOf<Lbfgs>>(settings)) {}

std::vector<Optimizer> optimizer_kinds() {
  return {Adagrad{}, Adam{}, AdamW{}, Lbfgs{}, Momentum{}, RmsProp{}, Sgd{}};
}

Optimizer::Optimizer(std::string_view name) {
  std::vector<std::string> names;
  for (const Optimizer& kind : optimizer_kinds()) {
    if (kind.name() == name) settings_ = kind.settings_;
    names.emplace_back(kind.name());
  }
  if (settings_) return;
  const std::string near = closest(name, names);
  throw Error("U11", "no optimizer " + quote(name),
              {near.empty() ? "known: " + join(names, ", ") : "did you mean " + near + "?"});
}

std::string_view Optimizer::name() const noexcept {
  return settings_->name();
}
std::string_view Optimizer::help() const noexcept {
  return settings_->help();
}
std::string_view Optimizer::formula() const noexcept {
  return settings_->formula();
}

void Optimizer::describe(Fields& fields) {
  settings_ = settings_->clone();  // the visitor may write to the settings
  settings_->describe(fields);
}

void Optimizer::check() const {
  check_settings(*settings_->clone(), "optimizer " + std::string(name()));
}

double Optimizer::learning_rate() const noexcept {
  const double* rate = settings_->learning_rate();
  return rate == nullptr ? 0 : *rate;
}

void Optimizer::set_learning_rate(double value) {
  settings_ = settings_->clone();
  double* rate = settings_->learning_rate();
  if (rate == nullptr) throw Error("U12", "optimizer " + std::string(name()) + " has no learning rate");
  *rate = value;
}

}  // namespace pellucid
