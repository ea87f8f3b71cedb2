import os

from PIL import Image, ImageFilter

SOURCE = os.path.join(os.path.dirname(__file__), 'coast.jpg')


def make_thumbnail(picture, width):
    """Writes a sharpened copy of that width to /tmp, the one place that can be written."""
    height = round(picture.height * width / picture.width)
    small = picture.resize((width, height), Image.LANCZOS).filter(ImageFilter.UnsharpMask(radius=1))
    path = f'/tmp/coast-{width}.jpg'
    small.save(path, quality=85)
    return {'path': path, 'width': width, 'height': height, 'bytes': os.path.getsize(path)}


def handler(event, context):
    widths = event.get('widths', [160])
    with Image.open(SOURCE) as picture:
        picture.load()
        return {'thumbnails': [make_thumbnail(picture, width) for width in widths]}
