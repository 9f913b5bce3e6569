#include "lib/app/touch.hpp"

namespace bioctl::app {

void touch(store::Store& store, std::function<void()> const& work) {
    if (store.access() == store::Access::read_only) return;
    try {
        store.write(work);
    } catch (Error const& error) {
        if (error.kind() != Kind::busy && error.kind() != Kind::io) throw;
    }
}

}  // namespace bioctl::app
