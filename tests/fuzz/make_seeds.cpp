// Writes the seeds that are not text, as small as they get: make_seeds FOLDER makes FOLDER/<target>/<name>.

#include <cstdio>
#include <exception>
#include <utility>

#include "lib/base/deflate.hpp"
#include "lib/match/npy.hpp"
#include "lib/ont/history_code.hpp"
#include "lib/ont/icmp_packet.hpp"
#include "lib/ont/routeros_words.hpp"
#include "lib/palm/template.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/face/models_data.hpp"
#include "tests/unit/image/writers.hpp"

using namespace bioctl;
using namespace bioctl::image::test;

namespace {

class Seeds {
public:
    explicit Seeds(test::fs::path folder) : m_folder(std::move(folder)) {}
    void add(std::string_view target, std::string_view name, std::string_view content) const {
        test::write_text(m_folder / target / name, content);
    }
    void add(std::string_view target, std::string_view name, ByteView content) const { add(target, name, as_text(content)); }

private:
    test::fs::path m_folder;
};

void add_pictures(Seeds const& seeds) {
    auto const picture = gradient(21, 13);  // odd, so that rows are padded
    cv::Mat const half{cv::Size{21, 13}, CV_8UC4, cv::Scalar{0, 100, 200, 128}};
    cv::Mat const ink{cv::Size{9, 5}, CV_8UC4, cv::Scalar{10, 20, 30, 40}};
    cv::Mat const indices{cv::Size{8, 3}, CV_8UC1, cv::Scalar{1}};
    seeds.add("image", "jpeg", write_jpeg(picture));
    seeds.add("image", "jpeg_progressive", write_jpeg(picture, {.is_progressive = true, .restart_interval = 1}));
    seeds.add("image", "jpeg_cmyk", write_jpeg(ink, {.ink = Ink::cmyk}));
    auto const small = write_jpeg(cv::Mat{cv::Size{8, 8}, CV_8UC3, cv::Scalar{10, 20, 30}}, {.restart_interval = 1});
    std::string const frame{as_text(small)};
    seeds.add("jpeg_stream", "body", "--x\r\nContent-Type: image/jpeg\r\n\r\n" + frame + "\r\n--x\r\n\r\n" + frame);
    seeds.add("jpeg_stream", "cut", frame.substr(0, frame.size() / 2) + frame);
    seeds.add("image", "png", write_png(picture));
    seeds.add("image", "png_interlaced", write_png(picture, {.is_interlaced = true, .exif_orientation = 6}));
    seeds.add("image", "png_palette", write_png(indices, {.bit_depth = 2, .palette = {{1, 2, 3, 4}, {5, 6, 7, 8}}}));
    auto const webp = write_webp(picture, WebpKind::lossy);
    seeds.add("image", "webp", webp);
    seeds.add("image", "webp_lossless", write_webp(half, WebpKind::lossless));
    seeds.add("image", "webp_extended", with_webp_chunk(webp, picture.size(), 8, "EXIF", "Exif"));
    seeds.add("image", "bmp", write_bmp(picture));
    constexpr unsigned k_rle8 = 1, k_rle4 = 2;
    seeds.add("image", "bmp_rle8",
              write_bmp({4, 2}, {"\4\1\0\0\0\4\0\1\0\1\0\1", 12},
                        {.bits = 8, .compression = k_rle8, .palette = {{1, 2, 3}, {4, 5, 6}}}));
    seeds.add("image", "bmp_rle4",
              write_bmp({4, 2}, {"\4\x01\0\0\0\2\1\0\2\x10\0\1", 12},
                        {.bits = 4, .compression = k_rle4, .palette = {{1, 2, 3}, {4, 5, 6}}}));
    seeds.add("image_rare", "tiff", write_tiff(picture));
    seeds.add("image_rare", "tiff_tiled", write_tiff(picture, {.compression = 5, .orientation = 6, .is_tiled = true}));
    for (auto const& [name, kind] : {std::pair{"heic", HeifKind::heic}, std::pair{"avif", HeifKind::avif}}) {
        auto const file = write_heif(picture, kind);
        seeds.add("image_rare", name, file);
        seeds.add("heif_sizes", name, file);
    }
    // Little-endian and big-endian TIFF structures with the orientation 6.
    seeds.add("exif", "little", std::string_view{"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0", 32});
    seeds.add("exif", "big", std::string_view{"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0", 26});
}

void add_models(Seeds const& seeds) {
    seeds.add("dlib_dat", "shape_5", test::dlib_shape_file(5));
    seeds.add("dlib_dat", "shape_68", test::dlib_shape_file(68));
    seeds.add("dlib_dat", "resnet", test::dlib_integer(1) + test::dlib_text("loss_metric_2") + test::dlib_integer(1));
    seeds.add("onnx", "recogniser", test::onnx_outline_file({"embedding"}));
    seeds.add("onnx", "yunet", test::onnx_outline_file({"cls_8", "cls_16", "obj_8", "bbox_8", "kps_8"}));
    seeds.add("npy", "matrix", match::write_npy({.rows = 2, .columns = 3, .values = {1, -0.0, 1e-300, 0.5, 2, 3}}));
    seeds.add("npy", "float32",
              match::write_npy({.rows = 1, .columns = 2, .precision = match::Precision::float32, .values = {0.5, 0.25}}));
    palm::Template palm{.side = palm::Side::right, .codes = std::vector<match::Code>(1)};
    seeds.add("palm_template", "one", palm::to_bytes(palm));
    palm = {.side = palm::Side::unknown, .codes = std::vector<match::Code>(2)};
    seeds.add("palm_template", "two", palm::to_bytes(palm));
}

/// An echo as the kernel hands it over: with a header of IPv4 on raw sockets, without elsewhere; and inside an error.
void add_packets(Seeds const& seeds) {
    ont::EchoRequest request{ont::Family::v4, 7, 56};
    std::string reply{as_text(request.make(1, {.nonce = 42, .target = 3, .attempt = 1, .sent_ns = 5}))};
    std::string const header("\x45\0\0\x54\0\0\0\0\x40\x01\0\0\x7F\0\0\x01\x7F\0\0\x01", 20);
    seeds.add("icmp", "unreachable", header + std::string("\x03\x01\0\0\0\0\0\0", 8) + header + reply);
    reply.front() = '\0';  // echo reply
    seeds.add("icmp", "reply", reply);
    seeds.add("icmp", "reply_raw", header + reply);
    ont::EchoRequest six{ont::Family::v6, 7, 24};
    std::string reply6{as_text(six.make(1, {.nonce = 42}))};
    reply6.front() = '\x81';
    seeds.add("icmp", "reply_v6", reply6);
}

void add_routers(Seeds const& seeds) {
    using ont::encoded_sentence;
    auto const done = [](int tag) { return encoded_sentence({"!done", ".tag=" + std::to_string(tag)}); };
    auto const user = encoded_sentence({"!re", ".tag=3", "=.id=*1", "=server=hotspot1", "=user=ana", "=address=192.0.2.7",
                                        "=mac-address=02:00:5E:10:00:01", "=uptime=1w2d3h4m5s", "=bytes-in=10", "=bytes-out=20"});
    auto const talk =
        done(1) + encoded_sentence({"!re", ".tag=2", "=name=hotspot1", "=disabled=false"}) + done(2) + user + done(3);
    auto const trap = encoded_sentence({"!trap", ".tag=1", "=message=invalid user name or password (6)"}) + done(1);
    auto const old = encoded_sentence({"!done", ".tag=1", "=ret=00112233445566778899aabbccddeeff"}) + done(2);
    for (auto const* const target : {"routeros_words", "routeros_session"}) {
        seeds.add(target, "talk", talk);
        seeds.add(target, "trap", trap);
        seeds.add(target, "challenge", old);
        seeds.add(target, "fatal", encoded_sentence({"!fatal", "too many commands before login"}));
        seeds.add(target, "long", encoded_sentence({"!re", "=comment=" + std::string(200, 'x')}) + done(1));
    }
}

void add_history(Seeds const& seeds) {
    std::vector<ont::Bucket> const buckets{{.asked = 10, .lost = 1, .least = 1300, .mean = 1400, .p95 = 1500, .most = 1600},
                                           {.asked = 10, .lost = 10}};
    seeds.add("history", "buckets", ont::pack(buckets));
    seeds.add("history", "bytes", deflate(as_bytes("what was packed")));
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 64;
    }
    Seeds const seeds{argv[1]};
    add_pictures(seeds);
    add_models(seeds);
    add_packets(seeds);
    add_routers(seeds);
    add_history(seeds);
    return 0;
} catch (std::exception const& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 70;
}
