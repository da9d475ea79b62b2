// Conv2D: convolution of pictures: shapes, needs, forward and backward pass.
// Not here: the sums (kernels/convolution.cc, kernels/convolution_gradient.cc), padding (pictures.h).
//
// The kernels know neither padding nor groups: pictures are copied into `padded`, one per row of the batch, with zeros
// around them, and each group is a convolution of its own. The gradient by x is also a convolution: of the gradient by
// the sums, with the weights of each tap transposed. With a stride, the pixels of x fall into classes whose taps
// differ, and each class is a convolution.
#include <numeric>

#include "core/settings.h"
#include "core/text.h"
#include "kernels/parallel.h"
#include "layers/apply.h"
#include "layers/pictures.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

enum Slice { weight, bias, z, dz, padded, turned, sums };  // the order of needs()

// Pixels of zeros around a picture.
struct Margins {
  std::int64_t top, bottom, left, right;
  bool any() const noexcept { return top + bottom + left + right > 0; }
};

// The windows along one axis that read the input pixels first, first + stride, …: the first of them, and the taps.
struct AxisTaps {
  std::int64_t first_tap, taps, tap_step;  // the taps first_tap, first_tap + tap_step, …
  std::int64_t window, window_step;        // for the first pixel and tap, and from tap to tap
  std::int64_t pixels;

  AxisTaps(const WindowAxis& axis, std::int64_t first) noexcept
      : first_tap(0),
        taps(0),
        tap_step(axis.stride / std::gcd(axis.stride, axis.dilation)),
        window(0),
        window_step(tap_step * axis.dilation / axis.stride),
        pixels((axis.in - first + axis.stride - 1) / axis.stride) {
    const auto from = [&](std::int64_t tap) { return first + axis.before - tap * axis.dilation; };
    while (first_tap < axis.window && from(first_tap) % axis.stride != 0) ++first_tap;
    if (first_tap == axis.window) {  // no window reads these pixels
      first_tap = 0;
      return;
    }
    taps = (axis.window - first_tap + tap_step - 1) / tap_step;
    window = from(first_tap) / axis.stride;
  }
};

struct Geometry {
  Picture in;
  Windows windows;
  std::int64_t filters, groups;

  std::int64_t group_channels() const noexcept { return in.channels / groups; }
  std::int64_t group_filters() const noexcept { return filters / groups; }
  std::int64_t fan_in() const noexcept { return windows.y.window * windows.x.window * group_channels(); }
  std::int64_t pixels() const noexcept { return windows.y.out * windows.x.out; }
  double operations() const noexcept { return 2.0 * static_cast<double>(pixels() * fan_in() * filters); }

  Margins around_x() const noexcept { return {windows.y.before, windows.y.after, windows.x.before, windows.x.after}; }
  std::int64_t padded_x() const noexcept { return windows.y.padded() * windows.x.padded() * in.channels; }

  // Windows that only pixels of the padding would belong to, seen from the pixels of x.
  static std::int64_t windows_before(const WindowAxis& a) noexcept {
    return std::max<std::int64_t>(0, (a.window - 1) * a.dilation - a.before) / a.stride;
  }
  static std::int64_t windows_after(const WindowAxis& a) noexcept {
    return std::max<std::int64_t>(0, (a.in - 1 + a.before) / a.stride - (a.out - 1));
  }
  Margins around_d() const noexcept {  // the kernel leaves out rows that are not there
    return {0, 0, windows_before(windows.x), windows_after(windows.x)};
  }
  std::int64_t padded_d() const noexcept {
    const Margins m = around_d();
    return (m.top + windows.y.out + m.bottom) * (m.left + windows.x.out + m.right) * filters;
  }
  std::int64_t padded_elements() const noexcept {
    return std::max(around_x().any() ? padded_x() : 0, around_d().any() ? padded_d() : 0);
  }

  // The taps of one group, in x. Neighbouring taps of a row read neighbouring numbers if nothing lies between them.
  Taps taps() const noexcept {
    const std::int64_t row = windows.x.padded() * in.channels, channels = group_channels();
    const bool joined = windows.x.dilation == 1 && groups == 1;
    return {.rows = windows.y.window,
            .columns = joined ? 1 : windows.x.window,
            .depth = joined ? windows.x.window * channels : channels,
            .x_row = windows.y.dilation * row,
            .x_column = windows.x.dilation * in.channels,
            .w_row = windows.x.window * channels * filters,
            .w_column = channels * filters};
  }
  PixelSteps x_steps(std::int64_t picture) const noexcept {
    const std::int64_t row = windows.x.padded() * in.channels;
    return {picture, windows.y.stride * row, windows.x.stride * in.channels};
  }
  PixelSteps y_steps(std::int64_t picture) const noexcept { return {picture, windows.x.out * filters, filters}; }
};

