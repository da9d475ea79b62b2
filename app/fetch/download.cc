// HTTP requests with libcurl. Only size and SHA-256 decide whether a file is right, so a partial download may be
// continued from another address, and no ETag is needed. Not here: the file of a partial download (part_file.cc).
#include "app/fetch/download.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <thread>

#include "app/cli/interrupt.h"
#include "app/cli/terminal.h"
#include "app/fetch/sha256.h"
#include "core/file.h"
#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid::app {
namespace {

constexpr int most_idle_attempts = 4;  // successive attempts without a new byte
constexpr auto first_wait = std::chrono::milliseconds(250);
constexpr long connect_seconds = 20, stalled_seconds = 30;

// State that the callbacks of one request share.
struct Transfer {
  CURL* curl;
  const CatalogueFile& file;
  PartFile& part;
  const Downloader::Watch& watch;
  bool begun = false;
  std::string refused{};       // why the response was refused
  std::exception_ptr error{};  // exceptions must not pass through C code
};

std::int64_t status_of(CURL* curl) {
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

// Checks the header of the response when its first bytes arrive; false if it cannot be the file.
bool begin(Transfer& t) {
  t.begun = true;
  const std::int64_t status = status_of(t.curl);
  if (status != 200 && status != 206) t.refused = fmt::format("HTTP status {}", status);
  if (status == 200) t.part.restart();  // the whole file: no range was requested, or the server ignores ranges
  curl_off_t length = -1;
  curl_easy_getinfo(t.curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  if (length >= 0 && t.refused.empty() && t.part.size() + static_cast<std::uint64_t>(length) != t.file.size) {
    t.refused =
        fmt::format("it has {} bytes, expected {}", t.part.size() + static_cast<std::uint64_t>(length), t.file.size);
  }
  return t.refused.empty();
}

extern "C" std::size_t on_bytes(char* bytes, std::size_t, std::size_t count, void* user) {
  Transfer& t = *static_cast<Transfer*>(user);
  try {
    if (!t.begun && !begin(t)) return CURL_WRITEFUNC_ERROR;
    if (t.part.size() + count > t.file.size) {
      t.refused = fmt::format("it has more than the expected {} bytes", t.file.size);
      return CURL_WRITEFUNC_ERROR;
    }
    t.part.append({bytes, count});
    return count;
  } catch (...) {
    t.error = std::current_exception();
    return CURL_WRITEFUNC_ERROR;
  }
}

extern "C" int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const Transfer& t = *static_cast<Transfer*>(user);
  t.watch(t.part.size());
  return interrupted() ? 1 : 0;
}

void wait_before(int attempt) {
  const auto end = std::chrono::steady_clock::now() + first_wait * (1 << attempt);
  while (!interrupted() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

bool worth_repeating(CURLcode code, std::int64_t status) {
  switch (code) {
    case CURLE_HTTP_RETURNED_ERROR:
      return status == 408 || status == 416 || status == 429 || status >= 500;
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return true;
    default:
      return false;
  }
}

// libcurl reads the variables for proxies itself; the variables for certificates are read only by the curl program.
void use_certificates(CURL* curl) {
  for (const char* name : {"SSL_CERT_FILE", "CURL_CA_BUNDLE"}) {
    const char* file = std::getenv(name);
    if (file != nullptr && *file != '\0') {
      curl_easy_setopt(curl, CURLOPT_CAINFO, file);
      return;
    }
  }
  // A program that was built on Debian and runs elsewhere: where Debian, Fedora, SUSE and Alpine keep the certificates.
  for (const char* file : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                           "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"}) {
    if (!is_there(file)) continue;
    curl_easy_setopt(curl, CURLOPT_CAINFO, file);
    return;
  }
}

}  // namespace

Downloader::Downloader() : curl_(nullptr, curl_easy_cleanup) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready == CURLE_OK) curl_.reset(curl_easy_init());
  if (!curl_) throw Error("M04", "libcurl does not start");
  CURL* const curl = curl_.get();
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 10L);
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, connect_seconds);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, stalled_seconds);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "pellucid/" PELLUCID_VERSION);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  use_certificates(curl);
}

