"""From pages as they were downloaded to a comparison you can defend."""

__version__ = "0.1.0"
