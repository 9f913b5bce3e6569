#pragma once
// Memory for weights and intermediate tensors, on huge pages where the system has them: a network of 22 MB is 5,600 small pages,
// and the first touch of each costs more than filling it. Only inside bioctl-face-onednn.so.

#include <cstddef>
#include <memory>
#include <vector>

namespace bioctl::face::onednn {

/// The deleter of a mapping.
struct Unmap {
    std::size_t bytes = 0;
    void operator()(std::byte* begin) const;
};

/// Bytes at an address that is a multiple of 2 MiB, zeroed. Throws std::bad_alloc.
class Block {
public:
    Block() = default;
    explicit Block(std::size_t bytes);

    [[nodiscard]] std::byte* data() const { return m_data.get(); }
    [[nodiscard]] std::size_t size() const { return m_data.get_deleter().bytes; }

private:
    std::unique_ptr<std::byte, Unmap> m_data;
};

/// Hands out pieces of blocks, each at a multiple of 64; all are given back together.
class Pool {
public:
    [[nodiscard]] std::byte* take(std::size_t bytes);

private:
    std::vector<Block> m_blocks;
    std::size_t m_used = 0;  // of the last block
};

}  // namespace bioctl::face::onednn
