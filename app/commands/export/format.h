// ExportFormat: what `pellucid export --format NAME` writes; one file per format in this folder, one row in export.cc.
// Not here: flags and files on the disk (export.cc), the contents of the files (the library).
#pragma once

#include <string>
#include <vector>

#include "core/settings.h"
#include "pellucid/model.h"

namespace pellucid::app {

struct ExportFlags {
  bool plain = false;
};

struct ExportedFile {
  std::string path, bytes;
};

/// Files that are complete in memory, and what the program says about them.
struct Exported {
  std::vector<ExportedFile> files;
  std::string text;            ///< lines for the terminal, after the line that names the files; each ends with \n
  Json json = Json::object();  ///< the same for --json, beside the names of the files
};

struct ExportFormat {
  const char* name;    ///< of --format
  const char* ending;  ///< of the file that -o names, with its dot
  const char* help;    ///< one line
  /// `output` ends in `ending`. Writes nothing to the disk.
  Exported (*make)(const Model& model, const std::string& output, const ExportFlags& flags);
  bool takes_plain = false;
};

extern const ExportFormat c_format, onnx_format, npz_format, json_format;

}  // namespace pellucid::app
