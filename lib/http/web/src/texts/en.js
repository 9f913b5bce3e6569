// English. Both languages have the same keys; a test compares them, and with what the pages use.

import common from "./en/common.js";
import network from "./en/network.js";
import people from "./en/people.js";
import system from "./en/system.js";
import terminals from "./en/terminals.js";

export default { ...common, ...network, ...people, ...system, ...terminals };
