#include "lib/face/engine.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <future>
#include <mutex>

#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

#include "lib/face/align.hpp"
#include "lib/face/detector.hpp"
#include "lib/face/embedder.hpp"
#include "lib/face/finder.hpp"
#include "lib/face/landmarker.hpp"
#include "lib/face/quality.hpp"

namespace bioctl::face {

namespace {

// Enough for the passes of the detectors but the last resorts; a JPEG of 12 megapixels is decoded at half of its width.
constexpr int k_detection_longer_side = 1280;
// Where that is so, a quarter is looked at first, which has this many times the pixels that the usual passes see, or more.
constexpr float k_first_look = 1.5F;
// Chips enlarged by more than this lose detail that the photo has: decode it again at a larger scale.
constexpr float k_max_enlargement = 1.3F;
constexpr float k_repeat_iou = 0.5F;
constexpr float k_portrait_factor = 2;
constexpr int k_portrait_side = 400;
constexpr int k_portrait_least_side = 64;

/// A point of a picture that was turned clockwise, in the picture before. `size` is that of the picture before.
cv::Point2f unturned(cv::Point2f point, int degrees, cv::Size size) {
    auto const right = static_cast<float>(size.width - 1);
    auto const bottom = static_cast<float>(size.height - 1);
    switch (degrees) {
        case 90: return {point.y, bottom - point.x};
        case 180: return {right - point.x, bottom - point.y};
        case 270: return {right - point.y, point.x};
        default: return point;
    }
}

cv::Rect2f unturned(cv::Rect2f const& box, int degrees, cv::Size size) {
    auto const a = unturned(box.tl(), degrees, size);
    auto const b = unturned(box.br(), degrees, size);
    return {cv::Point2f{std::min(a.x, b.x), std::min(a.y, b.y)}, cv::Point2f{std::max(a.x, b.x), std::max(a.y, b.y)}};
}

/// The same box for the same face, whichever detector proposed it. Factors: mean over View 1 of LFW of YuNet's box against the
/// bounding box of the 68 points.
cv::Rect2f box_around(Landmarks const& landmarks, Detection const& detection) {
    if (landmarks.size() != 68) return faceapi_box(detection);
    auto const points = cv::boundingRect(landmarks);
    auto const width = static_cast<float>(points.width);
    auto const height = static_cast<float>(points.height);
    cv::Point2f const centre{static_cast<float>(points.x) + width / 2, static_cast<float>(points.y) + height * (0.5F - 0.153F)};
    cv::Size2f const size{width * 1.02F, height * 1.388F};
    return {centre.x - size.width / 2, centre.y - size.height / 2, size.width, size.height};
}

/// Landmarks have the centre of the first pixel at (0, 0), which moves when pixels become smaller. Boxes are counted from its
/// edge.
void scale(Face& face, float factor) {
    face.box = {face.box.tl() * factor, face.box.size() * factor};
    auto const shift = (factor - 1) / 2;
    for (auto& point : face.landmarks)
        point = point * factor + cv::Point2f{shift, shift};
}

/// What to decode of a file before it is known where its faces are.
int first_longer_side(ByteView file, image::Limits const& limits, ModelInfo const& detector) {
    auto const side = static_cast<int>(k_first_look * static_cast<float>(usual_longer_side(detector)));
    bool const may_be_jpeg = file.size() > 1 && file[0] == std::byte{0xff} && file[1] == std::byte{0xd8};
    if (side >= k_detection_longer_side || !may_be_jpeg) return k_detection_longer_side;
    auto const header = image::read_header(file, limits);
    return header && std::max(header->width, header->height) >= 4 * side ? side : k_detection_longer_side;
}

/// bioctl runs many photos side by side, so a library's own threads would only fight with ours.
void keep_libraries_single_threaded() {
    static std::once_flag once;
    std::call_once(once, [] { cv::setNumThreads(1); });
}

}  // namespace

struct Engine::Parts {
    explicit Parts(ModelSet const& set)
        : models(set),
          contract(set.contract()),
          alignment(template_from(set.embedder.input.alignment)),
          finder(models.detector, times) {}

    ModelSet models;
    Contract contract;
    Template alignment;
    StageTimes times;
    Finder finder;
    std::unique_ptr<Landmarker> landmarker;
    std::unique_ptr<Embedder> embedder;
    std::future<std::unique_ptr<Landmarker>> landmarker_to_come;
    std::future<std::unique_ptr<Embedder>> embedder_to_come;
    cv::Mat picture;  // analysed last, upright, perhaps at reduced scale
    float to_full_scale = 1;

