// Parses a catalogue. It may come from anybody, so every name and number is checked.
// Not here: the built-in catalogue itself (data/catalogue.json).
#include "data/catalogue.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/settings.h"
#include "core/text.h"
#include "data/made_file.h"
#include "pellucid/error.h"

namespace pellucid {

extern const std::string_view embedded_catalogue;

namespace {

constexpr std::uint64_t largest_file = std::uint64_t{1} << 40;

// Whether the name is a plain file name that cannot leave its folder.
bool plain_name(const std::string& name) {
  return !name.empty() && name[0] != '.' && name.size() <= 200 && std::none_of(name.begin(), name.end(), [](char c) {
    return c == '/' || static_cast<unsigned char>(c) < 0x20;
  });
}

bool is_sha256(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

class Reader {
 public:
  std::vector<CatalogueSet> read(std::string_view text, const std::string& name) {
    const Json json = parse_json(text);
    const Json sets = json.is_object() ? json.value("sets", Json()) : Json();
    require(json.is_object() && json.value("v", Json()) == 1, "it is no JSON object with \"v\": 1");
    require(sets.is_array() && !sets.empty(), "it has no list \"sets\"");
    std::vector<CatalogueSet> result;
    for (const Json& set : sets) result.push_back(read_set(set));
    if (problems_.empty()) return result;
    const auto count = static_cast<std::int64_t>(problems_.size());
    throw Error("U05", fmt::format("the catalogue {} has {}", name, plural(count, "problem")), problems_);
  }

 private:
  void require(bool holds, const std::string& problem) {
    if (!holds) problems_.push_back(problem);
  }

  static std::string text_of(const Json& object, const char* key) {
    const auto at = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && at != object.end() && at->is_string() ? at->get<std::string>() : "";
  }

  static std::vector<std::string> texts_of(const Json& object, const char* key) {
    std::vector<std::string> texts;
    const Json list = object.is_object() ? object.value(key, Json()) : Json();
    for (const Json& item : list.is_array() ? list : Json::array()) {
      texts.push_back(item.is_string() ? item.get<std::string>() : "");
    }
    return texts;
  }

  CatalogueSet read_set(const Json& json) {
    CatalogueSet set{
        text_of(json, "name"), text_of(json, "about"), text_of(json, "licence"), text_of(json, "next"), {}};
    require(plain_name(set.name), "a data set's name " + quote(set.name) + " is not a plain file name");
    const Json files = json.is_object() ? json.value("files", Json()) : Json();
    require(files.is_array() && !files.empty(), quote(set.name) + " has no list \"files\"");
    for (const Json& file : files.is_array() ? files : Json::array()) {
      set.files.push_back(read_file(file, set, texts_of(json, "addresses")));
    }
    return set;
  }

  CatalogueFile read_file(const Json& json, const CatalogueSet& set, std::vector<std::string> addresses) {
    CatalogueFile file;
    file.name = text_of(json, "name");
    file.sha256 = text_of(json, "sha256");
    file.from = text_of(json, "from");
    file.member = text_of(json, "member");
    file.recipe = text_of(json, "recipe");
    const Json size = json.is_object() ? json.value("size", Json()) : Json();
    if (size.is_number_unsigned()) file.size = size.get<std::uint64_t>();
    const std::string place = set.name + "/" + file.name;
    require(plain_name(file.name), "a file's name " + quote(place) + " is not a plain file name");
    require(file.size > 0 && file.size <= largest_file, quote(place) + " has no \"size\" from 1 byte to 1 TiB");
    require(is_sha256(file.sha256), quote(place) + " has no \"sha256\" of 64 lower-case hex digits");
    const auto same = [&file](const CatalogueFile& earlier) { return earlier.name == file.name; };
    require(std::none_of(set.files.begin(), set.files.end(), same), quote(place) + " is named twice");
    if (!file.from.empty()) {
      check_made(file, set, place);
      return file;
    }
    std::vector<std::string> own = texts_of(json, "addresses");
    file.addresses = own.empty() ? std::move(addresses) : std::move(own);
    require(!file.addresses.empty(), quote(place) + " has no \"addresses\"");
    for (std::string& address : file.addresses) {
      require(address.starts_with("http://") || address.starts_with("https://"),
              quote(place) + ": an address begins with http:// or https://, got " + quote(without_password(address)));
      if (address.ends_with('/')) address = address_of(address, file.name);
    }
    return file;
  }

  void check_made(const CatalogueFile& file, const CatalogueSet& set, const std::string& place) {
    const auto source = [&file](const CatalogueFile& earlier) { return earlier.name == file.from; };
    require(std::any_of(set.files.begin(), set.files.end(), source),
            quote(place) + " is made from " + quote(file.from) + ", which is not named before it");
    require(file.member.empty() != file.recipe.empty(), quote(place) + " needs a \"member\" or a \"recipe\"");
    require(file.recipe.empty() || has_recipe(file.recipe), quote(place) + ": no recipe " + quote(file.recipe));
  }

  std::vector<std::string> problems_;
};

}  // namespace

std::uint64_t CatalogueSet::download_size() const {
  std::uint64_t sum = 0;
  for (const CatalogueFile& file : files) sum += file.from.empty() ? file.size : 0;
  return sum;
}

std::string address_of(const std::string& address, std::string_view name) {
  std::string result = address;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    result += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result;
}

std::string without_password(std::string text) {
  for (std::size_t start = 0; (start = text.find("://", start)) != std::string::npos;) {
    start += 3;
    const std::size_t end = std::min(text.find_first_of("/?#", start), text.size());
    std::size_t at = text.substr(0, end).rfind('@');
    // If the text after the colon is not a port, it is a password with a slash that was not encoded.
    const std::size_t colon = text.find(':', start);
    const bool port = colon >= end || text.find_first_not_of("0123456789", colon + 1) >= end;
    if (!port && (at == std::string::npos || at < start)) at = text.rfind('@');
    if (at != std::string::npos && at >= start) text.replace(start, at - start, "***");
  }
  return text;
}

std::vector<CatalogueSet> parse_catalogue(std::string_view text, const std::string& name) {
  return Reader().read(text, name);
}

const std::vector<CatalogueSet>& built_in_catalogue() {
  static const std::vector<CatalogueSet> sets = parse_catalogue(embedded_catalogue, "of the program");
  return sets;
}

}  // namespace pellucid
