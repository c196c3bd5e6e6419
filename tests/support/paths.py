"""Where the project and its example documents are, whatever folder a test lies in."""

from pathlib import Path

PROJECT_ROOT = Path(__file__).parents[2]
SEEDS = PROJECT_ROOT / "seeds"
SUPPORT = Path(__file__).parent
