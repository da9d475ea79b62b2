// How much memory is still available: on the machine, in the cgroups of this process, under RLIMIT_DATA.
// Not here: allocating memory (core/memory.cc).
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/memory.h"

namespace pellucid {
namespace {

constexpr std::uint64_t unlimited = std::uint64_t{1} << 60;  // cgroup v1 reports "no limit" as a number above this

// The number in a file that holds a single number; 0 if the file holds the word "max" or does not exist.
std::uint64_t number_in(const std::string& path) {
  std::ifstream in(path);
  std::uint64_t value = 0;
  return in >> value ? value : 0;
}

// Looks up a word in a file of "word number" lines (memory.stat) and returns its number.
std::uint64_t number_of(const std::string& path, std::string_view wanted) {
  std::ifstream in(path);
  std::uint64_t value = 0;
  for (std::string word; in >> word >> value;) {
    if (word == wanted) return value;
    in.ignore(256, '\n');
  }
  return 0;
}

struct GroupFiles {
  const char *limit, *used, *cached, *also_cached;
};
constexpr GroupFiles version_1{"/memory.limit_in_bytes", "/memory.usage_in_bytes", "total_inactive_file",
                               "total_active_file"};
constexpr GroupFiles version_2{"/memory.max", "/memory.current", "inactive_file", "active_file"};

// Memory that one cgroup still allows; 0 if the cgroup sets no limit.
std::uint64_t left_by(const std::string& folder, const GroupFiles& files) {
  const std::uint64_t limit = number_in(folder + files.limit);
  if (limit == 0 || limit >= unlimited) return 0;
  const std::string stat = folder + "/memory.stat";
  const std::uint64_t used = number_in(folder + files.used);
  const std::uint64_t cached = number_of(stat, files.cached) + number_of(stat, files.also_cached);
  const std::uint64_t held = used > cached ? used - cached : 0;
  return limit > held ? limit - held : 1;
}

std::uint64_t lesser(std::uint64_t a, std::uint64_t b) {
  return a == 0 ? b : b == 0 ? a : std::min(a, b);
}

std::uint64_t left_by_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_DATA, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return 0;
  std::ifstream in("/proc/self/statm");
  std::uint64_t pages = 0;
  for (int field = 0; field < 6; ++field) in >> pages;  // the sixth field is the size of data and stack
  const std::uint64_t used = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return limit.rlim_cur > used ? limit.rlim_cur - used : 1;
}

}  // namespace

std::uint64_t memory_left_by_cgroups(std::string_view groups, const std::string& root) {
  std::uint64_t least = 0;
  std::istringstream lines{std::string(groups)};
  for (std::string line; std::getline(lines, line);) {  // cgroup v1: "4:memory:/a/b"; cgroup v2: "0::/a/b"
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const bool new_kind = controllers == ",,";
    if (!new_kind && controllers.find(",memory,") == std::string::npos) continue;
    const std::string base = root + (new_kind ? "" : "/memory");
    // Inside a container the process's own cgroup is mounted as the root, but the path may still be the host's.
    for (std::string path = line.substr(second + 1);; path.resize(path.rfind('/'))) {
      while (path.ends_with('/')) path.pop_back();
      least = lesser(least, left_by(base + path, new_kind ? version_2 : version_1));
      if (path.rfind('/') == std::string::npos) break;
    }
  }
  return least;
}

std::uint64_t available_memory() noexcept {
  try {
    std::ifstream in("/proc/self/cgroup");
    std::ostringstream groups;
    groups << in.rdbuf();
    const std::uint64_t machine = number_of("/proc/meminfo", "MemAvailable:") * 1024;
    return lesser(lesser(machine, memory_left_by_cgroups(groups.str(), "/sys/fs/cgroup")), left_by_limit());
  } catch (...) {
    return 0;
  }
}

}  // namespace pellucid
