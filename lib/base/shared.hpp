#pragma once
// Copy on write: copies of a large thing share its pieces until one of them changes one.
//
// Thread rules: a copy is changed by one thread only; others may meanwhile read, copy and drop copies of their own.

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace bioctl {

/// What `piece` points to, for changing: its own copy if anybody else holds it too. Never null.
template <class T>
T& writable(std::shared_ptr<T>& piece) {
    if (piece.use_count() > 1) {
        piece = std::make_shared<T>(*piece);
    } else {
        // Who dropped the last other copy has read it before: that must not seem to happen after what is written here.
        std::atomic_thread_fence(std::memory_order_acquire);
    }
    return *piece;
}

/// A vector that only grows, and whose copies share what they have in common: a copy costs a pointer for each k_piece elements.
template <class T>
class SharedVector {
public:
    static constexpr std::size_t k_piece = 1024;

    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] T const& operator[](std::size_t i) const { return (*m_pieces[i / k_piece])[i % k_piece]; }
    void push_back(T value) {
        if (m_size % k_piece == 0) m_pieces.push_back(std::make_shared<std::vector<T>>());
        writable(m_pieces.back()).push_back(std::move(value));
        ++m_size;
    }
    void set(std::size_t i, T value) { writable(m_pieces[i / k_piece])[i % k_piece] = std::move(value); }

private:
    std::vector<std::shared_ptr<std::vector<T>>> m_pieces;
    std::size_t m_size = 0;
};

}  // namespace bioctl
