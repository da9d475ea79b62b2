// pellucid tutorial: runs the experiments of five texts and compares the numbers with those of the texts.
// Not here: the experiments (examples/tutorials), the Lesson class (tutorial/).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "app/cli/interrupt.h"
#include "app/commands/command.h"
#include "core/file.h"
#include "core/text.h"
#include "lessons/page.h"
#include "lessons/text_audience.h"
#include "pellucid/error.h"

namespace pellucid::app {
namespace {

using namespace tutorial;

Style style_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::off:
      return Style::error;
    case Verdict::tutorial_errs:
      return Style::warning;
    case Verdict::replayed:
      return Style::faint;
    default:
      return Style::good;
  }
}

/// Shows the output of a lesson on the terminal, as JSON and on the page, as the flags say.
class Listener : public Audience {
 public:
  Listener(Terminal& terminal, bool all, PageAudience* page)
      : terminal_(terminal),
        lines_only_(all),
        page_(page),
        text_([this](const std::string& text) { terminal_.result(text); }, terminal.width(),
              [this](const std::string& text, std::optional<Verdict> verdict) {
                return terminal_.paint_result(verdict ? style_of(*verdict) : Style::label, text);
              }) {}

  void begin(const Tutorial& tutorial) {
    tutorial_ = &tutorial;
    if (page_) page_->title(tutorial);
    if (!json()) text_.title(tutorial);
  }
  void words(const std::string& paragraph) override {
    if (page_) page_->words(paragraph);
    if (!json() && !lines_only_) text_.words(paragraph);
  }
  void comparison(const Comparison& line) override {
    ++counts_[static_cast<std::size_t>(line.verdict)];
    if (page_) page_->comparison(line);
    json() ? static_cast<void>(terminal_.result(json_of(*tutorial_, line) + "\n")) : text_.comparison(line);
  }
  void figure(const figures::Figure& figure) override {
    if (page_) page_->figure(figure);
    if (!json() && !lines_only_) text_.figure(figure);
  }
  void doing(const std::string& what) override { terminal_.live_line(fmt::format("{}: {}", tutorial_->name, what)); }

  int count(Verdict verdict) const { return counts_[static_cast<std::size_t>(verdict)]; }

 private:
  bool json() const { return terminal_.flags().json; }

  Terminal& terminal_;
  bool lines_only_;
  PageAudience* page_;
  TextAudience text_;
  const Tutorial* tutorial_ = nullptr;
  int counts_[6] = {};
};

class TutorialCommand : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("NAME", name_, "which experiment; without a name they are listed")->group("");
    app.add_flag("--all", all_, "run every experiment, show only the comparisons")->group("Tutorial");
    app.add_option("--seed", seed_, "use another seed than the tutorial; the numbers are then not compared")
        ->type_name("N")
        ->group("Tutorial");
    app.add_option("--set", settings_, "change a setting, such as lr=0.1; the list of tutorials names them")
        ->type_name("NAME=VALUE")
        ->group("Tutorial");
    app.add_option("--data", choices_.data_folder, "folder that contains mnist/, paris-housing/ …")
        ->type_name("DIR")
        ->group("Data");
    app.add_option("--html", page_file_, "also write a page with all figures")->type_name("FILE")->group("Output");
    app.add_flag("--json", output.json, "write one JSON line per comparison: v, tutorial, name, expected, got, verdict")
        ->group("Output");
    app.add_flag("--no-progress", output.no_progress, "do not redraw a progress line")->group("Output");
  }

  int run(Terminal& terminal) override {
    read_choices();
    if (all_ && !name_.empty()) throw Error("U02", "tutorial takes a name or --all, not both");
    if (!all_ && name_.empty()) return list(terminal);
    const std::vector<const Tutorial*> chosen =
        all_ ? tutorials() : std::vector<const Tutorial*>{&find_tutorial(name_)};
    PageAudience page;
    Listener listener(terminal, all_, page_file_.empty() ? nullptr : &page);
    catch_interrupts();
    const bool whole = run_lessons(terminal, listener, chosen);
    terminal.live_line("");
    if (!page_file_.empty()) write_file(page_file_, page.text());
    if (!whole) return interrupt_status();
    if (all_ && !output.json) terminal.result(summary(listener));
    return listener.count(Verdict::off) > 0 ? 1 : 0;
  }

 private:
  void read_choices() {
    std::int64_t seed = 0;
    if (!seed_.empty()) {
      if (!parse_integer(seed_, seed) || seed < 0 || seed > 0xFFFFFFFF) {
        throw Error("U12", "seed takes 0 … 4294967295, got " + quote(seed_));
      }
      choices_.seed = static_cast<std::uint32_t>(seed);
    }
    for (const std::string& one : settings_) {
      const std::size_t equals = one.find('=');
      if (equals == std::string::npos || equals == 0) throw Error("U02", "--set takes NAME=VALUE, got " + quote(one));
      choices_.settings[one.substr(0, equals)] = one.substr(equals + 1);
    }
    choices_.cancel = &interrupted();
  }

  /// Returns false if it was interrupted.
  bool run_lessons(Terminal& terminal, Listener& listener, const std::vector<const Tutorial*>& chosen) const {
    for (const Tutorial* one : chosen) {
      listener.begin(*one);
      try {
        Lesson lesson(*one, choices_, listener);
        one->run(lesson);
      } catch (const Cancelled&) {
        return false;
      } catch (const Error& error) {
        if (!all_ || error.code() != "D25") throw;
        terminal.say(fmt::format("{} was left out: {}", one->name, error.what()));
      }
      if (!output.json) terminal.result("\n");
    }
    return true;
  }

  static std::string summary(const Listener& listener) {
    std::string text;
    for (const Verdict verdict : {Verdict::exact, Verdict::in_range, Verdict::better, Verdict::tutorial_errs,
                                  Verdict::off, Verdict::replayed}) {
      const int count = listener.count(verdict);
      if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : " · ", count, text_of(verdict));
    }
    return text + "\n";
  }

  static int list(Terminal& terminal) {
    std::string text;
    for (const Tutorial* one : tutorials()) {
      text += fmt::format("{:<21}{}  {}\n", one->name, one->from, one->summary);
      for (const Setting& setting : one->settings) {
        text += fmt::format("{:26}--set {}={}  {}\n", "", setting.name, setting.value, setting.help);
      }
    }
    terminal.result(text);
    return 0;
  }

  std::string name_, seed_, page_file_;
  std::vector<std::string> settings_;
  bool all_ = false;
  Choices choices_;
};

}  // namespace

std::unique_ptr<Command> make_tutorial() {
  return std::make_unique<TutorialCommand>();
}

}  // namespace pellucid::app
