// Models in other formats: ONNX and C source out, ONNX and arrays in.
// Not here: the formats (the library), which file gets which (pellucid/_model.py).
#include "nets.h"
#include "pellucid/c_source.h"
#include "pellucid/onnx_export.h"
#include "pellucid/onnx_import.h"
#include "pellucid/tensor_files.h"

namespace pellucid::python {

namespace {

nb::bytes bytes_of(const std::string& text) {
  return nb::bytes(text.data(), text.size());
}

nb::bytes onnx_of(Net& net, bool plain, const std::string& name) {
  return bytes_of(
      net.read([&](const Model& model) { return export_onnx(model, {.plain = plain, .name = name}).bytes; }));
}

nb::tuple c_of(Net& net, const std::string& name) {
  const CSource c = net.read([&](const Model& model) { return c_source(model, name); });
  return nb::make_tuple(c.source, c.header);
}

nb::tuple imported(const std::string& path, const std::string& take, std::vector<std::string> columns,
                   std::vector<std::string> classes, const std::string& target) {
  ImportedModel result;
  {
    const nb::gil_scoped_release released;
    result = import_onnx(
        path, {.take = take, .columns = std::move(columns), .classes = std::move(classes), .target = target});
  }
  nb::dict layers;
  for (const ImportedLayer& layer : result.layers) layers[layer.name.c_str()] = layer.operators;
  return nb::make_tuple(std::make_unique<Net>(std::move(result.model)), layers, result.notes, result.producer);
}

// The parameters are loaded into a copy first: arrays of Python may show the memory of the model.
nb::list load(Net& net, const std::string& path, const nb::dict& names, bool transposed) {
  NameMap map{.sources = {}, .transposed = transposed};
  for (const auto& [parameter, tensor] : names) {
    map.sources[nb::cast<std::string>(parameter)] = {nb::cast<std::string>(tensor), transposed};
  }
  const LoadedParameters loaded = net.change([&](Model& model) {
    Model copy = model;
    LoadedParameters result = load_parameters(copy, read_tensors(path), map);
    model.copy_parameters(copy);
    return result;
  });
  nb::list list;
  for (const LoadedParameter& one : loaded.loaded) {
    nb::dict entry;
    entry["parameter"] = one.parameter;
    entry["tensor"] = one.tensor;
    entry["transposed"] = one.transposed;
    entry["how"] = one.how;
    list.append(entry);
  }
  return list;
}

}  // namespace

void bind_exchange(nb::module_& m) {
  m.def("to_onnx", &onnx_of, nb::arg("net"), nb::arg("plain"), nb::arg("name"));
  m.def("to_c", &c_of, nb::arg("net"), nb::arg("name"));
  m.def(
      "to_npz", [](Net& net) { return bytes_of(net.read([](const Model& model) { return to_npz(model); })); },
      nb::arg("net"));
  m.def(
      "to_json", [](Net& net) { return net.read([](const Model& model) { return to_json(model); }); }, nb::arg("net"));
  m.def("import_onnx", &imported, nb::arg("path"), nb::arg("take"), nb::arg("columns"), nb::arg("classes"),
        nb::arg("target"));
  m.def("load_parameters", &load, nb::arg("net"), nb::arg("path"), nb::arg("names"), nb::arg("transposed"));
}

}  // namespace pellucid::python
