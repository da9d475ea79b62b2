// pellucid_train: a table and a recipe become a model, with an event for each step of the way.
// Not here: the course of a training (run/train.cc), settings as JSON (recipe/recipe_json.cc).
#include "c_interface/handles.h"
#include "c_interface/last_error.h"
#include "pellucid/run.h"
#include "recipe/recipe_json.h"
#include "run/run_json.h"

namespace {

using namespace pellucid;

// Forwards events as JSON, and returns whether training should stop.
class JsonEvents : public Events {
 public:
  JsonEvents(pellucid_event event, void* context) : event_(event), context_(context) {}

  void on_data(const Run& run) override {
    kind_ = run.kind();
    tell("start", start_json(run));
  }
  void on_finding(const Finding& finding) override { tell("finding", finding_json(finding)); }
  void on_epoch(const EpochRecord& record) override { tell("epoch", epoch_json(record, kind_)); }
  void on_result(const Run& run) override { tell("end", end_json(run)); }

  const std::atomic<bool>& cancelled() const noexcept { return cancelled_; }

 private:
  void tell(const char* name, const Json& fields) {
    if (event_ == nullptr) return;
    if (event_(json_text(event_json(name, fields)).c_str(), context_) != 0) cancelled_ = true;
  }

  pellucid_event event_;
  void* context_;
  ScoreKind kind_ = ScoreKind::accuracy;
  std::atomic<bool> cancelled_{false};
};

}  // namespace

extern "C" {

pellucid_model* pellucid_train(const pellucid_table* table, const char* recipe, pellucid_event event, void* context) {
  return c::guarded<pellucid_model*>(nullptr, [&] {
    const Table& rows = c::given(table, "table").table;
    Recipe settings;
    settings.data.file = rows.source;
    set_settings(settings, &c::given(recipe, "recipe"), "recipe");
    JsonEvents events(event, context);
    return c::handle_of(train(rows, settings, events, {.cancel = &events.cancelled()}).model);
  });
}
}
