#include "lib/app/frames_live.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

using std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds k_step{100};  // after which a wait looks whether it is time to stop
constexpr std::chrono::milliseconds k_first_wait{1000};
constexpr std::chrono::milliseconds k_longest_wait{30'000};

/// Whatever brings pictures, on a thread of its own.
class LiveReader {
public:
    LiveReader() = default;
    virtual ~LiveReader() = default;
    LiveReader(LiveReader const&) = delete;
    LiveReader& operator=(LiveReader const&) = delete;

    /// Fills jpeg or pixels; false at the end. Waits.
    virtual bool read(Frame& frame) = 0;
};

class LiveFrames final : public FrameSource {
public:
    /// `is_closing` is part of the reader's should_stop(): it may wait for long.
    LiveFrames(std::unique_ptr<LiveReader> reader, FrameRules const& rules, std::shared_ptr<std::atomic<bool>> is_closing)
        : m_rules(rules), m_reader(std::move(reader)), m_is_closing(std::move(is_closing)), m_thread([this] { run(); }) {}
    ~LiveFrames() override {
        *m_is_closing = true;
        m_thread.join();
    }

    std::optional<Frame> next() override {
        std::unique_lock lock{m_mutex};
        for (;;) {
            if (m_rules.should_stop()) return std::nullopt;
            if (!m_newest && m_is_over) {
                if (m_failure) std::rethrow_exception(m_failure);
                return std::nullopt;
            }
            auto const now = steady_clock::now();
            if (m_newest && (now >= m_next || m_is_over)) {
                m_next = now + std::chrono::duration_cast<steady_clock::duration>(std::chrono::duration<double>{1 / m_rules.fps});
                auto frame = *std::exchange(m_newest, std::nullopt);
                frame.number = ++m_taken;
                frame.name = fmt::format("frame {}", m_taken);
                return frame;
            }
            m_news.wait_until(lock, m_newest ? std::min(m_next, now + k_step) : now + k_step);
        }
    }
    [[nodiscard]] bool is_live() const override { return true; }

private:
    void run() {
        try {
            for (Frame frame; !*m_is_closing && m_reader->read(frame); frame = {}) {
                frame.time = m_rules.clock->now();
                std::lock_guard const lock{m_mutex};
                m_newest = std::move(frame);
                m_news.notify_one();
            }
        } catch (...) {
            std::lock_guard const lock{m_mutex};
            m_failure = std::current_exception();
        }
        std::lock_guard const lock{m_mutex};
        m_is_over = true;
        m_news.notify_one();
    }

    FrameRules const m_rules;
    std::unique_ptr<LiveReader> m_reader;
    std::mutex m_mutex;
    std::condition_variable m_news;
    std::optional<Frame> m_newest;
    std::exception_ptr m_failure;
    bool m_is_over = false;
    steady_clock::time_point m_next{};
    std::int64_t m_taken = 0;
    std::shared_ptr<std::atomic<bool>> m_is_closing;
    std::thread m_thread;  // the last member: it uses the others
};

class PipeReader final : public LiveReader {
public:
    explicit PipeReader(FrameRules const& rules) : m_pipe(rules) {}
    bool read(Frame& frame) override {
        auto jpeg = m_pipe.next();
        if (jpeg) frame.jpeg = *std::move(jpeg);
        return jpeg.has_value();
    }

private:
    JpegPipe m_pipe;
};

/// Connects again when nothing comes, each time after a longer wait.
class VideoReader final : public LiveReader {
public:
    VideoReader(image::Video video, image::VideoSource const& source, FrameRules const& rules)
        : m_rules(rules), m_source(source), m_video(std::move(video)) {}

    bool read(Frame& frame) override {
        while (!m_rules.should_stop()) {
            if (m_video && take(frame)) return true;
            if (m_rules.is_once || !connect()) return false;
        }
        return false;
    }

private:
    bool take(Frame& frame) {
        auto picture = m_video->read();
        if (!picture) throw picture.error();
        if (!*picture) return false;
        frame.pixels = **picture;
        if (m_is_lost) m_rules.on_trouble(fmt::format("{}: frames come again", printable(m_source.shown)));
        m_is_lost = false;
        m_wait = k_first_wait;
        return true;
    }

    /// False when it is time to stop.
    bool connect() {
        if (!m_is_lost)
            m_rules.on_trouble(fmt::format("{}: no more frames; connecting again until they come", printable(m_source.shown)));
        m_is_lost = true;
        m_video.reset();
        m_rules.pause(m_wait);
        m_wait = std::min(2 * m_wait, k_longest_wait);
        if (m_rules.should_stop()) return false;
        if (auto video = image::Video::open(m_source, m_rules.plugin_dir, m_rules.limits)) m_video = std::move(*video);
        return true;
    }

    FrameRules m_rules;
    image::VideoSource m_source;
    std::optional<image::Video> m_video;
    bool m_is_lost = false;
    std::chrono::milliseconds m_wait = k_first_wait;
};

}  // namespace

