// softplus: formula and description. Included inside the kernels' namespaces, once per target.
// Not here: loops (kernels/activate.cc).
struct Softplus {
  static constexpr ActivationKind kind{.name = "softplus",
                                       .formula = "log(1 + exp(z))",
                                       .help = "a smooth relu",
                                       .source = "Dugas et al., NeurIPS 2000",
                                       .onnx = "Softplus",
                                       .example_z = 0,
                                       .example_y = 0.6931471805599453,
                                       .example_slope = 0.5};
  template <class V>
  static V value(V z, V) noexcept {
    return max(V(0), z) + log1p(exp_negative(-abs(z)));
  }
  template <class V>
  static V slope(V, V y, V) noexcept {
    return -expm1(-y);
  }
};
