// HiddenLayer: one hidden layer of a net, as the setting `hidden` writes it.
// Not here: the layers themselves (layers.h, picture_layers.h, normalization.h), building a net of them
// (src/recipe/hidden_layers.cc).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// The setting `hidden` is a list of these, from the first layer to the last: "128,64",
/// "conv3x32,pool,conv3x64,pool,128".
///
/// - `128`: dense layer of 128 units
/// - `shift2`, `flip`, `cutout8`: in training, random changes of the pictures (augmentation.h); before all other layers
/// - `conv3x32`: convolution with a kernel of 3 x 3 and 32 output channels; the picture keeps its size (padding same)
/// - `conv3x32s2`: the same with stride 2, half as many rows and columns
/// - `conv5x6v`: without padding (valid), a kernel of 5 x 5 makes 24 x 24 of 28 x 28; `conv5x6s2v`: both
/// - `pool`, `pool3`: maximum over windows of 2 x 2 (3 x 3) side by side
/// - `avgpool`, `avgpool3`: the mean over such windows
/// - `globalpool`: the mean of each channel over all positions
/// - `norm`: batch normalization of the dense layer or convolution before it, ahead of the activation
///
/// Dense layers and convolutions end in the recipe's activation. Convolutions and pooling need pictures and stand
/// before the first dense layer.
struct HiddenLayer {
  enum class Kind { dense, convolution, max_pool, average_pool, global_pool, batch_norm, shift, flip, cutout };

  HiddenLayer() = default;
  HiddenLayer(std::int64_t units) : size(units) {}  // NOLINT: implicit, so that {64, 32} is a list of dense layers
  /// One item of the text. Throws U02 for anything else than the list above, U12 for a number below 1.
  static HiddenLayer parse(std::string_view text);

  std::string text() const;
  bool augments() const noexcept;        ///< shift, flip or cutout
  bool needs_pictures() const noexcept;  ///< convolutions, pooling and what augments
  friend bool operator==(const HiddenLayer&, const HiddenLayer&) = default;

  Kind kind = Kind::dense;
  std::int64_t size = 1;    ///< units of a dense layer, channels of a convolution, pixels of a shift or cutout; ≥ 1
  std::int64_t kernel = 2;  ///< rows and columns of the kernel, or of the window of a pooling; ≥ 1
  std::int64_t stride = 1;  ///< of a convolution; ≥ 1
  bool padded = true;       ///< whether a convolution pads: "same" in place of "valid"
};

/// "128,64"; "none" for an empty list.
std::string hidden_text(const std::vector<HiddenLayer>& layers);
/// Reads that text. Throws U02, U12.
std::vector<HiddenLayer> parse_hidden(const std::string& text);

}  // namespace pellucid
