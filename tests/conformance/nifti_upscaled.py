"""Compares an upscaled NIfTI volume with its source by nibabel alone; prints one JSON document.

usage: python nifti_upscaled.py SOURCE.nii.gz UPSCALED.nii.gz
"""
import itertools, json, sys

import nibabel as nib
import numpy as np

source, made = nib.load(sys.argv[1]), nib.load(sys.argv[2])
# The same axes for both: the nearest to R, A, S; only the order of voxels changes.
a, b = nib.as_closest_canonical(source), nib.as_closest_canonical(made)
before, after = np.asarray(a.get_fdata()), np.asarray(b.get_fdata())
back = np.linalg.inv(a.affine) @ b.affine          # made voxel -> source voxel
sizes = np.array(after.shape)
along = int(np.argmin(np.abs(np.diag(back)[:3] - 1)))   # the axis that was not enlarged
plane = [axis for axis in range(3) if axis != along]


def source_index(index):
    return (back @ [*index, 1])[:3]


# Outer corners of the first and last voxels: the field of view.
low, high = source_index([-0.5] * 3), source_index(sizes - 0.5)
first = int(round(low[along] + 0.5))                # source slices that were taken
part = np.take(before, range(first, first + sizes[along]), axis=along)
shrunk = after
for axis in plane:
    shape = list(shrunk.shape)
    shape[axis:axis + 1] = [shape[axis] // 2, 2]
    shrunk = shrunk.reshape(shape).mean(axis=axis + 1)


def likeness(one, other):
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


flipped = [np.flip(shrunk, axes) for n in (1, 2, 3) for axes in itertools.combinations(range(3), n)]
print(json.dumps({
    "shape": list(after.shape),
    "source_shape": list(before.shape),
    "slices_along": along,
    # In source voxels: 0 and the source's size, less half a voxel, where the field of view is the same.
    "plane_extent_error": float(max(max(abs(low[axis] + 0.5), abs(high[axis] + 0.5 - before.shape[axis])) for axis in plane)),
    "slice_off_grid": float(abs(low[along] + 0.5 - first)),
    "skew": float(np.abs(back[:3, :3] - np.diag(np.diag(back)[:3])).max()),
    "zoom_ratio": [float(x) for x in np.array(nib.affines.voxel_sizes(b.affine)) / np.array(nib.affines.voxel_sizes(a.affine))],
    "likeness": likeness(part, shrunk),
    "likeness_flipped": max(likeness(part, other) for other in flipped),
    "error_share": float(np.sqrt(((part - shrunk) ** 2).mean()) / (part.max() - part.min())),
    "description": str(made.header["descrip"].astype(str)),
}))
