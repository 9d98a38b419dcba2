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


volume_files = files(nifti_dir, ".nii.gz")
nifti = nibabel.load(volume_files[0])
data = np.asarray(nifti.dataobj)                              # [column, row, slice]
scale = manifest(png_dir)["items"][0]["scale"]
png_files = files(png_dir, ".png")

sets, modes, marks = [], set(), set()
dicom_steps = png_steps = affine_worst = 0.0
for k, file in enumerate(files(dicom_dir, ".dcm")):
    d = pydicom.dcmread(file)
    slope = float(d.get("RescaleSlope", 1))
    truth = data[:, :, k].T.astype(np.float64)
    values = d.pixel_array * slope + float(d.get("RescaleIntercept", 0))
    dicom_steps = max(dicom_steps, float(np.abs(values - truth).max() / slope))

    png = Image.open(png_files[k])
    modes.add(png.mode)
    marks.add(png.text.get("Scanloom mark", ""))
    png_steps = max(png_steps, float(np.abs(np.asarray(png).astype(np.float64) * scale["slope"] + scale["intercept"] - truth).max() / scale["slope"]))

    # The centre of a voxel from NIfTI's affine (RAS) and from DICOM's attributes (LPS).
    row_cosines, column_cosines = np.array(d.ImageOrientationPatient[:3], float), np.array(d.ImageOrientationPatient[3:], float)
    for i, j in [(0, 0), (d.Columns - 1, 0), (0, d.Rows - 1), (d.Columns // 3, d.Rows // 2)]:
        lps = np.array(d.ImagePositionPatient, float) + row_cosines * float(d.PixelSpacing[1]) * i + column_cosines * float(d.PixelSpacing[0]) * j
        affine_worst = max(affine_worst, float(np.abs((nifti.affine @ [i, j, k, 1])[:3] * [-1, -1, 1] - lps).max()))
    del d.PixelData
    d._pixel_array = None
    sets.append(d)

print(json.dumps({
    "images": len(sets),
    "nifti_files": len(volume_files),
    "nifti_shape": list(data.shape),
    "dicom_to_nifti_steps": dicom_steps,
    "png_to_nifti_steps": png_steps,
    "affine_worst_mm": affine_worst,
    "descrip": str(nifti.header["descrip"].astype(str)),
    "png_modes": sorted(modes),
    "png_mark": sorted(marks),
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
