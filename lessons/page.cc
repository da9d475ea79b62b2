// PageAudience: lessons as an HTML page. Not here: the lessons (lessons/experiments), figures and style
// (lessons/figures).
#include "lessons/page.h"

#include <fmt/format.h>

namespace pellucid::tutorial {
namespace {

using figures::escaped;

constexpr std::string_view own_style = R"(
.verdict { font-weight: 600; white-space: nowrap; } .off { color: var(--vermillion); }
.tutorial-errs { color: var(--purple); } .exact, .in-range, .better { color: var(--green); }
td.numbers { font-family: ui-monospace, monospace; font-size: .85rem; max-width: 24rem; }
)";

const char* class_of(Verdict verdict) {
  static constexpr const char* classes[] = {"exact", "in-range", "better", "tutorial-errs", "off", "replayed"};
  return classes[static_cast<std::size_t>(verdict)];
}

}  // namespace

void PageAudience::begin(Part part) {
  if (part == open_) return;
  if (open_ == Part::figures) body_ += "</div>\n";
  if (open_ == Part::table) body_ += "</table>\n";
  if (part == Part::figures) body_ += "<div class=\"figures\">\n";
  if (part == Part::table) {
    body_ +=
        "<table><tr><th scope=\"col\">what</th><th scope=\"col\">the tutorial</th><th scope=\"col\">ours</th>"
        "<th scope=\"col\">verdict</th></tr>\n";
  }
  open_ = part;
}

void PageAudience::title(const Tutorial& tutorial) {
  begin(Part::none);
  contents_ += fmt::format("<li><a href=\"#{0}\">{0}</a>: {1}</li>\n", tutorial.name, escaped(tutorial.summary));
  body_ += fmt::format("<h2 id=\"{0}\">{0}</h2>\n<p>From text {1}: {2}.</p>\n", tutorial.name, tutorial.from,
                       escaped(tutorial.summary));
}

void PageAudience::words(const std::string& paragraph) {
  begin(Part::none);
  body_ += "<p>" + escaped(paragraph) + "</p>\n";
}

void PageAudience::comparison(const Comparison& line) {
  begin(Part::table);
  const std::string note = line.note.empty() ? "" : "<br>" + escaped(line.note);
  body_ += fmt::format(
      "<tr><td>{}{}</td><td class=\"numbers\">{}</td><td class=\"numbers\">{}</td><td class=\"verdict "
      "{}\">{}</td></tr>\n",
      escaped(line.name), note, escaped(line.expected), escaped(line.got_text), class_of(line.verdict),
      text_of(line.verdict));
}

void PageAudience::figure(const figures::Figure& figure) {
  begin(Part::figures);
  body_ += figures::html_of(figure);
}

std::string PageAudience::text() const {
  PageAudience closed = *this;
  closed.begin(Part::none);
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>pellucid: the tutorials</title>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
      "style-src 'unsafe-inline'\">\n<style>{}{}</style></head>\n<body><main>\n<h1>The tutorials, digit for "
      "digit</h1>\n"
      "<p>Each number was computed when this page was made, by pellucid "
      "{}.</p>\n<ul>\n{}</ul>\n{}</main></body></html>\n",
      figures::page_style(), own_style, version(), contents_, closed.body_);
}

}  // namespace pellucid::tutorial
