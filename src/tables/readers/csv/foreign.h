// Recognises files of other formats (Excel, PDF, web pages …) by their first bytes, to refuse them with advice.
// Not here: the formats that can be read (tables/readers/format.h).
#pragma once

#include <string>
#include <string_view>

namespace pellucid::csv {

/// Throws D10 if the file is a workbook, an archive, a web page, JSON or the like; the message says what it is and how
/// to convert it to CSV. `head`: the first bytes, decompressed if they are gzip.
void refuse_foreign(const std::string& path, std::string_view head);

}  // namespace pellucid::csv
