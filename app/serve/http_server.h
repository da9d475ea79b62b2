// HttpServer: reads HTTP requests on many connections with a few threads, answers them, and ends gracefully.
// Not here: what a request means (prediction_service.h), who may send one (access.h).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace pellucid::app {

struct HttpRequest {
  std::string_view method, path;  // path: without a query
  std::string_view host, origin, authorization;
  std::string_view body;
};

struct HttpResponse {
  unsigned status = 200;
  std::string body{};
  const char* type = "application/json";
};

struct HttpOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free port
  int threads = 2;
  std::uint64_t most_body = 8 << 20;         // bytes
  std::uint32_t most_header = 16 << 10;      // bytes
  std::size_t most_connections = 10000;      // further ones are answered 503; lowered to what the system allows
  std::chrono::milliseconds idle{30000};     // from one response until the header of the next request is complete
  std::chrono::milliseconds request{15000};  // until the body is complete, and until a response is taken
  std::chrono::milliseconds last_call{250};  // after a signal: how long idle connections and new ones may still ask
  std::chrono::milliseconds end{10000};      // after a signal: the latest end
};

class HttpServer {
 public:
  /// Answers one request. `worker`, 0 … threads - 1, is the thread that calls. Must not throw.
  using Answer = std::function<HttpResponse(const HttpRequest& request, int worker)>;
  /// The response to something that is no request, or that came too slowly or is too long.
  using Refuse = std::function<HttpResponse(unsigned status, const std::string& why)>;

  /// Listens from now on. Throws U02 for an address that is none, M01 if it or the port cannot be used.
  HttpServer(HttpOptions options, Answer answer, Refuse refuse);
  ~HttpServer();

  std::uint16_t port() const;
  std::size_t connections() const noexcept;
  /// Serves until SIGTERM or SIGINT: then requests that were accepted are answered, and it returns. A second signal
  /// ends the program.
  void run();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pellucid::app
