// Table of foreign file formats: first bytes, name, and how to convert the file to CSV.
// Not here: damaged files of formats that can be read (csv.cc, npz.cc, …).
#include "tables/readers/csv/foreign.h"

#include <cctype>
#include <vector>

#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid::csv {

namespace {

using namespace std::string_view_literals;

// One format. `way` is a command, where % stands for the file's name, quoted for a shell or for Python; null: none.
struct Foreign {
  std::string_view extension, head;  // end of the path and first bytes; "": any
  const char *what, *way;
};
constexpr const char* from_excel = "pandas.read_excel(%).to_csv(\"data.csv\", index=False)";
constexpr Foreign foreign[] = {
    {".xlsx", "PK\x03\x04"sv, "an Excel workbook", from_excel},
    {".ods", "PK\x03\x04"sv, "an OpenDocument table", from_excel},
    {"", "\xD0\xCF\x11\xE0"sv, "an Excel workbook", from_excel},
    {"", "PAR1"sv, "a Parquet file", "pandas.read_parquet(%).to_csv(\"data.csv\", index=False)"},
    {"", "ARROW1"sv, "an Arrow file", "pandas.read_feather(%).to_csv(\"data.csv\", index=False)"},
    {"", "FEA1"sv, "a Feather file", "pandas.read_feather(%).to_csv(\"data.csv\", index=False)"},
    {"", "\x89HDF\r\n"sv, "an HDF5 file", "pandas.read_hdf(%).to_csv(\"data.csv\", index=False)"},
    {"", "<stata_dta>"sv, "a Stata file", "pandas.read_stata(%).to_csv(\"data.csv\", index=False)"},
    {"", "$FL2"sv, "an SPSS file", "pandas.read_spss(%).to_csv(\"data.csv\", index=False)"},
    {"", "RDX"sv, "an R data file", nullptr},
    {"", "SQLite format 3"sv, "an SQLite database", nullptr},
    {"", "%PDF-"sv, "a PDF document", nullptr},
    {"", "{\\rtf"sv, "an RTF document", nullptr},
    {"", "BZh"sv, "compressed by bzip2", "bunzip2 -k %"},
    {"",
     "\xFD"
     "7zXZ"sv,
     "compressed by xz", "unxz -k %"},
    {"", "\x28\xB5\x2F\xFD"sv, "compressed by zstd", "unzstd %"},
    {"", "7z\xBC\xAF\x27\x1C"sv, "a 7z archive", "7z x %"},
    {"", "Rar!\x1A"sv, "a RAR archive", "unrar x %"},
    {"", "version https://git-lfs.github.com/"sv, "a Git LFS pointer instead of the file itself", "git lfs pull"},
};
constexpr const char* from_json = "pandas.read_json(%).to_csv(\"data.csv\", index=False)";
constexpr const char* from_json_lines = "pandas.read_json(%, lines=True).to_csv(\"data.csv\", index=False)";

std::string_view after_blanks(std::string_view text, std::size_t from = 0) {
  const std::size_t at = text.find_first_not_of(" \t\r\n", from);
  return at == std::string_view::npos ? "" : text.substr(at);
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

[[noreturn]] void refuse(const std::string& path, const std::string& what, const char* way) {
  std::vector<std::string> details;
  if (way == nullptr) {
    details.push_back("save it as CSV from the program it comes from");
  } else {
    const bool python = std::string_view(way).starts_with("pandas");
    std::string command = way;
    const std::size_t at = command.find('%');
    if (at != std::string::npos) command.replace(at, 1, python ? quote(path, 200) : shell_word(path));
    details.push_back(python ? "save it as CSV from the program it comes from, or in Python:" : "run this first:");
    details.push_back(command);
  }
  throw Error("D10", "cannot read " + path + ": it is " + what, details);
}

// Refuses JSON: an object ("{" and a quote), or a list of objects or lists. A CSV whose first column is named {x} or
// [y] is not refused.
void refuse_json(const std::string& path, std::string_view text) {
  const bool list = text.starts_with('[');
  const std::string_view inside = list ? after_blanks(text, 1) : text;
  if (list && inside.starts_with('[')) refuse(path, "JSON", from_json);
  if (!inside.starts_with('{') || !after_blanks(inside, 1).starts_with('"')) return;
  const std::size_t line = text.find('\n');
  const bool lines = !list && line != std::string_view::npos && after_blanks(text, line).starts_with('{');
  refuse(path, lines ? "JSON lines" : "JSON", lines ? from_json_lines : from_json);
}

void refuse_markup(const std::string& path, std::string_view text) {
  const std::string small = lower(text.substr(0, 4096));
  const bool page = small.starts_with("<!doctype html") || small.starts_with("<html") || small.starts_with("<head") ||
                    small.starts_with("<table");
  const bool picture = small.find("<svg") != std::string::npos;  // the reader in images.cc refuses SVG
  if (!page && !picture && small.starts_with("<?xml")) refuse(path, "an XML file", nullptr);
  if (!page) return;
  const std::size_t begin = small.find("<title>"), end = small.find("</title>");
  const bool titled = begin != std::string::npos && end != std::string::npos && begin < end;
  const std::string title = titled ? trim(text.substr(begin + 7, end - begin - 7)) : "";
  throw Error("D10", "cannot read " + path + ": it is a web page" + (title.empty() ? "" : ", " + quote(title)),
              {"the address it was fetched from returned a web page (perhaps a login page) instead of the table"});
}

// Refuses ZIP files: workbooks, whatever their file name, and other archives, except NumPy's.
void refuse_zip(const std::string& path, std::string_view head) {
  if (!head.starts_with("PK\x03\x04")) return;
  const auto holds = [&](std::string_view text) { return head.substr(0, 512).find(text) != std::string_view::npos; };
  if (holds("mimetypeapplication/vnd.oasis")) refuse(path, "an OpenDocument table", from_excel);
  if (holds("[Content_Types].xml") || holds("docProps/") || holds("_rels/"))
    refuse(path, "an Excel workbook", from_excel);
  if (path.ends_with(".npz") || holds(".npy")) return;  // NumPy arrays; npz.cc reports damage
  refuse(path, "a ZIP archive", "unzip %");
}

}  // namespace

void refuse_foreign(const std::string& path, std::string_view head) {
  for (const Foreign& f : foreign) {
    if (path.ends_with(f.extension) && head.starts_with(f.head)) refuse(path, f.what, f.way);
  }
  refuse_zip(path, head);
  const std::string_view text = after_blanks(head, head.starts_with("\xEF\xBB\xBF") ? 3 : 0);
  refuse_json(path, text);
  refuse_markup(path, text);
}

}  // namespace pellucid::csv
