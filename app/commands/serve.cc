// pellucid serve: predictions of a model over HTTP. Not here: requests (app/serve/).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "app/cli/arguments.h"
#include "app/cli/model_path.h"
#include "app/commands/command.h"
#include "app/serve/access.h"
#include "app/serve/http_server.h"
#include "app/serve/prediction_service.h"
#include "core/shell.h"
#include "core/team.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "run/run_json.h"

namespace pellucid::app {
namespace {

bool is_loopback(const std::string& address) {
  return address == "::1" || address.starts_with("127.");
}

class Serve : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("MODEL", model_name_, "a model file or a run")->group("");
    app.add_option("--port", port_, "port to listen on; 0: any free one")
        ->type_name("N")
        ->default_str("8321")
        ->group("Server");
    app.add_option("--address", options_.address, "IP address to listen on; all but loopback addresses need a token")
        ->type_name("IP")
        ->default_str("127.0.0.1")
        ->group("Server");
    app.add_option("--token-file", token_file_,
                   "requests must have the header Authorization: Bearer TOKEN, with the token in this file (or in "
                   "PELLUCID_TOKEN)")
        ->type_name("FILE")
        ->group("Server");
    app.add_option("--max-body", most_body_, "longest body of a request in MiB, 1 to 1024")
        ->type_name("MIB")
        ->default_str("8")
        ->group("Server");
    app.add_option(
           "--timeout", seconds_,
           "seconds that a client has to send a body, and to take a response; twice as long to send the header of "
           "its next request")
        ->type_name("S")
        ->default_str("15")
        ->group("Server");
    app.add_option("--threads", options_.threads, "threads that answer requests; 0: as many as CPUs")
        ->type_name("N")
        ->default_str("0")
        ->group("Server");
    app.add_option("--interval", level_, "predictions have intervals (of classes: sets) of this level, such as 0.9")
        ->type_name("LEVEL")
        ->group("Output");
    app.add_flag("--json", output.json, "say where it serves as one JSON object")->group("Output");
  }

  int run(Terminal& terminal) override {
    require_argument(model_name_, "serve", "MODEL");
    require_in("port", port_, 0, 65535);
    require_in("max-body", most_body_, 1, 1024);
    require_in("timeout", seconds_, 1, 3600);
    require_in("threads", options_.threads, 0, 64);
    const std::string token = read_token(token_file_);
    if (token.empty() && !is_loopback(options_.address)) {
      throw Error("U02", "--address " + options_.address + " lets other machines in, which needs a token",
                  {"openssl rand -hex 24 > token", "pellucid serve " + shell_word(model_name_) + " --address " +
                                                       options_.address + " --token-file token"});
    }
    const Model model = load_table_model(model_name_);
    // Two at least, so that one long request does not keep all others waiting.
    if (options_.threads == 0) options_.threads = std::max(2, usable_cpus());
    options_.port = static_cast<std::uint16_t>(port_);
    options_.most_body = static_cast<std::uint64_t>(most_body_) << 20;
    options_.request = std::chrono::seconds(seconds_);
    options_.idle = 2 * options_.request;
    PredictionService service(model, options_.threads, level_);
    std::unique_ptr<Access> access;
    std::unique_ptr<HttpServer> server;
    server = std::make_unique<HttpServer>(
        options_,
        [&](const HttpRequest& request, int worker) {
          return service.answer(request, *access, server->connections(), worker);
        },
        [&](unsigned status, const std::string& why) { return service.refuse(status, why); });
    access = std::make_unique<Access>(options_.address, server->port(), token);
    terminal.result(output.json ? where_as_json(*server) : where_as_text(*server, service, token));
    server->run();
    return 0;
  }

 private:
  static void require_in(const char* flag, std::int64_t value, std::int64_t low, std::int64_t high) {
    if (value >= low && value <= high) return;
    throw Error("U02", fmt::format("--{} takes {} to {}, got {}", flag, low, high, value));
  }

  std::string url(const HttpServer& server) const {
    const bool v6 = options_.address.find(':') != std::string::npos;
    return fmt::format("http://{}:{}", v6 ? "[" + options_.address + "]" : options_.address, server.port());
  }

  std::string where_as_json(const HttpServer& server) const {
    return json_text({{"v", 1}, {"event", "serve"}, {"url", url(server)}, {"port", server.port()}}) + "\n";
  }

  std::string where_as_text(const HttpServer& server, const PredictionService& service,
                            const std::string& token) const {
    const std::string secret = token.empty() ? ""
                               : token_file_.empty()
                                   ? "-H \"Authorization: Bearer $PELLUCID_TOKEN\" "
                                   : fmt::format("-H \"Authorization: Bearer $(cat {})\" ", shell_word(token_file_));
    const Json row = service.example();
    const std::string page =  // images are too long for an example
        row.empty() ? url(server) + "/model" : "-d " + shell_word(json_text(row)) + " " + url(server) + "/predict";
    return fmt::format("{} serves {}; try: curl {}{}\n", url(server), model_name_, secret, page);
  }

  std::string model_name_, token_file_;
  std::int64_t port_ = 8321, most_body_ = 8, seconds_ = 15;
  std::optional<double> level_;
  HttpOptions options_{.threads = 0};
};

}  // namespace

std::unique_ptr<Command> make_serve() {
  return std::make_unique<Serve>();
}

}  // namespace pellucid::app
