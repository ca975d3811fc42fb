"""Reads DICOM SEGs with highdicom and compares every voxel with what was to be written.

    readWithHighdicom.py FOLDER

FOLDER holds cases.json: a list of {file, rows, columns, isMultiFrame, sources: [{uid, frame}],
segments: [{number, masks: {slice: file of rows * columns bytes, 0 or 1}}]}. Prints a line for each file;
exit status 1 when one differs or cannot be read.
"""

import json
import sys
from pathlib import Path

import highdicom as hd
import numpy as np
import pydicom


def expected(folder, case):
    """Masks as (slice, row, column, segment)."""
    shape = (len(case["sources"]), case["rows"], case["columns"], len(case["segments"]))
    masks = np.zeros(shape, np.uint8)
    for position, segment in enumerate(case["segments"]):
        for index, name in segment["masks"].items():
            pixels = np.fromfile(folder / name, np.uint8)
            masks[int(index), :, :, position] = pixels.reshape(shape[1:3])
    return masks


def read(file, case):
    seg = hd.seg.Segmentation.from_dataset(pydicom.dcmread(file), copy=False)
    numbers = [segment["number"] for segment in case["segments"]]
    assert list(seg.segment_numbers) == numbers, f"segments {list(seg.segment_numbers)}"
    options = {
        "segment_numbers": numbers,
        # Slices without the segment have no frame.
        "assert_missing_frames_are_empty": True,
        "rescale_fractional": True,
    }
    if case["isMultiFrame"]:
        frames = [source["frame"] for source in case["sources"]]
        return seg.get_pixels_by_source_frame(case["sources"][0]["uid"], frames, **options)
    uids = [source["uid"] for source in case["sources"]]
    return seg.get_pixels_by_source_instance(uids, **options)


def main():
    folder = Path(sys.argv[1])
    failures = 0
    for case in json.loads((folder / "cases.json").read_text()):
        try:
            pixels = read(folder / case["file"], case)
            different = int((np.asarray(pixels) != expected(folder, case)).sum())
            outcome = "equal" if different == 0 else f"DIFFERENT: {different} voxels"
        except Exception as error:  # noqa: BLE001: whatever highdicom raises is the finding
            different, outcome = 1, f"NOT READ: {type(error).__name__}: {error}"
        failures += different != 0
        print(f"{case['file']}: {outcome}")
    print(f"highdicom {hd.__version__}: {failures} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