    template <class Part>
    Part& loaded(std::unique_ptr<Part>& part, std::future<std::unique_ptr<Part>>& to_come,
                 std::unique_ptr<Part> (*make)(ModelInfo const&), ModelInfo const& model) {
        if (!part) {
            Stopwatch const watch{times.load};
            part = to_come.valid() ? to_come.get() : make(model);
        }
        return *part;
    }
    /// Half of what a first photo waits for is the loading of networks: another core does it while this one looks for faces.
    void expect(Embedding embedding) {
        if (!landmarker && !landmarker_to_come.valid()) landmarker_to_come = coming(make_landmarker, models.landmarks);
        if (embedding != Embedding::none && !embedder && !embedder_to_come.valid())
            embedder_to_come = coming(make_embedder, models.embedder);
    }
    template <class Part>
    static std::future<std::unique_ptr<Part>> coming(std::unique_ptr<Part> (*make)(ModelInfo const&), ModelInfo const& model) {
        // Where no thread is to be had, it is done when it is asked for.
        return std::async(std::launch::async | std::launch::deferred, [make, model] { return make(model); });
    }
    [[nodiscard]] int chip_side() const { return models.embedder.input.size; }
    /// Width of a chip in the picture beyond which its portrait shows no more.
    static float portrait_chip() { return static_cast<float>(k_portrait_side) / k_portrait_factor; }

