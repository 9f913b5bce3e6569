#pragma once
// What the two ways to watch share: with the models here, or through a server.

#include <memory>
#include <optional>
#include <string>

#include "cmd/context.hpp"
#include "lib/app/frames.hpp"

namespace bioctl::cmd {

struct WatchOptions {
    std::string source;
    std::optional<std::string> source_file, name, start, server, key_file;
    std::optional<double> fps, input_fps;
    int gone_s = 10, stall_s = 10;
    bool is_once = false, is_unknown_told = false, is_dry_run = false, no_deliver = false;
    std::string picture = "none", annotate;
};

/// `usual_fps` unless the user has said another. Tells of troubles as warnings.
[[nodiscard]] std::unique_ptr<app::FrameSource> open_source(WatchOptions const& o, Context& cx, double usual_fps);

/// Of frames that could not be used: the first few are told, the rest is counted.
class FrameTroubles {
public:
    explicit FrameTroubles(Context& cx) : m_cx(cx) {}
    void tell(std::string const& frame, Error const& error);
    void finish();
    [[nodiscard]] std::size_t count() const { return m_count; }
    [[nodiscard]] std::optional<Error> const& first() const { return m_first; }

private:
    Context& m_cx;
    std::size_t m_count = 0;
    std::optional<Error> m_first;
};

int run_watch_here(WatchOptions const& o, Context& cx);    // watch_here.cpp
int run_watch_server(WatchOptions const& o, Context& cx);  // watch_server.cpp

}  // namespace bioctl::cmd
