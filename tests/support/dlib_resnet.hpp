#pragma once
// dlib's own face network, as the reference for what import makes of its files: writes .dat files and runs dlib's forward.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace bioctl::test {

namespace fs = std::filesystem;

class DlibResnet {
public:
    /// With the weights of a face_recognition manifest and its blob.
    DlibResnet(fs::path const& manifest, fs::path const& blob);
    /// What dlib itself reads from the file.
    explicit DlibResnet(fs::path const& dat);
    ~DlibResnet();

    enum class Layout {
        current,  ///< as dlib 19.24 writes it
        of_2017,  ///< as dlib 19.3 wrote it right after training: older versions of the layers, batch normalisation not yet
                  ///< folded
    };
    void save(fs::path const& dat, Layout layout = Layout::current);

    /// rgb: 150 x 150 x 3 bytes. Returns 128 numbers.
    std::vector<float> forward(std::vector<std::uint8_t> const& rgb);
    /// The same for many, as one batch.
    std::vector<std::vector<float>> forward(std::vector<std::vector<std::uint8_t>> const& rgb);

private:
    struct Net;
    std::unique_ptr<Net> m_net;
};

}  // namespace bioctl::test
