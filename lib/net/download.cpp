#include "lib/net/download.hpp"

#include <cerrno>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/net/easy.hpp"
#include "lib/net/url.hpp"

namespace bioctl::net {

namespace {

constexpr std::uint64_t k_max_origin_bytes = 16 * 1024;
constexpr std::uint64_t k_max_ignored_bytes = 1024 * 1024;  // of a redirect's or an error's page

fs::path with_suffix(fs::path path, std::string_view suffix) {
    path += suffix;
    return path;
}

/// The part of a file that has arrived, and where it came from.
class PartFile {
public:
    explicit PartFile(fs::path const& target) : m_path(with_suffix(target, ".part")), m_origin(with_suffix(target, ".part.of")) {}
    PartFile(PartFile const&) = delete;
    PartFile& operator=(PartFile const&) = delete;
    ~PartFile() { close(); }

    /// Bytes that a request for the rest may skip; 0 if they are of another URL or the server could not tell versions apart.
    std::uint64_t resumable(std::string_view url) {
        auto const origin = read_file(m_origin, k_max_origin_bytes);
        if (!origin) return 0;
        auto const lines = split(as_text(*origin), '\n');
        if (lines.size() < 2 || lines[0] != url || lines[1].empty()) return 0;
        m_version = lines[1];
        std::error_code absent;
        auto const size = fs::file_size(m_path, absent);
        return absent ? 0 : size;
    }
    /// An ETag or a date, as If-Range wants it.
    [[nodiscard]] std::string const& version() const { return m_version; }

    void start_anew(std::string_view url, std::string_view version) {
        open(O_TRUNC);
        write_file(m_origin, as_bytes(fmt::format("{}\n{}\n", url, version)));
    }
    void go_on() { open(O_APPEND); }

    void append(ByteView bytes) {
        while (!bytes.empty()) {
            auto const written = ::write(m_fd, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) throw_errno("cannot write " + printable(m_path.string()), errno, Kind::io);
            bytes = bytes.subspan(static_cast<std::size_t>(written));
        }
    }

    void finish(fs::path const& target) {
        if (m_fd >= 0 && ::fsync(m_fd) != 0) throw_errno("cannot write " + printable(m_path.string()), errno, Kind::io);
        close();
        std::error_code failed;
        fs::rename(m_path, target, failed);
        if (failed) throw_errno("cannot rename to " + printable(target.string()), failed.value(), Kind::cannot_create);
        fs::remove(m_origin, failed);
    }

    void discard() {
        close();
        std::error_code absent;
        fs::remove(m_path, absent);
        fs::remove(m_origin, absent);
    }

private:
    void open(int how) {
        m_fd = ::open(m_path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, 0640);
        if (m_fd < 0) throw_errno("cannot write " + printable(m_path.string()), errno, Kind::cannot_create);
    }
    void close() {
        if (m_fd >= 0) ::close(std::exchange(m_fd, -1));
    }

    fs::path m_path, m_origin;
    std::string m_version;
    int m_fd = -1;
};

/// The number behind `prefix`, e.g. the start of "bytes 100-199/200".
std::optional<std::uint64_t> number_after(std::string_view text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return std::nullopt;
    text.remove_prefix(prefix.size());
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end == text.data()) return std::nullopt;
    return value;
}

std::string_view next_step(CURLcode code) {
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST: return "check the name and the DNS of this machine";
        case CURLE_COULDNT_RESOLVE_PROXY: return "check the proxy settings";
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE: return "check the clock and the package ca-certificates";
        default: return "try again; what has arrived is kept";
    }
}

/// One request and its answer.
class Attempt {
public:
    Attempt(DownloadRequest const& request, HttpOptions const& options, std::string const& url, PartFile& part)
        : m_request(request), m_url(url), m_part(part), m_easy(url, options), m_offset(part.resumable(request.url)) {
        m_easy.set(CURLOPT_WRITEFUNCTION, &Attempt::on_body);
        m_easy.set(CURLOPT_WRITEDATA, this);
        m_easy.set(CURLOPT_XFERINFOFUNCTION, &Attempt::on_progress);
        m_easy.set(CURLOPT_XFERINFODATA, this);
        m_easy.set(CURLOPT_NOPROGRESS, 0L);
        if (m_offset == 0) return;
        m_easy.add_header(fmt::format("Range: bytes={}-", m_offset));
        m_easy.add_header("If-Range: " + m_part.version());
    }

    enum class Outcome { complete, redirected, start_again };

    Outcome run() {
        auto const code = m_easy.perform();
        if (m_error) throw *m_error;
        if (m_is_stopped) throw Error{Kind::busy, fmt::format("{}: stopped; what has arrived is kept", printable(m_url))};
        if (code != CURLE_OK) throw m_easy.error(code, next_step(code));
        auto const status = m_easy.status();
        if (!m_easy.redirect_target().empty()) return Outcome::redirected;
        if (status == 416 && m_offset > 0) return after_unsatisfiable();
        begin_body();  // an empty file has no body to begin with
        if (status != 200 && status != 206) throw error_of_status(m_url, status);
        // A server may send less than was asked for (RFC 9110, 14.4).
        if (m_total && m_offset + m_received != *m_total)
            throw Error{Kind::unavailable,
                        fmt::format("{}: sent only a part; try again, what has arrived is kept", printable(m_url))};
        return Outcome::complete;
    }

