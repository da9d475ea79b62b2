// What the handles of pellucid_c.h point to. Not here: the functions (models.cc, records.cc, tables.cc, training.cc).
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>

#include "pellucid/model.h"
#include "pellucid/pellucid_c.h"
#include "pellucid/record.h"
#include "pellucid/table.h"

namespace pellucid::c {

struct LoadedModel {
  explicit LoadedModel(Model trained);

  const Model model;
  const std::string description;
  const std::size_t outputs;  // numbers per prediction

  mutable std::once_flag written;
  mutable std::string bytes;  // made when they are first asked for
};

/// A new handle for the model.
pellucid_model* handle_of(Model model);

}  // namespace pellucid::c

struct pellucid_model {
  std::shared_ptr<const pellucid::c::LoadedModel> loaded;
};

struct pellucid_record {
  std::shared_ptr<const pellucid::c::LoadedModel> loaded;  // so that the order of freeing does not matter
  pellucid::Record record;
};

struct pellucid_table {
  pellucid::Table table;
};
