// Access: who may send requests. Not here: reading them (http_server.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pellucid::app {

/// Protects a server against pages of other sites in a browser on the same machine, which may send requests to it under
/// a name of their own (DNS rebinding), and with a token against everybody else.
class Access {
 public:
  /// Without a token the Host of a request must be the address, or localhost for a loopback address, with this port.
  Access(const std::string& address, std::uint16_t port, std::string token);

  /// 0 if the request is allowed; otherwise the status 401 or 403, and `why` says what is wrong.
  unsigned refuses(std::string_view host, std::string_view origin, std::string_view authorization,
                   std::string& why) const;

 private:
  std::vector<std::string> hosts_;
  std::string token_;
};

/// The token in a file, or if `file` is empty in the environment variable PELLUCID_TOKEN; empty if there is none.
/// Throws D10, and U02 for a token of less than 16 or more than 1,000 characters, or with blanks inside.
std::string read_token(const std::string& file);

}  // namespace pellucid::app
