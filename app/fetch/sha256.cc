// SHA-256 with OpenSSL. Not here: the expected checksums (catalogue.h).
#include "app/fetch/sha256.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "core/file.h"
#include "pellucid/error.h"

namespace pellucid::app {
namespace {

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) throw std::bad_alloc();
  }

  void add(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }

  std::string text() {
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_DigestFinal_ex(context_.get(), sum, &size);
    std::string result;
    for (unsigned i = 0; i < size; ++i) result += fmt::format("{:02x}", sum[i]);
    return result;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_;
};

}  // namespace

std::string sha256_of(std::string_view bytes) {
  Sha256 sum;
  sum.add(bytes);
  return sum.text();
}

std::string sha256_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw cannot_open(path);
  Sha256 sum;
  char buffer[1 << 16];
  while (in.read(buffer, sizeof buffer), in.gcount() > 0) sum.add({buffer, static_cast<std::size_t>(in.gcount())});
  return sum.text();
}

bool file_holds(const std::string& path, std::uint64_t size, const std::string& sha256) {
  std::error_code missing;
  return std::filesystem::is_regular_file(path, missing) && std::filesystem::file_size(path, missing) == size &&
         sha256_of_file(path) == sha256;
}

}  // namespace pellucid::app
