#include "lib/app/photos.hpp"

#include <algorithm>
#include <cmath>
#include <new>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

constexpr std::size_t k_max_depth = 64;

bool is_hidden(fs::path const& path) {
    return path.filename().native().starts_with('.');
}

class Walk {
public:
    explicit Walk(PhotoFolder& found) : m_found(found) {}

    void enter(fs::path const& folder) {
        if (m_way.size() >= k_max_depth) {
            m_found.troubles.push_back({folder, fmt::format("nested deeper than {} folders", k_max_depth)});
            return;
        }
        m_way.push_back(folder);
        std::error_code error;
        fs::directory_iterator entries{folder, error};
        for (; !error && entries != fs::directory_iterator{}; entries.increment(error))
            look_at(*entries);
        if (error) m_found.troubles.push_back({folder, error.message()});
        m_way.pop_back();
    }

private:
    void look_at(fs::directory_entry const& entry) {
        if (is_hidden(entry.path())) return;
        std::error_code error;
        if (!entry.is_directory(error)) {
            // A pipe would make a whole batch wait for somebody to write into it.
            if (image::has_image_extension(entry.path()) && !entry.is_other(error)) m_found.photos.push_back(entry.path());
        } else if (!entry.is_symlink(error) || !leads_back(entry.path())) {
            enter(entry.path());
        }
    }

    [[nodiscard]] bool leads_back(fs::path const& folder) const {
        return std::ranges::any_of(m_way, [&](fs::path const& above) {
            std::error_code error;
            return fs::equivalent(folder, above, error) && !error;
        });
    }

    PhotoFolder& m_found;
    std::vector<fs::path> m_way;  // from the first folder to the present one
};

void require_folder(fs::path const& folder) {
    auto const name = printable(folder.string());
    std::error_code error;
    auto const status = fs::status(folder, error);
    if (status.type() == fs::file_type::not_found) throw Error{Kind::no_input, fmt::format("{}: no such folder", name)};
    if (error) throw_errno(name, error.value(), Kind::io);
    if (status.type() != fs::file_type::directory) throw Error{Kind::no_input, fmt::format("{}: not a folder", name)};
    fs::directory_iterator const readable{folder, error};
    if (error) throw_errno(fmt::format("cannot read the folder {}", name), error.value(), Kind::io);
}

}  // namespace

image::Outcome<Bytes> read_photo(PhotoSource const& source, image::Limits const& limits) {
    if (source.bytes) return *source.bytes;
    return image::read(source.path, limits);
}

image::Failure failure_of_library() {
    using Reason = image::Failure::Reason;
    try {
        throw;
    } catch (Error const&) {
        throw;
    } catch (std::bad_alloc const&) {
        return {Reason::too_large,
                "too large for the free memory; lower the setting max_pixels, or look at fewer photos at once"};
    } catch (std::exception const& error) {
        return {Reason::unreadable, fmt::format("cannot be analysed: {}", printable(error.what()))};
    }
}

image::Outcome<face::Analysis> analyse_photo(face::Engine& engine, ByteView file, image::Limits const& limits,
                                             face::Embedding embedding) {
    return guarded_look([&] { return engine.analyse(file, limits, embedding); });
}

Box clipped(cv::Rect2f const& box, cv::Size picture) {
    auto const within = [](float value, int most) {
        return std::isfinite(value) ? static_cast<int>(std::clamp(std::round(value), 0.0F, static_cast<float>(most))) : 0;
    };
    return {.top = within(box.y, picture.height),
            .right = within(box.x + box.width, picture.width),
            .bottom = within(box.y + box.height, picture.height),
            .left = within(box.x, picture.width)};
}

PhotoFolder list_photos(fs::path const& folder) {
    require_folder(folder);
    PhotoFolder found;
    Walk{found}.enter(folder);
    std::ranges::sort(found.photos, {}, &fs::path::native);
    return found;
}

}  // namespace bioctl::app
