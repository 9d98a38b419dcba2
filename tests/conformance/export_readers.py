"""Reads one exported series with other people's software and compares the three formats with each other.

usage: python export_readers.py DICOM_EXPORT NIFTI_EXPORT PNG_EXPORT
Prints one JSON document. Needs pydicom, nibabel, numpy, Pillow.
"""
import glob, json, sys
import nibabel, numpy as np, pydicom
from PIL import Image

dicom_dir, nifti_dir, png_dir = sys.argv[1:4]


def manifest(folder):
    return json.load(open(f"{folder}/manifest.json"))


def files(folder, suffix):
    return [f"{folder}/{f['path']}" for f in manifest(folder)["files"] if f["role"] == "image" and f["path"].endswith(suffix)]


sets = [pydicom.dcmread(f) for f in files(dicom_dir, ".dcm")]
values = np.stack([d.pixel_array * float(getattr(d, "RescaleSlope", 1)) + float(getattr(d, "RescaleIntercept", 0)) for d in sets])
steps = np.array([float(getattr(d, "RescaleSlope", 1)) for d in sets]).reshape(-1, 1, 1)

volume_files = files(nifti_dir, ".nii.gz")
nifti = nibabel.load(volume_files[0])
data = np.asarray(nifti.dataobj)                              # [column, row, slice]
stack = np.moveaxis(data, (2, 1, 0), (0, 1, 2)) if data.ndim == 3 else data.T[None]

# The centre of a voxel from NIfTI's affine (RAS) and from DICOM's attributes (LPS).
worst = 0.0
for k, d in enumerate(sets):
    row_cosines, column_cosines = np.array(d.ImageOrientationPatient[:3], float), np.array(d.ImageOrientationPatient[3:], float)
    for i, j in [(0, 0), (d.Columns - 1, 0), (0, d.Rows - 1), (d.Columns // 3, d.Rows // 2)]:
        lps = np.array(d.ImagePositionPatient, float) + row_cosines * float(d.PixelSpacing[1]) * i + column_cosines * float(d.PixelSpacing[0]) * j
        ras = nifti.affine @ [i, j, k, 1]
        worst = max(worst, float(np.abs(ras[:3] * [-1, -1, 1] - lps).max()))

scale = manifest(png_dir)["items"][0]["scale"]
pngs = [Image.open(f) for f in files(png_dir, ".png")]
png_values = np.stack([np.asarray(p).astype(float) for p in pngs]) * scale["slope"] + scale["intercept"]

first = sets[0]
print(json.dumps({
    "images": len(sets),
    "shape": list(values.shape),
    "nifti_files": len(volume_files),
    "nifti_shape": list(data.shape),
    "dicom_to_nifti_steps": float((np.abs(values - stack) / steps).max()),
    "png_to_nifti_steps": float(np.abs(png_values - stack).max() / scale["slope"]),
    "affine_worst_mm": worst,
    "descrip": str(nifti.header["descrip"].astype(str)),
    "png_modes": sorted({p.mode for p in pngs}),
    "png_mark": sorted({p.text.get("Scanloom mark", "") for p in pngs}),
    "synthetic_data": sorted({str(d.get("SyntheticData", "")) for d in sets}),
    "content_qualification": sorted({str(d.get("ContentQualification", "")) for d in sets}),
    "image_type": sorted({"\\".join(d.ImageType) for d in sets}),
    "studies": sorted({d.StudyInstanceUID for d in sets}),
    "series": sorted({d.SeriesInstanceUID for d in sets}),
    "frames_of_reference": sorted({d.FrameOfReferenceUID for d in sets}),
    "unique_instances": len({d.SOPInstanceUID for d in sets}),
    "sources": len({d.SourceImageSequence[0].ReferencedSOPInstanceUID for d in sets if "SourceImageSequence" in d}),
    "spacing": sorted({"\\".join(str(s) for s in d.PixelSpacing) for d in sets}),
}))
