// report.html: the built page (web/dist) filled with a run. Not here: what the page does with it (web/src).
#pragma once

#include <string>
#include <string_view>

#include "core/settings.h"

namespace pellucid {

/// `page` with {"report": …, "examples": …} in place of its mark, no "<" left in it.
std::string fill_page(std::string_view page, const Json& report, const Json& examples);

}  // namespace pellucid
