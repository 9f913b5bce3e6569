#include <algorithm>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "lib/face/model_dlib_reader.hpp"
#include "lib/face/model_import.hpp"

// dlib::shape_predictor (image_processing/shape_predictor.h): a mean shape, then stages of regression trees; each stage looks at
// pixels given as an offset from the nearest ("anchor") point.

namespace bioctl::face {

namespace {

class ShapeReader {
public:
    explicit ShapeReader(ByteView file) : m_in(file) {}

    std::size_t read_number_of_points() {
        m_in.expect_integer(1, "version of the shape predictor");
        m_in.enter("mean shape");
        m_coordinates = read_column();
        auto const points = m_coordinates / 2;
        if (m_coordinates % 2 != 0 || (points != 5 && points != 68))
            m_in.fail(fmt::format("a shape predictor with {} coordinates; bioctl uses those with 5 or 68 points", m_coordinates));
        read_stages();
        read_anchors();
        read_offsets();
        return points;
    }

private:
    /// A matrix<float,0,1>: its sizes, written as negative numbers, and its values.
    std::size_t read_column() {
        auto const rows = m_in.integer();
        m_in.expect_integer(-1, "columns of a vector");
        if (rows > 0 || rows < -k_max_rows) m_in.fail("a vector has an impossible size");
        for (std::int64_t row = 0; row > rows; --row)
            m_in.real();
        return static_cast<std::size_t>(-rows);
    }

    void read_stages() {
        m_in.enter("regression trees");
        auto const stages = m_in.count(1);
        for (std::size_t stage = 0; stage < stages; ++stage) {
            m_pixels_needed.push_back(0);
            auto const trees = m_in.count(1);
            for (std::size_t tree = 0; tree < trees; ++tree)
                read_tree();
        }
    }

    /// dlib walks the tree as a full binary one and indexes without looking.
    void read_tree() {
        auto const splits = m_in.count(3);
        for (std::size_t split = 0; split < splits; ++split) {
            for (int index = 0; index < 2; ++index) {
                auto const pixel = m_in.integer();
                if (pixel < 0) m_in.fail("a split looks at a pixel that does not exist");
                m_pixels_needed.back() = std::max(m_pixels_needed.back(), static_cast<std::size_t>(pixel) + 1);
            }
            m_in.real();
        }
        auto const leaves = m_in.count(2);
        if (leaves != splits + 1 || (leaves & splits) != 0) m_in.fail("a tree is not a full binary one");
        for (std::size_t leaf = 0; leaf < leaves; ++leaf) {
            if (read_column() != m_coordinates) m_in.fail("a leaf does not fit the mean shape");
        }
    }

    void read_anchors() {
        m_in.enter("anchor points");
        if (m_in.count(1) != m_pixels_needed.size()) m_in.fail("another number of stages than before");
        for (auto const needed : m_pixels_needed) {
            m_pixels.push_back(m_in.count(2));
            if (m_pixels.back() < needed) m_in.fail("a split looks at a pixel that does not exist");
            for (std::size_t pixel = 0; pixel < m_pixels.back(); ++pixel) {
                auto const point = m_in.integer();
                if (point < 0 || static_cast<std::size_t>(point) >= m_coordinates / 2)
                    m_in.fail("an anchor is not one of the points");
            }
        }
    }

    void read_offsets() {
        m_in.enter("offsets");
        if (m_in.count(1) != m_pixels.size()) m_in.fail("another number of stages than before");
        for (auto const pixels : m_pixels) {
            if (m_in.count(4) != pixels) m_in.fail("another number of offsets than anchors");
            for (std::size_t pixel = 0; pixel < 2 * pixels; ++pixel)
                m_in.real();
        }
    }

    static constexpr std::int64_t k_max_rows = 1024;

    DlibReader m_in;
    std::size_t m_coordinates = 0;
    std::vector<std::size_t> m_pixels_needed;  ///< of each stage, by its splits
    std::vector<std::size_t> m_pixels;         ///< of each stage, by its anchors
};

}  // namespace

PreparedModel prepare_dlib_shape(Bytes file) {
    auto const points = ShapeReader{file}.read_number_of_points();
    PreparedModel model;
    model.info.kind = ModelKind::landmarks;
    model.info.format = ModelFormat::dlib_shape;
    model.info.title = fmt::format("dlib shape predictor, {} points", points);
    model.weights = std::move(file);
    model.weights_name = "shape_predictor.dat";
    return model;
}

}  // namespace bioctl::face
