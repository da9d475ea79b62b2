// The functions of pellucid_c.h about models. Not here: training one (training.cc).
#include <algorithm>

#include "c_interface/handles.h"
#include "c_interface/last_error.h"
#include "run/model_json.h"
#include "run/run_files.h"
#include "run/run_json.h"

namespace pellucid::c {
namespace {

// Models with heads and models without a preprocessor have no prediction that is one list of numbers.
std::size_t outputs_of(const Model& model) {
  if (!model.preprocessor || !model.heads().empty()) return 0;
  const Preprocessor& by = *model.preprocessor;
  return by.is_classification() && by.targets.size() == 1 ? by.targets.front().classes.size() : by.targets.size();
}

}  // namespace

LoadedModel::LoadedModel(Model trained)
    : model(std::move(trained)), description(json_text(model_json(model))), outputs(outputs_of(model)) {}

pellucid_model* handle_of(Model model) {
  return new pellucid_model{std::make_shared<const LoadedModel>(std::move(model))};
}

}  // namespace pellucid::c

using namespace pellucid;
using namespace pellucid::c;

extern "C" {

pellucid_model* pellucid_load(const char* path) {
  return guarded<pellucid_model*>(nullptr, [&] { return handle_of(Model::load(model_path(&given(path, "path")))); });
}

pellucid_model* pellucid_load_bytes(const void* bytes, size_t size) {
  return guarded<pellucid_model*>(nullptr, [&] {
    const char& first = given(static_cast<const char*>(bytes), "bytes");
    return handle_of(Model::from_bytes({&first, size}));
  });
}

void pellucid_free(pellucid_model* model) {
  delete model;
}

int pellucid_save(const pellucid_model* model, const char* path) {
  return guarded(PELLUCID_FAILED, [&] {
    given(model, "model").loaded->model.save(&given(path, "path"));
    return 0;
  });
}

const void* pellucid_bytes(const pellucid_model* model, size_t* size) {
  return guarded<const void*>(nullptr, [&] {
    const LoadedModel& loaded = *given(model, "model").loaded;
    given(size, "size");
    std::call_once(loaded.written, [&] { loaded.bytes = loaded.model.to_bytes(); });
    *size = loaded.bytes.size();
    return loaded.bytes.data();
  });
}

const char* pellucid_describe(const pellucid_model* model) {
  return guarded<const char*>(nullptr, [&] { return given(model, "model").loaded->description.c_str(); });
}

size_t pellucid_outputs(const pellucid_model* model) {
  return guarded<size_t>(0, [&] { return given(model, "model").loaded->outputs; });
}

int pellucid_predict_rows(const pellucid_model* model, const float* rows, size_t count, size_t width, float* outputs,
                          size_t capacity) {
  return guarded(PELLUCID_FAILED, [&] {
    const Model& trained = given(model, "model").loaded->model;
    given(rows, "rows");
    product(count, width);
    const auto of_a_row = static_cast<size_t>(trained.output_shape().elements());
    require_room(outputs, capacity, product(count, of_a_row));
    const auto columns = static_cast<std::int64_t>(width);
    const Tensor<float> y =
        trained.predict(View<const float>{rows, static_cast<std::int64_t>(count), columns, columns});
    std::ranges::copy(y.values(), outputs);
    return 0;
  });
}
}
