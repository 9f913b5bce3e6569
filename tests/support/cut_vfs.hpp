#pragma once
// SQLite on a disk that loses its power. What was written and not yet synced when the power goes may be there or not, in any
// selection and in any order, and the write at which it goes is torn: what POSIX allows, and disks with caches do.

#include <cstdint>
#include <memory>
#include <string>

namespace bioctl::test {

/// While it lives, it is SQLite's default VFS (of the whole process; one at a time). It passes everything on to the one before,
/// without real syncs, and remembers what a disk could still lose: writes and truncations since the file's last sync, files made
/// or deleted without a sync of their folder. Memory mapping is off, so that SQLite reads what we let it read. One thread.
class CutVfs {
public:
    /// cut_at  the number of the operation (write, truncation, sync, deletion; from 1) at which the power goes; 0: never
    /// seed    decides which of the unsynced operations survive
    CutVfs(std::int64_t cut_at, std::uint32_t seed);
    ~CutVfs();
    CutVfs(CutVfs const&) = delete;
    CutVfs& operator=(CutVfs const&) = delete;

    /// So far, the one at which the power went included.
    [[nodiscard]] std::int64_t operations() const;
    /// From then on every operation fails with an I/O error. The files are already what the disk has kept.
    [[nodiscard]] bool is_cut() const;
    /// Unsynced operations that the cut lost, in whole or in part.
    [[nodiscard]] std::int64_t lost() const;

    struct Disk;

private:
    std::unique_ptr<Disk> m_disk;
};

}  // namespace bioctl::test
