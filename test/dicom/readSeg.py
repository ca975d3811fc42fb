"""Reads a DICOM SEG with pydicom and says which voxels of which source image it marks.

    readSeg.py FILE --sources DIR [--json]

Each frame is matched to the source image that lies at the same place in the patient; the image that
the frame refers to must be that one. Prints the segments and, per source SOP Instance UID, the number
of voxels and the SHA-256 of the mask (row-major, one byte per voxel, 0 or 1). Exit status 1 and a
message when frames and sources disagree.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import pydicom

SEGMENTATION_STORAGE = "1.2.840.10008.5.1.4.1.1.66.4"
TOLERANCE_MM = 0.01


def read_sources(folder, series_uid):
    """Source images of one series by SOP Instance UID, without pixels."""
    sources = {}
    for path in sorted(p for p in Path(folder).rglob("*") if p.is_file()):
        try:
            image = pydicom.dcmread(path, stop_before_pixels=True)
        except pydicom.errors.InvalidDicomError:
            continue
        if image.get("SeriesInstanceUID") == series_uid:
            sources[image.SOPInstanceUID] = image
    return sources


def corners(position, orientation, spacing, rows, columns):
    """The centers of the four corner pixels in mm (PS3.3, C.7.6.2.1.1)."""
    position, orientation, spacing = (np.array(v, float) for v in (position, orientation, spacing))
    along_row, along_column = orientation[:3], orientation[3:]
    return np.array(
        [
            position + along_row * spacing[1] * column + along_column * spacing[0] * row
            for row in (0, rows - 1)
            for column in (0, columns - 1)
        ]
    )


def source_corners(image):
    return corners(
        image.ImagePositionPatient,
        image.ImageOrientationPatient,
        image.PixelSpacing,
        image.Rows,
        image.Columns,
    )


def read_segmentation(file, folder):
    """The SEG as a dict for JSON. Raises ValueError where frames and sources disagree."""
    seg = pydicom.dcmread(file)
    if seg.SOPClassUID != SEGMENTATION_STORAGE:
        raise ValueError(f"{file} is no Segmentation Storage but {seg.SOPClassUID.name}")
    series_uid = seg.ReferencedSeriesSequence[0].SeriesInstanceUID
    sources = read_sources(folder, series_uid)
    if not sources:
        raise ValueError(f"no image of the referenced series {series_uid} in {folder}")
    places = {uid: source_corners(image) for uid, image in sources.items()}

    shared = seg.SharedFunctionalGroupsSequence[0]
    orientation = shared.PlaneOrientationSequence[0].ImageOrientationPatient
    spacing = shared.PixelMeasuresSequence[0].PixelSpacing
    pixels = seg.pixel_array.reshape(int(seg.NumberOfFrames), seg.Rows, seg.Columns)
    slices = {int(item.SegmentNumber): {} for item in seg.SegmentSequence}
    worst = 0.0
    for number, (frame, mask) in enumerate(zip(seg.PerFrameFunctionalGroupsSequence, pixels), 1):
        place = corners(
            frame.PlanePositionSequence[0].ImagePositionPatient,
            orientation,
            spacing,
            seg.Rows,
            seg.Columns,
        )
        distances = {uid: float(np.abs(place - other).max()) for uid, other in places.items()}
        uid = min(distances, key=distances.get)
        worst = max(worst, distances[uid])
        if distances[uid] > TOLERANCE_MM:
            raise ValueError(f"frame {number} lies {distances[uid]:.3f} mm off the nearest source image")
        reference = frame.DerivationImageSequence[0].SourceImageSequence[0]
        if reference.ReferencedSOPInstanceUID != uid:
            raise ValueError(f"frame {number} refers to another image than the one it lies on")
        if reference.ReferencedSOPClassUID != sources[uid].SOPClassUID:
            raise ValueError(f"frame {number} names another SOP class than its source has")
        segment = int(frame.SegmentIdentificationSequence[0].ReferencedSegmentNumber)
        if uid in slices[segment]:
            raise ValueError(f"segment {segment} has two frames on one source image")
        slices[segment][uid] = {
            "voxels": int(mask.sum()),
            "sha256": hashlib.sha256(np.ascontiguousarray(mask, np.uint8).tobytes()).hexdigest(),
        }

    first = next(iter(sources.values()))
    for keyword in ("PatientID", "PatientName", "StudyInstanceUID", "FrameOfReferenceUID"):
        if seg.get(keyword) != first.get(keyword):
            raise ValueError(f"{keyword} differs: {seg.get(keyword)!r} and {first.get(keyword)!r}")
    return {
        "transferSyntaxUID": seg.file_meta.TransferSyntaxUID,
        "seriesInstanceUID": seg.SeriesInstanceUID,
        "seriesDescription": seg.SeriesDescription,
        "segmentationType": seg.SegmentationType,
        "segmentsOverlap": seg.get("SegmentsOverlap", ""),
        "frames": int(seg.NumberOfFrames),
        "sources": len(sources),
        "predecessors": [item.ReferencedSOPInstanceUID for item in seg.get("ReferencedImageSequence", [])],
        "offset_mm": worst,
        "segments": [describe(item, slices[int(item.SegmentNumber)]) for item in seg.SegmentSequence],
    }


def describe(item, slices):
    identification = item.get("SegmentationAlgorithmIdentificationSequence")
    return {
        "number": int(item.SegmentNumber),
        "label": item.SegmentLabel,
        "algorithmType": item.SegmentAlgorithmType,
        "algorithmName": item.get("SegmentAlgorithmName", ""),
        "algorithmVersion": identification[0].AlgorithmVersion if identification else "",
        "type": item.SegmentedPropertyTypeCodeSequence[0].CodeValue,
        "trackingUID": item.get("TrackingUID", ""),
        "slices": slices,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--sources", required=True, help="folder with the source images")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    try:
        result = read_segmentation(arguments.file, arguments.sources)
    except ValueError as error:
        sys.exit(str(error))
    if arguments.json:
        print(json.dumps(result))
        return
    print(f"{result['seriesDescription']}: {result['frames']} frames on {result['sources']} images")
    for segment in result["segments"]:
        voxels = sum(entry["voxels"] for entry in segment["slices"].values())
        print(
            f"  {segment['number']}. {segment['label']} ({segment['algorithmType']}"
            f" {segment['algorithmName']}): {voxels} voxels on {len(segment['slices'])} slices"
        )


if __name__ == "__main__":
    main()
