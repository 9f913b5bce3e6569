#include "lib/image/rare_codecs.hpp"

extern "C" [[gnu::visibility("default")]] bioctl::image::RareModule const* bioctl_image_rare() {
    using namespace bioctl::image;
    static RareModule const module{k_rare_version, k_tiff_codec, k_heif_codec};
    return &module;
}
