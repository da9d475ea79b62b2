// pellucid fetch: downloads a public data set, or lists all data sets and whether each is present.
// Not here: the catalogue (data/catalogue.json), HTTP (download.cc), the folders that are searched for data
// (data_folders.cc).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdlib>
#include <optional>

#include "app/cli/interrupt.h"
#include "app/commands/command.h"
#include "app/fetch/download.h"
#include "app/fetch/sha256.h"
#include "core/file.h"
#include "core/text.h"
#include "data/catalogue.h"
#include "data/data_folders.h"
#include "data/made_file.h"
#include "pellucid/error.h"
#include "run/run_json.h"

namespace pellucid::app {
namespace {

using Clock = std::chrono::steady_clock;

std::string size_text(std::uint64_t bytes) {
  return bytes_text(static_cast<double>(bytes));
}

// The live line "NAME 4.2 of 9.5 MiB eta …", redrawn at most ten times per second.
class LiveDownload {
 public:
  LiveDownload(Terminal& terminal, const CatalogueFile& file) : terminal_(terminal), file_(file) {}
  ~LiveDownload() { terminal_.live_line(""); }

  void draw(std::uint64_t done) {
    const auto now = Clock::now();
    if (!terminal_.live() || now - drawn_ < std::chrono::milliseconds(100)) return;
    if (drawn_ == Clock::time_point{}) first_ = done;
    drawn_ = now;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    const double rate = done > first_ ? static_cast<double>(done - first_) / seconds : 0;
    const double left = rate > 0 ? static_cast<double>(file_.size - done) / rate : -1;
    terminal_.live_line(fmt::format("{} {} of {} eta {}",
                                    progress_bar(static_cast<double>(done) / static_cast<double>(file_.size)),
                                    size_text(done), size_text(file_.size), duration_text(left)));
  }

 private:
  Terminal& terminal_;
  const CatalogueFile& file_;
  Clock::time_point start_ = Clock::now(), drawn_{};
  std::uint64_t first_ = 0;
};

class Fetch : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("NAME", name_, "the data set; none: list them")->group("");
    app.add_option("--into", into_, "store it in DIR/NAME instead of the cache folder")
        ->type_name("DIR")
        ->group("Data");
    app.add_option("--catalogue", catalogue_, "read the list of data sets from a file instead of the built-in one")
        ->type_name("FILE")
        ->group("Data");
    app.add_flag("--json", output.json, "write one JSON object to standard output")->group("Output");
    app.add_flag("-q,--quiet", output.quiet, "show no progress; -qq: only the folder")->group("Output");
    app.add_flag("--no-progress", output.no_progress, "do not redraw a progress line")->group("Output");
  }

  int run(Terminal& terminal) override {
    sets_ = catalogue_.empty() ? built_in_catalogue() : parse_catalogue(read_file(catalogue_, 1 << 20), catalogue_);
    if (into_.empty()) into_ = cache_folder();
    if (name_.empty()) return list(terminal);
    catch_interrupts();
    downloader_.emplace();
    return fetch(terminal, find_set());
  }

 private:
  const CatalogueSet& find_set() const {
    std::vector<std::string> names;
    for (const CatalogueSet& set : sets_) {
      if (set.name == name_) return set;
      names.push_back(set.name);
    }
    const std::string near = closest(name_, names);
    throw Error("U02", "no data set " + quote(name_),
                {near.empty() ? "there are: " + join(names, ", ") : "did you mean " + near + "?"});
  }

  std::string folder_of(const CatalogueSet& set) const { return into_ + "/" + set.name; }

  // "yes" if all files are present and complete, "no" if none is, otherwise "part".
  std::string here(const CatalogueSet& set) const {
    std::size_t whole = 0;
    for (const CatalogueFile& file : set.files) {
      whole += file_holds(folder_of(set) + "/" + file.name, file.size, file.sha256) ? 1 : 0;
    }
    return whole == set.files.size() ? "yes" : whole == 0 ? "no" : "part";
  }

