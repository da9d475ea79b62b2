// PELLUCID_EXPORT: marks the symbols that a shared libpellucid exports. All its other symbols are hidden.
// Not here: how the library is compiled (cmake/library.cmake).
#pragma once

/// Each public header says `namespace PELLUCID_EXPORT pellucid {`, which exports everything declared in it. For g++,
/// function templates repeat the macro before their result type.
#if defined(__GNUC__)
#define PELLUCID_EXPORT [[gnu::visibility("default")]]
#else
#define PELLUCID_EXPORT
#endif
