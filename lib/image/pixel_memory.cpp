#include "lib/image/pixel_memory.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

namespace bioctl::image {

namespace {

constexpr std::size_t k_least = std::size_t{128} << 10;  // what is smaller malloc keeps by itself
constexpr std::size_t k_most_kept = std::size_t{32} << 20;
constexpr std::align_val_t k_alignment{64};

struct Free {
    void operator()(std::byte* begin) const { ::operator delete(begin, k_alignment); }
};

struct Block {
    std::unique_ptr<std::byte, Free> begin;
    std::size_t bytes = 0;
};

Block fresh(std::size_t bytes) {
    return {std::unique_ptr<std::byte, Free>{static_cast<std::byte*>(::operator new(bytes, k_alignment))}, bytes};
}

/// Blocks that nobody uses, the one that was given back last at the end.
class Spare {
public:
    Spare() { m_blocks.reserve(k_most_blocks); }

    Block take(std::size_t bytes) {
        {
            std::lock_guard const lock{m_mutex};
            auto const fits = [&](Block const& one) { return one.bytes == bytes; };
            auto const found = std::find_if(m_blocks.rbegin(), m_blocks.rend(), fits);
            if (found != m_blocks.rend()) {
                auto block = std::move(*found);
                m_blocks.erase(std::next(found).base());
                m_kept -= block.bytes;
                return block;
            }
        }
        return fresh(bytes);
    }

    /// Allocates nothing: the end of a picture must not fail.
    void give(Block block) noexcept {
        if (block.bytes > k_most_kept) return;
        std::lock_guard const lock{m_mutex};
        while (m_blocks.size() == k_most_blocks || m_kept + block.bytes > k_most_kept) {
            m_kept -= m_blocks.front().bytes;
            m_blocks.erase(m_blocks.begin());
        }
        m_kept += block.bytes;
        m_blocks.push_back(std::move(block));
    }

private:
    static constexpr std::size_t k_most_blocks = 32;
    std::mutex m_mutex;
    std::vector<Block> m_blocks;
    std::size_t m_kept = 0;
};

/// Photos of one telephone have one size, those of many nearly so: four sizes between two powers of two. From k_least on.
std::size_t rounded(std::size_t bytes) {
    auto const step = std::bit_floor(bytes) / 4;
    return (bytes + step - 1) / step * step;
}

class Allocator final : public cv::MatAllocator {
public:
    cv::UMatData* allocate(int dims, int const* sizes, int type, void* data, std::size_t* step, cv::AccessFlag /*flags*/,
                           cv::UMatUsageFlags /*usage*/) const override {
        if (data != nullptr) throw std::bad_alloc{};  // only new_pixels() calls this, which has none
        std::size_t bytes = CV_ELEM_SIZE(type);
        for (int i = dims - 1; i >= 0; --i) {
            if (step != nullptr) step[i] = bytes;
            bytes *= static_cast<std::size_t>(sizes[i]);
        }
        auto result = std::make_unique<cv::UMatData>(this);
        auto block = bytes < k_least ? fresh(bytes) : m_spare.take(rounded(bytes));
        result->data = result->origdata = reinterpret_cast<unsigned char*>(block.begin.release());
        result->size = bytes;
        return result.release();
    }

    bool allocate(cv::UMatData* data, cv::AccessFlag /*flags*/, cv::UMatUsageFlags /*usage*/) const override {
        return data != nullptr;
    }

    void deallocate(cv::UMatData* data) const override {
        if (data == nullptr) return;
        std::unique_ptr<cv::UMatData> const owner{data};
        std::unique_ptr<std::byte, Free> begin{reinterpret_cast<std::byte*>(data->origdata)};
        data->origdata = data->data = nullptr;
        if (data->size >= k_least) m_spare.give({std::move(begin), rounded(data->size)});
    }

private:
    mutable Spare m_spare;
};

}  // namespace

cv::Mat new_pixels(cv::Size size, int type) {
    static auto* const allocator = new Allocator;  // never deleted: pictures may outlive what is static
    cv::Mat pixels;
    pixels.allocator = allocator;
    pixels.create(size, type);
    pixels.allocator = nullptr;  // of the picture's memory it stays; what is made of this object later is nobody's business
    return pixels;
}

}  // namespace bioctl::image
