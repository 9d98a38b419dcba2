"""Reads segmentations and parametric maps with highdicom and pydicom, and says what it found.

usage: python dicom_objects.py FILE…
Prints one JSON document, one entry a file: SHA-256 of the pixels as float64 in frame order, and what the readers understood.
"""
import hashlib, json, sys
import highdicom, numpy as np, pydicom

out = {}
for path in sys.argv[1:]:
    d = pydicom.dcmread(path)
    entry = {"frames": int(d.NumberOfFrames), "sop_class": d.SOPClassUID}
    if d.SOPClassUID.startswith("1.2.840.10008.5.1.4.1.1.66."):
        seg = highdicom.seg.segread(path)
        entry["type"] = seg.segmentation_type.value
        entry["segments"] = [[int(n), seg.get_segment_description(n).segment_label] for n in seg.segment_numbers if n != 0]
        uids = [uid for _, _, uid in seg.get_source_image_uids()]
        entry["sources"] = len(uids)
        pixels = seg.pixel_array
        try:
            volume = seg.get_volume(combine_segments=True, skip_overlap_checks=True)
            entry["volume"] = [int(n) for n in volume.spatial_shape]
            entry["spacing"] = [float(n) for n in volume.spacing]
        except Exception as error:
            entry["volume"] = str(error)[:200]
    else:
        image = highdicom.imread(path)
        pm = highdicom.pm.pmread(path) if hasattr(highdicom.pm, "pmread") else image
        entry["class"] = type(pm).__name__
        pixels = image.get_frames(apply_real_world_transform=True, apply_voi_transform=False, apply_modality_transform=False)
        item = image.SharedFunctionalGroupsSequence[0].RealWorldValueMappingSequence[0]
        entry["unit"] = item.MeasurementUnitsCodeSequence[0].CodeValue
        entry["pixel_array_type"] = str(d.pixel_array.dtype)
    entry["sha256"] = hashlib.sha256(np.asarray(pixels, dtype=np.float64).tobytes()).hexdigest()
    out[path] = entry
print(json.dumps(out))
