"""A social media service for tests: X API v2 and v1.1, OAuth 1.0a and 2, Mastodon; on 127.0.0.1, a port chosen by the
system, printed as the first line. Python's standard library only.

It recomputes every OAuth signature and answers 401 on a mismatch, keeps posts, and refuses nothing that the real services
would take. POST /control {"next": [...]} says what happens to the next posts and uploads, first in, first out:

    {"status": 429, "headers": {"x-rate-limit-reset": "1767229200"}, "body": {...}}     an answer, nothing is kept
    {"hang": true, "keep": true}      reads the request, keeps the post if asked to, never answers
    {"drop": true, "keep": true}      the same, but closes the connection at once
Other members of /control: "token" (the OAuth 2 access token that is good), "instance" (of Mastodon), "media_polls" (so
often a picture is not ready). GET /control gives what happened: posts, requests, uploads.
"""
import base64
import hashlib
import hmac
import http.server
import json
import re
import struct
import sys
import threading
import urllib.parse
import zlib

KEYS = {"consumer_key": "ck", "consumer_secret": "cs", "token": "at", "token_secret": "ts"}
LOCK = threading.Lock()
STATE = {"next": [], "posts": [], "requests": [], "uploads": 0, "token": "token-1", "refresh": "refresh-1",
         "by_key": {}, "media_polls": 0, "polls": 0, "instance": {}}


def enc(text):
    return urllib.parse.quote(text, safe="-._~")


