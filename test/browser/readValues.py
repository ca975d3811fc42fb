"""Reads folders of DICOM images with pydicom and prints their values in modality units.

    readValues.py FOLDER ...

Prints one JSON object per folder: "SOP Instance UID#frame" -> base64 of row-major 32-bit floats.
"""

import base64
import glob
import json
import sys

import numpy as np
import pydicom
from pydicom.pixel_data_handlers.util import apply_modality_lut


def stored(image):
    values = image.pixel_array.astype(np.int64)
    bits = image.BitsStored
    values = (values >> (image.HighBit + 1 - bits)) & ((1 << bits) - 1)
    if image.PixelRepresentation == 1:
        values = np.where(values >= 1 << (bits - 1), values - (1 << bits), values)
    return values


def frames(image):
    values = stored(image)
    if "PerFrameFunctionalGroupsSequence" not in image:
        yield apply_modality_lut(values, image)
        return
    for frame, groups in zip(values, image.PerFrameFunctionalGroupsSequence):
        yield apply_modality_lut(frame, groups.PixelValueTransformationSequence[0])


for folder in sys.argv[1:]:
    found = {}
    for path in sorted(glob.glob(f"{glob.escape(folder)}/*")):
        image = pydicom.dcmread(path)
        for number, values in enumerate(frames(image), 1):
            data = np.ascontiguousarray(values, "<f4").tobytes()
            found[f"{image.SOPInstanceUID}#{number}"] = base64.b64encode(data).decode()
    print(json.dumps(found))
