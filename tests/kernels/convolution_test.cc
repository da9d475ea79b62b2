// The kernels for pictures, with every instruction set of this CPU, against the scalar twin: the same bits where there
// is FMA. Not here: whether the twin is right (layers/picture_layers_test.cc has sums of its own).
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "kernels/kernels.h"
#include "pellucid/activation.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

using test::random_values;
using test::same_bits;

template <class T>
class PictureKernel : public testing::Test {
 protected:
  static const Kernels<T>& twin() { return *all_kernels<T>().front(); }

  /// Runs work(kernels, result) with the twin and every target; the results begin equal and must end with equal bits.
  template <class Work>
  static void expect_same_as_twin(std::int64_t size, double steps, const Work& work) {
    const std::vector<T> before = random_values<T>(size, 99);
    std::vector<T> want = before;
    work(twin(), want.data());
    for (const Kernels<T>* k : all_kernels<T>()) {
      if (k == &twin()) continue;
      std::vector<T> got = before;
      work(*k, got.data());
      for (std::size_t i = 0; i < got.size(); ++i) {
        if (same_bits(got[i], want[i])) continue;
        const double allowed = k->fma ? 0 : steps * std::numeric_limits<T>::epsilon() * (1 + std::abs(double(want[i])));
        ASSERT_LE(std::abs(double(got[i]) - double(want[i])), allowed) << k->target << ", element " << i;
      }
    }
  }
};

using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(PictureKernel, Scalars);

/// A convolution of pictures without padding.
struct Case {
  std::int64_t pictures, height, width, channels, kernel_height, kernel_width, stride, dilation, n;

  std::int64_t rows() const { return (height - (kernel_height - 1) * dilation - 1) / stride + 1; }
  std::int64_t columns() const { return (width - (kernel_width - 1) * dilation - 1) / stride + 1; }
  std::int64_t inputs() const { return pictures * height * width * channels; }
  std::int64_t outputs() const { return pictures * rows() * columns() * n; }
  std::int64_t weights() const { return kernel_height * kernel_width * channels * n; }
  Grid grid() const { return {pictures, rows(), columns()}; }
  Taps taps() const {
    const bool joined = dilation == 1 && n % 2 == 0;  // both forms mean the same
    return {kernel_height,
            joined ? 1 : kernel_width,
            joined ? kernel_width * channels : channels,
            dilation * width * channels,
            dilation * channels,
            kernel_width * channels * n,
            channels * n};
  }
  PixelSteps x_steps() const { return {height * width * channels, stride * width * channels, stride * channels}; }
  PixelSteps y_steps() const { return {rows() * columns() * n, columns() * n, n}; }
  std::string text() const {
    return std::to_string(pictures) + " of " + std::to_string(height) + "x" + std::to_string(width) + "x" +
           std::to_string(channels) + ", kernel " + std::to_string(kernel_height) + "x" + std::to_string(kernel_width) +
           ", stride " + std::to_string(stride) + ", dilation " + std::to_string(dilation) + ", " + std::to_string(n);
  }
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (std::int64_t n = 1; n <= 33; ++n) all.push_back({2, 5, 3 + n, 1 + n % 3, 3, 1 + n % 4, 1 + n % 2, 1, n});
  for (std::int64_t c = 1; c <= 33; ++c) all.push_back({1, 4, 6, c, 2, 2, 1, 1 + c % 2, 3 + 32 * (c % 2)});
  for (std::int64_t w = 1; w <= 33; ++w) all.push_back({3, 2, w, 2, 1, 1, 1 + w % 3, 1, 5});
  for (Case c : {Case{1, 9, 11, 3, 5, 3, 3, 2, 17},
                 {2, 7, 300, 1, 7, 7, 1, 1, 6},
                 {1, 3, 3, 100, 3, 3, 1, 1, 40},
                 {5, 1, 1, 600, 1, 1, 1, 1, 33},
                 {1, 20, 20, 64, 3, 3, 1, 1, 64},
                 {40, 6, 6, 4, 3, 3, 1, 1, 16}}) {
    all.push_back(c);
  }
  return all;
}

