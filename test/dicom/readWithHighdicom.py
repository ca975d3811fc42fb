"""Reads DICOM SEG files with highdicom, in the two ways that its users do.

    readWithHighdicom.py FILE ...

Prints as JSON per file:
    bySource  { segment number: { "SOP Instance UID#frame": [row-major indices of its voxels] } }
    places    { segment number: [[x, y, z], ...] } in mm (LPS), from `get_volume`; null where highdicom
              makes no volume of the frames, because they are tilted or unevenly spaced

Label maps are read with their segments combined: highdicom 0.28.2 takes segments apart in 8 bits, so
that number 257 turns up as segment 1 (findings/highdicom-16-bit-label-map.sh).
"""

import json
import sys

import highdicom as hd
import numpy as np


def frames_of_sources(seg):
    """The source frames that the SEG refers to, by SOP Instance UID."""
    found = {}
    for frame in seg.PerFrameFunctionalGroupsSequence:
        for derivation in frame.get("DerivationImageSequence", []):
            for source in derivation.SourceImageSequence:
                numbers = source.get("ReferencedFrameNumber")
                known = found.setdefault(source.ReferencedSOPInstanceUID, set())
                if numbers is not None:
                    known.update([int(numbers)] if isinstance(numbers, (int, str)) else map(int, numbers))
    return found


def is_label_map(seg):
    return seg.SegmentationType == "LABELMAP"


def masks(seg, pixels):
    """One mask for each segment number, of what was read with `combine_segments=is_label_map(seg)`."""
    for channel, number in enumerate(seg.segment_numbers):
        yield int(number), pixels == number if is_label_map(seg) else pixels[..., channel] != 0


def by_source(seg):
    found = {int(number): {} for number in seg.segment_numbers}
    for uid, frames in frames_of_sources(seg).items():
        options = {
            "ignore_spatial_locations": True,
            "assert_missing_frames_are_empty": True,
            "combine_segments": is_label_map(seg),
        }
        if frames:
            numbers = sorted(frames)
            pixels = seg.get_pixels_by_source_frame(uid, numbers, **options)
        else:
            numbers = [1]
            pixels = seg.get_pixels_by_source_instance([uid], **options)
        for at, frame in enumerate(numbers):
            for number, mask in masks(seg, pixels[at]):
                indices = np.flatnonzero(mask)
                if indices.size:
                    found[number][f"{uid}#{frame}"] = indices.tolist()
    return found


def places(seg):
    if seg.get_volume_geometry() is None:
        return None
    volume = seg.get_volume(combine_segments=is_label_map(seg))
    return {
        number: np.round(volume.map_indices_to_reference(np.argwhere(mask)), 4).tolist()
        for number, mask in masks(seg, volume.array)
    }


def read(path):
    seg = hd.seg.segread(path)
    return {"bySource": by_source(seg), "places": places(seg)}


print(json.dumps([read(path) for path in sys.argv[1:]]))