std::string Downloader::fetch(const CatalogueFile& file, const std::string& folder, const Watch& watch) {
  PartFile part(folder + "/" + file.name);
  std::vector<std::string> problems;
  bool wrong = false;
  for (const std::string& address : file.addresses) {
    const Outcome outcome = fetch_from(address, file, part, watch);
    if (interrupted()) return "";
    if (outcome.problem.empty()) {
      part.finish();
      return address;
    }
    problems.push_back(without_password(address + ": " + outcome.problem));
    wrong = wrong || outcome.wrong;
  }
  if (part.size() > 0) {
    problems.push_back(fmt::format("{} of {} bytes are kept: the same command continues from there",
                                   count_text(static_cast<std::int64_t>(part.size())),
                                   count_text(static_cast<std::int64_t>(file.size))));
  } else {
    problems.push_back("nothing of it was kept; a mirror can be named: PELLUCID_FETCH_MIRROR=https://…");
  }
  throw Error(wrong ? "D24" : "M04", "cannot fetch " + file.name, problems);
}

Downloader::Outcome Downloader::fetch_from(const std::string& address, const CatalogueFile& file, PartFile& part,
                                           const Watch& watch) {
  bool resumed = part.size() > 0;
  if (part.size() > file.size) part.restart();
  for (int idle = 0; !interrupted();) {
    if (part.size() < file.size) {
      const std::uint64_t before = part.size();
      const Outcome outcome = request(address, file, part, watch);
      if (!outcome.problem.empty()) {
        idle = part.size() > before ? 0 : idle + 1;
        if (!outcome.again || idle > most_idle_attempts) return outcome;
        wait_before(idle);
        continue;
      }
    }
    const std::string sum = sha256_of_file(part.path());
    if (sum == file.sha256) return {};
    part.restart();
    if (!resumed) return {"its sha256 is " + sum + ", expected " + file.sha256, false, true};
    resumed = false;  // the part of an earlier attempt may be wrong: download the whole file again
  }
  return {"interrupted"};
}

Downloader::Outcome Downloader::request(const std::string& address, const CatalogueFile& file, PartFile& part,
                                        const Watch& watch) {
  CURL* const curl = curl_.get();
  Transfer transfer{curl, file, part, watch};
  char message[CURL_ERROR_SIZE] = "";
  const std::string range = fmt::format("{}-", part.size());
  const bool safe = address.starts_with("https:");
  curl_easy_setopt(curl, CURLOPT_URL, address.c_str());
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, safe ? "https" : "http,https");
  curl_easy_setopt(curl, CURLOPT_RANGE, part.size() > 0 ? range.c_str() : nullptr);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, message);
  const CURLcode code = curl_easy_perform(curl);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, nullptr);
  if (transfer.error) std::rethrow_exception(transfer.error);
  if (!transfer.refused.empty()) {
    part.restart();
    return {transfer.refused, false, true};
  }
  if (code == CURLE_OK && part.size() == file.size) return {};
  if (code == CURLE_OK) return {fmt::format("it ended after {} of {} bytes", part.size(), file.size), true};
  const std::int64_t status = status_of(curl);
  if (code == CURLE_UNSUPPORTED_PROTOCOL && safe)
    return {"it redirects to an address without https, which is not followed"};
  if (code == CURLE_HTTP_RETURNED_ERROR && status == 416) part.restart();  // the server does not have this range
  const std::string text = message[0] != '\0' ? message : curl_easy_strerror(code);
  return {code == CURLE_HTTP_RETURNED_ERROR ? fmt::format("HTTP status {}", status) : text,
          worth_repeating(code, status)};
}

}  // namespace pellucid::app
