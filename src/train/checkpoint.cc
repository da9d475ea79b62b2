// Writes the state of a training as a safetensors file, and reads it.
// Not here: when a checkpoint is written (training_run.cc).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/settings.h"
#include "files/safetensors.h"
#include "pellucid/error.h"
#include "train/fingerprint.h"
#include "train/training_state.h"

namespace pellucid {
namespace {

constexpr const char* document_key = "pellucid.checkpoint";
constexpr const char* note_key = "pellucid.note";
constexpr const char* sums_key = "health.probability_sums";

Json number(double x) {
  return std::isfinite(x) ? Json(x) : Json(nullptr);
}
double number(const Json& json, double otherwise) {
  return json.is_null() ? otherwise : json.get<double>();
}

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Json to_json(const History& history) {
  Json epochs = Json::array();
  for (const EpochRecord& e : history.epochs) {
    epochs.push_back({e.epoch, number(e.train_loss), number(e.validation_loss), number(e.validation_score),
                      e.learning_rate, e.train_seconds, e.seconds, e.best});
  }
  return {{"epochs", epochs},
          {"best_epoch", history.best_epoch},
          {"train_seconds", history.train_seconds},
          {"seconds", history.seconds}};
}

History history_from_json(const Json& json) {
  History history;
  for (const Json& e : json.at("epochs")) {
    history.epochs.push_back({e.at(0), number(e.at(1), nan), number(e.at(2), nan), number(e.at(3), nan), e.at(4),
                              e.at(5), e.at(6), e.at(7)});
  }
  history.best_epoch = json.at("best_epoch");
  history.train_seconds = json.at("train_seconds");
  history.seconds = json.at("seconds");
  return history;
}

template <class T>
void put(StoredFile& file, const std::string& prefix, const Snapshot<T>& values) {
  for (std::size_t p = 0; p < values.size(); ++p) {
    file.tensors.push_back(stored(prefix + std::to_string(p), values[p].shape(), values[p].values()));
  }
}

void put(StoredFile& file, const std::string& name, std::span<const double> values) {
  file.tensors.push_back(stored(name, Shape{static_cast<std::int64_t>(values.size())}, values));
}

template <class T>
Tensor<T> get(const StoredFile& file, const std::string& name, const Shape& shape) {
  const StoredTensor* tensor = file.find(name);
  if (tensor == nullptr) throw Error("D21", "the checkpoint is damaged: it lacks " + name);
  if (!(tensor->shape == shape)) {
    throw Error("U31", fmt::format("the checkpoint belongs to another model: {} is {}, now {}", name,
                                   tensor->shape.text(), shape.text()));
  }
  return restored<T>(*tensor);
}

std::vector<std::vector<double>> get_search(const StoredFile& file) {
  std::vector<std::vector<double>> search;
  while (const StoredTensor* tensor = file.find("search." + std::to_string(search.size()))) {
    const Tensor<double> values = restored<double>(*tensor);
    search.emplace_back(values.values().begin(), values.values().end());
  }
  return search;
}

std::optional<HealthMemory> get_health(const StoredFile& file, const Json& document) {
  if (!document.contains("health")) return std::nullopt;
  HealthMemory memory = health_memory_from_json(document["health"]);
  if (const StoredTensor* sums = file.find(sums_key)) {
    const Tensor<double> values = restored<double>(*sums);
    memory.probability_sums.assign(values.values().begin(), values.values().end());
  }
  return memory;
}

Json read_document(const StoredFile& file) {
  const auto text = file.texts.find(document_key);
  if (text == file.texts.end()) throw Error("D21", "the checkpoint is a file of another kind");
  return parse_json(text->second);
}

// Early versions stored the fingerprint as text, and without best_by, which was always the loss.
Json get_fingerprint(const Json& document) {
  Json fingerprint = document.at("fingerprint");
  if (fingerprint.is_string()) {
    fingerprint = parse_json(fingerprint.get<std::string>());
    if (!fingerprint.contains("best_by")) fingerprint["best_by"] = "loss";
  }
  if (!fingerprint.is_object()) throw Error("D21", "the checkpoint's description is damaged");
  // Settings that did not exist then: a training had what is now their default.
  fingerprint.emplace("patience_factor", 1);
  fingerprint.emplace("dropout_schedule", "constant");
  fingerprint.emplace("decay_schedule", "constant");
  if (fingerprint.value("optimizer", "") == AdamW::name && fingerprint["settings"].is_object())
    fingerprint["settings"].emplace("decays", "weights");
  return fingerprint;
}

// Throws D21 if counters of the state contradict each other.
template <class T>
void check_counts(const TrainingState<T>& state) {
  const auto epochs = static_cast<std::int64_t>(state.history.epochs.size());
  const bool whole = state.epochs_done == epochs && state.steps >= 0 && state.plateaus >= 0 &&
                     state.since_better >= 0 && state.since_best >= 0 && state.history.best_epoch >= 0 &&
                     state.history.best_epoch <= epochs;
  if (!whole) throw Error("D21", "the checkpoint is damaged: its counts do not agree");
}

}  // namespace

template <class T>
std::string write_checkpoint(const TrainingState<T>& state, const Json& fingerprint, const std::string& note,
                             const HealthMemory* health) {
  Json document = {
      {"fingerprint", fingerprint},           {"epochs_done", state.epochs_done},   {"steps", state.steps},
      {"plateaus", state.plateaus},           {"since_better", state.since_better}, {"since_best", state.since_best},
      {"best_loss", number(state.best_loss)}, {"has_best", !state.best.empty()},    {"exhausted", state.exhausted},
      {"history", to_json(state.history)}};
  if (state.kind != "training") document["kind"] = state.kind;
  if (state.learning_rate) document["learning_rate"] = *state.learning_rate;
  if (health != nullptr) document["health"] = to_json(*health);
  StoredFile file;
  file.texts[document_key] = document.dump();
  if (!note.empty()) file.texts[note_key] = note;
  put(file, "parameter.", state.parameters);
  put(file, "best.", state.best);
  for (std::size_t p = 0; p < state.optimizer.size(); ++p)
    put(file, "state." + std::to_string(p) + ".", state.optimizer[p].slots);
  for (std::size_t i = 0; i < state.search.size(); ++i) put(file, "search." + std::to_string(i), state.search[i]);
  if (health != nullptr && !health->probability_sums.empty()) put(file, sums_key, health->probability_sums);
  return write_safetensors(file);
}

template <class T>
TrainingState<T> read_checkpoint(const std::string& bytes, const BasicModel<T>& model, const Json& fingerprint,
                                 const std::string& kind) try {
  const StoredFile file = read_safetensors(bytes, "the checkpoint");
  const Json document = read_document(file);
  TrainingState<T> state;
  state.kind = document.value("kind", "training");
  if (state.kind != kind) throw Error("D21", "the bytes are the state of a " + state.kind + ", not of a " + kind);
  require_same(get_fingerprint(document), fingerprint);
  state.epochs_done = document.at("epochs_done");
  state.steps = document.at("steps");
  state.plateaus = document.at("plateaus");
  state.since_better = document.at("since_better");
  state.since_best = document.at("since_best");
  state.best_loss = number(document.at("best_loss"), std::numeric_limits<double>::infinity());
  state.exhausted = document.value("exhausted", "");
  if (document.contains("learning_rate")) state.learning_rate = document["learning_rate"].get<double>();
  state.history = history_from_json(document.at("history"));
  state.search = get_search(file);
  state.health = get_health(file, document);
  check_counts(state);
  const bool has_best = document.at("has_best");
  for (std::size_t p = 0; p < model.parameters().size(); ++p) {
    const Shape& shape = model.parameters()[p].value.shape();
    const std::string index = std::to_string(p);
    state.parameters.push_back(get<T>(file, "parameter." + index, shape));
    if (has_best) state.best.push_back(get<T>(file, "best." + index, shape));
    ParameterState<T>& slots = state.optimizer.emplace_back();
    for (int s = 0; file.find("state." + index + "." + std::to_string(s)); ++s) {
      slots.slots.push_back(get<T>(file, "state." + index + "." + std::to_string(s), shape));
    }
  }
  return state;
} catch (const Json::exception&) {
  throw Error("D21", "the checkpoint's description is not as this version writes it");
}

CheckpointInfo checkpoint_info(const std::string& bytes) try {
  const StoredFile file = read_safetensors(bytes, "the checkpoint");
  const Json document = read_document(file);
  const auto note = file.texts.find(note_key);
  return {history_from_json(document.at("history")), note == file.texts.end() ? "" : note->second,
          is_complete(get_fingerprint(document))};
} catch (const Json::exception&) {
  throw Error("D21", "the checkpoint's description is not as this version writes it");
}

template std::string write_checkpoint(const TrainingState<float>&, const Json&, const std::string&,
                                      const HealthMemory*);
template std::string write_checkpoint(const TrainingState<double>&, const Json&, const std::string&,
                                      const HealthMemory*);
template TrainingState<float> read_checkpoint(const std::string&, const BasicModel<float>&, const Json&,
                                              const std::string&);
template TrainingState<double> read_checkpoint(const std::string&, const BasicModel<double>&, const Json&,
                                               const std::string&);

}  // namespace pellucid
