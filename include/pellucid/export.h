// PELLUCID_EXPORT: marks what a shared libpellucid offers to programs. All other symbols of the library are hidden.
// Not here: how the library is compiled (cmake/library.cmake).
#pragma once

/// Stands in each public header: `namespace PELLUCID_EXPORT pellucid {`. Everything declared there is visible.
/// A function template says it once more before its result type, for g++.
#if defined(__GNUC__)
#define PELLUCID_EXPORT [[gnu::visibility("default")]]
#else
#define PELLUCID_EXPORT
#endif
