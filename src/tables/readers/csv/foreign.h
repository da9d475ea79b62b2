// Foreign files: what people hand over as tables and is none, told by its first bytes.
// Not here: the formats that are read (format.h).
#pragma once

#include <string>
#include <string_view>

namespace pellucid::csv {

/// Throws D10 for a workbook, an archive, a web page, JSON and the like, with what it is and how to make it a table.
/// `head`: the first bytes, of a packed file unpacked.
void refuse_foreign(const std::string& path, std::string_view head);

}  // namespace pellucid::csv
