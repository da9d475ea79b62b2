// The settings of each optimizer, and the class Optimizer, which holds any one of them.
// Not here: the update loops (src/optimizers/*-inl.h, one file per optimizer), L-BFGS (src/optimizers/lbfgs.cc).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/describe.h"

namespace PELLUCID_EXPORT pellucid {

/// Stochastic gradient descent: w ← w − lr·g. Robbins and Monro 1951.
struct Sgd {
  static constexpr std::string_view name = "sgd", summary = "plain gradient descent";
  static constexpr std::string_view formula = "w ← w − lr·g";
  double learning_rate = 0.01;  ///< lr > 0
  void describe(Fields& fields);
};

/// Gradient descent with momentum in three published forms; each weight has a velocity v. Polyak 1964; Nesterov 1983,
/// as Sutskever et al. (ICML 2013) and PyTorch write it.
///   classic   v ← µv + g,        w ← w − lr·v
///   nesterov  v ← µv + g,        w ← w − lr·(g + µv)
///   averaged  v ← µv + (1−µ)g,   w ← w − lr·v
struct Momentum {
  static constexpr std::string_view name = "momentum", summary = "gradient descent with a velocity";
  static constexpr std::string_view formula =
      "v ← µv + g, w ← w − lr·v; nesterov: w ← w − lr·(g + µv); averaged: v ← µv + (1−µ)g";
  double learning_rate = 0.01;
  double momentum = 0.9;         ///< µ, from 0 up to but not including 1; 0: plain gradient descent
  std::string form = "classic";  ///< classic, nesterov or averaged
  void describe(Fields& fields);
};

/// s ← ρs + (1−ρ)g²; w ← w − lr·g/(√s + ε), or w − lr·g/√(s + ε) with `epsilon_inside`. Hinton, Coursera lecture 6e.
/// keras() and pytorch() have the default settings of these libraries.
struct RmsProp {
  static constexpr std::string_view name = "rmsprop",
                                    summary = "each weight's step divided by its recent gradients' RMS";
  static constexpr std::string_view formula = "s ← ρs + (1−ρ)g², w ← w − lr·g/(√s + ε)";
  double learning_rate = 1e-3;
  double rho = 0.9;             ///< ρ, from 0 up to but not including 1: how slowly old gradients are forgotten
  double epsilon = 1e-7;        ///< ε > 0, limits the step where gradients are tiny
  bool epsilon_inside = false;  ///< true: ε is added under the root
  void describe(Fields& fields);
  static RmsProp keras() { return {1e-3, 0.9, 1e-7, true}; }
  static RmsProp pytorch() { return {1e-2, 0.99, 1e-8, false}; }
};

/// s ← s + g²; w ← w − lr·g/(√s + ε). The steps become ever smaller. Duchi, Hazan and Singer, JMLR 12, 2011.
struct Adagrad {
  static constexpr std::string_view name = "adagrad", summary = "each weight's step divided by all its past gradients";
  static constexpr std::string_view formula = "s ← s + g², w ← w − lr·g/(√s + ε)";
  double learning_rate = 0.01;
  double epsilon = 1e-10;  ///< ε > 0
  void describe(Fields& fields);
};

/// The running mean of the gradients divided by the root of the running mean of their squares. Kingma and Ba, ICLR
/// 2015, algorithm 1.
struct Adam {
  static constexpr std::string_view name = "adam", summary = "momentum and RMS scaling with bias correction";
  static constexpr std::string_view formula =
      "m ← β₁m + (1−β₁)g, s ← β₂s + (1−β₂)g², w ← w − lr·m̂/(√ŝ + ε) with m̂ = m/(1−β₁ᵗ), ŝ = s/(1−β₂ᵗ)";
  double learning_rate = 1e-3;  ///< lr > 0, about the size of the first steps of each weight
  double beta1 = 0.9;           ///< β₁, from 0 up to but not including 1: of the mean of the gradients
  double beta2 = 0.999;         ///< β₂, from 0 up to but not including 1: of the mean of their squares
  double epsilon = 1e-8;        ///< ε > 0, limits the step where gradients are tiny
  void describe(Fields& fields);
};

/// Adam with decoupled weight decay: each step first does w ← w − lr·weight_decay·w. Loshchilov and Hutter, ICLR 2019.
/// `decays` says which numbers decay, and by which lr:
///   weights  those of dense layers and embeddings, with the learning rate of the layer (its factor on the rate and, in
///            the NTK parametrisation, 1/√inputs included)
///   groups   all learned numbers but the biases of dense layers, with lr·f², f: the layer's factor on the learning
///            rate, such as 6 for input scales. With RealMLP's `wd` (pytabkit 1.7.3) factors enter twice as well.
struct AdamW {
  static constexpr std::string_view name = "adamw", summary = "Adam with decoupled weight decay";
  static constexpr std::string_view formula = "as adam, and w ← w − lr·weight_decay·w";
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.01;      ///< ≥ 0
  std::string decays = "weights";  ///< weights or groups
  void describe(Fields& fields);
};

/// Limited-memory BFGS with a strong Wolfe line search (Nocedal and Wright, Numerical Optimization, algorithms 7.5,
/// 3.5, 3.6). An epoch is one accepted step on all training rows. It has no learning rate, and cannot be combined with
/// a schedule, clipping, L1, dropout or Stepper.
struct Lbfgs {
  static constexpr std::string_view name = "lbfgs", summary = "quasi-Newton on the full batch, for small data";
  static constexpr std::string_view formula =
      "w ← w − a·Hg, H from the last `history` steps, a by a strong Wolfe line search";
  std::int64_t history = 10;  ///< 1 to 1000: past steps from which the curvature is estimated
  double tolerance = 1e-7;    ///< training stops when every component of the gradient is smaller than this
  void describe(Fields& fields);
};

/// Any of the optimizers above with its settings, as in `.optimizer = Adam{.learning_rate = 1e-2}`. `Optimizer("adam")`
/// makes one by name, with default settings; throws U11 for an unknown name.
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
  // No moves, because copies are as fast: they share their settings until one of them changes.
  Optimizer(const Optimizer&) = default;
  Optimizer& operator=(const Optimizer&) = default;

  std::string_view name() const noexcept;
  std::string_view help() const noexcept;
  std::string_view formula() const noexcept;  ///< formula of one step for one weight
  void describe(Fields& fields);
  void check() const;                     ///< throws U12 and names the setting that is out of range
  double learning_rate() const noexcept;  ///< 0 for L-BFGS, which has none
  void set_learning_rate(double value);

  class Settings;  // defined in src/optimizers/rule.h: the update loop and its constants for one step
  const Settings& settings() const noexcept { return *settings_; }

 private:
  std::shared_ptr<Settings> settings_;  // copied on write
};

/// One default optimizer of each kind, in alphabetical order.
std::vector<Optimizer> optimizer_kinds();

}  // namespace pellucid
