"""The library as a Conan 2 package, made from this checkout: conan create packaging/conan --build=missing
Not here: the program, which needs more libraries (./dev package)."""

from pathlib import Path

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, get
from conan.tools.gnu import PkgConfigDeps


# Headers only; Conan Center has no recipe for it.
RANDOM123 = {"url": "https://github.com/DEShawResearch/random123/archive/refs/tags/v1.14.0.tar.gz",
             "sha256": "effafd8656b18030b2a5b995cd3650c51a7c45052e6e1c21e48b9fa7a59d926e"}


class Pellucid(ConanFile):
    name = "pellucid"
    version = "0.1.0"
    license = "Apache-2.0"
    description = "Trains feed-forward neural networks from scratch and shows every number"
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False]}
    default_options = {"shared": False, "fPIC": True}
    implements = ["auto_shared_fpic"]

    def export_sources(self):
        root = Path(self.recipe_folder).parents[1]
        for pattern in ("CMakeLists.txt", "LICENSE", "cmake/*", "include/*", "src/*"):
            copy(self, pattern, root, self.export_sources_folder)

    def validate(self):
        check_min_cppstd(self, 20)

    def requirements(self):
        self.requires("highway/1.0.7")
        self.requires("fmt/10.2.1")
        self.requires("zlib/1.3.1")
        self.requires("minizip/1.3.1")
        self.requires("nlohmann_json/3.11.3")
        self.requires("fast_float/6.1.0")
        self.requires("stb/cci.20240531")

    def layout(self):
        cmake_layout(self)

    def source(self):
        get(self, **RANDOM123, destination="random123", strip_root=True)

    def generate(self):
        CMakeDeps(self).generate()
        PkgConfigDeps(self).generate()
        toolchain = CMakeToolchain(self)
        for name, value in {"PROGRAM": False, "TESTS": False, "EXAMPLES": False, "ONNX": False, "INSTALL": True}.items():
            toolchain.cache_variables[f"PELLUCID_{name}"] = value
        toolchain.extra_cxxflags.append(f"-isystem {self.source_folder}/random123/include")
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", self.source_folder, Path(self.package_folder) / "licenses")
        CMake(self).install()

    def package_info(self):
        self.cpp_info.libs = ["pellucid"]
        self.cpp_info.system_libs = ["pthread"]
