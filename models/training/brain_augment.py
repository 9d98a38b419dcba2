"""Augmentation of brain slices: mirror, small turn, scale, shift, contrast; from 256 x 256 down to 128 x 128."""
import os

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from data import BRAIN_CLASSES, read_index


def load_train_256(root, with_none, with_masks=False):
    """uint8 [n,256,256] and labels [n] (3 = class none) of split `train`.

    With `with_masks` uint8 [n,2,256,256]: the image and the tumour's mask (0 or 255; empty for class none).
    """
    folder = os.path.join(root, "brain_t1c")
    names = BRAIN_CLASSES + (("none",) if with_none else ())
    rows = [r for r in read_index(folder) if r["split"] == "train" and r["class"] in names]
    grey = lambda path: np.asarray(Image.open(os.path.join(folder, path)).convert("L"))
    images = np.stack([grey(r["path"]) for r in rows])
    if with_masks:
        masks = np.stack([grey(r["mask"]) if r["mask"] else np.zeros((256, 256), np.uint8) for r in rows])
        images = np.stack([images, masks], 1)
    return torch.from_numpy(images), torch.tensor([names.index(r["class"]) for r in rows])


def augment(images, generator, strength=1.0):
    """uint8 [b,256,256] or [b,c,256,256] -> float32 [b,c,128,128] in [0,1], each with its own random change.

    Channels after the first (masks) move with the image but keep their values.
    """
    b = len(images)
    u = lambda: 2 * torch.rand(b, generator=generator) - 1
    angle, scale = 0.07 * strength * u(), 1 + 0.05 * strength * u()
    mirror = torch.where(torch.rand(b, generator=generator) < 0.5, -1.0, 1.0)
    cos, sin = torch.cos(angle) / scale, torch.sin(angle) / scale
    theta = torch.stack([
        torch.stack([mirror * cos, -sin, 0.04 * strength * u()], 1),
        torch.stack([mirror * sin, cos, 0.04 * strength * u()], 1),
    ], 1)
    x = (images if images.dim() == 4 else images[:, None]).float() / 255
    grid = F.affine_grid(theta, x.shape, align_corners=False)
    x = F.avg_pool2d(F.grid_sample(x, grid, padding_mode="zeros", align_corners=False), 2)
    gamma = torch.exp(0.1 * strength * u()).reshape(-1, 1, 1, 1)
    gain = (1 + 0.08 * strength * u()).reshape(-1, 1, 1, 1)
    return torch.cat([(gain * x[:, :1].clamp(0, 1) ** gamma).clamp(0, 1), x[:, 1:]], 1)


def visibility(images):
    """How plainly a reader sees the tumour: its contrast to what surrounds it, times the root of its area.

    images uint8 [n,2,256,256], image and mask; returns float32 [n] (grey value 0..1 x pixels at 128 x 128). Contrast is
    how far the tumour's 10th or 90th percentile, whichever is farther, lies from the median of a ring 2 to 8 pixels
    around it. Of the real gliomas half are below 2 (an edge
    slice, or a tumour as grey as the brain), of meningiomas a twentieth.
    """
    grow = lambda m, r: F.max_pool2d(m, 2 * r + 1, 1, r)
    out = []
    for image, mask in images.float() / 255:
        m = (mask > 0.5)[None, None].float()
        ring = (grow(m, 8) - grow(m, 2))[0, 0] > 0.5
        inside, middle = image[m[0, 0] > 0.5], image[ring].median()
        contrast = torch.maximum(inside.quantile(0.9) - middle, middle - inside.quantile(0.1))
        out.append(contrast * (len(inside) / 4) ** 0.5)
    return torch.stack(out)
