// Accepts connections, runs the threads, and ends in three steps after a signal: responses become the last of their
// connections; no new connections are accepted and idle ones are closed; what is still under way is awaited.
// Not here: one connection (connection.cc).
#include "app/serve/http_server.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <csignal>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "app/serve/connection.h"
#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid::app {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t other_files = 64;  // descriptors for everything but connections

// Raises the soft limit of open files and returns it.
std::size_t allow_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 1 << 16);
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<std::size_t>(limit.rlim_cur);
}

}  // namespace

struct HttpServer::State {
  State(HttpOptions given, Answer answer, Refuse refuse)
      : serving{std::move(given), std::move(answer), std::move(refuse)},
        context(serving.options.threads),
        acceptor(asio::make_strand(context)),
        signals(context),
        timer(acceptor.get_executor()),
        retry(acceptor.get_executor()) {
    listen();
    const std::size_t files = allow_files();
    std::size_t& most = serving.options.most_connections;
    most = std::min(most, files > 2 * other_files ? files - other_files : other_files);
  }

  void listen() {
    const HttpOptions& options = serving.options;
    error_code error;
    const asio::ip::address address = asio::ip::make_address(options.address, error);
    if (error)
      throw Error("U02", "address takes an IP address, got " + quote(options.address), {"127.0.0.1, 0.0.0.0, ::1"});
    const tcp::endpoint endpoint(address, options.port);
    const auto must = [&](const error_code& failed) {
      if (!failed) return;
      throw Error("M01",
                  fmt::format("cannot listen on {} port {}: {}", options.address, options.port, failed.message()),
                  {"--port 0 takes any free port"});
    };
    must(acceptor.open(endpoint.protocol(), error));
    must(acceptor.set_option(tcp::acceptor::reuse_address(true), error));
    must(acceptor.bind(endpoint, error));
    must(acceptor.listen(asio::socket_base::max_listen_connections, error));
    must(acceptor.non_blocking(true, error));
  }

  void accept() {
    acceptor.async_accept(asio::make_strand(context), [this](error_code error, tcp::socket socket) {
      if (!error) welcome(std::move(socket));
      if (!acceptor.is_open()) return;
      if (!error) return accept();
      retry.expires_after(std::chrono::milliseconds(50));  // no descriptor is free, for example
      retry.async_wait([this](error_code aborted) {
        if (!aborted) accept();
      });
    });
  }

  void welcome(tcp::socket socket) {
    const auto connection = std::make_shared<Connection>(std::move(socket), serving);
    if (serving.connections > serving.options.most_connections) return connection->turn_away();
    if (open.size() > 2 * serving.connections + 64) {
      std::erase_if(open, [](const auto& other) { return other.expired(); });
    }
    open.push_back(connection);
    connection->start();
  }

  void end() {
    serving.ending = true;
    after(serving.options.last_call, [this] {
      error_code error;
      for (;;) {  // connections that the system has accepted already
        tcp::socket socket(asio::make_strand(context));
        acceptor.accept(socket, error);
        if (error) break;
        welcome(std::move(socket));
      }
      acceptor.close(error);
      retry.cancel();
      end_idle();
    });
  }

  // Closes connections without a request until none is left, or until the latest end.
  void end_idle() {
    for (const auto& weak : open) {
      if (const auto connection = weak.lock()) connection->end_if_idle();
    }
    const auto step = std::chrono::milliseconds(20);
    waited += step;
    if (serving.connections == 0 || waited > serving.options.end) return context.stop();
    after(step, [this] { end_idle(); });
  }

  template <class Work>
  void after(std::chrono::milliseconds time, Work work) {
    timer.expires_after(time);
    timer.async_wait([work = std::move(work)](error_code aborted) {
      if (!aborted) work();
    });
  }

  void wait_for_signals() {
    signals.add(SIGTERM);
    signals.add(SIGINT);
    signals.async_wait([this](error_code error, int signal) {
      if (error) return;
      asio::dispatch(acceptor.get_executor(), [this] { end(); });
      signals.async_wait([signal](error_code aborted, int) {
        if (!aborted) ::_exit(128 + signal);
      });
    });
  }

  Serving serving;
  asio::io_context context;
  tcp::acceptor acceptor;  // its strand also guards `open`, `waited` and the timers
  asio::signal_set signals;
  asio::steady_timer timer, retry;
  std::vector<std::weak_ptr<Connection>> open{};
  std::chrono::milliseconds waited{0};
};

HttpServer::HttpServer(HttpOptions options, Answer answer, Refuse refuse)
    : state_(std::make_unique<State>(std::move(options), std::move(answer), std::move(refuse))) {}
HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const {
  error_code error;
  return state_->acceptor.local_endpoint(error).port();
}

std::size_t HttpServer::connections() const noexcept {
  return state_->serving.connections;
}

void HttpServer::run() {
  state_->wait_for_signals();
  asio::dispatch(state_->acceptor.get_executor(), [this] { state_->accept(); });
  const auto work = [this](int worker) {
    this_worker() = worker;
    while (!state_->context.stopped()) {
      try {
        state_->context.run();
      } catch (const std::exception&) {  // no memory for a connection, which is closed thereby
      }
    }
  };
  std::vector<std::thread> threads;
  for (int worker = 1; worker < state_->serving.options.threads; ++worker) threads.emplace_back(work, worker);
  work(0);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace pellucid::app
