"""Reads folders of DICOM images with pydicom and prints where they lie.

    readPositions.py FOLDER ...

Prints one JSON object per folder: "SOP Instance UID#frame" -> Image Position (Patient).
"""

import glob
import json
import sys

import pydicom

for folder in sys.argv[1:]:
    found = {}
    for path in sorted(glob.glob(f"{glob.escape(folder)}/*")):
        image = pydicom.dcmread(path, stop_before_pixels=True)
        frames = getattr(image, "PerFrameFunctionalGroupsSequence", None)
        places = [f.PlanePositionSequence[0] for f in frames] if frames else [image]
        for number, place in enumerate(places, 1):
            found[f"{image.SOPInstanceUID}#{number}"] = [float(v) for v in place.ImagePositionPatient]
    print(json.dumps(found))
