"""``python -m derivcheck``."""

from derivcheck.cli import run

if __name__ == "__main__":
    run()
