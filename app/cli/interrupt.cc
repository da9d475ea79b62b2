// Signal handlers for Ctrl-C and SIGTERM. Not here: what a handler must not do, such as writing files.
#include "app/cli/interrupt.h"

#include <unistd.h>

#include <csignal>

namespace pellucid::app {
namespace {

std::atomic<bool> cancel{false};
std::atomic<int> signal_seen{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

extern "C" void on_signal(int signal) {
  if (signal_seen.exchange(signal) != 0) ::_exit(128 + signal);
  cancel.store(true);
}

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

const std::atomic<bool>& interrupted() noexcept {
  return cancel;
}

int interrupt_status() noexcept {
  const int signal = signal_seen.load();
  return signal == 0 ? 0 : 128 + signal;
}

}  // namespace pellucid::app
