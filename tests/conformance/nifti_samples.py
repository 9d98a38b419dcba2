"""Makes NIfTI files of many kinds in a folder and prints, for each, some voxels: where nibabel says that they lie (LPS, mm) and what they hold.

usage: nifti_samples.py FOLDER
"""
import json
import pathlib
import sys

import nibabel as nib
import numpy as np

folder = pathlib.Path(sys.argv[1])
rng = np.random.default_rng(5)


def rotation(axis, degrees):
    a = np.radians(degrees)
    c, s = np.cos(a), np.sin(a)
    i, j = [k for k in range(3) if k != axis]
    m = np.eye(3)
    m[i, i], m[i, j], m[j, i], m[j, j] = c, -s, s, c
    return m


def affine(axes, sizes, origin, turn=np.eye(3)):
    """axes: for i, j, k the RAS axis and its sign."""
    m = np.zeros((3, 3))
    for column, (axis, sign) in enumerate(axes):
        m[axis, column] = sign * sizes[column]
    out = np.eye(4)
    out[:3, :3] = turn @ m
    out[:3, 3] = origin
    return out


def save(name, data, matrix, cls=nib.Nifti1Image, **change):
    image = cls(data, matrix)
    image.header.set_xyzt_units("mm", "sec")
    image.set_sform(matrix, change.pop("sform", 1))
    image.set_qform(matrix, change.pop("qform", 1))
    if "slope" in change:
        image.header.set_slope_inter(change.pop("slope"), change.pop("inter"))
    path = folder / name
    nib.save(image, path)
    read = nib.load(path)
    values = read.get_fdata()
    samples = []
    for _ in range(12):
        index = [int(rng.integers(0, n)) for n in values.shape[:3]]
        t = int(rng.integers(0, values.shape[3])) if values.ndim > 3 else 0
        ras = nib.affines.apply_affine(read.affine, index)
        samples.append({"lps": [-ras[0], -ras[1], ras[2]], "time": t, "value": float(values[tuple(index) + ((t,) if values.ndim > 3 else ())])})
    print(json.dumps({"name": name, "shape": values.shape, "samples": samples}))


ras, las, lpi = [(0, 1), (1, 1), (2, 1)], [(0, -1), (1, 1), (2, 1)], [(0, -1), (1, -1), (2, -1)]
sagittal, coronal = [(1, -1), (2, 1), (0, 1)], [(0, 1), (2, -1), (1, 1)]
small = rng.integers(-900, 900, (7, 5, 4)).astype(np.int16)
save("ras.nii", small, affine(ras, (1, 2, 3), (-10, 20, 5)))
save("las.nii.gz", small, affine(las, (1, 2, 3), (10, 20, 5)))
save("lpi.nii", small, affine(lpi, (1.5, 0.5, 4), (1, 2, 3)))
save("sagittal.nii.gz", small, affine(sagittal, (0.9, 1.1, 2.2), (-3, 7, 9)))
save("coronal.nii", small, affine(coronal, (0.9, 1.1, 2.2), (-3, 7, 9)))
save("oblique.nii.gz", small, affine(ras, (1, 1.25, 2.5), (4, -8, 15), rotation(0, 20) @ rotation(2, -35)))
save("qform-only.nii", small, affine(las, (1, 2, 3), (10, 20, 5), rotation(1, 12)), sform=0)
save("scaled.nii", small, affine(ras, (1, 1, 1), (0, 0, 0)), slope=0.25, inter=-3.5)
save("time.nii.gz", rng.integers(0, 4000, (6, 5, 4, 3)).astype(np.uint16), affine(las, (2, 2, 2), (0, 0, 0)))
save("nifti2.nii", rng.random((5, 4, 3)).astype(np.float64), affine(ras, (1, 2, 3), (1, 1, 1)), cls=nib.Nifti2Image)
for dtype in ("uint8", "int8", "uint16", "int32", "uint32", "float32"):
    save(f"{dtype}.nii", (rng.random((4, 5, 3)) * 100).astype(dtype), affine(ras, (1, 2, 3), (-10, 20, 5)))
big = nib.Nifti1Image(small.astype(">i2"), affine(ras, (1, 2, 3), (-10, 20, 5)), header=nib.Nifti1Header(endianness=">"))
nib.save(big, folder / "big-endian.nii")
save("again.nii", small, affine(ras, (1, 2, 3), (0, 0, 0)))
