// A model's architecture as JSON and back: nodes with kind, inputs and settings.
// Not here: parameters (files/model_file.cc).
#pragma once

#include "core/settings.h"
#include "pellucid/model.h"

namespace pellucid {

template <class T>
Json architecture_to_json(const BasicModel<T>& model);

/// Adds the nodes to an empty model. Throws D21 for JSON that architecture_to_json would not write, and for unknown
/// layer kinds.
template <class T>
void architecture_from_json(BasicModel<T>& model, const SortedJson& nodes, const std::string& file);

}  // namespace pellucid
