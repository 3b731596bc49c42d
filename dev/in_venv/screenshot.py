"""Take a picture of a page of a running server: `make screenshot`.

Run by the virtual environment's Python with one argument, the parameters as JSON:
base (address of the server), database, url, out, login, width, height, full.
A URL that answers with a PDF gives one picture per page.
"""

import json
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pypdfium2
import requests
from browser import Browser

PDF_SCALE = 1.6  # about 115 points per inch
PATIENCE = 120


def log_in(base, database, login):
    """Return a session of a user whose password is the login."""
    session = requests.Session()
    session.trust_env = False
    params = {"db": database, "login": login, "password": login}
    answer = session.post(
        f"{base}/web/session/authenticate", json={"params": params}, timeout=PATIENCE
    ).json()
    if "error" in answer or not answer.get("result", {}).get("uid"):
        raise SystemExit(f"LOGIN={login} with that password is not let in.")
    return session


def on_server(base, url):
    """Return a URL on the server: only its path counts."""
    parts = urlsplit(url if "://" in url else f"{base}/{url.lstrip('/')}")
    server = urlsplit(base)
    return urlunsplit((server.scheme, server.netloc, *parts[2:]))


def take(session, url, parameters):
    """Save the pictures of a page; return the files and the console's errors."""
    out = Path(parameters["out"])
    out.parent.mkdir(parents=True, exist_ok=True)
    answer = session.get(url, timeout=PATIENCE)
    if answer.status_code >= 400:
        return [], [f"{url}: HTTP status {answer.status_code}"]
    if answer.headers.get("Content-Type", "").startswith("application/pdf"):
        return pdf_pages(answer.content, out), []
    with Browser(parameters["width"], parameters["height"]) as browser:
        browser.set_cookie(url, "session_id", session.cookies["session_id"])
        browser.open(url)
        if parameters["full"]:
            browser.grow()
        out.write_bytes(browser.picture())
        return [out], browser.errors


def pdf_pages(content, out):
    """Save the pages of a PDF: OUT for a single one, else OUT-1, OUT-2…"""
    document = pypdfium2.PdfDocument(content)
    files = []
    for number, page in enumerate(document, 1):
        name = f"{out.stem}-{number}{out.suffix}" if len(document) > 1 else out.name
        files.append(out.with_name(name))
        page.render(scale=PDF_SCALE).to_pil().save(files[-1], format="PNG")
    return files


def main():
    """Take the picture; fail when the page wrote errors to the console."""
    parameters = json.loads(sys.argv[1])
    base = parameters["base"]
    session = log_in(base, parameters["database"], parameters["login"])
    files, errors = take(session, on_server(base, parameters["url"]), parameters)
    for file in files:
        print(file)
    for error in errors:
        print(f"console error: {error}", file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
