// The hidden layers of a net, made of the setting `hidden`.
// Not here: its text (pellucid/hidden_layer.h), the layers before and behind them (build.cc).
#pragma once

#include "pellucid/model.h"
#include "pellucid/recipe.h"

namespace pellucid {

/// Adds the layers of settings.model.hidden with activations and dropout. `options`: of the dense ones. Throws U20
/// where a layer cannot stand in its place, and for convolutions and pooling on rows that are no pictures.
void add_hidden_layers(Model& model, const Recipe& settings, const Preprocessor& preprocessor,
                       const DenseOptions& options);

/// The shape of the rows as pictures, height x width x channels: that of their only column, or of columns of numbers
/// that are named like pixels in rows and columns ("pixel_0_0", "1x1" …) or numbered like those of a square picture
/// ("pixel0" … "pixel783"). A shape of rank 0: they are no pictures.
Shape picture_shape(const Preprocessor& preprocessor);

}  // namespace pellucid
