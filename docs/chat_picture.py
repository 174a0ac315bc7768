"""Makes docs/chat.png: drawn garments, sent in the web chat of a running `make run`.

Start `make run`, then this: `.venv/bin/python docs/chat_picture.py [ADDRESS]`. It needs Chromium.
"""

import io
import shutil
import sys
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from model.common.labels import NAMES  # noqa: E402 - found by the line above
from tests.drawings import scene  # noqa: E402

GARMENTS = (("Dress", 3), ("Sneaker", 6))


def garment(name: str, seed: int) -> bytes:
    """A drawn photo of one garment, as a JPEG file."""
    file = io.BytesIO()
    scene(NAMES.index(name), seed).resize((320, 400)).save(file, "JPEG", quality=90)
    return file.getvalue()


def main() -> None:
    """Send the garments one after the other, and take the picture when all are answered."""
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8081/"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1180, "height": 980})
        page.goto(url)
        expect(page.locator("#empty:visible, .message").first).to_be_visible()
        for count, (name, seed) in enumerate(GARMENTS, start=1):
            page.locator("#photo-input").set_input_files(
                {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": garment(name, seed)}
            )
            expect(page.locator("#tray-items > *")).to_have_count(1)
            page.locator("#text").press("Enter")
            expect(page.get_by_text("%")).to_have_count(count, timeout=15_000)
        page.wait_for_timeout(1000)
        page.screenshot(path=str(ROOT / "docs" / "chat.png"))
        browser.close()


if __name__ == "__main__":
    main()
