// Connection: one client's connection: reads a request, has it answered, writes the response, and reads the next.
// Not here: accepting connections and ending (http_server.cc).
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <memory>
#include <optional>

#include "app/serve/http_server.h"

namespace pellucid::app {

/// What all connections of a server share.
struct Serving {
  HttpOptions options;
  HttpServer::Answer answer;
  HttpServer::Refuse refuse;
  std::atomic<std::size_t> connections{0};
  std::atomic<bool> ending{false};  // every response is the last one of its connection
};

/// The thread that runs handlers; set by each thread of the server.
int& this_worker() noexcept;

/// Each pending operation keeps the object alive. All its functions run on the strand of its socket.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, Serving& serving);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();
  /// Answers 503 and closes.
  void turn_away();
  /// Closes the connection if no byte of a request has arrived.
  void end_if_idle();

 private:
  using Code = boost::beast::error_code;
  using Body = boost::beast::http::string_body;

  void read_header();
  void on_header(Code error);
  void read_body();
  void on_body(Code error);
  void refuse_unread(Code error);
  HttpResponse answer_request() const;
  void write(HttpResponse response, bool last);
  void on_written(Code error, bool last);
  void drain();

  boost::beast::tcp_stream stream_;
  Serving& serving_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<Body>> parser_;
  boost::beast::http::response<Body> response_;
  boost::beast::http::response<boost::beast::http::empty_body> go_on_;
  std::array<char, 4096> rest_{};  // what is read and thrown away before closing
  std::size_t drained_ = 0;
  bool waits_ = false;  // for a request
};

}  // namespace pellucid::app
