"""Exit 0 when this process is alive: /healthz where it serves HTTP, else its metrics port (workers)."""

import os
import sys
import urllib.request

WORKER = "worker" in sys.argv[1:]
URL = (
    f"http://127.0.0.1:{os.environ['METRICS_PORT']}/metrics"
    if WORKER
    else f"http://127.0.0.1:{os.environ['PORT']}/healthz"
)
try:
    urllib.request.urlopen(URL, timeout=3)  # raises for every status but 2xx  # noqa: S310
except OSError as error:
    sys.exit(str(error))
