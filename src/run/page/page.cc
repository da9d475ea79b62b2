// Fills the page with a run. Not here: reading a run (run_files.h).
#include "run/page/page.h"

#include "core/file.h"
#include "pellucid/error.h"
#include "run/run_files.h"
#include "run/run_json.h"

namespace pellucid {

namespace {

constexpr std::size_t most_columns = 200;  // largest number of columns that the page lists

// Removes parts of the report that the page does not show for very wide tables; report.json keeps them.
Json shown(Json report) {
  const auto columns = report.find("preprocessed");
  if (columns == report.end() || !columns->is_array() || columns->size() <= most_columns) return report;
  const std::size_t count = columns->size();
  columns->get_ref<Json::array_t&>().resize(most_columns);
  report["preprocessed_columns"] = count;
  return report;
}

}  // namespace

std::string fill_page(std::string_view page, const Json& report, const Json& examples) {
  static constexpr std::string_view mark = "@PELLUCID_RUN@";
  const std::size_t place = page.find(mark);
  if (place == std::string_view::npos) throw Error("P01", "the page inside the program has no place for a run");
  std::string text(page.substr(0, place));
  for (const char c : json_text({{"report", shown(report)}, {"examples", examples}})) {
    if (c == '<') {
      text += "\\u003c";
    } else {
      text += c;
    }
  }
  return text.append(page.substr(place + mark.size()));
}

void write_page(std::string_view page, const Json& report, const std::string& folder, const std::string& file) {
  const std::string examples = folder + "/examples.json";
  write_file(file, fill_page(page, report, is_there(examples) ? read_object(examples) : Json()));
}

}  // namespace pellucid
