"""A web server of our own on 127.0.0.1 for the tests of `fetch`, and a clock that never waits."""

import datetime
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"<!doctype html><html><head><title>Talks resume</title></head><body><p>The talks resumed.</p></body></html>"


class Site:
    """Paths to answers. An answer is (status, headers, body), bytes for a 200 HTML page, or a function of
    the handler that writes what it likes. `asked` lists (path, headers) in order."""

    def __init__(self):
        self.pages = {}
        self.asked = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                answer = site.pages.get(self.path, (404, {}, b""))
                if callable(answer):
                    answer = answer(self)
                if answer is None:
                    self.close_connection = True
                    return
                status, headers, body = (
                    (200, {"Content-Type": "text/html"}, answer) if isinstance(answer, bytes) else answer
                )
                self.send_response_only(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    if value is not None:
                        self.send_header(name, value)
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()
        self.port = self.server.server_address[1]

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def paths(self):
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Clock:
    """Time that passes only when someone sleeps; `tick` seconds for each look at it."""

    def __init__(self, tick=0.0):
        self.time = 1_000.0
        self.tick = tick
        self.slept = []

    def now(self):
        self.time += self.tick
        return self.time

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += seconds

    def wall(self):
        return datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC) + datetime.timedelta(
            seconds=self.time - 1_000
        )
