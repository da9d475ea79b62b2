// Makes the hidden layers of a net, and finds out whether rows are pictures.
// Not here: the text of the setting (hidden_layer.cc).
#include "recipe/hidden_layers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "core/text.h"
#include "pellucid/augmentation.h"
#include "pellucid/error.h"
#include "pellucid/normalization.h"
#include "pellucid/picture_layers.h"
#include "pellucid/setting_hint.h"

namespace pellucid {
namespace {

using Kind = HiddenLayer::Kind;

/// Cuts the number off that ends the text; -1 without one.
std::int64_t take_last_number(std::string_view& text) {
  const std::size_t digits = text.find_last_not_of("0123456789") + 1;  // 0 where there are only digits
  std::int64_t number = -1;
  if (!parse_integer(text.substr(digits), number)) return -1;
  text = text.substr(0, digits);
  return number;
}

/// Whether the columns' names are "prefix row separator column", row by row, beginning with the same number; sets the
/// size of the picture.
bool is_grid(const std::vector<FittedColumn>& columns, std::int64_t& height, std::int64_t& width) {
  std::string_view start;
  std::int64_t first = -1, at = 0;
  height = width = 0;
  for (const FittedColumn& column : columns) {
    std::string_view name = column.name;
    const std::int64_t x = take_last_number(name);
    if (x < 0 || name.empty() || (name.back() != '_' && name.back() != 'x')) return false;
    name.remove_suffix(1);
    const std::int64_t y = take_last_number(name);
    if (at == 0) {
      start = name;
      first = y;
    }
    if (y == first) width = at + 1;
    if (y < 0 || name != start || y != first + at / width || x != first + at % width) return false;
    ++at;
  }
  height = at / std::max<std::int64_t>(width, 1);
  return height > 1 && width > 1 && height * width == at;
}

/// Whether the columns are numbered one after the other and as many as a square has.
bool is_square(const std::vector<FittedColumn>& columns, std::int64_t& height, std::int64_t& width) {
  const auto count = static_cast<std::int64_t>(columns.size());
  height = width = static_cast<std::int64_t>(std::lround(std::sqrt(static_cast<double>(count))));
  if (height < 2 || height * width != count) return false;
  std::string_view start = columns.front().name;
  const std::int64_t first = take_last_number(start);
  if (first < 0 || first > 1 || start.empty()) return false;
  for (std::int64_t i = 0; i < count; ++i) {
    std::string_view name = columns[static_cast<std::size_t>(i)].name;
    if (take_last_number(name) != first + i || name != start) return false;
  }
  return true;
}

[[noreturn]] void refuse(const HiddenLayer& layer, const std::string& why, const std::string& way_out) {
  throw Error("U20", fmt::format("hidden: {} {}", layer.text(), why), {way_out});
}

[[noreturn]] void refuse_rows(const HiddenLayer& layer, const Preprocessor& preprocessor) {
  refuse(layer,
         fmt::format("needs pictures, and the rows are {} without the shape of one",
                     plural(preprocessor.row_shape().elements(), "number")),
         fmt::format("leave it out: {}; pictures are IDX files like MNIST's, folders of PNG or JPEG images, or columns "
                     "of a table that are named like pixels, pixel_0_0, pixel_0_1 …",
                     setting_hint("hidden", "128,64")));
}

LayerRef pooling(const HiddenLayer& layer) {
  if (layer.kind == Kind::max_pool) return MaxPool2D(layer.kernel);
  if (layer.kind == Kind::average_pool) return AveragePool2D(layer.kernel);
  return GlobalAveragePool2D();
}

/// The weights of a layer without its activation start as with it.
Initializer first_weights(const Initializer& chosen, const Activation& own, const Activation& f) {
  return chosen.is_auto() && own == linear ? Initializer(f.kind().initializer) : chosen;
}

// Of the initializers, "std" looks at the training rows, which is for dense layers only.
LayerRef convolution(const HiddenLayer& layer, const Activation& own, const Activation& f, bool bias,
                     const Initializer& init) {
  const bool by_rows = std::string_view(init.kind().name) == "std";
  return Conv2D(layer.size, layer.kernel, own,
                {.stride = layer.stride,
                 .padding = layer.padded ? "same" : "valid",
                 .bias = bias,
                 .weight_initializer = first_weights(by_rows ? Initializer("auto") : init, own, f)});
}

LayerRef dense_layer(const HiddenLayer& layer, const Activation& own, const Activation& f, bool bias,
                     DenseOptions options) {
  options.bias = bias;
  options.weight_initializer = first_weights(options.weight_initializer, own, f);
  return Dense(layer.size, own, options);
}

/// Adds one layer for all augmentation that the list begins with; returns how many entries it took.
std::size_t add_augmentation(Model& model, const std::vector<HiddenLayer>& layers) {
  AugmentOptions options;
  std::size_t count = 0;
  for (; count < layers.size() && layers[count].augments(); ++count) {
    const bool twice = std::ranges::count(layers, layers[count].kind, &HiddenLayer::kind) > 1;
    if (twice) refuse(layers[count], "is there twice", "leave one out");
    if (layers[count].kind == Kind::shift) options.shift = layers[count].size;
    if (layers[count].kind == Kind::cutout) options.cutout = layers[count].size;
    if (layers[count].kind == Kind::flip) options.flip = true;
  }
  if (count > 0) model.add(Augment(options));
  return count;
}

void check_place(const HiddenLayer& layer, bool is_flat) {
  if (layer.augments()) {
    refuse(layer, "stands behind another layer, and augmentation changes the pictures themselves",
           "put it first: " + setting_hint("hidden", "shift2,flip,conv3x32,pool,128"));
  }
  if (layer.needs_pictures() && is_flat) {
    refuse(layer, "stands behind a layer that makes flat rows of pictures",
           "put convolutions and pooling before dense layers and globalpool: " +
               setting_hint("hidden", "conv3x32,pool,128"));
  }
  if (layer.kind == Kind::batch_norm) {
    refuse(layer, "needs a dense layer or a convolution directly before it",
           "put it there: " + setting_hint("hidden", "conv3x32,norm,pool,128,norm"));
  }
}

}  // namespace

Shape picture_shape(const Preprocessor& preprocessor) {
  const Shape row = preprocessor.row_shape();
  if (row.rank() == 2) return Shape{row[0], row[1], 1};
  if (row.rank() == 3) return row;
  const std::vector<FittedColumn>& columns = preprocessor.columns;
  const auto is_number = [](const FittedColumn& column) {
    return column.is(ColumnKind::number) && column.shape.rank() == 0 && column.features == 1;
  };
  std::int64_t height = 0, width = 0;
  if (!std::ranges::all_of(columns, is_number)) return {};
  if (!is_grid(columns, height, width) && !is_square(columns, height, width)) return {};
  return Shape{height, width, 1};
}

void add_hidden_layers(Model& model, const Recipe& settings, const Preprocessor& preprocessor,
                       const DenseOptions& dense) {
  const ModelSettings& net = settings.model;
  const std::vector<HiddenLayer> layers = net.hidden.value_or({});
  const auto picture = std::ranges::find_if(layers, &HiddenLayer::needs_pictures);
  if (picture != layers.end()) {
    const Shape shape = picture_shape(preprocessor);
    if (shape.rank() == 0) refuse_rows(*picture, preprocessor);
    if (preprocessor.row_shape().rank() < 2) model.add(Reshape(shape));
  }
  const Activation f = net.activation.value_or(relu);
  bool is_flat = false;
  for (std::size_t i = add_augmentation(model, layers); i < layers.size(); ++i) {
    const HiddenLayer& layer = layers[i];
    check_place(layer, is_flat);
    is_flat = is_flat || layer.kind == Kind::dense || layer.kind == Kind::global_pool;
    if (layer.kind != Kind::dense && layer.kind != Kind::convolution) {
      model.add(pooling(layer));
      continue;
    }
    const bool has_norm = i + 1 < layers.size() && layers[i + 1].kind == Kind::batch_norm;
    const Activation own = has_norm || net.parametric_activation ? linear : f;
    model.add(layer.kind == Kind::dense
                  ? dense_layer(layer, own, f, !has_norm, dense)
                  : convolution(layer, own, f, !has_norm, net.init));  // norm has a shift of its own
    if (has_norm) {
      model.add(BatchNorm());
      ++i;
    }
    if (net.parametric_activation) {
      model.add(ParametricActivation(f));
    } else if (!(own == f)) {
      model.add(f);
    }
    if (layer.kind == Kind::dense && net.dropout > 0) model.add(Dropout(net.dropout));
  }
}

}  // namespace pellucid
