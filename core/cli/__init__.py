"""The administrator's command line: one group per noun, everything in Chinese."""

from core.cli.main import run

__all__ = ["run"]
