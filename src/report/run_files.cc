// report.json as JSON, with what is wrong about it said in words. Not here: what its fields mean.
#include "report/run_files.h"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "core/file.h"
#include "pellucid/error.h"

namespace pellucid {

Json read_object(const std::string& file) {
  Json json = parse_json(read_file(file));
  if (!json.is_object()) throw Error("D16", file + " is damaged: it is not a JSON object");
  return json;
}

Json read_report(const std::string& run) {
  namespace fs = std::filesystem;
  const std::string file = run + "/report.json";
  std::error_code ignored;
  if (fs::is_directory(run, ignored) && !is_there(file)) {
    throw Error("D10", "no run in " + run + ": it holds no report.json", {"pellucid train leaves one at its end"});
  }
  Json json = read_object(file);
  const auto version = json.find("v");
  const bool whole = version != json.end() && version->is_number_integer();
  if (version != json.end() && (!whole || version->get<std::int64_t>() > report_version)) {
    throw Error("D40",
                fmt::format("{} is of version {}, this program reads up to {}", file, version->dump(), report_version),
                {"use the pellucid that wrote it"});
  }
  if (text_in(json, "run").empty()) {
    throw Error("D40", file + " is not a report of pellucid: it names no run");
  }
  return json;
}

double number_in(const Json& object, const char* name) {
  const auto entry = object.find(name);
  return entry != object.end() && entry->is_number() ? entry->get<double>() : std::numeric_limits<double>::quiet_NaN();
}

std::string text_in(const Json& object, const char* name) {
  const auto entry = object.find(name);
  return entry != object.end() && entry->is_string() ? entry->get<std::string>() : std::string();
}

}  // namespace pellucid
