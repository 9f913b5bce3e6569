#pragma once
// Vectors that look like embeddings.

#include <cstddef>
#include <random>
#include <vector>

namespace bioctl::test {

inline constexpr float k_scale = 1.43F;  // the mean norm of dlib's ResNet

inline std::vector<float> random_vector(std::mt19937& random, std::size_t size) {
    std::normal_distribution<float> normal{0, 0.13F};
    std::vector<float> vector(size);
    for (auto& x : vector)
        x = normal(random);
    return vector;
}

}  // namespace bioctl::test
