"""The pictures of the cards: samples.png of both packages.

  upscale:    per row a crop of a val slice: source, bicubic, L1 twin, GAN, reference, and differences to the reference.
  synthesize: rows of synthetic images by class, and under each row the nearest training image of each; last rows real.
"""
import argparse
import os
import zlib

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from data import BRAIN_CLASSES, load_brain
from measure_brain import distances, load_samples, small
from measure_upscale import CT_LOW_HU, CT_UNIT_HU, apply, load_tool, session

# name of volume, slice (None: middle), top and left of the crop as shares, window (low, high) in the tool's units
hu = lambda v: (v + CT_LOW_HU) / CT_UNIT_HU
CROPS = (
    ("ct_chest_acrin013", None, 0.30, 0.30, (hu(-1000), hu(200)), "CT chest, -1000..200 HU"),
    ("ct_chest_acrin013", None, 0.35, 0.35, (hu(-160), hu(240)), "CT chest, -160..240 HU"),
    ("mr_t1c_pyrad_brain2", None, 0.30, 0.30, (0, 1), "MR T1 post contrast"),
    ("mr_flair_fernando", None, 0.20, 0.30, (0, 1), "MR FLAIR"),
    ("mr_t1_ljl20s2", None, 0.15, 0.50, (0, 1), "MR T1"),
)
SIDE, SHOWN, GAP, HEAD = 72, 216, 4, 16


def grey(image, low, high):
    return np.rint(np.clip((image - low) / (high - low), 0, 1) * 255).astype(np.uint8)


def display(image):
    """NIfTI rows are x, columns y (RAS): turned so that anterior is up and the patient's right is on the left."""
    return np.rot90(image)[:, ::-1]


def panel(image, size=SHOWN):
    return Image.fromarray(np.ascontiguousarray(image)).resize((size, size), Image.NEAREST)


def upscale_sheet(a):
    tool = load_tool(a.tool)
    gan, twin = session(a.generator, 1), session(a.twin, 1)
    titles = ("source (half)", "bicubic", "L1 twin", "GAN (shipped)", "reference", "bicubic - ref", "L1 - ref", "GAN - ref")
    rows = []
    volumes = {n: (m, s) for n, m, s in tool.slices(a.data, "val")}
    for name, index, top, left, (low, high), label in CROPS:
        if name not in volumes:
            continue
        modality, slices = volumes[name]
        i, ref = slices[len(slices) // 2 if index is None else index]
        lr = tool.degrade(ref, modality, 2, zlib.crc32(f"{name}/{i}".encode()), 5.0)
        y0, x0 = int(top * ref.shape[0]) // 2 * 2, int(left * ref.shape[1]) // 2 * 2
        cut = lambda z: display(z[y0 : y0 + SIDE, x0 : x0 + SIDE])
        made = [tool.upsample(lr, 2, "bicubic"), apply(twin, lr, modality), apply(gan, lr, modality)]
        half = display(lr[y0 // 2 : (y0 + SIDE) // 2, x0 // 2 : (x0 + SIDE) // 2])
        amplitude = (high - low) * 0.25
        cells = [grey(half, low, high)] + [grey(cut(z), low, high) for z in made + [ref]]
        cells += [grey(cut(z - ref), -amplitude, amplitude) for z in made]
        rows.append((f"{label}   ({name}, slice {i}; differences: grey 0, full range +-{amplitude * (CT_UNIT_HU if modality == 'CT' else 1):.3g} {'HU' if modality == 'CT' else 'of p99.5'})", cells))
    sheet = Image.new("L", (len(titles) * (SHOWN + GAP), HEAD + len(rows) * (SHOWN + HEAD + GAP)), 0)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(12)
    for j, t in enumerate(titles):
        draw.text((j * (SHOWN + GAP) + 4, 1), t, 255, font)
    for r, (label, cells) in enumerate(rows):
        y = HEAD + r * (SHOWN + HEAD + GAP)
        draw.text((4, y), label, 200, font)
        for j, c in enumerate(cells):
            sheet.paste(panel(c), (j * (SHOWN + GAP), y + HEAD))
    sheet.save(a.out, optimize=True)


def synthesize_sheet(a):
    made, labels, settings = load_samples(a.samples)
    train, train_labels, _, _ = load_brain(a.data, "train")
    t = small(train)
    per, size = 8, 128
    sheet = Image.new("L", (per * (size + GAP), HEAD + 9 * (size + HEAD + GAP)), 0)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(12)
    draw.text((4, 1), f"First {per} images of each class, not chosen: seed {settings['seed']:.0f}, {settings['steps']:.0f} steps, guidance {settings['guidance']:g}. Each image from black to the 97th percentile of its head", 255, font)
    y = HEAD
    for c, name in enumerate(BRAIN_CLASSES):
        mine = made[labels == c][:per]
        d = distances(small(mine), t)
        real = train[np.random.default_rng(c).choice(np.flatnonzero(train_labels == c), per, replace=False)]
        nearest = []
        for k in range(per):
            j = d[k].argmin()
            image, flipped = train[j], train[j][:, ::-1]
            nearest.append(image if np.abs(image - mine[k]).mean() <= np.abs(flipped - mine[k]).mean() else flipped)
        for text, images in ((f"{name}: synthetic", mine), (f"{name}: nearest training image of each (mirrored where nearer)", nearest), (f"{name}: real training images at random", real)):
            draw.text((4, y), text, 200, font)
            for k, image in enumerate(images):
                sheet.paste(Image.fromarray(grey(image, 0, np.percentile(image[image > 0.05], 97))), (k * (size + GAP), y + HEAD))
            y += size + HEAD + GAP
    sheet.save(a.out, optimize=True)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = p.add_subparsers(dest="task", required=True)
    u, s = sub.add_parser("upscale"), sub.add_parser("synthesize")
    for name in ("tool", "generator", "twin"):
        u.add_argument("--" + name, required=True)
    s.add_argument("--samples", nargs="+", required=True)
    for q in (u, s):
        q.add_argument("--data", required=True)
        q.add_argument("--out", required=True)
    a = p.parse_args()
    (upscale_sheet if a.task == "upscale" else synthesize_sheet)(a)


if __name__ == "__main__":
    main()
