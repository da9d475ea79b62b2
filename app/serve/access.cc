// Host, Origin and token of a request. Not here: requests that are no HTTP (connection.cc).
#include "app/serve/access.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <cstdlib>

#include "core/file.h"
#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid::app {
namespace {

constexpr std::string_view scheme = "Bearer ";
constexpr std::size_t least_token = 16, most_token = 1000;

// Takes the same time wherever the texts differ.
bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

Access::Access(const std::string& address, std::uint16_t port, std::string token) : token_(std::move(token)) {
  const bool v6 = address.find(':') != std::string::npos;
  std::vector<std::string> names = {v6 ? "[" + address + "]" : address};
  if (address == "::1" || address.starts_with("127.")) names.emplace_back("localhost");
  for (const std::string& name : names) {
    hosts_.push_back(fmt::format("{}:{}", name, port));
    if (port == 80) hosts_.push_back(name);
  }
}

unsigned Access::refuses(std::string_view host, std::string_view origin, std::string_view authorization,
                         std::string& why) const {
  if (token_.empty() && std::ranges::find(hosts_, host) == hosts_.end()) {
    why = fmt::format("the Host of the request is {}, this server is {}", quote(std::string(host)), hosts_.front());
    return 403;
  }
  if (!origin.empty() && origin != fmt::format("http://{}", host)) {
    why = fmt::format("the request comes from a page of {}", quote(std::string(origin)));
    return 403;
  }
  const bool knows = authorization.starts_with(scheme) && same_secret(authorization.substr(scheme.size()), token_);
  if (token_.empty() || knows) return 0;
  why = "the request has no valid token: send the header Authorization: Bearer TOKEN";
  return 401;
}

std::string read_token(const std::string& file) {
  const char* const variable = std::getenv("PELLUCID_TOKEN");
  if (file.empty() && variable == nullptr) return "";
  const std::string token = trim(file.empty() ? std::string(variable) : read_file(file));
  const bool plain = std::ranges::all_of(token, [](char c) { return c > ' ' && c < 0x7F; });
  if (plain && token.size() >= least_token && token.size() <= most_token) return token;
  throw Error("U02",
              fmt::format("{}: a token has {} to {} characters without blanks", file.empty() ? "PELLUCID_TOKEN" : file,
                          least_token, count_text(most_token)),
              {"to make one: openssl rand -hex 24 > token"});
}

}  // namespace pellucid::app
