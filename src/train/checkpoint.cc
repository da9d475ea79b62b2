// A training run's state as a safetensors file and back.
// Not here: when it is taken (fit.cc).
#include <algorithm>
#include <cmath>

#include "core/settings.h"
#include "formats/safetensors.h"
#include "pellucid/error.h"
#include "train/fit_state.h"

namespace pellucid {
namespace {

constexpr const char* document_key = "pellucid.checkpoint";

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

template <class T>
Tensor<T> get(const StoredFile& file, const std::string& name, const Shape& shape) {
  const StoredTensor* tensor = file.find(name);
  if (tensor == nullptr || !(tensor->shape == shape))
    throw Error("U20", "the checkpoint belongs to another model: " + name + " differs");
  return restored<T>(*tensor);
}

}  // namespace

template <class T>
std::string write_checkpoint(const FitState<T>& state, const std::string& fingerprint) {
  const Json document = {{"fingerprint", fingerprint},
                         {"epochs_done", state.epochs_done},
                         {"steps", state.steps},
                         {"plateaus", state.plateaus},
                         {"since_better", state.since_better},
                         {"since_best", state.since_best},
                         {"best_loss", number(state.best_loss)},
                         {"has_best", !state.best.empty()},
                         {"history", to_json(state.history)}};
  StoredFile file;
  file.texts[document_key] = document.dump();
  put(file, "parameter.", state.parameters);
  put(file, "best.", state.best);
  for (std::size_t p = 0; p < state.optimizer.size(); ++p)
    put(file, "state." + std::to_string(p) + ".", state.optimizer[p].slots);
  return write_safetensors(file);
}

template <class T>
FitState<T> read_checkpoint(const std::string& bytes, const BasicModel<T>& model, const std::string& fingerprint) try {
  const StoredFile file = read_safetensors(bytes, "the checkpoint");
  const auto text = file.texts.find(document_key);
  if (text == file.texts.end()) throw Error("D21", "the checkpoint is a file of another kind");
  const Json document = parse_json(text->second);
  if (document.at("fingerprint") != fingerprint) {
    throw Error("U20", "the checkpoint was made with other settings or data",
                {"then: " + document.at("fingerprint").get<std::string>(), "now:  " + fingerprint});
  }
  FitState<T> state;
  state.epochs_done = document.at("epochs_done");
  state.steps = document.at("steps");
  state.plateaus = document.at("plateaus");
  state.since_better = document.at("since_better");
  state.since_best = document.at("since_best");
  state.best_loss = number(document.at("best_loss"), std::numeric_limits<double>::infinity());
  state.history = history_from_json(document.at("history"));
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

template std::string write_checkpoint(const FitState<float>&, const std::string&);
template std::string write_checkpoint(const FitState<double>&, const std::string&);
template FitState<float> read_checkpoint(const std::string&, const BasicModel<float>&, const std::string&);
template FitState<double> read_checkpoint(const std::string&, const BasicModel<double>&, const std::string&);

}  // namespace pellucid
