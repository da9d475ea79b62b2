// The optimizers' settings, and Optimizer, which holds any of them.
// Not here: the formulas (src/optimizers/*-inl.h, one file a rule), L-BFGS's search (src/optimizers/lbfgs.cc).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/describe.h"

namespace PELLUCID_EXPORT pellucid {

/// w ← w − lr·g. Robbins, Monro 1951.
struct Sgd {
  static constexpr std::string_view name = "sgd", summary = "plain gradient descent";
  static constexpr std::string_view formula = "w ← w − lr·g";
  double learning_rate = 0.01;
  void describe(Fields& fields);
};

/// Velocity v; three published forms. Polyak 1964; Nesterov 1983 in the form of Sutskever et al., ICML 2013, as PyTorch
/// has it.
///   classic   v ← µv + g,        w ← w − lr·v
///   nesterov  v ← µv + g,        w ← w − lr·(g + µv)
///   averaged  v ← µv + (1−µ)g,   w ← w − lr·v
struct Momentum {
  static constexpr std::string_view name = "momentum", summary = "gradient descent with a velocity";
  static constexpr std::string_view formula =
      "v ← µv + g, w ← w − lr·v; nesterov: w ← w − lr·(g + µv); averaged: v ← µv + (1−µ)g";
  double learning_rate = 0.01;
  double momentum = 0.9;
  std::string form = "classic";
  void describe(Fields& fields);
};

/// s ← ρs + (1−ρ)g²; w ← w − lr·g/(√s + ε), or /√(s + ε) with the epsilon inside. Hinton, Coursera lecture 6e, 2012.
/// Keras: ρ 0.9, ε 1e-7 inside the root (its code), lr 0.001. PyTorch: ρ 0.99, ε 1e-8 outside, lr 0.01.
struct RmsProp {
  static constexpr std::string_view name = "rmsprop",
                                    summary = "each weight's step divided by its recent gradients' RMS";
  static constexpr std::string_view formula = "s ← ρs + (1−ρ)g², w ← w − lr·g/(√s + ε)";
  double learning_rate = 1e-3;
  double rho = 0.9;
  double epsilon = 1e-7;
  bool epsilon_inside = false;
  void describe(Fields& fields);
  static RmsProp keras() { return {1e-3, 0.9, 1e-7, true}; }
  static RmsProp pytorch() { return {1e-2, 0.99, 1e-8, false}; }
};

/// s ← s + g²; w ← w − lr·g/(√s + ε). Duchi, Hazan, Singer, JMLR 12, 2011.
struct Adagrad {
  static constexpr std::string_view name = "adagrad", summary = "each weight's step divided by all its past gradients";
  static constexpr std::string_view formula = "s ← s + g², w ← w − lr·g/(√s + ε)";
  double learning_rate = 0.01;
  double epsilon = 1e-10;
  void describe(Fields& fields);
};

/// Kingma, Ba, ICLR 2015, algorithm 1: ε is added to √v̂, outside the root.
struct Adam {
  static constexpr std::string_view name = "adam", summary = "momentum and RMS scaling with bias correction";
  static constexpr std::string_view formula =
      "m ← β₁m + (1−β₁)g, s ← β₂s + (1−β₂)g², w ← w − lr·m̂/(√ŝ + ε) with m̂ = m/(1−β₁ᵗ), ŝ = s/(1−β₂ᵗ)";
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  void describe(Fields& fields);
};

/// Adam with the decay taken from the weights themselves: w ← w − lr·weight_decay·w. Loshchilov, Hutter, ICLR 2019.
struct AdamW {
  static constexpr std::string_view name = "adamw", summary = "Adam with decoupled weight decay";
  static constexpr std::string_view formula = "as adam, and w ← w − lr·weight_decay·w";
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.01;
  void describe(Fields& fields);
};

/// Limited-memory BFGS on all rows at once, strong Wolfe line search. Nocedal, Wright, Numerical Optimization,
/// alg. 7.5, 3.5, 3.6. An epoch is one accepted step; the batch size is all rows; no learning rate, schedule, clipping,
/// dropout or L1.
struct Lbfgs {
  static constexpr std::string_view name = "lbfgs", summary = "quasi-Newton on the full batch, for small data";
  static constexpr std::string_view formula =
      "w ← w − a·Hg, H from the last `history` steps, a by a strong Wolfe line search";
  std::int64_t history = 10;
  double tolerance = 1e-7;  ///< stop when the largest gradient component is below
  void describe(Fields& fields);
};

/// Any of the above, by value. `Optimizer("adam")` finds one by name (U11); `.optimizer = Adam{.learning_rate = 1e-2}`.
class Optimizer {
 public:
  explicit Optimizer(std::string_view name);
  Optimizer(Sgd settings);
  Optimizer(Momentum settings);
  Optimizer(RmsProp settings);
  Optimizer(Adagrad settings);
  Optimizer(Adam settings);
  Optimizer(AdamW settings);
  Optimizer(Lbfgs settings);
  // There is no move: copies share their settings.
  Optimizer(const Optimizer&) = default;
  Optimizer& operator=(const Optimizer&) = default;

  std::string_view name() const noexcept;
  std::string_view help() const noexcept;
  std::string_view formula() const noexcept;  ///< of one step on one weight
  void describe(Fields& fields);
  void check() const;                     ///< throws U12 with the setting that is out of range
  double learning_rate() const noexcept;  ///< 0 where the kind has none
  void set_learning_rate(double value);

  class Settings;  // src/optimizers/rule.h: constants of a step, rule in the kernels' table
  const Settings& settings() const noexcept { return *settings_; }

 private:
  std::shared_ptr<Settings> settings_;  // copied on write
};

/// One default optimizer of each kind, in alphabetical order.
std::vector<Optimizer> optimizer_kinds();

}  // namespace pellucid
