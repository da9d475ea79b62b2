// A model's architecture as JSON and back: nodes with kind, inputs and settings.
// Not here: parameters (files/model_file.cc).
#pragma once

#include "core/settings.h"
#include "pellucid/model.h"

namespace pellucid {

template <class T>
Json architecture_to_json(const BasicModel<T>& model);

/// The heads as JSON: layer, target, loss (null: chosen from the targets), weight.
template <class T>
Json heads_to_json(const BasicModel<T>& model);

/// Reads what heads_to_json writes, for a model that already has its nodes. Throws D21.
std::vector<Head> heads_from_json(const SortedJson& heads, const std::string& file);

/// Adds the nodes to an empty model. Throws D21 for JSON that architecture_to_json would not write, and for unknown
/// layer kinds.
template <class T>
void architecture_from_json(BasicModel<T>& model, const SortedJson& nodes, const std::string& file);

}  // namespace pellucid
