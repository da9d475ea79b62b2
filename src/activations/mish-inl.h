// mish: formula and description. Included inside the kernels' namespaces, once per target.
// Not here: loops (kernels/activate.cc).
struct Mish {
  static constexpr ActivationKind kind{.name = "mish",
                                       .formula = "z tanh(log(1 + exp(z)))",
                                       .help = "smooth; slightly negative for some negative values",
                                       .source = "Misra, BMVC 2020",
                                       .onnx = "Softplus Tanh z Mul",
                                       .needs_input = true,
                                       .initializer = "he_normal",
                                       .example_z = 1,
                                       .example_y = 0.8650983882673103,
                                       .example_slope = 1.0490362200997922};
  // With u = exp(-|z|), tanh(log(1 + exp(z))) equals (1 + 2u) / (1 + 2u + 2u²) for z above 0 and (u² + 2u) / (u² + 2u +
  // 2) below: one exp instead of three functions, and no overflow.
  template <class V>
  static V gate(V u, V z) noexcept {
    const V twice = u + u, square = u * u;
    const V above = twice + V(1), below = square + twice;
    return select(z > V(0), above / fma(V(2), square, above), below / (below + V(2)));
  }
  template <class V>
  static V value(V z, V) noexcept {
    return z * gate(exp_negative(-abs(z)), z);
  }
  template <class V>
  static V slope(V z, V, V) noexcept {
    const V u = exp_negative(-abs(z)), t = gate(u, z);
    const V sigmoid = select(z > V(0), V(1), u) / (V(1) + u);
    return fma(z * sigmoid, fma(-t, t, V(1)), t);
  }
};
