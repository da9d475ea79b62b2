// The operations of a connection, each of which starts the next one when it is done. A time limit covers a whole
// request or response, so a client that sends or reads byte by byte is dropped too. Not here: the HTTP grammar
// (Boost.Beast).
#include "app/serve/connection.h"

#include <boost/asio/dispatch.hpp>
#include <utility>

namespace pellucid::app {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr std::size_t most_drained = 64 << 20;
constexpr auto time_to_drain = std::chrono::seconds(2);

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

int& this_worker() noexcept {
  thread_local int worker = 0;
  return worker;
}

Connection::Connection(asio::ip::tcp::socket socket, Serving& serving)
    : stream_(std::move(socket)), serving_(serving), buffer_(serving.options.most_header + (64 << 10)) {
  ++serving_.connections;
}

Connection::~Connection() {
  --serving_.connections;
}

void Connection::start() {
  Code ignored;
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  asio::dispatch(stream_.get_executor(), [self = shared_from_this()] { self->read_header(); });
}

void Connection::turn_away() {
  asio::dispatch(stream_.get_executor(), [self = shared_from_this()] {
    self->write(self->serving_.refuse(503, "too many connections are open; try again later"), true);
  });
}

void Connection::end_if_idle() {
  asio::dispatch(stream_.get_executor(), [self = shared_from_this()] {
    Code error;
    const bool empty = self->buffer_.size() == 0 && self->stream_.socket().available(error) == 0;
    if (self->waits_ && empty) self->stream_.close();
  });
}

void Connection::read_header() {
  parser_.emplace();
  parser_->header_limit(serving_.options.most_header);
  parser_->body_limit(serving_.options.most_body);
  stream_.expires_after(serving_.options.idle);
  waits_ = true;
  http::async_read_header(stream_, buffer_, *parser_,
                          [self = shared_from_this()](Code error, std::size_t) { self->on_header(error); });
}

void Connection::on_header(Code error) {
  waits_ = false;
  if (error) return refuse_unread(error);
  stream_.expires_after(serving_.options.request);
  if (!beast::iequals(parser_->get()[http::field::expect], "100-continue")) return read_body();
  go_on_ = {http::status::continue_, 11};
  http::async_write(stream_, go_on_, [self = shared_from_this()](Code failed, std::size_t) {
    if (!failed) self->read_body();
  });
}

void Connection::read_body() {
  http::async_read(stream_, buffer_, *parser_,
                   [self = shared_from_this()](Code error, std::size_t) { self->on_body(error); });
}

void Connection::on_body(Code error) {
  if (error) return refuse_unread(error);
  write(answer_request(), !parser_->get().keep_alive() || serving_.ending);
}

// Answers what could not be read, if the client may still listen.
void Connection::refuse_unread(Code error) {
  const bool began = parser_->got_some() || buffer_.size() > 0;
  if (error == beast::error::timeout || error == http::error::end_of_stream || !began) return;
  if (error == http::error::body_limit) {
    return write(serving_.refuse(413, "the body is longer than " + std::to_string(serving_.options.most_body) +
                                          " bytes, the limit of this server"),
                 true);
  }
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return write(
        serving_.refuse(431, "the header is longer than " + std::to_string(serving_.options.most_header) + " bytes"),
        true);
  }
  if (error.category() != http::make_error_code(http::error::bad_value).category()) return;  // the connection is gone
  write(serving_.refuse(400, "not an HTTP request: " + error.message()), true);
}

HttpResponse Connection::answer_request() const {
  const auto& request = parser_->get();
  const std::string_view target = view(request.target());
  return serving_.answer({.method = view(request.method_string()),
                          .path = target.substr(0, target.find('?')),
                          .host = view(request[http::field::host]),
                          .origin = view(request[http::field::origin]),
                          .authorization = view(request[http::field::authorization]),
                          .body = request.body()},
                         this_worker());
}

void Connection::write(HttpResponse response, bool last) {
  response_ = {};
  response_.result(response.status);
  response_.set(http::field::content_type, response.type);
  response_.set("X-Content-Type-Options", "nosniff");
  response_.keep_alive(!last);
  response_.body() = std::move(response.body);
  response_.prepare_payload();
  if (parser_ && parser_->is_header_done() && parser_->get().method() == http::verb::head) response_.body().clear();
  stream_.expires_after(serving_.options.request);
  http::async_write(stream_, response_,
                    [self = shared_from_this(), last](Code error, std::size_t) { self->on_written(error, last); });
}

void Connection::on_written(Code error, bool last) {
  if (error) return;
  if (!last) return read_header();
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
  stream_.expires_after(time_to_drain);
  drain();
}

// Reads what the client still sends before the connection is closed: closing it at once would reset it, and the client
// might lose the response.
void Connection::drain() {
  stream_.async_read_some(asio::buffer(rest_), [self = shared_from_this()](Code error, std::size_t count) {
    self->drained_ += count;
    if (!error && self->drained_ < most_drained) self->drain();
  });
}

}  // namespace pellucid::app
