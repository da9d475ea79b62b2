// selu: formula and description. Included inside the kernels' namespaces, once per target.
// Not here: loops (kernels/activate.cc).
struct Selu {
  static constexpr ActivationKind kind{.name = "selu",
                                       .formula = "1.0507 z if z > 0, else 1.7581 (exp(z) - 1)",
                                       .help = "self-normalizing elu: keeps mean 0 and variance 1 from layer to layer",
                                       .source = "Klambauer et al., NeurIPS 2017",
                                       .onnx = "Selu",
                                       .initializer = "lecun_normal",
                                       .example_z = -1,
                                       .example_y = -1.1113307378125628,
                                       .example_slope = 0.6467686030348141,
                                       .kink = 0};
  static constexpr double scale = 1.0507009873554804934193349852946;
  static constexpr double scaled_alpha = scale * 1.6732632423543772848170429916717;
  template <class V>
  static V value(V z, V) noexcept {
    return select(z > V(0), V(scale) * z, V(scaled_alpha) * expm1(z));
  }
  template <class V>
  static V slope(V, V y, V) noexcept {
    return select(y > V(0), V(scale), y + V(scaled_alpha));
  }
};
