// Writes a 640 x 480 JPEG with one face, cut from a photo: the usual picture of a gate camera.
//
//   vga_photo PHOTO LEFT TOP WIDTH OUTPUT     WIDTH x WIDTH * 3 / 4 pixels of PHOTO from (LEFT, TOP)

#include <cstdio>
#include <cstdlib>

#include <opencv2/imgproc.hpp>

#include "lib/base/file.hpp"
#include "lib/image/photo.hpp"

int main(int argc, char** argv) {
    using namespace bioctl;
    if (argc != 6) {
        std::fputs("usage: vga_photo PHOTO LEFT TOP WIDTH OUTPUT\n", stderr);
        return 64;
    }
    try {
        auto const file = read_file(argv[1], 50'000'000).or_throw();
        auto const photo = image::decode(file, {});
        if (!photo) throw photo.error().as_error(argv[1]);
        int const width = std::atoi(argv[4]);
        cv::Rect const part =
            cv::Rect{std::atoi(argv[2]), std::atoi(argv[3]), width, width * 3 / 4} & cv::Rect{{0, 0}, photo->full_size};
        cv::Mat vga;
        cv::resize(photo->pixels(part), vga, {640, 480}, 0, 0, cv::INTER_AREA);
        write_file(argv[5], image::encode_jpeg(vga, 90));
        return 0;
    } catch (std::exception const& error) {
        std::fprintf(stderr, "vga_photo: %s\n", error.what());
        return 1;
    }
}
