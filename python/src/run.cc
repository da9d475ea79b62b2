// train() and the class Run of pellucid._core.
// Not here: the table (tables.cc), progress and display (pellucid/_progress.py, pellucid/_display.py).
#include "pellucid/run.h"

#include "core/json.h"
#include "nets.h"
#include "pellucid/events.h"
#include "run/page/examples.h"
#include "run/page/page.h"
#include "run/run_json.h"

namespace pellucid::python {

namespace {

using SharedRun = std::shared_ptr<Run>;

// What Python needs of a run.
struct PyRun {
  SharedRun run;
};

std::string json_of(const Finding& finding) {
  return json_text(finding_json(finding));
}

// Passes events on to a function of Python, tell(name, json); looks for Ctrl-C.
class PyEvents : public Events {
 public:
  PyEvents(Interrupt& interrupt, nb::object tell) : interrupt_(interrupt), tell_(std::move(tell)) {}

  void on_folder(const std::string& folder) override { tell("folder", json_text({{"folder", folder}})); }
  void on_data(const Run& run) override { kind_ = run.kind(); }
  void on_plan(const Run& run) override {
    Json start = start_json(run);
    start["expected_seconds"] = run.expected_seconds;
    start["epochs"] = run.fit_options.epochs;
    tell("start", json_text(start));
  }
  void on_finding(const Finding& finding) override { tell("finding", json_of(finding)); }
  void on_step(std::int64_t, const Values<float>&) override { interrupt_.look(); }
  void on_epoch(const EpochRecord& record) override {
    interrupt_.look();
    tell("epoch", json_text(epoch_json(record, kind_)));
  }
  void on_training(std::int64_t number, std::int64_t count) override {
    interrupt_.look();
    tell("training", json_text({{"number", number}, {"count", count}}));
  }
  void on_trained(const Run&) override { tell("trained", "{}"); }

 private:
  void tell(const char* name, const std::string& json) {
    if (tell_.is_none()) return;
    interrupt_.call([&] { tell_(nb::str(name), nb::str(json.c_str(), json.size())); });
  }

  Interrupt& interrupt_;
  nb::object tell_;
  ScoreKind kind_ = ScoreKind::accuracy;
};

// How the folder of a run is written: the page, and a function for SHA-256, which Python has.
FolderOptions folder_options(bool force, const std::string& page, const nb::object& sha256) {
  FolderOptions options{.force = force, .command = "pellucid train", .page = page};
  options.sha256 = [&sha256](const std::string& file) {
    const nb::gil_scoped_acquire gil;
    return nb::cast<std::string>(sha256(file));
  };
  return options;
}

// Takes the cells of the table, which has none afterwards: large data are in memory once.
PyRun train_run(TrainTable& data, const Recipe& recipe, bool write, bool dry_run, bool force, const std::string& page,
                const nb::object& sha256, const nb::object& tell) {
  Interrupt interrupt;
  PyEvents events(interrupt, tell);
  const RunOptions options{
      .write = write, .folder = folder_options(force, page, sha256), .dry_run = dry_run, .cancel = &interrupt.cancel};
  PyRun result;
  {
    const nb::gil_scoped_release released;
    result.run = std::make_shared<Run>(train(std::move(data), recipe, events, options));
  }
  interrupt.raise(true);
  return result;
}

std::string report_text(const PyRun& self) {
  return json_text(report_json(*self.run));
}

std::string page_text(const PyRun& self, const std::string& page) {
  const Run& run = *self.run;
  Json examples;
  if (run.test) examples = examples_json(*run.test, run.split.test, run.test_cells, run.preprocessor, run.model);
  return fill_page(page, report_json(run), examples);
}

void write_run(PyRun& self, const std::string& folder, bool force, const std::string& page, const nb::object& sha256) {
  const FolderOptions options = folder_options(force, page, sha256);
  const nb::gil_scoped_release released;
  self.run->write(folder, options);
}

}  // namespace

void bind_run(nb::module_& m) {
  nb::class_<PyRun>(m, "Run", "The result of a training on a table.")
      .def_prop_ro("net",
                   [](PyRun& self) {  // the run stays in memory with its model, because write() needs both
                     return std::make_unique<Net>(std::shared_ptr<Model>(self.run, &self.run->model));
                   })
      .def_prop_ro("small_net",
                   [](PyRun& self) -> std::unique_ptr<Net> {  // None without the setting distill
                     if (!self.run->small) return nullptr;
                     return std::make_unique<Net>(std::shared_ptr<Model>(self.run, &*self.run->small));
                   })
      .def("take_net", [](PyRun& self) { return std::make_unique<Net>(std::move(self.run->model)); })
      .def_prop_ro("report", &report_text)
      .def_prop_ro("verdict", [](const PyRun& self) { return self.run->verdict; })
      .def_prop_ro("status", [](const PyRun& self) { return self.run->status; })
      .def_prop_ro("folder", [](const PyRun& self) { return self.run->folder; })
      .def("page", &page_text, nb::arg("page"))
      .def("write", &write_run, nb::arg("folder"), nb::arg("force"), nb::arg("page"), nb::arg("sha256"));
  m.def("train", &train_run, nb::arg("data"), nb::arg("recipe"), nb::arg("write"), nb::arg("dry_run"), nb::arg("force"),
        nb::arg("page"), nb::arg("sha256"), nb::arg("tell").none());
}

}  // namespace pellucid::python
