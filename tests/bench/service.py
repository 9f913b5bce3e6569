"""What the benches of `serve` share: a data directory of its own, and the service on a free port."""

import os
import re
import subprocess


def environment(folder):
    """Nothing of the user's settings counts, and nothing of his data is touched."""
    open(folder + "/bioctl.toml", "w", encoding="ascii").close()
    return dict(os.environ, BIOCTL_DATA_DIR=folder + "/data", BIOCTL_CONFIG_SYSTEM=folder + "/none", BIOCTL_CONFIG=folder + "/bioctl.toml")


def start(bioctl, variables):
    """The process, whose stderr is to be read on, and its port."""
    service = subprocess.Popen([bioctl, "serve", "--listen", "127.0.0.1:0", "--no-access-log"], env=variables, stderr=subprocess.PIPE,
                               text=True)
    for line in service.stderr:
        if match := re.search(r"listening on .*:(\d+)", line):
            return service, int(match.group(1))
    raise SystemExit(f"{bioctl} serve ended with {service.wait()}")
