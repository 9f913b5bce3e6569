// Accuracy on the development view of LFW: detection, 10-fold accuracy, true accepts at low false match rates, for the default
// models, for YuNet, and for the recipe of the peers (dlib's HOG with one upsampling, its 68 points, no mirrored chip, full
// decode).
//
//   lfw_view1 [DATA_DIR [YUNET.onnx]]      DATA_DIR holds lfw-view1/
//
// Of several faces in a photo the one nearest to its middle counts: LFW is cropped around the person it names. Impostors are all
// pairs of photos of different people.

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <thread>

#include <unistd.h>

#include "lib/base/file.hpp"
#include "lib/face/align.hpp"
#include "lib/face/detector.hpp"
#include "lib/face/embedder.hpp"
#include "lib/face/engine.hpp"
#include "lib/face/landmarker.hpp"
#include "lib/face/models.hpp"
#include "lib/match/distance.hpp"
#include "tests/bench/lfw_pairs.hpp"
#include "tests/bench/metrics.hpp"

namespace {

using namespace bioctl;
using namespace bioctl::bench;
namespace fs = std::filesystem;

using Vector = std::vector<float>;  // empty: no face
/// One worker's way from the bytes of a photo to the vector of its middle face.
using Recipe = std::function<Vector(ByteView)>;

constexpr float k_scale = 1.43F;

float distance_to_middle(cv::Rect2f const& box, cv::Size picture) {
    auto const centre = (box.tl() + box.br()) / 2;
    return std::hypot(centre.x - static_cast<float>(picture.width) / 2, centre.y - static_cast<float>(picture.height) / 2);
}

Recipe engine_recipe(face::ModelSet const& models) {
    auto engine = std::make_shared<face::Engine>(models);
    return [engine](ByteView file) -> Vector {
        auto const analysis = engine->analyse(file, {});
        if (!analysis || analysis->faces.empty()) return {};
        auto const nearest = std::min_element(analysis->faces.begin(), analysis->faces.end(), [&](auto const& a, auto const& b) {
            return distance_to_middle(a.box, analysis->size) < distance_to_middle(b.box, analysis->size);
        });
        return nearest->vector;
    };
}

Recipe peer_recipe(face::ModelInfo embedder, fs::path const& predictor) {
    embedder.input.mirror = false;
    std::shared_ptr<face::Detector> const detector = face::make_hog_detector(1);
    std::shared_ptr<face::Landmarker> const landmarker = face::make_dlib_landmarker(predictor);
    std::shared_ptr<face::Embedder> const network = face::make_embedder(embedder);
    return [=](ByteView file) -> Vector {
        auto const photo = image::decode(file, {});
        if (!photo) return {};
        auto const found = detector->detect(photo->pixels, face::Effort::usual);
        if (found.empty()) return {};
        auto const nearest = std::min_element(found.begin(), found.end(), [&](auto const& a, auto const& b) {
            return distance_to_middle(a.box, photo->full_size) < distance_to_middle(b.box, photo->full_size);
        });
        auto const points = landmarker->find(photo->pixels, *nearest);
        cv::Mat const chip = face::cut(photo->pixels, face::chip_transform(points, face::Template::dlib68, 150), 150);
        return network->embed({&chip, 1}).front();
    };
}

std::vector<Vector> embed_all(std::vector<fs::path> const& photos, std::function<Recipe()> const& make_recipe) {
    std::vector<Vector> vectors(photos.size());
    std::atomic<std::size_t> next{0};
    auto const work = [&] {
        auto const recipe = make_recipe();
        for (std::size_t i = next++; i < photos.size(); i = next++) {
            auto const file = read_file(photos[i], 50'000'000).or_throw();
            vectors[i] = recipe(file);
        }
    };
    std::vector<std::thread> workers;
    for (unsigned i = 1; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
        workers.emplace_back(work);
    work();
    for (auto& worker : workers)
        worker.join();
    return vectors;
}

struct Result {
    Share detected, accuracy;
    std::vector<TarAtFmr> tar;
    double mean_norm = 0;
    std::size_t impostors = 0;
};

std::vector<float> impostor_distances(std::vector<fs::path> const& photos, std::vector<Vector> const& vectors) {
    std::vector<float> distances;
    for (std::size_t i = 0; i < photos.size(); ++i) {
        for (std::size_t j = i + 1; j < photos.size(); ++j) {
            if (vectors[i].empty() || vectors[j].empty() || photos[i].parent_path() == photos[j].parent_path()) continue;
            distances.push_back(match::distance(vectors[i], vectors[j], match::Metric::unit, k_scale));
        }
    }
    std::sort(distances.begin(), distances.end());
    return distances;
}

double mean_norm(std::vector<Vector> const& vectors) {
    double sum = 0;
    std::size_t count = 0;
    for (auto const& vector : vectors) {
        if (vector.empty()) continue;
        double squares = 0;
        for (float const x : vector)
            squares += static_cast<double>(x) * static_cast<double>(x);
        sum += std::sqrt(squares);
        ++count;
    }
    return sum / static_cast<double>(std::max<std::size_t>(1, count));
}

Result evaluate(LfwView const& view, std::vector<Vector> const& vectors) {
    std::map<std::string, Vector const*> by_name;
    for (std::size_t i = 0; i < vectors.size(); ++i)
        by_name[view.photos[i].stem().string()] = &vectors[i];
    std::vector<Comparison> comparisons;
    for (auto const& pair : view.pairs) {
        auto const& a = *by_name.at(pair.a);
        auto const& b = *by_name.at(pair.b);
        Comparison comparison{.distance = {}, .same = pair.same};
        if (!a.empty() && !b.empty()) comparison.distance = match::distance(a, b, match::Metric::unit, k_scale);
        comparisons.push_back(comparison);
    }
    auto const impostors = impostor_distances(view.photos, vectors);
    std::span<Comparison const> const genuine{comparisons.data(), comparisons.size() / 2};
    auto const found = std::count_if(vectors.begin(), vectors.end(), [](Vector const& v) { return !v.empty(); });
    Result result{.detected = share(static_cast<std::size_t>(found), vectors.size()),
                  .accuracy = accuracy_by_folds(comparisons, 10),
                  .tar = {},
                  .mean_norm = mean_norm(vectors),
                  .impostors = impostors.size()};
    for (double const fmr : {1e-2, 1e-3, 1e-4, 1e-5, 1e-6})
        result.tar.push_back(tar_at_fmr(genuine, impostors, fmr));
    return result;
}

void print_share(Share const& s) {
    std::printf("  %6.2f [%5.2f..%6.2f]", 100 * s.value, 100 * s.interval.low, 100 * s.interval.high);
}

void print(char const* name, Result const& result) {
    std::printf("%-10s", name);
    print_share(result.detected);
    print_share(result.accuracy);
    for (auto const& tar : result.tar) {
        if (tar.fmr >= 1e-4) print_share(tar.tar);
    }
    std::printf("\n%-10s  thresholds:", "");
    for (auto const& tar : result.tar)
        std::printf("  %.0e %.3f (TAR %.3f)", tar.fmr, tar.threshold, tar.tar.value);
    std::printf("  mean norm %.3f, %zu impostor pairs\n", result.mean_norm, result.impostors);
    std::fflush(stdout);
}

int run(fs::path const& data, fs::path const& yunet) {
    auto const folder = data / "lfw-view1";
    if (!fs::exists(folder / "pairsDevTest.txt")) {
        std::puts("skipped: no data");
        return 0;
    }
    auto const view = read_lfw(folder);
    auto const scratch = fs::temp_directory_path() / ("bioctl-lfw-" + std::to_string(::getpid()));
    face::ModelRegistry registry{BIOCTL_MODELS, scratch};
    auto const default_models = registry.active();

    std::printf("LFW View 1: %zu photos, %zu pairs; percent with 95 %% interval (Wilson); distances of unit vectors x %.2f\n",
                view.photos.size(), view.pairs.size(), static_cast<double>(k_scale));
    std::printf("%-10s  %-22s  %-22s  %-22s  %-22s  %-22s\n", "", "face found", "accuracy, 10 folds", "TAR at FMR 1e-2", "1e-3",
                "1e-4");
    print("default", evaluate(view, embed_all(view.photos, [&] { return engine_recipe(default_models); })));
    if (fs::exists(yunet)) {
        face::ImportRequest request;
        request.file = yunet;
        registry.import(request);
        print("yunet", evaluate(view, embed_all(view.photos, [&] { return engine_recipe(registry.active()); })));
    } else {
        std::puts("yunet       skipped: no data");
    }
    if (fs::path const predictor = "/usr/share/dlib/shape_predictor_68_face_landmarks.dat"; fs::exists(predictor)) {
        print("peer", evaluate(view, embed_all(view.photos, [&] { return peer_recipe(default_models.embedder, predictor); })));
    } else {
        std::puts("peer        skipped: install libdlib-data");
    }
    fs::remove_all(scratch);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        char const* const environment = std::getenv("BIOCTL_TEST_DATA");
        fs::path const data = argc > 1 ? argv[1] : environment != nullptr ? environment : BIOCTL_SOURCE_DIR "/../shared/data";
        fs::path const yunet = argc > 2 ? fs::path{argv[2]} : data.parent_path() / "models" / "yunet_n_320_320.onnx";
        return run(data, yunet);
    } catch (std::exception const& error) {
        std::fprintf(stderr, "lfw_view1: %s\n", error.what());
        return 1;
    }
}
