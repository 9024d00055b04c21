"""The story's pictures, small: the real ones take seconds to scale."""

from io import BytesIO

from PIL import Image as Canvas

from updates.demo import pictures


def paint_small_pictures(folder):
    """A file for each of the story's, told apart by its colour."""
    folder.mkdir()
    for number, real in enumerate(sorted(pictures.FOLDER.glob("*.jpg"))):
        file = BytesIO()
        Canvas.new("RGB", (64, 48), (20 * number, 90, 110)).save(file, "JPEG")
        (folder / real.name).write_bytes(file.getvalue())
    return folder
