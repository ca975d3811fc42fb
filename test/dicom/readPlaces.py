"""Reads DICOM SEG files with pydicom and says where in the patient each segment is.

    readPlaces.py FILE ...

Prints per file { segment number: [[x, y, z], ...] } as JSON, in mm (LPS), from the SEG alone.
"""

import json
import sys

import numpy as np
import pydicom


def group(frame, shared, name):
    return (frame.get(name) or shared.get(name))[0]


def places(path):
    seg = pydicom.dcmread(path)
    shared = seg.SharedFunctionalGroupsSequence[0]
    pixels = seg.pixel_array.reshape(int(seg.NumberOfFrames), seg.Rows, seg.Columns)
    found = {int(item.SegmentNumber): [] for item in seg.SegmentSequence}
    for frame, values in zip(seg.PerFrameFunctionalGroupsSequence, pixels):
        position = np.array(group(frame, shared, "PlanePositionSequence").ImagePositionPatient, float)
        orientation = np.array(
            group(frame, shared, "PlaneOrientationSequence").ImageOrientationPatient, float
        )
        down, along = map(float, group(frame, shared, "PixelMeasuresSequence").PixelSpacing)
        if seg.SegmentationType == "LABELMAP":
            masks = {number: values == number for number in found}
        else:
            number = int(frame.SegmentIdentificationSequence[0].ReferencedSegmentNumber)
            masks = {number: values != 0}
        for number, mask in masks.items():
            for row, column in zip(*np.nonzero(mask)):
                place = position + orientation[:3] * along * column + orientation[3:] * down * row
                found[number].append([round(float(v), 4) for v in place])
    return found


print(json.dumps([places(path) for path in sys.argv[1:]]))