    [[nodiscard]] std::string redirect_target() const { return m_easy.redirect_target(); }

private:
    /// Nothing is left to send: the part is the whole file, if the server's has that size.
    Outcome after_unsatisfiable() {
        if (number_after(m_easy.header("Content-Range"), "bytes */") == m_offset) return Outcome::complete;
        m_part.discard();
        return Outcome::start_again;
    }

    void begin_body() {
        if (m_has_begun) return;
        m_has_begun = true;
        auto const status = m_easy.status();
        if (status == 206) {
            if (m_offset == 0 || number_after(m_easy.header("Content-Range"), "bytes ") != m_offset)
                throw Error{Kind::protocol, fmt::format("{}: sent another part than asked for", printable(m_url))};
            m_total = total_of_range();
            m_part.go_on();
        } else if (status == 200) {
            m_offset = 0;
            m_part.start_anew(m_request.url, version_of_answer());
        } else {
            return;
        }
        m_is_wanted = true;
        if (auto const announced = m_easy.announced_bytes(); announced > 0)
            require_size(m_offset + static_cast<std::uint64_t>(announced));
    }

    /// Of "bytes 100-199/1000"; none for "/*".
    [[nodiscard]] std::optional<std::uint64_t> total_of_range() const {
        auto const range = m_easy.header("Content-Range");
        return number_after(std::string_view{range}.substr(std::min(range.find('/'), range.size())), "/");
    }

    /// Weak ETags do not promise the same bytes.
    [[nodiscard]] std::string version_of_answer() const {
        auto const tag = m_easy.header("ETag");
        return tag.empty() || tag.starts_with("W/") ? m_easy.header("Last-Modified") : tag;
    }

    void require_size(std::uint64_t bytes) const {
        if (bytes <= m_request.max_bytes) return;
        throw Error{Kind::data, fmt::format("{}: larger than {}, the most that is expected there", printable(m_url),
                                            human_size(m_request.max_bytes))};
    }

    void take(ByteView bytes) {
        begin_body();
        m_received += bytes.size();
        if (!m_is_wanted) {
            if (m_received > k_max_ignored_bytes) throw error_of_status(m_url, m_easy.status());
            return;
        }
        require_size(m_offset + m_received);
        m_part.append(bytes);
    }

    /// Exceptions must not cross libcurl.
    static std::size_t on_body(char const* data, std::size_t size, std::size_t count, void* self) {
        auto& attempt = *static_cast<Attempt*>(self);
        try {
            attempt.take(as_bytes(std::string_view{data, size * count}));
            return size * count;
        } catch (Error const& error) {
            attempt.m_error = error;
        } catch (std::exception const& error) {
            attempt.m_error = Error{Kind::bug, error.what()};
        }
        return CURL_WRITEFUNC_ERROR;
    }

    static int on_progress(void* self, curl_off_t total, curl_off_t done, curl_off_t, curl_off_t) {
        auto& attempt = *static_cast<Attempt*>(self);
        if (!attempt.m_request.progress) return 0;
        auto const offset = attempt.m_is_wanted ? attempt.m_offset : 0;
        auto const known = [&](curl_off_t bytes) { return bytes > 0 ? offset + static_cast<std::uint64_t>(bytes) : 0; };
        try {
            attempt.m_is_stopped = !attempt.m_request.progress(known(done), known(total));
        } catch (std::exception const& error) {
            attempt.m_error = Error{Kind::bug, error.what()};
        }
        return attempt.m_is_stopped || attempt.m_error ? 1 : 0;
    }

    DownloadRequest const& m_request;
    std::string m_url;
    PartFile& m_part;
    Easy m_easy;
    std::uint64_t m_offset;  ///< bytes that were there before
    std::uint64_t m_received = 0;
    std::optional<std::uint64_t> m_total;  ///< of the whole file, if a partial answer tells
    bool m_has_begun = false, m_is_wanted = false, m_is_stopped = false;
    std::optional<Error> m_error;
};

void fetch(DownloadRequest const& request, HttpOptions const& options, PartFile& part) {
    auto url = request.url;
    for (int hop = 0; hop <= options.max_redirects; ++hop) {
        require_secure(url).or_throw();
        Attempt attempt{request, options, url, part};
        auto const outcome = attempt.run();
        if (outcome == Attempt::Outcome::complete) return;
        if (outcome == Attempt::Outcome::redirected) url = attempt.redirect_target();
    }
    throw Error{Kind::protocol, fmt::format("{}: more than {} redirects", printable(request.url), options.max_redirects)};
}

}  // namespace

Result<void> download(DownloadRequest const& request, HttpOptions const& options) try {
    auto const lock = FileLock::try_acquire(with_suffix(request.to, ".lock"));
    if (!lock) return failure(Kind::busy, fmt::format("{}: another process is downloading it", printable(request.to.string())));
    PartFile part{request.to};
    fetch(request, options, part);
    part.finish(request.to);
    return {};
} catch (Error const& error) {
    return failure(error);
}

}  // namespace bioctl::net
