#include "lib/face/onednn_memory.hpp"

#include <algorithm>
#include <cstdint>
#include <new>

#include <sys/mman.h>

namespace bioctl::face::onednn {

namespace {

constexpr std::size_t k_huge_page = std::size_t{2} << 20;
constexpr std::size_t k_small_page = 4096;
constexpr std::size_t k_next_block = std::size_t{1} << 20;
constexpr std::size_t k_line = 64;
constexpr int k_collapse = 25;  // MADV_COLLAPSE of Linux 6.1, which the C library of Debian 12 does not name

std::size_t rounded(std::size_t bytes, std::size_t to) {
    return (bytes + to - 1) / to * to;
}

}  // namespace

Block::Block(std::size_t bytes) {
    bool const is_huge = bytes >= k_huge_page;
    auto const page = is_huge ? k_huge_page : k_small_page;
    bytes = rounded(std::max<std::size_t>(bytes, 1), page);
    // One huge page more, so that a multiple of its size is somewhere within; the ends are given back.
    auto const mapped = bytes + (is_huge ? k_huge_page : 0);
    void* const begin = ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (begin == MAP_FAILED) throw std::bad_alloc{};
    auto* const first = static_cast<std::byte*>(begin);
    auto const before = rounded(reinterpret_cast<std::uintptr_t>(first), page) - reinterpret_cast<std::uintptr_t>(first);
    if (before > 0) ::munmap(first, before);
    if (auto const behind = mapped - before - bytes; behind > 0) ::munmap(first + before + bytes, behind);
    m_data = std::unique_ptr<std::byte, Unmap>{first + before, Unmap{bytes}};
}

void Block::use_huge_pages(std::size_t bytes) const {
    auto const whole = std::min(bytes, size()) / k_huge_page * k_huge_page;
    if (whole == 0) return;
    // Old kernels know only the second, which a thread of theirs follows up in its own time; without either, small pages do.
    if (::madvise(m_data.get(), whole, k_collapse) != 0) ::madvise(m_data.get(), whole, MADV_HUGEPAGE);
}

void Unmap::operator()(std::byte* begin) const {
    ::munmap(begin, bytes);
}

std::byte* Pool::take(std::size_t bytes) {
    bytes = rounded(bytes, k_line);
    if (m_blocks.empty() || m_used + bytes > m_blocks.back().size()) {
        m_blocks.emplace_back(std::max(bytes, m_blocks.empty() ? m_expected : k_next_block));
        m_used = 0;
    }
    auto* const piece = m_blocks.back().data() + m_used;
    m_used += bytes;
    return piece;
}

void Pool::use_huge_pages() const {
    for (auto const& block : m_blocks)
        block.use_huge_pages(block.size());
}

}  // namespace bioctl::face::onednn