std::optional<Bytes> JpegPipe::next() {
    for (;;) {
        if (auto picture = m_stream.next()) return picture;
        if (!read_more()) {
            tell_broken();
            return std::nullopt;
        }
    }
}

void JpegPipe::tell_broken() {
    auto const broken = m_stream.broken() + (m_stream.is_inside() ? 1 : 0);
    if (broken > 0 && !m_rules.should_stop())
        m_rules.on_trouble(fmt::format("standard input: {} cut off or too large", counted(broken, "frame was", "frames were")));
}

/// False at the end, or when it is time to stop.
bool JpegPipe::read_more() {
    constexpr std::size_t k_piece = 65'536;
    auto const begin = steady_clock::now();
    for (;;) {
        if (m_rules.should_stop()) return false;
        pollfd waiting{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
        int const ready = ::poll(&waiting, 1, static_cast<int>(k_step.count()));
        if (ready < 0 && errno != EINTR) throw_errno("standard input", errno, Kind::io);
        if (ready > 0) break;
        if (m_is_silent || steady_clock::now() - begin < m_rules.stall) continue;
        m_is_silent = true;
        m_rules.on_trouble(fmt::format("standard input: no frame for {} s; still waiting",
                                       std::chrono::duration_cast<std::chrono::seconds>(m_rules.stall).count()));
    }
    std::array<std::byte, k_piece> piece;
    auto const got = ::read(STDIN_FILENO, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) return true;
    if (got < 0) throw_errno("standard input", errno, Kind::io);
    if (got > 0) m_is_silent = false;
    m_stream.feed({piece.data(), static_cast<std::size_t>(got)});
    return got > 0;
}

namespace {

/// What both sides of the thread listen to.
struct Ending {
    std::shared_ptr<std::atomic<bool>> is_closing = std::make_shared<std::atomic<bool>>(false);

    [[nodiscard]] FrameRules heeded_by(FrameRules rules) const {
        rules.should_stop = [outer = rules.should_stop, closing = is_closing] { return *closing || outer(); };
        return rules;
    }
};

}  // namespace

std::unique_ptr<FrameSource> open_live_pipe(FrameRules const& rules) {
    Ending const ending;
    return std::make_unique<LiveFrames>(std::make_unique<PipeReader>(ending.heeded_by(rules)), rules, ending.is_closing);
}

std::unique_ptr<FrameSource> open_live_video(image::VideoSource const& source, FrameRules const& rules) {
    auto video = image::Video::open(source, rules.plugin_dir, rules.limits);
    if (!video) {
        bool const is_far = source.name.find("://") != std::string::npos && video.error().kind() == Kind::no_input;
        throw Error{is_far ? Kind::unavailable : video.error().kind(), video.error().message()};
    }
    Ending const ending;
    auto reader = std::make_unique<VideoReader>(std::move(*video), source, ending.heeded_by(rules));
    return std::make_unique<LiveFrames>(std::move(reader), rules, ending.is_closing);
}

}  // namespace bioctl::app
