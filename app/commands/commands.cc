// The table of commands, and the names of planned commands.
// Not here: the commands (one file each in this folder).
#include <fmt/format.h>

#include <filesystem>

#include "app/commands/command.h"
#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid::app {
namespace {

constexpr CommandInfo table[] = {
    {"train", "DATA", "train a model on a table: check, split, train, test once, write a run",
     "pellucid train iris.csv --target species\npellucid train houses.csv --target price --hidden 128,64", make_train},
    {"demo", "[NAME]", "train on a built-in data set: digits, iris, spiral, xor",
     "pellucid demo iris\npellucid demo spiral --write", make_demo},
    {"evaluate", "MODEL DATA", "compute the metrics of a model on labelled rows",
     "pellucid evaluate runs/iris-001 new.csv --fail-under accuracy=0.95", make_evaluate},
    {"predict", "MODEL DATA|-", "write one prediction per row, as CSV or JSON lines; reads a file or standard input",
     "pellucid predict runs/iris-001/model.safetensors new.csv --proba\ncat new.csv | pellucid predict runs/iris-001 - "
     "--keep id",
     make_predict},
    {"serve", "MODEL", "answer predictions as JSON over HTTP, for programs on this machine or, with a token, on others",
     "pellucid serve runs/iris-001\npellucid serve runs/iris-001 --port 0 --threads 4", make_serve},
    {"inspect", "MODEL|RUN|DATA", "show the layers of a model, the result of a run or the columns of a table",
     "pellucid inspect runs/iris-001 --weights\npellucid inspect iris.csv", make_inspect},
    {"report", "RUN", "write a run as one HTML page: curves, confusion matrix, examples, layers; works offline",
     "pellucid report runs/iris-001\npellucid report runs/iris-001 -o iris.html", make_report},
    {"export", "MODEL", "write a model in another format: C source that computes the same bits, ONNX",
     "pellucid export runs/iris-001 -o iris.c\npellucid export runs/iris-001 --format onnx", make_export},
    {"import", "FILE", "make a model of a net that PyTorch, Keras or scikit-learn exported as ONNX",
     "pellucid import net.onnx\npellucid import net.onnx --columns age,income --classes no,yes -o net.safetensors",
     make_import},
    {"compare", "RUN RUN…", "compare runs: settings, results, and whether a difference is more than chance",
     "pellucid compare runs/iris-001 runs/iris-002", make_compare},
    {"check", "DATA", "check data without training; exit status 1 if there is a warning",
     "pellucid check houses.csv --target price", make_check},
    {"init", "DATA", "write a pellucid.toml for a table, with its columns and every setting",
     "pellucid init houses.csv --target price\npellucid train", make_init},
    {"tune", "DATA", "search for better settings within a budget, and test whether the gain is more than chance",
     "pellucid tune houses.csv --target price\npellucid tune houses.csv --target price --seconds 60", make_tune},
    {"gradcheck", "MODEL DATA", "compare analytic with numeric gradients, parameter by parameter",
     "pellucid gradcheck runs/iris-001 iris.csv", make_gradcheck},
    {"trace", "MODEL DATA", "show one training step as arithmetic: forward, loss, backward, update",
     "pellucid trace runs/iris-001 iris.csv --row 3\npellucid trace runs/iris-001 iris.csv --batch 8 --json",
     make_trace},
    {"explain", "[CODE|KIND|TERM]", "explain an error, a finding, a layer, a setting or a term",
     "pellucid explain N01\npellucid explain relu\npellucid explain batch size", make_explain},
    {"fetch", "[NAME]",
     "download a public data set: mnist, fashion-mnist, california-housing; without a name, list them",
     "pellucid fetch\npellucid fetch mnist", make_fetch},
    {"tutorial", "[NAME]", "repeat the experiments of five texts on neural networks, and compare the numbers",
     "pellucid tutorial xor\npellucid tutorial --all --html tutorials.html", make_tutorial},
    {"completions", "SHELL", "print shell completions for bash or zsh", "source <(pellucid completions bash)",
     make_completions},
    {"help", "[COMMAND]", "show this text, or the flags of a command", "pellucid help train", make_help},
};

constexpr const char* later[] = {"studio"};

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