    [[nodiscard]] int longer_side() const { return std::max(picture.cols, picture.rows); }
    [[nodiscard]] bool is_first_look() const { return to_full_scale > 1.01F && longer_side() < k_detection_longer_side; }
    image::Outcome<image::Photo> open(ByteView file, image::DecodeOptions const& options);
    float enlarge(ByteView file, image::DecodeOptions options, float factor);
    image::Outcome<Sighting> sight(ByteView file, image::DecodeOptions options, Analysis& analysis);
    void fill(Analysis& analysis, Sighting const& sighting, std::function<void(std::vector<Face>&)> const& prepare_picture);
    std::vector<Face> faces_of(Sighting const& sighting);
    void cut_chips(std::vector<Face>& faces);
    void sharpen(std::vector<Face>& faces, ByteView file, image::DecodeOptions const& options);
};

/// Landmarks and boxes, in pixels of `picture`.
std::vector<Face> Engine::Parts::faces_of(Sighting const& sighting) {
    auto& part = loaded(landmarker, landmarker_to_come, make_landmarker, models.landmarks);
    Stopwatch const watch{times.landmarks};
    std::vector<Face> faces;
    for (auto const& detection : sighting.detections) {
        Face face;
        face.detection_score = detection.score;
        face.landmarks = part.find(sighting.turned, detection);
        face.box = unturned(box_around(face.landmarks, detection), sighting.rotation, picture.size());
        for (auto& point : face.landmarks)
            point = unturned(point, sighting.rotation, picture.size());
        faces.push_back(std::move(face));
    }
    // Two detections of one face often have different boxes but the same landmarks.
    std::stable_sort(faces.begin(), faces.end(),
                     [](Face const& a, Face const& b) { return a.detection_score > b.detection_score; });
    std::vector<Face> kept;
    for (auto& face : faces) {
        bool const repeats = std::any_of(kept.begin(), kept.end(), [&](Face const& better) {
            auto const shared = (better.box & face.box).area();
            return shared > k_repeat_iou * (better.box.area() + face.box.area() - shared);
        });
        if (!repeats) kept.push_back(std::move(face));
    }
    std::stable_sort(kept.begin(), kept.end(), [](Face const& a, Face const& b) { return a.box.area() > b.box.area(); });
    return kept;
}

void Engine::Parts::cut_chips(std::vector<Face>& faces) {
    Stopwatch const watch{times.align};
    for (auto& face : faces)
        face.chip = cut(picture, chip_transform(face.landmarks, alignment, chip_side()), chip_side());
}

/// Decodes again at a larger scale when a face is smaller than its chip, after a first look than its portrait, only because the
/// photo was shrunk. Landmarks found before are good enough: of 16 small faces they moved by .4 to 1.8 % of the box's width when
/// they were found at half rather than at a quarter, and by .4 to 1.5 % for another box at half.
void Engine::Parts::sharpen(std::vector<Face>& faces, ByteView file, image::DecodeOptions const& options) {
    float const for_portrait = is_first_look() ? portrait_chip() / static_cast<float>(chip_side()) : 0;
    float const enough = std::max(1 / k_max_enlargement, for_portrait);
    float least = enough;
    for (auto const& face : faces) {
        least = std::min(least, picture_pixels_per_chip_pixel(chip_transform(face.landmarks, alignment, chip_side())));
    }
    if (least >= enough) return;
    auto const factor = enlarge(file, options, 1 / std::max(least, 0.01F));
    for (auto& face : faces)
        scale(face, factor);
}

/// Replaces the picture by the photo.
image::Outcome<image::Photo> Engine::Parts::open(ByteView file, image::DecodeOptions const& options) {
    Stopwatch const watch{times.decode};
    auto photo = image::decode(file, options);
    if (photo) {
        picture = photo->pixels;
        to_full_scale = static_cast<float>(photo->to_full_scale());
    }
    return photo;
}

/// Decodes again, to at least `factor` times the size as far as the photo has it. Returns by how much the picture has grown.
float Engine::Parts::enlarge(ByteView file, image::DecodeOptions options, float factor) {
    if (is_first_look())
        factor = std::max(factor, static_cast<float>(k_detection_longer_side) / static_cast<float>(longer_side()));
    if (to_full_scale <= 1.01F) return 1;
    auto const before = static_cast<float>(picture.cols);
    options.min_longer_side = factor >= to_full_scale ? 0 : static_cast<int>(static_cast<float>(longer_side()) * factor);
    // It decoded before. Should the decoder be short of memory now, the smaller picture is still good.
    return open(file, options) ? static_cast<float>(picture.cols) / before : 1;
}

/// Decodes as much of the photo as it takes to be sure of its faces.
image::Outcome<Sighting> Engine::Parts::sight(ByteView file, image::DecodeOptions options, Analysis& analysis) {
    {
        Stopwatch const watch{times.decode};
        options.min_longer_side = first_longer_side(file, options.limits, models.detector);
    }
    auto photo = open(file, options);
    if (!photo) return tl::unexpected(photo.error());
    analysis.size = photo->full_size;
    analysis.format = photo->format;
    if (!is_first_look()) return finder.thorough(picture);
    if (auto sighting = finder.clear(picture)) return std::move(*sighting);
    options.min_longer_side = k_detection_longer_side;
    photo = open(file, options);
    if (!photo) return tl::unexpected(photo.error());
    return finder.thorough(picture);
}

/// The faces seen in `picture`. `prepare_picture` may replace it by a larger one once it is known where the faces are.
void Engine::Parts::fill(Analysis& analysis, Sighting const& sighting,
                         std::function<void(std::vector<Face>&)> const& prepare_picture) {
    analysis.rotation = sighting.rotation;
    if (sighting.detections.empty()) return;
    analysis.faces = faces_of(sighting);
    prepare_picture(analysis.faces);
    cut_chips(analysis.faces);
    for (auto& face : analysis.faces) {
        scale(face, to_full_scale);
        face.quality = assess(face.chip, face.landmarks);
    }
}

Engine::Engine(ModelSet const& models) : m_parts(std::make_unique<Parts>(models)) {
    keep_libraries_single_threaded();
}

Engine::Engine(Engine&&) noexcept = default;
Engine::~Engine() = default;

Contract const& Engine::contract() const {
    return m_parts->contract;
}

StageTimes const& Engine::times() const {
    return m_parts->times;
}

image::Outcome<Analysis> Engine::analyse(ByteView file, image::Limits const& limits, Embedding embedding) {
    auto& parts = *m_parts;
    parts.expect(embedding);
    image::DecodeOptions const options{.limits = limits};
    Analysis analysis;
    auto const sighting = parts.sight(file, options, analysis);
    if (!sighting) return tl::unexpected(sighting.error());
    parts.fill(analysis, *sighting, [&](std::vector<Face>& faces) { parts.sharpen(faces, file, options); });
    if (embedding == Embedding::all_faces) embed(analysis.faces);
    return analysis;
}

Analysis Engine::analyse(cv::Mat const& picture, Embedding embedding, Search search) {
    auto& parts = *m_parts;
    parts.expect(embedding);
    parts.picture = picture;
    parts.to_full_scale = 1;
    Analysis analysis;
    analysis.size = picture.size();
    auto const sighting = search == Search::quick ? parts.finder.quick(picture) : parts.finder.thorough(picture);
    parts.fill(analysis, sighting, [](std::vector<Face>&) {});
    if (embedding == Embedding::all_faces) embed(analysis.faces);
    return analysis;
}

void Engine::embed(std::vector<Face>& faces) {
    if (faces.empty()) return;
    auto& part = m_parts->loaded(m_parts->embedder, m_parts->embedder_to_come, make_embedder, m_parts->models.embedder);
    Stopwatch const watch{m_parts->times.embed};
    std::vector<cv::Mat> chips;
    for (auto const& face : faces)
        chips.push_back(face.chip);
    auto vectors = part.embed(chips);
    for (std::size_t i = 0; i < faces.size(); ++i)
        faces[i].vector = std::move(vectors[i]);
}

cv::Mat Engine::portrait(Face const& face) const {
    auto const& parts = *m_parts;
    auto landmarks = face.landmarks;
    for (auto& point : landmarks)
        point /= parts.to_full_scale;
    int const chip_side = parts.chip_side();
    auto const transform = chip_transform(landmarks, parts.alignment, chip_side);
    float const shown = static_cast<float>(chip_side) * k_portrait_factor * picture_pixels_per_chip_pixel(transform);
    int const side = std::clamp(static_cast<int>(shown), k_portrait_least_side, k_portrait_side);
    return cut(parts.picture, widened(transform, chip_side, k_portrait_factor, side), side);
}

}  // namespace bioctl::face
