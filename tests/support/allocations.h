// Counts memory allocations of the test program. Not here: the tests that use it (model/allocation_test.cc).
#pragma once

namespace pellucid::test {

/// Number of calls of operator new so far, on all threads.
long allocations() noexcept;

}  // namespace pellucid::test
