"""Service A, the provider: it checks a name and a password and issues a token.

`token-<user>` is not a real token: anyone can guess it, and it never expires. It is deterministic so that an exercise
has the same answer every time.
"""

import time
from hmac import compare_digest

from flask import Flask
from flask.typing import ResponseReturnValue

import body
from observe import Observer, configure_logging
from settings import HOST, PASSWORD, PORT, USERNAME

app = Flask(__name__)
body.init_app(app)
observer = Observer(app, "service-a", "token_requests")


@app.get("/health")
def health() -> ResponseReturnValue:
    """Answer as long as this process lives."""
    return {"status": "ok"}


@app.post("/token")
def token() -> ResponseReturnValue:
    """Issue a token after a simulated delay of `delay_ms`."""
    observer.count("token_requests")
    asked = body.read()
    username, password = body.text(asked, "username"), body.text(asked, "password")
    time.sleep(body.delay_ms(asked) / 1000)
    if not may_have_one(username, password):
        return {"error": "invalid credentials"}, 401
    return {"token": f"token-{username}", "user": username}


def may_have_one(username: str, password: str) -> bool:
    """Compare both in constant time, so that the time taken does not tell how much was right."""
    right_name = compare_digest(as_bytes(username), as_bytes(USERNAME))
    right_password = compare_digest(as_bytes(password), as_bytes(PASSWORD))
    return right_name and right_password


def as_bytes(text: str) -> bytes:
    """Return UTF-8, even of half a surrogate pair, which JSON can hold."""
    return text.encode("utf-8", "surrogatepass")


if __name__ == "__main__":
    configure_logging()
    app.run(host=HOST, port=PORT, threaded=True)
