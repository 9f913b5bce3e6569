#pragma once
// What /metrics says.

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "lib/app/figures.hpp"
#include "lib/http/site.hpp"

namespace bioctl::http {

/// `now` is for ages; the text is that of exposition.hpp.
[[nodiscard]] std::string metrics_text(Site& site, app::Figures const& figures, Timestamp now);

/// What the store says, for a few seconds: scraping more often must cost nothing. Thread-safe. While one scrape counts, others
/// get the figures before, and only the very first has to be waited for.
class FigureCache {
public:
    /// life  of the figures
    explicit FigureCache(std::chrono::milliseconds life = std::chrono::seconds{5}) : m_life(life) {}
    /// known  figures of less than a minute ago, or none
    using Count = std::function<app::Figures(app::Figures const* known)>;
    [[nodiscard]] std::shared_ptr<app::Figures const> get(Count const& count);

private:
    [[nodiscard]] std::shared_ptr<app::Figures const> last() const;

    std::chrono::milliseconds m_life;
    std::mutex m_counting;  // held while counting; of the two times
    std::chrono::steady_clock::time_point m_at{}, m_counts_at{};
    mutable std::mutex m_mutex;  // of the pointer
    std::shared_ptr<app::Figures const> m_figures;
};

}  // namespace bioctl::http
