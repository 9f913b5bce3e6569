#include "cmd/store_verbs.hpp"
#include "cmd/verbs.hpp"

namespace bioctl::cmd {

Verb store_verb() {
    return noun("store", "Look after the store: for how long what is kept", Group::store,
                {store_retention_verb(), store_prune_verb()});
}

}  // namespace bioctl::cmd
