#pragma once
// The weight files of face-api: a JSON list of tensors beside one binary blob that holds them in the same order, without padding.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "lib/base/file.hpp"
#include "lib/face/graph.hpp"

namespace bioctl::face {

/// A tensor of a weight file, not yet read.
struct TensorEntry {
    std::vector<int> shape;
    std::size_t offset = 0;  ///< bytes into the blob
    bool quantised = false;  ///< uint8, value = q * scale + min; otherwise float32, little-endian
    float scale = 1;
    float min = 0;
    [[nodiscard]] std::size_t elements() const;
};

/// Reads tensors on demand from the mapped blob. Thread-safe after construction.
class TensorFile {
public:
    /// Throws Error: no_input if a file is missing, data if the list is malformed or does not fit the blob.
    TensorFile(std::filesystem::path const& manifest, std::filesystem::path const& blob);

    /// The values in file order. Throws Error{data} naming the file if there is no such tensor or its shape is another one.
    [[nodiscard]] std::vector<float> read(std::string const& name, std::vector<int> const& shape) const;
    /// The same, to be read later; keeps the file mapped.
    [[nodiscard]] Weights weights(std::string const& name, std::vector<int> const& shape) const;
    [[nodiscard]] TensorEntry const& entry(std::string const& name) const;
    [[nodiscard]] bool has(std::string const& name) const { return m_entries.contains(name); }

private:
    std::filesystem::path m_blob_path;
    std::unordered_map<std::string, TensorEntry> m_entries;
    [[nodiscard]] TensorEntry const& entry(std::string const& name, std::vector<int> const& shape) const;
    [[nodiscard]] std::optional<QuantisedWeights> quantised(TensorEntry const& tensor) const;
    std::shared_ptr<MappedFile const> m_blob;
};

}  // namespace bioctl::face
