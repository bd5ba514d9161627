"""The address of composites; the views register on it."""

from flask import Blueprint

bp = Blueprint("composites", __name__, url_prefix="/composites", template_folder="templates")