// Copies height rows of `row` numbers into the middle of zeros. pixel: numbers per pixel.
template <class T>
void pad(const T* from, std::int64_t height, std::int64_t row, const Margins& m, std::int64_t pixel, T* to) {
  const std::int64_t left = m.left * pixel, right = m.right * pixel, whole = left + row + right;
  to = std::fill_n(to, m.top * whole + left, T(0));
  for (std::int64_t r = 0; r < height; ++r) {
    to = std::copy_n(from + r * row, row, to);
    to = std::fill_n(to, right + (r + 1 < height ? left : m.bottom * whole), T(0));
  }
}

// Copies the pictures of some rows of the batch into the slice for padded ones, if there are margins; returns the
// pictures to read.
template <class T>
View<const T> padded_pictures(View<const T> from, std::int64_t height, const Margins& m, std::int64_t pixel,
                              View<T> slice, std::int64_t begin, std::int64_t end) {
  if (!m.any()) return from;
  for (std::int64_t r = begin; r < end; ++r) {
    pad(from.row(r), height, from.columns / height, m, pixel, slice.row(r));
  }
  return slice;
}

// dx of the rows [begin, end) from the pictures d, whose margins are those of around_d().
template <class T>
void input_gradient(const Kernels<T>& kernels, const Geometry& g, View<const T> d, const T* turned_weights, View<T> dx,
                    std::int64_t begin, std::int64_t end) {
  const Margins m = g.around_d();
  const WindowAxis &ay = g.windows.y, &ax = g.windows.x;
  const std::int64_t channels = g.group_channels(), depth = g.group_filters(), tap = channels * depth;
  const std::int64_t d_row = (m.left + ax.out + m.right) * g.filters;
  for (std::int64_t first_y = 0; first_y < std::min(ay.stride, ay.in); ++first_y) {
    for (std::int64_t first_x = 0; first_x < std::min(ax.stride, ax.in); ++first_x) {
      const AxisTaps y(ay, first_y), x(ax, first_x);
      for (std::int64_t i = 0; i < g.groups; ++i) {
        kernels.convolution(
            {.grid = {end - begin, y.pixels, x.pixels},
             .taps = {.rows = y.taps,
                      .columns = x.taps,
                      .depth = depth,
                      .x_row = -y.window_step * d_row,
                      .x_column = -x.window_step * g.filters,
                      .w_row = y.tap_step * ax.window * tap,
                      .w_column = x.tap_step * tap},
             .x = d.row(begin) + y.window * d_row + (m.left + x.window) * g.filters + i * depth,
             .x_steps = {d.stride, d_row, g.filters},
             .n = channels,
             .w = turned_weights + (i * ay.window * ax.window + y.first_tap * ax.window + x.first_tap) * tap,
             .ldw = channels,
             .bias = nullptr,
             .y = dx.row(begin) + (first_y * ax.in + first_x) * g.in.channels + i * channels,
             .y_steps = {dx.stride, ay.stride * ax.in * g.in.channels, ax.stride * g.in.channels},
             .rows = {y.window, 1, -y.window_step, ay.out}});
      }
    }
  }
}

// The weights group by group and tap by tap, each transposed: filters of the group × channels of the group.
template <class T>
void turn_weights(const Kernels<T>& kernels, const Geometry& g, const T* w, T* to) {
  const std::int64_t channels = g.group_channels(), filters = g.group_filters(), taps = g.fan_in() / channels;
  for (std::int64_t i = 0; i < g.groups; ++i) {
    for (std::int64_t tap = 0; tap < taps; ++tap, to += channels * filters) {
      kernels.transpose(channels, filters, w + tap * channels * g.filters + i * filters, g.filters, to, channels);
    }
  }
}

Geometry geometry_of(const Conv2D& layer, std::span<const Shape> inputs) {
  const Conv2DOptions& o = layer.options();
  const Picture in = only_picture(inputs, Conv2D::name);
  if (in.channels % o.groups != 0) {
    throw Error("U20", "layer conv2d has " + plural(o.groups, "group") + ", which do not divide the " +
                           plural(in.channels, "channel") + " of its input of shape " + inputs[0].text());
  }
  return {in, windows_over(in, layer.kernel(), o.stride, o.dilation, o.padding, Conv2D::name), layer.filters(),
          o.groups};
}

template <class T>
Geometry geometry_of(const Conv2D& layer, const Pass<T>& pass) {
  return geometry_of(layer, {&pass.input_shape(), 1});
}

