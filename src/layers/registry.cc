// The table of layers: the built-in kinds in this folder, and registered ones.
// Not here: the layers.
#include <algorithm>

#include "pellucid/error.h"
#include "pellucid/layer.h"
#include "pellucid/layers.h"

namespace pellucid {

// Each layer file defines <stem>_layer_kind(); the list is generated from the files.
#define PELLUCID_ROW(stem) LayerKind stem##_layer_kind();
#include "layers/rows.inc"
#undef PELLUCID_ROW

namespace {

std::vector<LayerKind>& registered() {
  static std::vector<LayerKind> kinds;
  return kinds;
}

}  // namespace

std::vector<LayerKind> layer_kinds() {
  std::vector<LayerKind> kinds = {
#define PELLUCID_ROW(stem) stem##_layer_kind(),
#include "layers/rows.inc"
#undef PELLUCID_ROW
  };
  kinds.insert(kinds.end(), registered().begin(), registered().end());
  return kinds;
}

void register_layer(const LayerKind& kind) {
  if (kind.make == nullptr || kind.name.empty()) throw Error("U20", "a layer kind needs a name and a way to make one");
  const auto all = layer_kinds();
  const auto same = std::find_if(all.begin(), all.end(), [&](const LayerKind& k) { return k.name == kind.name; });
  if (same == all.end()) return registered().push_back(kind);
  if (same->make != kind.make)
    throw Error("U10", "a layer kind \"" + std::string(kind.name) + "\" is registered already");
}

}  // namespace pellucid
