#include "lib/app/contact_sheet.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/media.hpp"
#include "lib/app/thumbnail.hpp"
#include "lib/base/html.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

constexpr int k_side = 128;

constexpr auto k_style = R"css(
:root { color-scheme: light dark; --line: #8886; }
body { font: 14px/1.4 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
section { border-top: 1px solid var(--line); padding: .5rem 0 1rem; }
.faces { display: flex; flex-wrap: wrap; gap: .8rem; }
figure { margin: 0; width: 136px; }
figure img, figure .none { width: 128px; height: 128px; object-fit: cover; border-radius: 6px; display: block; background: #8883; }
figcaption { overflow-wrap: anywhere; } figcaption small { opacity: .7; }
)css";

std::string shown(std::string_view text) {
    return html_escaped(printable(text));
}

std::string figure(SheetFace const& face, fs::path const& media_dir, image::Limits const& limits) {
    std::string picture;
    if (!face.picture.empty()) {
        if (auto const file = read_media(media_dir, face.picture, limits.max_bytes))
            picture = thumbnail_of(*file, k_side, limits);
    }
    auto const image =
        picture.empty() ? std::string{"<div class=\"none\"></div>"} : fmt::format("<img alt=\"\" src=\"{}\">", picture);
    return fmt::format("<figure>{}<figcaption>{}<br><small>{}</small></figcaption></figure>\n", image, shown(face.caption),
                       shown(face.detail));
}

}  // namespace

std::string contact_sheet(std::string_view title, std::string_view introduction, std::vector<SheetGroup> const& groups,
                          fs::path const& media_dir, image::Limits const& limits, std::size_t most) {
    auto html = fmt::format(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
        "content=\"width=device-width\">\n<link rel=\"icon\" href=\"data:,\">\n<title>{0}</title>\n<style>{1}</style>\n"
        "<h1>{0}</h1>\n<p>{2}</p>\n",
        shown(title), k_style, shown(introduction));
    for (auto const& group : groups) {
        html += fmt::format("<section><h2>{}</h2>\n<div class=\"faces\">\n", shown(group.title));
        for (std::size_t i = 0; i < std::min(most, group.faces.size()); ++i)
            html += figure(group.faces[i], media_dir, limits);
        html += "</div>\n";
        if (group.faces.size() > most) html += fmt::format("<p>and {} more</p>\n", group.faces.size() - most);
        html += "</section>\n";
    }
    return html + "</html>\n";
}

}  // namespace bioctl::app