def png():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) +
            chunk(b"IEND", b""))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        self.serve(b"")

    def do_POST(self):
        self.serve(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def serve(self, body):
        self.body = body
        self.url = urllib.parse.urlsplit(self.path)
        if self.url.path == "/control":
            return self.control()
        with LOCK:
            STATE["requests"].append(self.command + " " + self.url.path)
        if self.url.path == "/picture.png":
            return self.answer(200, png())
        if self.url.path == "/short":
            return self.answer(200, b"https://da.example/x\n")
        if self.url.path == "/2/oauth2/token":
            return self.token()
        if self.url.path.startswith("/api/"):
            return self.mastodon()
        if self.url.path.startswith(("/2/", "/1.1/")):
            return self.x()
        return self.answer(404, {"error": "Not Found"})

    def answer(self, status, body, headers=None):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def control(self):
        with LOCK:
            for key, value in (json.loads(self.body) if self.body else {}).items():
                STATE[key] = STATE["next"] + value if key == "next" else value
            shown = {key: STATE[key] for key in ("posts", "requests", "uploads", "token", "next")}
        self.answer(200, shown)

    # What a test asked for in place of the usual. True if the request is dealt with.
    def scripted(self, keep):
        with LOCK:
            step = STATE["next"].pop(0) if STATE["next"] else None
        if step is None:
            return False
        if step.get("keep"):
            keep()
        if "status" in step:
            self.answer(step["status"], step.get("body", {}), step.get("headers"))
        elif step.get("usual"):
            return False
        else:
            if step.get("hang"):
                self.connection.settimeout(20)
                try:
                    self.connection.recv(1)  # until the client goes
                except OSError:
                    pass
            self.close_connection = True
        return True

    def form(self):
        if "x-www-form-urlencoded" not in self.headers.get("Content-Type", ""):
            return []
        return urllib.parse.parse_qsl(self.body.decode(), keep_blank_values=True)

    def is_signed(self):
        header = self.headers.get("Authorization", "")
        if header.startswith("Bearer "):
            return header == "Bearer " + STATE["token"]
        if not header.startswith("OAuth "):
            return False
        oauth = {key: urllib.parse.unquote(value) for key, value in re.findall(r'(\w+)="([^"]*)"', header)}
        signature = oauth.pop("oauth_signature", "")
        if oauth.get("oauth_consumer_key") != KEYS["consumer_key"] or oauth.get("oauth_token") != KEYS["token"]:
            return False
        pairs = list(oauth.items()) + self.form() + urllib.parse.parse_qsl(self.url.query, keep_blank_values=True)
        normal = "&".join(k + "=" + v for k, v in sorted((enc(k), enc(v)) for k, v in pairs))
        address = "http://" + self.headers["Host"] + self.url.path
        base = "&".join([self.command, enc(address), enc(normal)])
        key = enc(KEYS["consumer_secret"]) + "&" + enc(KEYS["token_secret"])
        wanted = base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()).decode()
        return hmac.compare_digest(wanted, signature)

    def keep(self, text, media, extra=None):
        with LOCK:
            number = str(1000 + len(STATE["posts"]))
            STATE["posts"].append({"id": number, "text": text, "media": media, **(extra or {})})
        return number

    def x(self):
        path = self.url.path
        if not self.is_signed():
            return self.answer(401, {"title": "Unauthorized", "status": 401, "errors": [{"code": 32}]})
        if path in ("/2/users/me", "/1.1/account/verify_credentials.json"):
            return self.answer(200, {"data": {"id": "77"}, "id_str": "77"})
        if path == "/2/users/77/tweets":
            return self.answer(200, {"data": [{"id": p["id"], "text": p["text"]} for p in STATE["posts"]]})
        if path == "/1.1/statuses/user_timeline.json":
            return self.answer(200, [{"id_str": p["id"], "text": p["text"]} for p in STATE["posts"]])
        if path in ("/2/media/upload", "/1.1/media/upload.json"):
            return self.upload(b'name="media"', 200)
        if path == "/2/tweets":
            asked = json.loads(self.body)
            text, media = asked["text"], asked.get("media", {}).get("media_ids", [])
        elif path == "/1.1/statuses/update.json":
            form = dict(self.form())
            text, media = form["status"], [form["media_ids"]] if "media_ids" in form else []
        else:
            return self.answer(404, {"title": "Not Found"})
        if self.scripted(lambda: self.keep(text, media)):
            return None
        number = self.keep(text, media)
        if path == "/2/tweets":
            return self.answer(201, {"data": {"id": number, "text": text}})
        return self.answer(200, {"id_str": number})

    def upload(self, part, status):
        if self.scripted(lambda: None):
            return None
        if part not in self.body or png() not in self.body:
            return self.answer(400, {"error": "no picture"})
        with LOCK:
            STATE["uploads"] += 1
            number = "m%d" % STATE["uploads"]
        return self.answer(status, {"data": {"id": number}, "media_id_string": number, "id": number})

    def mastodon(self):
        path = self.url.path
        if path == "/api/v2/instance":
            return self.answer(200, {"configuration": STATE["instance"]})
        if self.headers.get("Authorization") != "Bearer " + STATE["token"]:
            return self.answer(401, {"error": "The access token is invalid"})
        if path == "/api/v1/accounts/verify_credentials":
            return self.answer(200, {"id": "9"})
        if path == "/api/v2/media":
            return self.upload(b'name="file"', 202 if STATE["media_polls"] else 200)
        if path.startswith("/api/v1/media/"):
            with LOCK:
                STATE["polls"] += 1
                is_ready = STATE["polls"] >= STATE["media_polls"]
            return self.answer(200 if is_ready else 206, {"id": path.rsplit("/", 1)[1]})
        if path != "/api/v1/statuses":
            return self.answer(404, {"error": "Not Found"})
        form = dict(self.form())
        media = [form["media_ids[]"]] if "media_ids[]" in form else []
        key = self.headers.get("Idempotency-Key", "")

        def keep():
            if key not in STATE["by_key"]:
                number = self.keep(form["status"], media, {"key": key, "visibility": form.get("visibility", "")})
                STATE["by_key"][key] = number
            return STATE["by_key"][key]
        if self.scripted(keep):
            return None
        return self.answer(200, {"id": keep(), "url": "https://social.example/1"})

    def token(self):
        form = dict(self.form())
        is_refresh = form.get("grant_type") == "refresh_token" and form.get("refresh_token") == STATE["refresh"]
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        is_code = (form.get("grant_type") == "authorization_code" and
                   form.get("code") == base64.urlsafe_b64encode(challenge).decode().rstrip("="))
        if not is_refresh and not is_code:
            return self.answer(400, {"error": "invalid_grant"})
        return self.answer(200, {"access_token": STATE["token"], "refresh_token": "refresh-2"})


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
sys.stdout.close()
server.serve_forever()
