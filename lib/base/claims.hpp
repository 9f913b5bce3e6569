#pragma once
// Who works on which numbered thing just now, between threads and processes: the kernel lets go of a claim when its process ends,
// however it ends.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

namespace bioctl {

/// Claims that are handed out from one file, one byte of it for each number (open file description locks). Thread-safe. Two
/// objects on one file know of each other's claims, in one process too; so do two claims of one object.
class Claims {
public:
    /// Held as long as it lives; it may outlive the Claims it came from.
    class Claim {
    public:
        Claim(Claim&&) noexcept = default;
        Claim& operator=(Claim&& other) noexcept {
            std::swap(m_file, other.m_file);
            std::swap(m_number, other.m_number);
            return *this;
        }
        ~Claim();

    private:
        friend class Claims;
        struct File;
        Claim(std::shared_ptr<File> file, std::int64_t number) : m_file(std::move(file)), m_number(number) {}
        std::shared_ptr<File> m_file;
        std::int64_t m_number;
    };

    /// Makes the file, for its owner only, and its folders. Throws Error if that cannot be.
    explicit Claims(std::filesystem::path const& file);

    /// std::nullopt while somebody else has it. `number` is not negative. Throws Error{io} where the file system has no locks.
    [[nodiscard]] std::optional<Claim> try_claim(std::int64_t number);

private:
    std::shared_ptr<Claim::File> m_file;
};

}  // namespace bioctl
