// Bahasa Indonesia. Both languages have the same keys, in the same files; a test compares them, and with what the pages use.

import common from "./id/common.js";
import network from "./id/network.js";
import people from "./id/people.js";
import system from "./id/system.js";
import terminals from "./id/terminals.js";

export default { ...common, ...network, ...people, ...system, ...terminals };
