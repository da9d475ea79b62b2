// Parses sizes such as 256M and reports how much data is in temporary files. Not here: the flag (data_flags.cc).
#include "app/cli/memory_limit.h"

#include <fmt/format.h>

#include <cctype>
#include <cstdlib>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/large_vector.h"

namespace pellucid::app {
namespace {

bool was_auto = true;  // whether the current limit was chosen automatically

// The bytes of "256M", "1.5 GiB", "4gb" or "1000000"; nothing if the text is not a size.
std::optional<std::uint64_t> bytes_of(const std::string& text) {
  std::size_t end = text.find_first_not_of("0123456789.");
  if (end == std::string::npos) end = text.size();
  double value = 0;
  if (!parse_number(std::string_view(text).substr(0, end), value)) return std::nullopt;
  std::string unit;
  for (const char c : trim(text.substr(end))) unit += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const std::size_t power = unit.empty() || unit == "B" ? 0 : std::string("KMGT").find(unit[0]) + 1;
  const std::string rest = power == 0 ? "" : unit.substr(1);
  if (power > 4 || !(rest.empty() || rest == "B" || rest == "IB")) return std::nullopt;
  for (std::size_t i = 0; i < power; ++i) value *= 1024;
  if (!(value < 0x1p62)) return std::nullopt;
  return static_cast<std::uint64_t>(value);
}

}  // namespace

void limit_memory(const std::string& memory, const std::string& folder) {
  was_auto = memory == "auto";
  std::optional<std::uint64_t> bytes;
  if (!was_auto) {
    bytes = bytes_of(memory);
    if (!bytes) throw Error("U02", "memory takes auto or a size such as 256M or 4G, got " + quote(memory));
  }
  const char* const temporary = std::getenv("TMPDIR");
  limit_large_data(bytes, temporary != nullptr && *temporary != '\0' ? temporary : folder);
}

std::string memory_text() {
  const LargeDataUse use = large_data_use();
  if (use.most_in_files == 0) return "";
  const auto text = [](std::uint64_t bytes) { return bytes_text(static_cast<double>(bytes)); };
  return fmt::format("up to {} of the data are in temporary files, at most {} in memory ({})", text(use.most_in_files),
                     text(*use.limit), was_auto ? "auto: half of what was free" : "--memory");
}

void say_memory(Terminal& terminal) {
  const std::string text = memory_text();
  if (!text.empty()) terminal.say(terminal.paint(Style::faint, "note") + ": " + text);
}

}  // namespace pellucid::app
