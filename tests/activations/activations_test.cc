// Activations: worked examples, derivatives, very large inputs, and parsing and printing of their names.
// Not here: that all instruction sets compute the same (kernels_test.cc).
#include "pellucid/activation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "kernels/kernels.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

template <class T>
T value(const ActivationKind& kind, T z, double parameter) {
  T y;
  kernels<T>().activate({kind.builtin, parameter}, 1, &z, &y);
  return y;
}

template <class T>
T slope(const ActivationKind& kind, T z, double parameter) {
  const T y = value(kind, z, parameter), one = 1;
  T dz;
  kernels<T>().activate_gradient({kind.builtin, parameter}, 1, kind.needs_input ? &z : nullptr, &y, &one, &dz);
  return dz;
}

std::vector<const ActivationKind*> elementwise() {
  std::vector<const ActivationKind*> kinds;
  for (const ActivationKind* kind : activation_kinds()) {
    if (kind->builtin >= 0 && !kind->rowwise) kinds.push_back(kind);
  }
  return kinds;
}

TEST(Activations, every_kind_computes_its_documented_example) {
  for (const ActivationKind* kind : elementwise()) {
    EXPECT_NEAR(value(*kind, kind->example_z, kind->parameter_default), kind->example_y, 1e-15) << kind->name;
    EXPECT_NEAR(slope(*kind, kind->example_z, kind->parameter_default), kind->example_slope, 1e-15) << kind->name;
  }
}

TEST(Activations, softmax_example_is_the_first_of_two_equal_logits) {
  const double z[2] = {softmax.kind().example_z, 0}, dy[2] = {1, 0};
  double y[2], dz[2];
  kernels<double>().softmax(1, 2, z, 2, y, 2);
  kernels<double>().softmax_gradient(1, 2, y, 2, dy, 2, dz, 2);
  EXPECT_EQ(y[0], softmax.kind().example_y);
  EXPECT_EQ(dz[0], softmax.kind().example_slope);
}

TEST(Activations, derivatives_agree_with_central_differences) {
  const double h = 1e-5;
  for (const ActivationKind* kind : elementwise()) {
    if (!kind->has_gradient) continue;
    for (double parameter : {kind->parameter_default, 0.5}) {
      for (double z = -6; z < 6; z += 0.037) {
        if (std::abs(z - kind->kink) < 2 * h) continue;
        const double numeric = (value(*kind, z + h, parameter) - value(*kind, z - h, parameter)) / (2 * h);
        EXPECT_NEAR(slope(*kind, z, parameter), numeric, 1e-9) << kind->name << " at " << z;
      }
    }
  }
}

TEST(Activations, values_and_slopes_are_finite_for_very_large_inputs) {
  for (const ActivationKind* kind : elementwise()) {
    for (float z : {-1000.f, -100.f, 100.f, 1000.f, -1e30f, 1e30f, -0.f}) {
      EXPECT_TRUE(std::isfinite(value(*kind, z, kind->parameter_default))) << kind->name << " at " << z;
      EXPECT_TRUE(std::isfinite(slope(*kind, z, kind->parameter_default))) << kind->name << " at " << z;
    }
  }
}

TEST(Activations, nan_in_gives_nan_out) {
  for (const ActivationKind* kind : elementwise()) {
    if (!kind->has_gradient) continue;
    EXPECT_TRUE(std::isnan(value(*kind, std::nanf(""), kind->parameter_default))) << kind->name;
  }
}

TEST(Activations, float_and_double_agree) {
  for (const ActivationKind* kind : elementwise()) {
    for (double z = -20; z < 20; z += 0.0625) {
      const double y = value(*kind, z, kind->parameter_default), dy = slope(*kind, z, kind->parameter_default);
      EXPECT_NEAR(value(*kind, float(z), kind->parameter_default), y, 4e-7 * (1 + std::abs(y))) << kind->name << z;
      EXPECT_NEAR(slope(*kind, float(z), kind->parameter_default), dy, 1e-6) << kind->name << z;
    }
  }
}

TEST(Activations, softmax_is_accurate_for_very_large_logits) {
  const float z[3] = {1000, 999, -1000};
  float y[3];
  kernels<float>().softmax(1, 3, z, 3, y, 3);
  EXPECT_NEAR(y[0], 0.7310586, 1e-6);
  EXPECT_NEAR(y[1], 0.2689414, 1e-6);
  EXPECT_EQ(y[2], 0);
}

TEST(Activations, softmax_gradient_agrees_with_central_differences) {
  const double z[3] = {0.3, -1.2, 2}, dy[3] = {0.5, -1, 0.25}, h = 1e-6;
  double y[3], dz[3];
  kernels<double>().softmax(1, 3, z, 3, y, 3);
  kernels<double>().softmax_gradient(1, 3, y, 3, dy, 3, dz, 3);
  for (int i = 0; i < 3; ++i) {
    double numeric = 0;
    for (double side : {1.0, -1.0}) {
      double moved[3] = {z[0], z[1], z[2]}, out[3];
      moved[i] += side * h;
      kernels<double>().softmax(1, 3, moved, 3, out, 3);
      for (int j = 0; j < 3; ++j) numeric += side * dy[j] * out[j] / (2 * h);
    }
    EXPECT_NEAR(dz[i], numeric, 1e-9);
  }
}

TEST(Activations, names_and_parameters_are_parsed_and_printed) {
  EXPECT_EQ(Activation::parse("relu"), relu);
  EXPECT_EQ(Activation::parse(" leaky_relu( 0.2 ) ").parameter(), 0.2);
  EXPECT_EQ(leaky_relu(0.2).text(), "leaky_relu(0.2)");
  EXPECT_EQ(leaky_relu.text(), "leaky_relu");
  EXPECT_EQ(Activation::parse(elu(0.5).text()), elu(0.5));
  EXPECT_EQ(Activation(), linear);
}

std::string code_of(std::string_view text) {
  try {
    Activation::parse(text);
  } catch (const Error& error) {
    return error.code();
  }
  return "";
}

TEST(Activations, wrong_names_and_parameters_are_refused_with_their_code) {
  EXPECT_EQ(code_of("rellu"), "U11");
  EXPECT_EQ(code_of(""), "U11");
  EXPECT_EQ(code_of("leaky_relu(-1)"), "U12");
  EXPECT_EQ(code_of("leaky_relu(x)"), "U12");
  EXPECT_EQ(code_of("leaky_relu(0.1"), "U12");
  EXPECT_EQ(code_of("leaky_relu("), "U12");
  EXPECT_EQ(code_of("relu(1)"), "U12");
  try {
    Activation::parse("rellu");
  } catch (const Error& error) {
    EXPECT_NE(error.text().find("relu"), std::string::npos);
  }
}

TEST(Activations, built_in_kinds_are_listed_in_alphabetical_order_with_their_index) {
  const auto kinds = activation_kinds();
  for (std::size_t i = 0; i < kinds.size() && kinds[i]->builtin >= 0; ++i) {
    EXPECT_EQ(kinds[i]->builtin, static_cast<int>(i));
    if (i > 0) {
      EXPECT_LT(std::string(kinds[i - 1]->name), kinds[i]->name);
    }
  }
}

}  // namespace
}  // namespace pellucid