  int list(Terminal& terminal) const {
    Json sets = Json::array();
    std::string text = fmt::format("{:<20}{:>9}  {:<6}{}\n", "data set", "size", "here", "what, licence");
    for (const CatalogueSet& set : sets_) {
      const std::string state = here(set);
      text += fmt::format("{:<20}{:>9}  {:<6}{}\n", set.name, size_text(set.download_size()), state, set.about);
      text += fmt::format("{:<37}{}\n", "", set.licence);
      sets.push_back({{"name", set.name},
                      {"bytes", set.download_size()},
                      {"here", state},
                      {"folder", folder_of(set)},
                      {"about", set.about},
                      {"licence", set.licence}});
    }
    text += fmt::format("\n{:<10}{}\n{:<10}pellucid fetch {}\n", "folder", into_, "next", sets_.front().name);
    terminal.result(output.json ? json_text({{"v", 1}, {"folder", into_}, {"sets", sets}}) + "\n" : text);
    return 0;
  }

  int fetch(Terminal& terminal, const CatalogueSet& set) {
    const std::string folder = folder_of(set);
    make_folders(folder, "choose another with --into DIR");
    Json files = Json::array();
    for (const CatalogueFile& file : set.files) {
      const Json result = obtain(terminal, set, file, folder);
      if (interrupt_status() != 0) {
        terminal.say("interrupted; the same command continues where it stopped");
        return interrupt_status();
      }
      files.push_back(result);
      if (output.quiet == 0) terminal.say(line_of(result));
    }
    show(terminal, set, folder, files);
    return 0;
  }

  // Makes sure that the complete file is in the folder, and returns what was done for it.
  Json obtain(Terminal& terminal, const CatalogueSet& set, CatalogueFile file, const std::string& folder) {
    Json result = {{"name", file.name}, {"bytes", file.size}, {"state", "there"}};
    const std::string path = folder + "/" + file.name;
    if (file_holds(path, file.size, file.sha256)) return result;
    if (!file.from.empty()) {
      write_made(file, folder, path);
      result["state"] = "made";
      result["from"] = file.from;
      return result;
    }
    const char* mirror = std::getenv("PELLUCID_FETCH_MIRROR");
    if (mirror != nullptr && *mirror != '\0') file.addresses = {mirror_address(mirror, set, file)};
    LiveDownload live(terminal, file);
    const std::string from = downloader_->fetch(file, folder, [&live](std::uint64_t done) { live.draw(done); });
    result["from"] = without_password(from);
    result["state"] = "fetched";
    return result;
  }

  static std::string mirror_address(std::string mirror, const CatalogueSet& set, const CatalogueFile& file) {
    if (!mirror.starts_with("http://") && !mirror.starts_with("https://")) {
      throw Error("U02",
                  "PELLUCID_FETCH_MIRROR begins with http:// or https://, got " + quote(without_password(mirror)));
    }
    if (!mirror.ends_with('/')) mirror += '/';
    return address_of(address_of(mirror, set.name) + "/", file.name);
  }

  static void write_made(const CatalogueFile& file, const std::string& folder, const std::string& path) {
    const std::string bytes = make_file(file, folder);
    const std::string sum = sha256_of(bytes);
    if (bytes.size() != file.size || sum != file.sha256) {
      throw Error("D24", fmt::format("{} made of {} is not the expected file", file.name, file.from),
                  {"its sha256 is " + sum + ", expected " + file.sha256});
    }
    write_file(path, bytes);
  }

  static std::string line_of(const Json& result) {
    std::string text = fmt::format("{:<10}{} · {}", result["state"].get<std::string>(),
                                   result["name"].get<std::string>(), size_text(result["bytes"]));
    if (result.contains("from")) text += " · from " + result["from"].get<std::string>();
    return text;
  }

  void show(Terminal& terminal, const CatalogueSet& set, const std::string& folder, const Json& files) const {
    if (output.json) {
      terminal.result(json_text({{"v", 1}, {"name", set.name}, {"folder", folder}, {"files", files}}) + "\n");
      return;
    }
    std::string next = set.next;
    const std::size_t place = next.find("{folder}");
    if (place != std::string::npos) next.replace(place, 8, folder);
    if (!next.empty() && output.quiet < 2) terminal.result(fmt::format("{:<10}{}\n", "next", next));
    terminal.path(folder);
  }

  std::string name_, into_, catalogue_;
  std::vector<CatalogueSet> sets_;
  std::optional<Downloader> downloader_;
};

}  // namespace

std::unique_ptr<Command> make_fetch() {
  return std::make_unique<Fetch>();
}

}  // namespace pellucid::app
