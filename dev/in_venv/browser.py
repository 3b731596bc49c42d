"""A headless browser driven through its debugging protocol, for `make screenshot`."""

import base64
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import websocket

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--hide-scrollbars",
    "--no-first-run",
    "--no-default-browser-check",
    "--remote-allow-origins=*",
    "--remote-debugging-port=0",
)
QUIET = 0.7  # seconds without a request after which a page counts as idle
PATIENCE = 60
WORKER = "/bus/websocket_worker"  # of a shared worker: its end is never announced
# The web client has drawn its action and nothing is loading.
READY = """
(() => {
    if (document.readyState !== "complete" || document.fonts.status !== "loaded") {
        return false;
    }
    if (document.querySelector(".o_loading_indicator, .o_blockUI")) {
        return false;
    }
    const client = document.body.classList.contains("o_web_client");
    return !client || Boolean(document.querySelector(".o_action_manager > *"));
})()
"""
# How much taller the window must be to show what scrolls inside it.
HIDDEN_HEIGHT = """
Math.max(0, ...[document.documentElement, ...document.querySelectorAll("body, body *")]
    .filter((el) => el.scrollHeight > el.clientHeight + 1)
    .filter((el) => el === document.documentElement
        || ["auto", "scroll"].includes(getComputedStyle(el).overflowY))
    .map((el) => el.scrollHeight - el.clientHeight))
"""
MAX_HEIGHT = 12000


class Browser:
    """A browser with one page, closed at the end of the `with` block."""

    def __init__(self, width, height):
        self.size = (width, height)
        self.errors = []
        self._pending = {}
        self._last_traffic = time.monotonic()
        self._number = 0

    def __enter__(self):
        program = next(filter(None, map(shutil.which, BROWSERS)), None)
        if not program:
            raise SystemExit("There is no browser: install Debian's package chromium.")
        self._profile = tempfile.TemporaryDirectory(
            prefix="gck-browser-", ignore_cleanup_errors=True
        )
        self._process = subprocess.Popen(
            [program, *OPTIONS, f"--user-data-dir={self._profile.name}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._socket = websocket.create_connection(self._page_address(), timeout=1)
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")
        self.send("Emulation.setTimezoneOverride", timezoneId="Europe/Madrid")
        self.resize(*self.size)
        return self

    def __exit__(self, *_error):
        self._socket.close()
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._profile.cleanup()

    def _page_address(self):
        """Return the address of the page's websocket once the browser listens."""
        port_file = Path(self._profile.name) / "DevToolsActivePort"
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            lines = port_file.read_text().splitlines() if port_file.exists() else []
            if len(lines) == 2:
                return self._first_page(f"ws://127.0.0.1:{lines[0]}{lines[1]}")
            time.sleep(0.1)
        raise SystemExit("The browser does not start.")

    @staticmethod
    def _first_page(address):
        """Return the websocket of the first page, asked on the browser's own."""
        connection = websocket.create_connection(address, timeout=PATIENCE)
        connection.send(json.dumps({"id": 1, "method": "Target.getTargets"}))
        while "result" not in (answer := json.loads(connection.recv())):
            continue
        connection.close()
        pages = [t for t in answer["result"]["targetInfos"] if t["type"] == "page"]
        return (
            f"{address.partition('/devtools/')[0]}/devtools/page/{pages[0]['targetId']}"
        )

    def send(self, method, **params):
        """Send a command and return its result."""
        self._number += 1
        number = self._number
        self._socket.send(
            json.dumps({"id": number, "method": method, "params": params})
        )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            message = self._receive()
            if message.get("id") == number:
                if "error" in message:
                    raise SystemExit(f"{method}: {message['error']['message']}")
                return message["result"]
        raise SystemExit(f"The browser does not answer {method}.")

    def _receive(self):
        """Return the next message ({} without one), its event taken note of."""
        try:
            message = json.loads(self._socket.recv())
        except websocket.WebSocketTimeoutException:
            return {}
        if "method" in message:
            self._note(message["method"], message["params"])
        return message

    def _note(self, event, params):
        """Keep count of requests and collect the console's errors."""
        if event == "Network.requestWillBeSent":
            url = params["request"]["url"]
            if WORKER not in url:
                self._pending[params["requestId"]] = url
            self._last_traffic = time.monotonic()
        elif event in ("Network.loadingFinished", "Network.loadingFailed"):
            self._pending.pop(params["requestId"], None)
            self._last_traffic = time.monotonic()
        elif event == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            thrown = details.get("exception", {}).get("description")
            self.errors.append(thrown or details["text"])
        elif event == "Runtime.consoleAPICalled" and params["type"] == "error":
            texts = [
                str(a.get("value") or a.get("description")) for a in params["args"]
            ]
            self.errors.append(" ".join(texts))
        elif event == "Log.entryAdded" and params["entry"]["level"] == "error":
            entry = params["entry"]
            self.errors.append(f"{entry['text']} {entry.get('url', '')}".strip())

    def evaluate(self, expression):
        """Return the value of a JavaScript expression in the page."""
        result = self.send(
            "Runtime.evaluate", expression=expression, returnByValue=True
        )
        return result["result"].get("value")

    def resize(self, width, height):
        """Set the window's size; narrow ones are phones."""
        phone = width < 768
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=phone,
        )
        self.send("Emulation.setTouchEmulationEnabled", enabled=phone)

    def set_cookie(self, url, name, value):
        """Give the browser a cookie."""
        self.send("Network.setCookie", url=url, name=name, value=value)

    def open(self, url):
        """Open a page and wait until it is idle."""
        self.send("Page.navigate", url=url)
        self.wait_until_idle()

    def wait_until_idle(self):
        """Wait until nothing has been requested for a while and the page is drawn."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self._socket.settimeout(0.2)
            self._receive()
            quiet = time.monotonic() - self._last_traffic > QUIET
            self._socket.settimeout(1)
            if quiet and not self._pending and self.evaluate(READY):
                return
        busy = ", ".join(list(self._pending.values())[:3]) or "the page is not drawn"
        self.errors.append(f"Still busy after {PATIENCE} s: {busy}")

    def grow(self):
        """Make the window so tall that nothing has to scroll."""
        width, height = self.size
        for _attempt in range(3):
            hidden = self.evaluate(HIDDEN_HEIGHT)
            if not hidden or height >= MAX_HEIGHT:
                break
            height = min(height + int(hidden) + 1, MAX_HEIGHT)
            self.resize(width, height)
            self.wait_until_idle()

    def picture(self):
        """Return a PNG of the window."""
        return base64.b64decode(
            self.send("Page.captureScreenshot", format="png")["data"]
        )
