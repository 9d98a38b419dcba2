"""Compares originals with what was written of them, element by element, as pydicom reads both.

usage: python dicom_round_trip.py < PAIRS        (one pair a line: ORIGINAL<tab>WRITTEN)
Prints one JSON document: pairs compared, those that pydicom cannot read itself, and every difference.
"""
import json, sys, warnings
import pydicom
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.uid import ExplicitVRBigEndian

warnings.simplefilter("ignore")
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
# Bytes of one value, where a VR has a byte order that pydicom leaves to the caller.
units = {"OW": 2, "OF": 4, "OL": 4, "OD": 8, "OV": 8}


def swapped(data, unit):
    out = bytearray(len(data))
    for i in range(unit):
        out[i::unit] = data[unit - 1 - i::unit]
    return bytes(out)


def plain(value, vr, big, unit=None):
    if isinstance(value, bytes):
        data = swapped(value, unit or units[vr]) if big and vr in units else value
        return data.rstrip(b"\0 ")
    if isinstance(value, (MultiValue, list)):
        return [plain(item, vr, big) for item in value]
    return str(value).rstrip("\0 ") if isinstance(value, str) else value


def compare(a, b, big, where, out):
    tags = lambda d: [e for e in d.keys() if e.element != 0 and e.group != 2]
    for tag in sorted(set(tags(a)) | set(tags(b))):
        at = f"{where}/{tag.group:04x}{tag.element:04x}"
        if tag not in a or tag not in b:
            out.append(f"{at} is only in the {'written' if tag in b else 'original'}")
            continue
        try:
            x, y = a[tag], b[tag]
        except Exception as error:
            out.append(f"{at}: {error}"[:200])
            continue
        if x.VR == "SQ" and y.VR == "SQ":
            if len(x.value) != len(y.value):
                out.append(f"{at} had {len(x.value)} items, has {len(y.value)}")
            for index, (m, n) in enumerate(zip(x.value, y.value)):
                compare(m, n, big, f"{at}[{index}]", out)
        # An implicit file has no VRs: of tags that pydicom does not know it sees bytes, we write the dictionary's VR.
        elif x.VR == "UN" and y.VR != "UN":
            continue
        # Pixels of 32 bits are swapped as such (PS3.5 8.1.1), whatever the word in their VR's name.
        elif plain(x.value, x.VR, big, a.get("BitsAllocated", 0) // 8 if tag == 0x7FE00010 and a.get("BitsAllocated", 0) > 8 else None) != plain(y.value, y.VR, False):
            # What pydicom leaves as bytes on one side only because of a faulty length or VR is not compared as text.
            if isinstance(x.value, bytes) == isinstance(y.value, bytes):
                out.append(f"{at} ({x.VR}, {y.VR}): {str(x.value)[:40]} became {str(y.value)[:40]}")


compared, unread, differences = 0, [], []
for line in sys.stdin:
    original, written = line.rstrip("\n").split("\t")
    try:
        a = pydicom.dcmread(original, force=True)
        if not list(a):
            raise ValueError("pydicom reads nothing of it")
        big = getattr(a, "file_meta", Dataset()).get("TransferSyntaxUID", "") == ExplicitVRBigEndian or a.original_encoding == (False, False)
    except Exception as error:
        unread.append(f"{original}: {error}"[:200])
        continue
    out = []
    compare(a, pydicom.dcmread(written), big, "", out)
    compared += 1
    differences += [f"{original}: {difference}" for difference in out[:3]]
print(json.dumps({"compared": compared, "unread": unread, "differences": differences}))
