#include "lib/net/unpack.hpp"

#include <memory>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include "lib/base/bytes.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"

namespace bioctl::net {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_block = 64 * 1024;

class Archive {
public:
    explicit Archive(fs::path const& file) : m_name(printable(file.string())), m_archive(archive_read_new()) {
        if (m_archive == nullptr) throw std::bad_alloc{};
        // Named one by one: "all" would include filters that start other programs.
        archive_read_support_filter_bzip2(m_archive.get());
        archive_read_support_filter_gzip(m_archive.get());
        archive_read_support_filter_xz(m_archive.get());
        archive_read_support_format_7zip(m_archive.get());
        archive_read_support_format_zip(m_archive.get());
        archive_read_support_format_raw(m_archive.get());
        require(archive_read_open_filename(m_archive.get(), file.c_str(), k_block));
    }

    /// Goes to the file that is wanted.
    void seek(std::string_view suffix) {
        archive_entry* entry = nullptr;
        for (;;) {
            auto const code = archive_read_next_header(m_archive.get(), &entry);
            if (code == ARCHIVE_EOF) throw Error{Kind::data, fmt::format("{}: holds no file *{}", m_name, printable(suffix))};
            require(code);
            if (archive_format(m_archive.get()) == ARCHIVE_FORMAT_RAW) return require_compressed();
            auto const* const name = archive_entry_pathname(entry);
            if (name != nullptr && std::string_view{name}.ends_with(suffix) && archive_entry_filetype(entry) == AE_IFREG) return;
        }
    }

    Bytes read(std::uint64_t max_bytes) {
        Bytes content;
        Bytes block(k_block);
        for (;;) {
            auto const got = archive_read_data(m_archive.get(), block.data(), block.size());
            if (got == 0) return content;
            if (got < 0) fail();
            if (content.size() + static_cast<std::size_t>(got) > max_bytes)
                throw Error{Kind::data, fmt::format("{}: larger than {} when unpacked", m_name, human_size(max_bytes))};
            content.insert(content.end(), block.begin(), block.begin() + got);
        }
    }

private:
    void require(int code) const {
        if (code < ARCHIVE_WARN) fail();
    }
    /// The raw format takes every file for an archive of one.
    void require_compressed() const {
        if (archive_filter_count(m_archive.get()) < 2)
            throw Error{Kind::data, fmt::format("{}: not compressed, or damaged", m_name)};
    }
    [[noreturn]] void fail() const {
        auto const* const detail = archive_error_string(m_archive.get());
        throw Error{Kind::data,
                    fmt::format("{}: cannot be unpacked: {}", m_name, detail == nullptr ? "damaged" : printable(detail))};
    }

    struct Free {
        void operator()(archive* a) const { archive_read_free(a); }
    };
    std::string m_name;
    std::unique_ptr<archive, Free> m_archive;
};

}  // namespace

Result<void> unpack(fs::path const& from, std::string_view suffix, fs::path const& to, std::uint64_t max_bytes) try {
    if (std::error_code absent; !fs::is_regular_file(from, absent))
        return failure(Kind::no_input, fmt::format("{}: no such file", printable(from.string())));
    Archive archive{from};
    archive.seek(suffix);
    write_file(to, archive.read(max_bytes));
    return {};
} catch (Error const& error) {
    return failure(error);
}

}  // namespace bioctl::net