// Calls work(begin, end) for a few rows of the batch at a time, whose padded pictures stay in a core's cache.
template <class T, class F>
void in_groups(const Pass<T>& pass, const Geometry& g, const F& work) {
  constexpr std::int64_t together = 1 << 16;
  const std::int64_t group = std::max<std::int64_t>(1, together / std::max<std::int64_t>(1, g.padded_elements()));
  parallel_rows<T>(pass.team(), pass.rows(), g.operations(), [&](std::int64_t begin, std::int64_t end) {
    for (; begin < end; begin += group) work(begin, std::min(end, begin + group));
  });
}

void describe_initializer(Fields& fields, const FieldInfo& info, Initializer& initializer) {
  std::string text = initializer.text();
  fields.field(info, text);
  if (text != initializer.text()) initializer = Initializer::parse(text);
}

}  // namespace

Conv2D::Conv2D(std::int64_t filters, PixelSize kernel, Activation activation, Conv2DOptions options)
    : filters_(filters), kernel_(kernel), activation_(activation), options_(std::move(options)) {
  activation_.check();
  Conv2D copy = *this;
  check_settings(copy, "layer conv2d");
}

void Conv2D::describe(Fields& fields) {
  fields.field({.name = "filters", .help = "number of filters: channels of the output", .range = {.low = 1}}, filters_);
  describe_size(fields, {.name = "kernel", .help = "height and width of the kernel, such as 3 or 3x5"}, kernel_, 1,
                name);
  std::string text = activation_.text();
  fields.field({.name = "activation", .help = "activation function"}, text);
  if (text != activation_.text()) activation_ = Activation::parse(text);
  describe_size(fields, {.name = "stride", .help = "distance between windows"}, options_.stride, 1, name);
  describe_padding(fields, options_.padding, name);
  describe_size(fields, {.name = "dilation", .help = "distance between the pixels of a window"}, options_.dilation, 1,
                name);
  fields.field({.name = "groups", .help = "groups of channels with filters of their own", .range = {.low = 1}},
               options_.groups);
  if (options_.groups < 1 || filters_ % options_.groups != 0) {
    throw Error("U12", "layer conv2d: groups takes a divisor of the " + plural(filters_, "filter") + ", got " +
                           std::to_string(options_.groups));
  }
  fields.field({.name = "bias", .help = "whether a bias is added"}, options_.bias);
  describe_initializer(fields, {.name = "weight_initializer", .help = "first weights; auto: by activation"},
                       options_.weight_initializer);
  describe_initializer(fields, {.name = "bias_initializer", .help = "first biases"}, options_.bias_initializer);
}

Shape Conv2D::output_shape(std::span<const Shape> inputs) const {
  const Geometry g = geometry_of(*this, inputs);
  return {g.windows.y.out, g.windows.x.out, filters_};
}

std::vector<Need> Conv2D::needs(std::span<const Shape> inputs) const {
  const Geometry g = geometry_of(*this, inputs);
  const std::int64_t taps = kernel_.height * kernel_.width, outputs = g.pixels() * filters_;
  const Initializer& chosen = options_.weight_initializer;
  return {
      {.name = "weight",
       .shape = {kernel_.height, kernel_.width, g.group_channels(), filters_},
       .initializer = chosen.is_auto() ? Initializer(activation_.kind().initializer) : chosen,
       .fan_in = g.fan_in(),
       .fan_out = taps * g.group_filters(),
       .decays = true},
      {.name = "bias",
       .shape = {filters_},
       .wanted = options_.bias,
       .initializer = options_.bias_initializer,
       .fan_in = g.fan_in(),
       .fan_out = taps * g.group_filters(),
       .decays_in_groups = false},
      {.name = "z", .role = Role::saved, .shape = {outputs}, .optional = !keeps_input(activation_)},
      {.name = "z.gradient", .role = Role::scratch, .shape = {outputs}, .optional = true},
      // Forward writes padded x, which backward reads before it writes the padded gradient.
      {.name = "padded", .role = Role::saved, .shape = {g.padded_elements()}, .wanted = g.padded_elements() > 0},
      {.name = "turned", .role = Role::scratch, .shape = {g.fan_in() * filters_}, .whole = true},
      {.name = "sums", .role = Role::scratch, .shape = {g.fan_in() * filters_}, .whole = true},
  };
}

