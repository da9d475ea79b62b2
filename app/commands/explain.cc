// pellucid explain: what a code or a kind is. Not here: the texts themselves (the tables of codes and kinds).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cctype>

#include "app/commands/command.h"
#include "app/text/kind_texts.h"
#include "core/error_codes.h"
#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid::app {
namespace {

constexpr int indent = 10;

std::string field(const char* label, const std::string& text, int width) {
  return text.empty() ? "" : fmt::format("{:<{}}{}\n", label, indent, wrapped(text, width, indent));
}

std::string code_text(const CodeInfo& info, int width) {
  return fmt::format("{} · {}\n\n", info.code, info.title) + field("what", info.meaning, width) +
         field("do", info.way_out, width);
}

std::string kind_text(const KindText& kind, int width) {
  std::string text = fmt::format("{} · {}\n\n", kind.name, kind.sort) + field("what", kind.help, width) +
                     field("formula", kind.formula, width);
  for (std::size_t i = 0; i < kind.settings.size(); ++i)
    text += field(i == 0 ? "settings" : "", kind.settings[i], width);
  return text + field("example", kind.example, width) + field("source", kind.source, width);
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string list_all(int width) {
  std::string text = "Errors and findings\n";
  for (const CodeInfo& info : code_table()) text += fmt::format("  {}  {}\n", info.code, info.title);
  std::string sort;
  std::vector<std::string> names;
  const auto flush = [&] {
    if (!names.empty()) text += fmt::format("{:<{}}{}\n", sort, 14, wrapped(join(names, " "), width, 14));
    names.clear();
  };
  text += "\n";
  for (const KindText& kind : kind_texts()) {
    if (kind.sort != sort) flush();
    sort = kind.sort;
    names.push_back(kind.name);
  }
  flush();
  return text;
}

class Explain : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("WORD", word_, "a code such as N01, or a kind such as relu")->group("");
  }

  int run(Terminal& terminal) override {
    const int width = std::min(terminal.width(), 100);
    if (word_.empty()) {
      terminal.result(list_all(width));
      return 0;
    }
    std::vector<std::string> known;
    for (const CodeInfo& info : code_table()) {
      if (upper(word_) == info.code) return show(terminal, code_text(info, width));
      known.emplace_back(info.code);
    }
    std::string text;
    for (const KindText& kind : kind_texts()) {
      if (word_ == kind.name) text += (text.empty() ? "" : "\n") + kind_text(kind, width);
      known.push_back(kind.name);
    }
    if (!text.empty()) return show(terminal, text);
    const std::string near = closest(word_, known);
    throw Error("U11", "nothing to explain under " + quote(word_),
                {near.empty() ? "all words: pellucid explain" : "did you mean " + near + "?"});
  }

 private:
  static int show(Terminal& terminal, const std::string& text) {
    terminal.result(text);
    return 0;
  }

  std::string word_;
};

}  // namespace

std::unique_ptr<Command> make_explain() {
  return std::make_unique<Explain>();
}

}  // namespace pellucid::app
