// pellucid explain: explains an error code, a term, a kind or a setting.
// Not here: the texts (core/error_codes.cc, text/glossary.cc, text/kind_texts.cc, text/setting_texts.cc).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>

#include "app/cli/flag_text.h"
#include "app/commands/command.h"
#include "app/text/glossary.h"
#include "app/text/kind_texts.h"
#include "core/error_codes.h"
#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid::app {
namespace {

constexpr int indent = 10;

// The form in which names are compared: lower case, blanks instead of "-" and "_", "R²" as "r2".
std::string key_of(std::string_view words) {
  std::string key;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words.substr(i).starts_with("²")) {
      key += '2';
      ++i;
    } else if (words[i] == '-' || words[i] == '_') {
      key += ' ';
    } else {
      key += static_cast<char>(std::tolower(static_cast<unsigned char>(words[i])));
    }
  }
  return key;
}

// The keys of a term and of its synonyms.
std::vector<std::string> keys_of(const Term& term) {
  std::vector<std::string> keys{key_of(term.name)};
  const std::string_view also = term.also;
  for (std::size_t begin = 0; begin < also.size();) {
    const std::size_t end = std::min(also.find(", ", begin), also.size());
    keys.push_back(key_of(also.substr(begin, end - begin)));
    begin = end + 2;
  }
  return keys;
}

std::string field(const char* label, const std::string& text, int width) {
  return text.empty() ? "" : fmt::format("{:<{}}{}\n", label, indent, wrapped(text, width, indent));
}

std::string code_text(const CodeInfo& info, int width) {
  return fmt::format("{} · {}\n\n", info.code, info.title) + field("what", with_flags(info.meaning), width) +
         field("do", with_flags(info.way_out), width);
}

std::string term_text(const Term& term, int width) {
  return fmt::format("{} · term\n\n", term.name) + wrapped(term.text, width, 0) + "\n";
}

std::string kind_text(const KindText& kind, int width) {
  std::string text = fmt::format("{} · {}\n\n", kind.name, kind.sort) + field("what", kind.help, width) +
                     field("formula", kind.formula, width);
  for (std::size_t i = 0; i < kind.settings.size(); ++i)
    text += field(i == 0 ? "settings" : "", kind.settings[i], width);
  return text + field("example", kind.example, width) + field("source", kind.source, width);
}

// Finds the explanations of a name by its key.
class Texts {
 public:
  // The text of every meaning of the words, separated by empty lines; "" if there is none.
  std::string about(const std::string& words, int width) {
    const std::string key = key_of(words);
    std::string text;
    const auto add = [&text](const std::string& more) { text += (text.empty() ? "" : "\n") + more; };
    for (const CodeInfo& info : code_table()) {
      if (knows(key, info.code)) add(code_text(info, width));
    }
    for (const Term& term : glossary()) {
      const std::vector<std::string> keys = keys_of(term);
      known_.insert(known_.end(), keys.begin(), keys.end());
      if (std::find(keys.begin(), keys.end(), key) != keys.end()) add(term_text(term, width));
    }
    for (const KindText& kind : kind_texts()) {
      if (knows(key, kind.name)) add(kind_text(kind, width));
    }
    return text;
  }

  // The most similar name that has an explanation, or "".
  std::string nearest(const std::string& words) const { return closest(key_of(words), known_); }

 private:
  bool knows(const std::string& key, const std::string& name) {
    known_.push_back(key_of(name));
    return known_.back() == key;
  }

  std::vector<std::string> known_;
};

// Lists names, one line per group, such as "Network  activation, dense layer, …".
class Lines {
 public:
  Lines(int label, const char* between, int width) : label_(label), between_(between), width_(width) {}
  void add(const std::string& sort, const std::string& name) {
    if (sort != sort_) flush();
    sort_ = sort;
    names_.push_back(name);
  }
  std::string text() {
    flush();
    return text_;
  }

 private:
  void flush() {
    if (!names_.empty())
      text_ += fmt::format("  {:<{}}{}\n", sort_, label_, wrapped(join(names_, between_), width_, label_ + 2));
    names_.clear();
  }

  int label_;
  const char* between_;
  int width_;
  std::string sort_, text_;
  std::vector<std::string> names_;
};

const char* group_of(char letter) {
  switch (letter) {
    case 'U':
      return "calls and settings";
    case 'D':
      return "data";
    case 'H':
      return "training";
    case 'N':
      return "numbers";
    case 'M':
      return "machine";
    default:
      return "pellucid itself";
  }
}

std::string list_all(int width) {
  Lines terms(10, ", ", width);
  for (const Term& term : glossary()) terms.add(term.group, term.name);
  Lines kinds(14, " ", width);
  for (const KindText& kind : kind_texts()) {
    if (!kind.sort.starts_with("value of")) kinds.add(kind.sort, kind.name);
  }
  std::string text = "Terms\n" + terms.text() + "\nKinds and settings\n" + kinds.text();
  char letter = 0;
  for (const CodeInfo& info : code_table()) {
    if (info.code[0] != letter) text += fmt::format("\nErrors and findings: {}\n", group_of(info.code[0]));
    letter = info.code[0];
    text += fmt::format("  {}  {}\n", info.code, info.title);
  }
  return text;
}

class Explain : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("WORD", words_,
                   "a code such as N01, a kind such as relu, a setting or a term such as \"batch size\"")
        ->group("");
  }

  int run(Terminal& terminal) override {
    const int width = std::min(terminal.width(), 100);
    if (words_.empty()) {
      terminal.result(list_all(width));
      return 0;
    }
    const std::string words = join(words_, " ");
    Texts texts;
    const std::string text = texts.about(words, width);
    if (text.empty()) {
      const std::string near = texts.nearest(words);
      throw Error("U11", "there is no explanation of " + quote(words),
                  {near.empty() ? "pellucid explain lists everything" : "did you mean " + near + "?"});
    }
    terminal.result(text);
    return 0;
  }

 private:
  std::vector<std::string> words_;
};

}  // namespace

std::unique_ptr<Command> make_explain() {
  return std::make_unique<Explain>();
}

}  // namespace pellucid::app
