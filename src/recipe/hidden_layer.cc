// The text of hidden layers: "conv3x32,pool,128".
// Not here: making layers of them (hidden_layers.cc).
#include "pellucid/hidden_layer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

constexpr std::int64_t widest_window = 64;  // pixels of a kernel, window, stride, shift or square

[[noreturn]] void refuse(std::string_view text) {
  throw Error("U02",
              fmt::format("hidden takes layers such as 64,32 or conv3x32,pool,128, none or auto, got {}", quote(text)),
              {"pellucid explain hidden lists the layers"});
}

/// The number at the beginning of `text`, which is cut off. Throws U02 without one, U12 outside 1 … most.
std::int64_t take_number(std::string_view& text, std::int64_t most, std::string_view item) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  std::int64_t number = 0;
  if (!parse_integer(text.substr(0, digits), number)) refuse(item);
  if (number < 1 || number > most) {
    throw Error("U12", fmt::format("hidden takes sizes in pixels from 1 to {} and at least 1 unit, got {}",
                                   widest_window, quote(item)));
  }
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

HiddenLayer HiddenLayer::parse(std::string_view text) {
  HiddenLayer layer;
  if (parse_integer(text, layer.size)) {
    if (layer.size < 1) throw Error("U12", fmt::format("hidden takes ≥ 1 or auto, got {}", text));
    return layer;
  }
  std::string_view rest = text;
  if (take(rest, "conv")) {
    layer.kind = Kind::convolution;
    layer.kernel = take_number(rest, widest_window, text);
    if (!take(rest, "x")) refuse(text);
    layer.size = take_number(rest, INT64_MAX, text);
    if (take(rest, "s")) layer.stride = take_number(rest, widest_window, text);
    layer.padded = !take(rest, "v");
  } else if (take(rest, "globalpool")) {
    layer.kind = Kind::global_pool;
  } else if (take(rest, "norm")) {
    layer.kind = Kind::batch_norm;
  } else if (take(rest, "flip")) {
    layer.kind = Kind::flip;
  } else if (rest.starts_with("shift") || rest.starts_with("cutout")) {
    layer.kind = take(rest, "shift") ? Kind::shift : Kind::cutout;
    take(rest, "cutout");
    layer.size = take_number(rest, widest_window, text);
  } else {
    layer.kind = take(rest, "avg") ? Kind::average_pool : Kind::max_pool;
    if (!take(rest, "pool")) refuse(text);
    if (!rest.empty()) layer.kernel = take_number(rest, widest_window, text);
  }
  if (!rest.empty()) refuse(text);
  return layer;
}

std::string HiddenLayer::text() const {
  const std::string window = kernel == 2 ? "" : std::to_string(kernel);
  switch (kind) {
    case Kind::dense:
      return std::to_string(size);
    case Kind::convolution:
      return fmt::format("conv{}x{}{}{}", kernel, size, stride == 1 ? "" : fmt::format("s{}", stride),
                         padded ? "" : "v");
    case Kind::max_pool:
      return "pool" + window;
    case Kind::average_pool:
      return "avgpool" + window;
    case Kind::global_pool:
      return "globalpool";
    case Kind::batch_norm:
      return "norm";
    case Kind::shift:
      return fmt::format("shift{}", size);
    case Kind::flip:
      return "flip";
    case Kind::cutout:
      return fmt::format("cutout{}", size);
  }
  throw Error("P01", "a hidden layer without a kind");
}

bool HiddenLayer::augments() const noexcept {
  return kind == Kind::shift || kind == Kind::flip || kind == Kind::cutout;
}

bool HiddenLayer::needs_pictures() const noexcept {
  return kind != Kind::dense && kind != Kind::batch_norm;
}

std::string hidden_text(const std::vector<HiddenLayer>& layers) {
  std::vector<std::string> items;
  for (const HiddenLayer& layer : layers) items.push_back(layer.text());
  return items.empty() ? "none" : join(items, ",");
}

std::vector<HiddenLayer> parse_hidden(const std::string& text) {
  std::vector<HiddenLayer> layers;
  if (text == "none") return layers;
  for (const std::string& item : split_text(text, ',')) layers.push_back(HiddenLayer::parse(item));
  return layers;
}

}  // namespace pellucid
