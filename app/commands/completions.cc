// pellucid completions SHELL: completions made from the commands' flags. Not here: installing them (README.md).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <functional>

#include "app/cli/arguments.h"
#include "app/commands/command.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/recipe.h"

namespace pellucid::app {
namespace {

struct Flag {
  std::string name, help;
  std::vector<std::string> words;  ///< the values it takes; empty if any
  bool takes_value;
};

std::vector<std::string> words_of(const CLI::Option& option, const std::string& name) {
  const std::string type = option.get_type_name();
  std::string setting = name.substr(2);
  std::replace(setting.begin(), setting.end(), '-', '_');
  if (type == "KIND") return setting_words(setting);
  if (type.find('|') != std::string::npos && type.find_first_of("NX") == std::string::npos)
    return split_text(type, '|');
  return {};
}

std::vector<Flag> flags_of(const CommandInfo& info) {
  const std::unique_ptr<Command> command = info.make();
  CLI::App app;
  declare_all(app, *command);
  std::vector<Flag> flags;
  for (const CLI::Option* option : app.get_options([](const CLI::Option* o) { return !o->get_positional(); })) {
    for (const std::string& name : option->get_lnames()) {
      flags.push_back({"--" + name, option->get_description(), words_of(*option, "--" + option->get_lnames().front()),
                       option->get_expected_max() > 0});
    }
  }
  return flags;
}

std::string command_names() {
  std::vector<std::string> names;
  for (const CommandInfo& info : command_table()) names.emplace_back(info.name);
  return join(names, " ");
}

std::string bash_script() {
  std::string flags, values;
  for (const CommandInfo& info : command_table()) {
    std::vector<std::string> names;
    for (const Flag& flag : flags_of(info)) {
      names.push_back(flag.name);
      if (!flag.words.empty())
        values += fmt::format("    '{} {}') words='{}' ;;\n", info.name, flag.name, join(flag.words, " "));
    }
    flags += fmt::format("    {}) flags='{}' ;;\n", info.name, join(names, " "));
  }
  return "# pellucid completions for bash: source <(pellucid completions bash)\n"
         "_pellucid() {\n"
         "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]} words= "
         "flags=\n"
         "  if ((COMP_CWORD == 1)); then\n"
         "    COMPREPLY=($(compgen -W '" +
         command_names() +
         " --help --version' -- \"$cur\"))\n"
         "    return\n"
         "  fi\n"
         "  case \"$command $prev\" in\n" +
         values +
         "  esac\n"
         "  case $command in\n" +
         flags +
         "  esac\n"
         "  if [[ -n $words ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
         "  elif [[ $cur == -* ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$flags\" -- \"$cur\"))\n"
         "  else\n"
         "    COMPREPLY=($(compgen -f -- \"$cur\"))\n"
         "  fi\n"
         "}\n"
         "complete -o filenames -F _pellucid pellucid\n";
}

// Escapes a help text for the square brackets of an option in zsh's _arguments.
std::string zsh_quoted(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
    } else {
      if (c == '[' || c == ']' || c == ':' || c == '\\') result += '\\';
      result += c;
    }
  }
  return result;
}

std::string zsh_script() {
  std::string text =
      "#compdef pellucid\n# pellucid completions for zsh: source <(pellucid completions zsh)\n_pellucid() {\n"
      "  if ((CURRENT == 2)); then\n    local -a commands=(\n";
  for (const CommandInfo& info : command_table()) {
    text += fmt::format("      '{}:{}'\n", info.name, zsh_quoted(info.summary));
  }
  text +=
      "    )\n    _describe command commands\n    return\n  fi\n  local command=$words[2]\n  shift words\n  "
      "((CURRENT--))\n"
      "  case $command in\n";
  for (const CommandInfo& info : command_table()) {
    text += fmt::format("    {})\n      _arguments \\\n", info.name);
    for (const Flag& flag : flags_of(info)) {
      const std::string value = !flag.takes_value    ? ""
                                : flag.words.empty() ? ":value:_files"
                                                     : fmt::format(":value:({})", join(flag.words, " "));
      text += fmt::format("        '{}[{}]{}' \\\n", flag.name, zsh_quoted(flag.help), value);
    }
    text += "        '*:file:_files' ;;\n";
  }
  return text +
         "  esac\n}\nif [[ $funcstack[1] == _pellucid ]]; then _pellucid \"$@\"; else compdef _pellucid pellucid; fi\n";
}

class Completions : public Command {
 public:
  void declare(CLI::App& app) override { app.add_option("SHELL", shell_, "bash or zsh")->group(""); }

  int run(Terminal& terminal) override {
    require_argument(shell_, "completions", "SHELL: bash or zsh");
    if (shell_ != "bash" && shell_ != "zsh") throw Error("U02", "completions takes bash or zsh, got " + quote(shell_));
    terminal.data(shell_ == "bash" ? bash_script() : zsh_script());
    return 0;
  }

 private:
  std::string shell_;
};

}  // namespace

std::unique_ptr<Command> make_completions() {
  return std::make_unique<Completions>();
}

}  // namespace pellucid::app
