#include "lib/base/vector_path.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/base/error.hpp"

namespace bioctl {

std::string_view name_of(VectorPath path) {
    switch (path) {
        case VectorPath::portable: return "portable";
        case VectorPath::avx2: return "avx2";
        case VectorPath::avx512: return "avx512";
        case VectorPath::avx512_vnni: return "avx512_vnni";
    }
    throw Error{Kind::bug, "a VectorPath without a name"};
}

std::vector<VectorPath> vector_paths() {
    std::vector<VectorPath> paths{VectorPath::portable};
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return paths;
    paths.push_back(VectorPath::avx2);
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw")) return paths;
    paths.push_back(VectorPath::avx512);
    if (__builtin_cpu_supports("avx512vnni")) paths.push_back(VectorPath::avx512_vnni);
#endif
    return paths;
}

void require(VectorPath path) {
    auto const known = vector_paths();
    if (std::find(known.begin(), known.end(), path) == known.end())
        throw Error{Kind::bug, fmt::format("this processor has no {}", name_of(path))};
}

}  // namespace bioctl
