"""How well text stands out from what is behind it, by the WCAG 2 formula, on a picture of the window."""

import subprocess
import tempfile

import PIL.Image

# That of small type (WCAG 2.1, 1.4.3), for all of it.
LEAST = 4.5


def luminance(colour):
    def linear(part):
        part /= 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
    red, green, blue = (linear(part) for part in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one, other):
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def of_area(picture, area):
    """The contrast of the text in (x, y, width, height): its background is the commonest colour, the text the one that
    is furthest from it. None where nothing is written."""
    x, y, width, height = area
    part = picture.crop((x, y, x + width, y + height))
    colours = part.getcolors(part.width * part.height)
    if not colours:
        return None
    background = max(colours)[1]
    found = max(ratio(colour, background) for _, colour in colours)
    return found if found > 1.2 else None


def photograph():
    """The whole screen."""
    with tempfile.NamedTemporaryFile(suffix='.png') as file:
        subprocess.run(['import', '-window', 'root', '-strip', file.name], check=True)
        with PIL.Image.open(file.name) as picture:
            return picture.convert('RGB')
