#pragma once
// Memory for weights and intermediate tensors, on huge pages once it is used often: they save a tenth of a pass, but to have one
// cleared by the kernel takes a program that runs for one photo longer than it gains. Only inside bioctl-face-onednn.so.

#include <cstddef>
#include <memory>
#include <vector>

namespace bioctl::face::onednn {

/// The deleter of a mapping.
struct Unmap {
    std::size_t bytes = 0;
    void operator()(std::byte* begin) const;
};

/// Zeroed bytes at a multiple of 4 KiB at least, which take no memory until they are touched. Throws std::bad_alloc.
class Block {
public:
    Block() = default;
    explicit Block(std::size_t bytes);

    [[nodiscard]] std::byte* data() const { return m_data.get(); }
    [[nodiscard]] std::size_t size() const { return m_data.get_deleter().bytes; }
    /// Moves the first `bytes` to huge pages, where the system has them. Others may read and write meanwhile.
    void use_huge_pages(std::size_t bytes) const;

private:
    std::unique_ptr<std::byte, Unmap> m_data;
};

/// Hands out pieces of blocks, each at a multiple of 64; all are given back together.
class Pool {
public:
    /// `expected` bytes will be taken, or somewhat more.
    explicit Pool(std::size_t expected) : m_expected(expected) {}
    [[nodiscard]] std::byte* take(std::size_t bytes);
    void use_huge_pages() const;

private:
    std::size_t m_expected;
    std::vector<Block> m_blocks;
    std::size_t m_used = 0;  // of the last block
};

}  // namespace bioctl::face::onednn
