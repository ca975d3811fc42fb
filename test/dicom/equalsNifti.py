"""Whether the segments of a DICOM SEG and the labels of a NIfTI file mark the same places.

    equalsNifti.py SEG NIFTI LABEL [LABEL ...]     (one label per segment, in order)

Both are brought to patient coordinates, each by its own header, and compared voxel by voxel. Prints
per segment { segment, label, inSeg, inNifti, inBoth } as JSON.
"""

import gzip
import json
import sys

import numpy as np
import pydicom


def read_nifti(path):
    """Voxels (x, y, z) and the affine from index to LPS millimeters, from the sform (NIfTI-1)."""
    with gzip.open(path) as file:
        data = file.read()
    dimensions = np.frombuffer(data, "<i2", 8, 40)
    dtype = {2: "u1", 4: "<i2", 8: "<i4", 16: "<f4", 256: "i1", 512: "<u2", 64: "<f8"}[
        int(np.frombuffer(data, "<i2", 1, 70)[0])
    ]
    if np.frombuffer(data, "<i2", 1, 254)[0] <= 0:
        sys.exit("the NIfTI file has no sform")
    shape = tuple(int(n) for n in dimensions[1:4])
    start = int(np.frombuffer(data, "<f4", 1, 108)[0])
    voxels = np.frombuffer(data, dtype, int(np.prod(shape)), start).reshape(shape, order="F")
    affine = np.frombuffer(data, "<f4", 12, 280).reshape(3, 4).astype(float)
    affine[:2] *= -1  # RAS to LPS
    return voxels, np.vstack([affine, [0, 0, 0, 1]])


def main():
    seg = pydicom.dcmread(sys.argv[1])
    voxels, affine = read_nifti(sys.argv[2])
    to_index = np.linalg.inv(affine)
    shared = seg.SharedFunctionalGroupsSequence[0]
    orientation = np.array(shared.PlaneOrientationSequence[0].ImageOrientationPatient, float)
    row_spacing, column_spacing = map(float, shared.PixelMeasuresSequence[0].PixelSpacing)
    pixels = seg.pixel_array.reshape(int(seg.NumberOfFrames), seg.Rows, seg.Columns)
    counts = {}
    for frame, mask in zip(seg.PerFrameFunctionalGroupsSequence, pixels):
        segment = int(frame.SegmentIdentificationSequence[0].ReferencedSegmentNumber)
        label = int(sys.argv[2 + segment])
        rows, columns = np.nonzero(mask)
        position = np.array(frame.PlanePositionSequence[0].ImagePositionPatient, float)
        places = (
            position
            + np.outer(columns * column_spacing, orientation[:3])
            + np.outer(rows * row_spacing, orientation[3:])
        )
        index = places @ to_index[:3, :3].T + to_index[:3, 3]
        nearest = np.rint(index).astype(int)
        if np.abs(index - nearest).max() > 0.05:
            sys.exit("the grids differ")
        inside = ((nearest >= 0) & (nearest < voxels.shape)).all(axis=1)
        hits = voxels[tuple(nearest[inside].T)] == label
        entry = counts.setdefault(segment, {"segment": segment, "label": label, "inSeg": 0, "inBoth": 0})
        entry["inSeg"] += len(rows)
        entry["inBoth"] += int(hits.sum())
        entry["inNifti"] = int((voxels == label).sum())
    print(json.dumps([counts[segment] for segment in sorted(counts)]))


if __name__ == "__main__":
    main()