TYPED_TEST(PictureKernel, convolution_has_the_same_bits_as_the_twin) {
  using T = TypeParam;
  const std::vector<const ActivationKind*> kinds = activation_kinds();
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.text());
    const auto x = random_values<T>(c.inputs(), 1), w = random_values<T>(c.weights(), 2),
               bias = random_values<T>(c.n, 3);
    Convolution<T> p{.grid = c.grid(),
                     .taps = c.taps(),
                     .x = x.data(),
                     .x_steps = c.x_steps(),
                     .n = c.n,
                     .w = w.data(),
                     .ldw = c.n,
                     .bias = c.n % 3 ? bias.data() : nullptr,
                     .y = nullptr,
                     .y_steps = c.y_steps()};
    if (c.n % 2) p.epilogue = {relu.kind().builtin, 0};
    const std::int64_t size = c.outputs();
    this->expect_same_as_twin(2 * size, 4.0 * static_cast<double>(c.weights()), [&](const Kernels<T>& k, T* to) {
      p.y = to;
      p.z = c.n % 5 == 0 ? to + size : nullptr;
      k.convolution(p);
    });
  }
}

TYPED_TEST(PictureKernel, convolution_leaves_out_rows_that_are_not_there) {
  using T = TypeParam;
  // A kernel of 3 rows over pictures of 4 rows, from the row above the picture on; then upwards, as for the gradient by
  // x.
  for (const std::int64_t n : {3, 20, 40}) {
    for (const std::int64_t depth : {5, 200}) {  // all taps in one block, or a block for each
      const auto x = random_values<T>(2 * 4 * 6 * depth, 1), w = random_values<T>(3 * depth * n, 2);
      for (const bool up : {false, true}) {
        const std::int64_t row = 6 * depth, first = up ? 1 : -1, direction = up ? -1 : 1;
        Convolution<T> p{.grid = {2, 4, 6},
                         .taps = {3, 1, depth, direction * row, 0, depth * n, 0},
                         .x = x.data() + first * row,
                         .x_steps = {4 * row, row, depth},
                         .n = n,
                         .w = w.data(),
                         .ldw = n,
                         .bias = nullptr,
                         .y = nullptr,
                         .y_steps = {24 * n, 6 * n, n},
                         .rows = {first, 1, direction, 4}};
        std::vector<T> y(48 * n);
        p.y = y.data();
        this->twin().convolution(p);
        double corner = 0;  // the first pixel meets the rows 0 and 1 of x, with two rows of the kernel
        for (std::int64_t r = 0; r < 2; ++r) {
          const std::int64_t tap = up ? 1 - r : 1 + r;
          for (std::int64_t i = 0; i < depth; ++i) {
            corner += double(x[r * row + i]) * double(w[(tap * depth + i) * n]);
          }
        }
        EXPECT_NEAR(y[0], corner, 1e-4);
        this->expect_same_as_twin(48 * n, 4000, [&](const Kernels<T>& k, T* to) {
          p.y = to;
          k.convolution(p);
        });
      }
    }
  }
}

TYPED_TEST(PictureKernel, convolution_gradient_has_the_same_bits_as_the_twin) {
  using T = TypeParam;
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.text());
    const auto x = random_values<T>(c.inputs(), 1), d = random_values<T>(c.outputs(), 2);
    for (bool add : {false, true}) {
      this->expect_same_as_twin(c.weights(), 4.0 * static_cast<double>(c.outputs()), [&](const Kernels<T>& k, T* to) {
        k.convolution_gradient({.grid = c.grid(),
                                .taps = c.taps(),
                                .x = x.data(),
                                .x_steps = c.x_steps(),
                                .n = c.n,
                                .d = d.data(),
                                .d_steps = c.y_steps(),
                                .c = to,
                                .ldc = c.n,
                                .add = add});
      });
    }
  }
}

TYPED_TEST(PictureKernel, convolution_without_taps_or_pixels_gives_the_bias_and_a_gradient_of_0) {
  using T = TypeParam;
  const std::vector<T> bias = {1, 2}, x(8), w(8);
  for (const Kernels<T>* k : all_kernels<T>()) {
    std::vector<T> y(4), c = {5, 5};
    k->convolution({.grid = {1, 1, 2},
                    .taps = {0, 3, 2, 0, 0, 0, 0},
                    .x = x.data(),
                    .x_steps = {0, 0, 1},
                    .n = 2,
                    .w = w.data(),
                    .ldw = 2,
                    .bias = bias.data(),
                    .y = y.data(),
                    .y_steps = {0, 0, 2}});
    EXPECT_EQ(y, (std::vector<T>{1, 2, 1, 2})) << k->target;
    k->convolution_gradient({.grid = {0, 1, 2},
                             .taps = {1, 1, 1, 0, 0, 0, 0},
                             .x = x.data(),
                             .x_steps = {0, 0, 1},
                             .n = 2,
                             .d = w.data(),
                             .d_steps = {0, 0, 2},
                             .c = c.data(),
                             .ldc = 2});
    EXPECT_EQ(c, (std::vector<T>{0, 0})) << k->target;
  }
}

