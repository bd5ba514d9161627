"""The yardstick: the smallest Flask app there is, served exactly like the product."""

from flask import Flask

app = Flask(__name__)


@app.get("/hello")
def hello() -> str:
    """A few bytes of text."""
    return "hello"
