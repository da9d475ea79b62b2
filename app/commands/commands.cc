// The table of commands, and the names that later versions will have.
// Not here: what the commands do.
#include <fmt/format.h>

#include <filesystem>

#include "app/commands/command.h"
#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid::app {
namespace {

constexpr CommandInfo table[] = {
    {"train", "DATA", "check, split, train, evaluate once on the test rows, write a run",
     "pellucid train iris.csv --target species\npellucid train houses.csv --target price --hidden 128,64", make_train},
    {"demo", "[NAME]", "train on a data set that comes along: digits, iris, spiral, xor",
     "pellucid demo iris\npellucid demo spiral --write", make_demo},
    {"evaluate", "MODEL DATA", "metrics of labelled rows",
     "pellucid evaluate runs/iris-001 new.csv --fail-under accuracy=0.95", make_evaluate},
    {"predict", "MODEL DATA|-", "a prediction a row, as CSV or JSON lines; streams standard input",
     "pellucid predict runs/iris-001/model.safetensors new.csv --proba\ncat new.csv | pellucid predict runs/iris-001 - "
     "--keep id",
     make_predict},
    {"inspect", "MODEL|RUN|DATA", "layers and origin of a model, result of a run, profile of data",
     "pellucid inspect runs/iris-001 --weights\npellucid inspect iris.csv", make_inspect},
    {"report", "RUN", "a run as one page: curves, confusion, examples, layers; opens without a network",
     "pellucid report runs/iris-001\npellucid report runs/iris-001 -o iris.html", make_report},
    {"export", "MODEL", "write a model as C source that needs no library and computes the same bits",
     "pellucid export runs/iris-001\npellucid export runs/iris-001 -o iris.c", make_export},
    {"compare", "RUN RUN…", "runs side by side: settings, results, and whether a difference is more than chance",
     "pellucid compare runs/iris-001 runs/iris-002", make_compare},
    {"check", "DATA", "data checks only; exit status 1 if there is a warning",
     "pellucid check houses.csv --target price", make_check},
    {"init", "DATA", "write a pellucid.toml for this table: its columns, and every setting there is",
     "pellucid init houses.csv --target price\npellucid train", make_init},
    {"tune", "DATA", "search for better settings within a budget; the gain is held against chance",
     "pellucid tune houses.csv --target price\npellucid tune houses.csv --target price --seconds 60", make_tune},
    {"gradcheck", "MODEL DATA", "analytic against numeric gradients, a verdict per parameter",
     "pellucid gradcheck runs/iris-001 iris.csv", make_gradcheck},
    {"trace", "MODEL DATA", "a training step of one row as arithmetic: forward, loss, backward, update",
     "pellucid trace runs/iris-001 iris.csv --row 3\npellucid trace runs/iris-001 iris.csv --batch 8 --json",
     make_trace},
    {"explain", "[CODE|KIND|TERM]", "what an error, a finding, a layer, a setting or a term means",
     "pellucid explain N01\npellucid explain relu\npellucid explain batch size", make_explain},
    {"fetch", "[NAME]", "get a public data set: mnist, fashion-mnist, california-housing; alone, list them",
     "pellucid fetch\npellucid fetch mnist", make_fetch},
    {"tutorial", "[NAME]", "the experiments of five texts on neural networks from scratch, their numbers beside ours",
     "pellucid tutorial xor\npellucid tutorial --all --html tutorials.html", make_tutorial},
    {"completions", "SHELL", "completions for bash or zsh", "source <(pellucid completions bash)", make_completions},
    {"help", "[COMMAND]", "this text, or a command's flags", "pellucid help train", make_help},
};

constexpr const char* later[] = {"studio", "serve"};

}  // namespace

std::span<const CommandInfo> command_table() {
  return table;
}

const CommandInfo& find_command(const std::string& name) {
  std::vector<std::string> names;
  for (const CommandInfo& info : table) {
    if (name == info.name) return info;
    names.emplace_back(info.name);
  }
  for (const char* word : later) {
    if (name == word) throw Error("U04", fmt::format("the command {} is planned; this version does not have it", name));
  }
  const std::string near = closest(name, names);
  std::vector<std::string> details;
  std::error_code ignored;
  if (!near.empty()) {
    details.push_back("did you mean pellucid " + near + "?");
  } else if (std::filesystem::exists(name, ignored)) {
    details.push_back("to learn from it: pellucid train " + shell_word(name));
  } else {
    details.push_back("all commands: pellucid --help");
  }
  throw Error("U03", "no command " + quote(name), details);
}

}  // namespace pellucid::app