template <class T>
void Conv2D::run_forward(Pass<T>& pass) const {
  const Geometry g = geometry_of(*this, pass);
  const View<T> y = pass.y(), w = pass.slice(weight), b = pass.slice(bias), kept = pass.slice(z);
  const bool linear = pass.logits_wanted() || is_identity(activation_);
  const bool fused = !linear && activation_.kind().builtin >= 0 && !activation_.kind().rowwise;
  const bool apart = !linear && !fused;
  const View<T>& target = apart && kept ? kept : y;
  T* const kept_sums = apart ? nullptr : kept.data;
  in_groups(pass, g, [&](std::int64_t begin, std::int64_t end) {
    const View<const T> x =
        padded_pictures<T>(pass.x(), g.in.height, g.around_x(), g.in.channels, pass.slice(padded), begin, end);
    for (std::int64_t i = 0; i < g.groups; ++i) {
      const std::int64_t first = i * g.group_filters(), to = begin * target.stride + first;
      pass.kernels().convolution({.grid = {end - begin, g.windows.y.out, g.windows.x.out},
                                  .taps = g.taps(),
                                  .x = x.row(begin) + i * g.group_channels(),
                                  .x_steps = g.x_steps(x.stride),
                                  .n = g.group_filters(),
                                  .w = w.data + first,
                                  .ldw = filters_,
                                  .bias = b ? b.data + first : nullptr,
                                  .y = target.data + to,
                                  .y_steps = g.y_steps(target.stride),
                                  .z = kept_sums ? kept_sums + to : nullptr,
                                  .epilogue = fused ? epilogue_of(activation_) : Epilogue{}});
    }
  });
  if (apart) apply<T>(pass, activation_, target, y);
}

template <class T>
void Conv2D::run_backward(Pass<T>& pass) const {
  const Geometry g = geometry_of(*this, pass);
  const View<T> dy = pass.dy(), dx = pass.dx(), slice = pass.slice(padded);
  View<T> d = dy;
  if (const View<T> kept = pass.slice(dz)) d = kept;
  if (pass.logits_wanted() || is_identity(activation_)) {
    for (std::int64_t r = 0; d.data != dy.data && r < dy.rows; ++r) std::copy_n(dy.row(r), dy.columns, d.row(r));
  } else {
    apply_gradient<T>(pass, activation_, pass.slice(z), pass.y(), dy, d);
  }
  if (dx) turn_weights(pass.kernels(), g, pass.slice(weight).data, pass.slice(turned).data);
  const View<const T> x = g.around_x().any() ? View<const T>(slice) : pass.x();
  pass.row_gradient(weight, pass.slice(sums).data, [&](std::int64_t first, std::int64_t rows, T* to, bool add) {
    for (std::int64_t i = 0; i < g.groups; ++i) {
      parallel_convolution_gradient<T>(pass.team(), pass.kernels(),
                                       {.grid = {rows, g.windows.y.out, g.windows.x.out},
                                        .taps = g.taps(),
                                        .x = x.row(first) + i * g.group_channels(),
                                        .x_steps = g.x_steps(x.stride),
                                        .n = g.group_filters(),
                                        .d = d.row(first) + i * g.group_filters(),
                                        .d_steps = g.y_steps(d.stride),
                                        .c = to + i * g.group_filters(),
                                        .ldc = filters_,
                                        .add = add});
    }
  });
  const auto bias_gradient = [&](std::int64_t first, std::int64_t rows, T* to, bool add) {
    const double pixels = static_cast<double>(rows * g.pixels());
    parallel_rows<T>(pass.team(), filters_, pixels, [&](std::int64_t from, std::int64_t end) {
      for (std::int64_t r = first; r < first + rows; ++r) {
        pass.kernels().column_sums(g.pixels(), end - from, d.row(r) + from, filters_, to + from, add || r > first);
      }
    });
  };
  if (options_.bias) pass.row_gradient(bias, pass.slice(sums).data, bias_gradient);
  if (!dx) return;
  in_groups(pass, g, [&](std::int64_t begin, std::int64_t end) {
    const View<const T> from = padded_pictures<T>(d, g.windows.y.out, g.around_d(), filters_, slice, begin, end);
    input_gradient<T>(pass.kernels(), g, from, pass.slice(turned).data, dx, begin, end);
  });
}

Expression::Value Conv2D::express(Expression& to) const {
  const Shape shape = to.input_shape();
  const Geometry g = geometry_of(*this, {&shape, 1});
  const Expression::Constant b = options_.bias ? to.constant(bias) : Expression::Constant{};
  return to.apply(activation_,
                  to.convolution(to.input(), exported_window(g.in, g.windows), g.groups, to.constant(weight), b));
}

template void Conv2D::run_forward(Pass<float>&) const;
template void Conv2D::run_forward(Pass<double>&) const;
template void Conv2D::run_backward(Pass<float>&) const;
template void Conv2D::run_backward(Pass<double>&) const;

LayerKind conv2d_layer_kind() {
  return {Conv2D::name, [] { return std::unique_ptr<Layer>(std::make_unique<Conv2D>()); }};
}

}  // namespace pellucid
