// The text of --help. Not here: where it is shown (main.cc, app/commands/help.cc).
#include "app/cli/help.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "core/text.h"

namespace pellucid::app {
namespace {

constexpr int flag_width = 30;

std::string indented(const char* lines) {
  std::string text;
  for (const std::string& line : split_text(lines, '\n')) text += "  " + line + "\n";
  return text;
}

// "-q, --quiet", "--hidden N,…". Other spellings of a flag stand in the description, to keep this column narrow.
std::string flag_text(const CLI::Option& option) {
  std::string text;
  for (const std::string& name : option.get_snames()) text += "-" + name + ", ";
  text += option.get_lnames().empty() ? "" : "--" + option.get_lnames().front();
  if (text.ends_with(", ")) text.resize(text.size() - 2);
  if (option.get_expected_max() == 0) return text;
  const std::string type = option.get_type_name();
  const bool words = text_width(text) + text_width(type) + 1 > flag_width - 4;
  return text + " " + (words ? "WORD" : type);
}

std::string description(const CLI::Option& option) {
  std::string text = option.get_description();
  const std::string type = option.get_type_name();
  if (flag_text(option).ends_with(" WORD")) text += ": " + join(split_text(type, '|'), ", ");
  const std::string standard = option.get_default_str();
  if (option.get_expected_max() != 0 && !standard.empty()) text += " (" + standard + ")";
  if (option.get_lnames().size() > 1) text += "; also --" + option.get_lnames()[1];
  return text;
}

}  // namespace

std::string program_help() {
  std::string text =
      "pellucid trains feed-forward neural networks and can show every number on the way.\n\n"
      "  pellucid demo                        train on the built-in handwritten digits\n"
      "  pellucid train flowers.csv           predict the column named class, label, target or y\n"
      "  pellucid train houses.csv --target price --hidden 128,64\n"
      "  pellucid predict runs/houses-001 new.csv\n\n";
  for (const CommandInfo& info : command_table()) {
    text += fmt::format("  {:<12} {}\n", info.name, info.summary);
  }
  return text + "\nFlags of a command: pellucid help COMMAND. Version: pellucid --version.\n";
}

std::string command_help(const CommandInfo& info, const CLI::App& app, int width) {
  std::string text = fmt::format("usage: pellucid {} {} [flags]\n  {}\n\n{}", info.name, info.arguments, info.summary,
                                 indented(info.examples));
  std::vector<std::string> groups;
  const auto options = app.get_options([](const CLI::Option* option) { return !option->get_positional(); });
  for (const CLI::Option* option : options) {
    const std::string group = option->get_group();
    if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(group);
  }
  for (const std::string& group : groups) {
    text += "\n" + group + "\n";
    for (const CLI::Option* option : options) {
      if (option->get_group() != group) continue;
      const std::string flag = flag_text(*option);
      const int pad = std::max(1, flag_width - 2 - text_width(flag));
      text += "  " + flag + std::string(static_cast<std::size_t>(pad), ' ') +
              wrapped(description(*option), width, flag_width) + "\n";
    }
  }
  return text;
}

}  // namespace pellucid::app
