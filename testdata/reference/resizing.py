"""resizing.json: grey pictures resized by torch's bilinear filter, antialiased, in float64."""
import torch
from torch.nn import functional as F

from common import Random, plain, save

# Height and width before and after.
SIZES = [(8, 8, 4, 4), (8, 8, 3, 5), (7, 5, 2, 2), (5, 7, 9, 11), (4, 4, 8, 8), (9, 3, 4, 7), (20, 20, 7, 7), (1, 6, 3, 2), (33, 17, 5, 1)]


def case(h, w, to_h, to_w, random):
    pixels = random.integers(256, h, w)
    x = torch.tensor(pixels, dtype=torch.float64)[None, None]
    y = F.interpolate(x, size=(to_h, to_w), mode="bilinear", antialias=True, align_corners=False)
    return {"name": f"{h}x{w}_to_{to_h}x{to_w}", "from": [h, w], "to": [to_h, to_w], "pixels": plain(pixels.ravel()), "resized": plain(y.ravel())}


if __name__ == "__main__":
    random = Random(11)
    save("resizing", {"cases": [case(*size, random) for size in SIZES]})