TYPED_TEST(PictureKernel, pooling_has_the_same_bits_as_the_twin) {
  using T = TypeParam;
  for (std::int64_t channels = 1; channels <= 33; ++channels) {
    for (std::int64_t stride : {1, 2, 3}) {
      SCOPED_TRACE(std::to_string(channels) + " channels, stride " + std::to_string(stride));
      const std::int64_t height = 5, width = 7, rows = (height + 1 - 2) / stride + 1,
                         columns = (width + 2 - 3) / stride + 1;
      auto x = random_values<T>(2 * height * width * channels, 1),
           dy = random_values<T>(2 * rows * columns * channels, 2);
      for (std::size_t i = 0; i < x.size(); i += 3) x[i] = 1;  // several pixels with the largest number
      Pooling<T> p{.grid = {2, rows, columns},
                   .height = height,
                   .width = width,
                   .channels = channels,
                   .window_height = 2,
                   .window_width = 3,
                   .stride_y = stride,
                   .stride_x = stride,
                   .top = 1,
                   .left = 1,
                   .x = x.data(),
                   .ldx = height * width * channels,
                   .y = nullptr,
                   .ldy = rows * columns * channels};
      for (const bool largest : {false, true}) {
        this->expect_same_as_twin(2 * p.ldy, 8, [&](const Kernels<T>& k, T* to) {
          p.y = to;
          largest ? k.max_pool(p) : k.average_pool(p);
        });
        this->expect_same_as_twin(2 * p.ldx, 8, [&](const Kernels<T>& k, T* to) {
          const PoolingGradient<T> g{p, dy.data(), p.ldy, to, p.ldx};
          largest ? k.max_pool_gradient(g) : k.average_pool_gradient(g);
        });
      }
    }
  }
}

TYPED_TEST(PictureKernel, windows_of_2_x_2_have_the_same_bits_as_the_twin) {
  using T = TypeParam;
  for (std::int64_t channels = 1; channels <= 33; channels += 4) {
    for (std::int64_t size = 2; size <= 7; ++size) {
      const std::int64_t out = size / 2, picture = size * (size + 1) * channels;
      auto x = random_values<T>(2 * picture, 1), dy = random_values<T>(2 * out * ((size + 1) / 2) * channels, 2);
      for (std::size_t i = 0; i < x.size(); i += 3) x[i] = 1;
      for (std::size_t i = 0; i < x.size(); i += 31) x[i] = std::numeric_limits<T>::quiet_NaN();
      Pooling<T> p{.grid = {2, out, (size + 1) / 2},
                   .height = size,
                   .width = size + 1,
                   .channels = channels,
                   .window_height = 2,
                   .window_width = 2,
                   .stride_y = 2,
                   .stride_x = 2,
                   .top = 0,
                   .left = 0,
                   .x = x.data(),
                   .ldx = picture,
                   .y = nullptr,
                   .ldy = out * ((size + 1) / 2) * channels};
      this->expect_same_as_twin(2 * p.ldy, 0, [&](const Kernels<T>& k, T* to) {
        p.y = to;
        k.max_pool(p);
      });
      this->expect_same_as_twin(2 * picture, 0, [&](const Kernels<T>& k, T* to) {
        k.max_pool_gradient({p, dy.data(), p.ldy, to, picture});
      });
    }
  }
}

TYPED_TEST(PictureKernel, max_pool_passes_a_first_number_that_is_nan) {
  using T = TypeParam;
  const T nan = std::numeric_limits<T>::quiet_NaN();
  const std::vector<T> x = {nan, 2, 3, nan};
  for (const Kernels<T>* k : all_kernels<T>()) {
    std::vector<T> y(2);
    k->max_pool({.grid = {1, 1, 2},
                 .height = 1,
                 .width = 4,
                 .channels = 1,
                 .window_height = 1,
                 .window_width = 2,
                 .stride_y = 1,
                 .stride_x = 2,
                 .top = 0,
                 .left = 0,
                 .x = x.data(),
                 .ldx = 4,
                 .y = y.data(),
                 .ldy = 2});
    EXPECT_TRUE(std::isnan(y[0])) << k->target;
    EXPECT_EQ(y[1], 3) << k->target;
  }
}

}  // namespace
}  // namespace pellucid
