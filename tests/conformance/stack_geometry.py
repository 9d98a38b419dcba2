"""What pydicom and arithmetic say of where the images of a folder lie: one JSON object a series on standard output.

usage: stack_geometry.py FOLDER...   (each folder is one or more series; files that are no images with a place are left out)
"""
import collections
import json
import pathlib
import sys

import numpy as np
import pydicom


def frames_of(ds):
    """(position, orientation, kind) of each frame; kind keeps magnitude, field maps and echoes apart."""
    if "PerFrameFunctionalGroupsSequence" in ds:
        shared = ds.get("SharedFunctionalGroupsSequence", [pydicom.Dataset()])[0]
        for own in ds.PerFrameFunctionalGroupsSequence:
            def group(name):
                return (own.get(name) or shared.get(name) or [None])[0]
            position, orientation, frame_type = group("PlanePositionSequence"), group("PlaneOrientationSequence"), group("MRImageFrameTypeSequence")
            if position is None or orientation is None:
                continue
            yield position.ImagePositionPatient, orientation.ImageOrientationPatient, str(frame_type.FrameType if frame_type else "")
    elif "ImagePositionPatient" in ds and "ImageOrientationPatient" in ds:
        yield ds.ImagePositionPatient, ds.ImageOrientationPatient, str(ds.get("EchoTime", ""))


def main(folders):
    for folder in folders:
        series = collections.defaultdict(list)
        for file in sorted(p for p in pathlib.Path(folder).rglob("*") if p.is_file()):
            try:
                ds = pydicom.dcmread(file, stop_before_pixels=True)
            except pydicom.errors.InvalidDicomError:
                continue
            if ds.get("Modality") not in ("CT", "MR", "PT"):
                continue
            series[ds.SeriesInstanceUID] += [(np.array(p, float), np.array(o, float), k) for p, o, k in frames_of(ds)]
        for uid, images in series.items():
            orientations = []
            for _, orientation, _ in images:
                if not any(np.allclose(orientation, known, atol=0.005) for known in orientations):
                    orientations.append(orientation)
            groups = []
            for known in orientations:
                normal = np.cross(known[:3], known[3:])
                own = [(position, kind) for position, orientation, kind in images if np.allclose(orientation, known, atol=0.005)]
                along = sorted(float(position @ normal) for position, _ in own)
                places = [along[0]]
                for value in along:
                    if value - places[-1] > 0.02:
                        places.append(value)
                first, last = min(own, key=lambda e: float(e[0] @ normal))[0], max(own, key=lambda e: float(e[0] @ normal))[0]
                way = last - first
                length = float(np.linalg.norm(way))
                tilt = 0.0 if length == 0 else float(np.degrees(np.arccos(min(1.0, abs(way @ normal) / length))))
                groups.append({"images": len(own), "places": len(places), "kinds": len({kind for _, kind in own}), "gaps": list(np.diff(places)), "tiltDegrees": tilt})
            print(json.dumps({"folder": folder, "seriesInstanceUid": uid, "orientations": groups}))


main(sys.argv[1:])
