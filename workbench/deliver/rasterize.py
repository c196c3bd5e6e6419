"""Drawings as pixels, where SVG is not shown: in Word and in mail programs."""

from __future__ import annotations

import base64
import binascii
import io
import re
from typing import TYPE_CHECKING, Any

from workbench.deliver.pdf import nothing, plain_colours, ready as pdf_ready
from workbench.errors import MissingExtra

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 20_000_000  # of a picture: an image that a notebook brought and that is larger is not opened


def ready(place: str, otherwise: str) -> Any:
    """What draws; MissingExtra with the hint where it is absent, `otherwise` being what helps without it."""
    pdf_ready()
    try:
        import pypdfium2  # type: ignore[import-untyped]
    except ModuleNotFoundError as error:
        hint = f"pip install 'analyst-workbench[files]', or {otherwise}"
        problem = "pypdfium2, which draws the figures, is not installed"
        raise MissingExtra(place, problem=problem, hint=hint) from error
    return pypdfium2


def svg_to_png(svg: str, scale: float) -> bytes:
    """A drawing as PNG in 256 colours, so many pixels for each of its own; MissingExtra where nothing draws."""
    return _written(_drawn(svg, scale))


def small_png(source: str, widest: int, largest: int) -> bytes | None:
    """A drawing, or an image by its `data:` address, for a mail: so many pixels wide and so many bytes at most.

    Two pixels for each of its own, in 256 colours; smaller where that is too large, None where it cannot be made so.
    MissingExtra where nothing draws.
    """
    picture = _opened(source) if source.startswith("data:") else _drawn(source, 2.0)
    if picture is None:
        return None
    width = min(widest, picture.width)
    while width >= 200:
        height = max(1, round(picture.height * width / picture.width))
        resized = picture if width == picture.width else picture.resize((width, height))
        written = _written(resized)
        if len(written) <= largest:
            return written
        width = round(width * 0.7)
    return None


def _drawn(svg: str, scale: float) -> Image:
    pypdfium2, weasyprint = ready("figures", "read them in the report"), pdf_ready()
    width, height = size_of(svg)
    scale = min(scale, (MOST_PIXELS / max(width * height, 1)) ** 0.5)
    paper = f"@page {{ size: {width}px {height}px; margin: 0 }} body {{ margin: 0; font-family: sans-serif }} svg {{ display: block }}"
    document = weasyprint.HTML(string=f"<body>{plain_colours(svg)}</body>", url_fetcher=nothing()).write_pdf(
        stylesheets=[weasyprint.CSS(string=paper)]
    )
    image: Image = pypdfium2.PdfDocument(document)[0].render(scale=scale * 96 / 72).to_pil()
    return image.convert("RGB")


def size_of(svg: str) -> tuple[float, float]:
    """Width and height of a drawing in its own pixels."""
    head = svg[: svg.index(">") + 1]
    sides = (re.search(rf'\b{side}="([\d.]+)', head) for side in ("width", "height"))
    width, height = (float(found[1]) if found else 480.0 for found in sides)
    return width, height


def image_size(address: str) -> tuple[float, float] | None:
    """Width and height in pixels of an image that stands in a page (`data:`); None for what is none."""
    image = _image_at(address)
    return (float(image.width), float(image.height)) if image is not None else None


def _image_at(address: str) -> Image | None:
    """An image by its address, its pixels not yet read; None for what is none or is too large."""
    from PIL import Image

    head, _, content = address.partition(",")
    try:
        raw = base64.b64decode(content, validate=False)
        if "svg" in head:
            return _drawn(raw.decode("utf-8"), 2.0)
        image = Image.open(io.BytesIO(raw), formats=("PNG", "JPEG", "GIF", "WEBP"))
    except (OSError, ValueError, binascii.Error, SyntaxError, Image.DecompressionBombError):
        return None
    return image if image.width * image.height <= MOST_PIXELS else None


def _opened(address: str) -> Image | None:
    """An image that stands in a page, on white; None for what is none or is too large."""
    from PIL import Image

    found = _image_at(address)
    if found is None:
        return None
    try:
        layered = found.convert("RGBA")
    except (OSError, ValueError, SyntaxError):  # cut off in its middle
        return None
    white = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(white, layered).convert("RGB")


def _written(picture: Image) -> bytes:
    """As PNG in 256 colours: a drawing has few, and is a third as large with them."""
    from PIL.Image import Dither

    kept = io.BytesIO()
    picture.quantize(256, dither=Dither.NONE).save(kept, "PNG", optimize=True)
    return kept.getvalue()
