"""Training data: CT and MR slices for super-resolution, brain slices for synthesis.

Layout of the folder given as --data: `volumes/index.csv` with NIfTI files, `brain_t1c/index.csv` with 256 x 256 grey
images. The split `val` is never read here unless a caller asks for it by name; only measuring does.

Domains (the same as in the manifests): CT in HU / 1000 after clipping to [-1024, 3071]; MR divided by the 99.5th
percentile of its volume.
"""
import csv
import os

import nibabel as nib
import numpy as np
from PIL import Image

CT_CLIP_HU = (-1024.0, 3071.0)
CT_SCALE_HU = 1000.0
MR_PERCENTILE = 99.5
CT_NOISE_HU = 5.0
SLICE_AXIS = {"sag": 0, "cor": 1, "ax": 2}

# A piece of `train` kept out of training: every choice (blend of weights, checkpoints) is made on it, never on `val`.
DEV_VOLUMES = ("ct_chest_cmbcrc01068", "mr_flair_ljl09s2", "mr_t1c_ljc19")

BRAIN_CLASSES = ("glioma", "meningioma", "pituitary")


def read_index(folder):
    """Rows of `folder/index.csv` as dictionaries."""
    with open(os.path.join(folder, "index.csv"), newline="") as f:
        return list(csv.DictReader(f))


def normalise_volume(values, modality):
    """Raw volume (HU or arbitrary MR units) -> network units, one constant per volume."""
    values = values.astype(np.float32)
    if modality == "CT":
        return np.clip(values, *CT_CLIP_HU) / CT_SCALE_HU
    return values / np.float32(np.percentile(values, MR_PERCENTILE))


def load_volumes(root, part):
    """Slices by volume for `part`: 'train' (without DEV_VOLUMES), 'dev' (only those), or 'val'.

    Returns a list of (name, modality, [slice, row, column] float32 in network units). Rows and columns are cut to a
    multiple of 4; slices without content (under 5 % of pixels above a tenth of the range) are left out.
    """
    folder = os.path.join(root, "volumes")
    volumes = []
    for row in read_index(folder):
        name = row["path"].split(".")[0]
        kept_out = name in DEV_VOLUMES
        wanted = {"train": row["split"] == "train" and not kept_out, "dev": kept_out, "val": row["split"] == "val"}
        if not wanted[part]:
            continue
        v = np.asarray(nib.load(os.path.join(folder, row["path"])).dataobj)
        v = np.moveaxis(normalise_volume(v, row["modality"]), SLICE_AXIS[row["slice_axis"]], 0)
        v = v[:, : v.shape[1] // 4 * 4, : v.shape[2] // 4 * 4]
        threshold = -0.6145 if row["modality"] == "CT" else 0.1
        v = v[[(s > threshold).mean() > 0.05 for s in v]]
        if len(v):
            volumes.append((name, row["modality"], np.ascontiguousarray(v)))
    return volumes


def crop_spectrum(image, factor=2):
    """MR low resolution: the central 1/factor of k-space per axis, magnitude.

    The phase ramp puts low-resolution sample j at the centre of its factor x factor block (half-pixel convention);
    without it every later comparison is off by half a pixel.
    """
    out = image.astype(np.complex128)
    for axis in (0, 1):
        n = out.shape[axis]
        m = n // factor
        k = np.fft.fftfreq(m, 1.0 / m)
        phase = np.exp(1j * np.pi * k * (1.0 / m - 1.0 / n))
        phase[k == -m / 2] = phase[k == -m / 2].real
        shape = [1, 1]
        shape[axis] = m
        spectrum = np.take(np.fft.fft(out, axis=axis), k.astype(int) % n, axis=axis)
        out = np.fft.ifft(spectrum * phase.reshape(shape), axis=axis) * (m / n)
    return np.abs(out).astype(np.float32)


def block_mean(image, factor=2):
    """CT low resolution before noise: mean of factor x factor blocks."""
    h, w = image.shape[0] // factor, image.shape[1] // factor
    return image.reshape(h, factor, w, factor).mean((1, 3)).astype(np.float32)


class SrPatches:
    """Random pairs of low- and high-resolution patches, degraded on whole slices, flipped and turned.

    Volumes are drawn with equal chance within a modality, so a volume with many slices does not dominate.
    """

    def __init__(self, volumes, patch=48, mr_share=0.7, seed=0):
        self.patch, self.mr_share = patch, mr_share
        self.rng = np.random.default_rng(seed)
        self.pairs = {"CT": [], "MR": []}
        for _, modality, v in volumes:
            low = crop_spectrum if modality == "MR" else block_mean
            usable = [(low(s), s) for s in v if min(s.shape) >= 2 * patch]
            if usable:
                self.pairs[modality].append(usable)

    def draw(self):
        """One (low [p, p], high [2p, 2p], modality 0 CT or 1 MR)."""
        rng, p = self.rng, self.patch
        modality = "MR" if rng.random() < self.mr_share else "CT"
        volumes = self.pairs[modality]
        for _ in range(8):
            slices = volumes[rng.integers(len(volumes))]
            low, high = slices[rng.integers(len(slices))]
            y, x = rng.integers(low.shape[0] - p + 1), rng.integers(low.shape[1] - p + 1)
            a = low[y : y + p, x : x + p]
            if a.std() > 0.03:  # mostly air teaches nothing
                break
        b = high[2 * y : 2 * (y + p), 2 * x : 2 * (x + p)]
        if modality == "CT":
            a = a + rng.normal(0, CT_NOISE_HU / CT_SCALE_HU, a.shape).astype(np.float32)
            a = np.clip(a, CT_CLIP_HU[0] / CT_SCALE_HU, CT_CLIP_HU[1] / CT_SCALE_HU)
        else:
            g = np.float32(rng.uniform(0.8, 1.15))  # scanners differ in where the 99.5th percentile falls
            a, b = a * g, b * g
        turn = rng.integers(4)
        a, b = np.rot90(a, turn), np.rot90(b, turn)
        if rng.random() < 0.5:
            a, b = a[:, ::-1], b[:, ::-1]
        return a, b, float(modality == "MR")

    def batch(self, size):
        """float32 arrays low [size,1,p,p], high [size,1,2p,2p], modality [size]."""
        items = [self.draw() for _ in range(size)]
        return (
            np.stack([i[0] for i in items])[:, None].astype(np.float32),
            np.stack([i[1] for i in items])[:, None].astype(np.float32),
            np.array([i[2] for i in items], np.float32),
        )


def load_brain(root, split, classes=BRAIN_CLASSES):
    """Brain slices at 128 x 128 (mean of 2 x 2 blocks), values 0..1.

    Returns images [n,128,128] float32, labels [n] int64 (index into `classes`), patients [n] (group names), paths.
    """
    folder = os.path.join(root, "brain_t1c")
    images, labels, patients, paths = [], [], [], []
    for row in read_index(folder):
        if row["split"] != split or row["class"] not in classes:
            continue
        grey = np.asarray(Image.open(os.path.join(folder, row["path"])).convert("L"), np.float32) / 255
        images.append(block_mean(grey))
        labels.append(classes.index(row["class"]))
        patients.append(row["patient"])
        paths.append(row["path"])
    return np.stack(images), np.array(labels, np.int64), np.array(patients), paths
