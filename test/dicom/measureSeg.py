"""Measures the segments of a DICOM SEG on its source images with pydicom, numpy and scipy alone.

    measureSeg.py SEG --sources DIR

Prints as JSON per segment: number, label, voxels, slices, volume (mL), mean, deviation, and of the slice
with the longest diameter: its source image, longest and perpendicular (mm, halfway between the centers of
pixels inside and outside).
"""

import argparse
import itertools
import json
from pathlib import Path

import numpy as np
import pydicom
from scipy import ndimage
from scipy.spatial import ConvexHull
from scipy.spatial.distance import pdist, squareform


def read_sources(folder, series_uid):
    images = {}
    for path in Path(folder).rglob("*"):
        if not path.is_file():
            continue
        try:
            image = pydicom.dcmread(path)
        except pydicom.errors.InvalidDicomError:
            continue
        if image.get("SeriesInstanceUID") == series_uid:
            images[image.SOPInstanceUID] = image
    return images


def heights(images):
    """mm along the normal, by SOP Instance UID."""
    found = {}
    for uid, image in images.items():
        orientation = np.array(image.ImageOrientationPatient, float)
        normal = np.cross(orientation[:3], orientation[3:])
        normal /= np.linalg.norm(normal)
        found[uid] = float(np.dot(normal, np.array(image.ImagePositionPatient, float)))
    return found


def values(image):
    slope = float(image.get("RescaleSlope", 1))
    return image.pixel_array * slope + float(image.get("RescaleIntercept", 0))


def border(mask):
    """Half-pixel positions (row, column) on the border of a mask, and the pairs that share a cell of 2 x 2."""
    padded = np.pad(mask, 1)
    cells = {}
    for axis in (0, 1):
        for row, column in np.argwhere(np.diff(padded.astype(np.int8), axis=axis)):
            point = (row + 0.5, column) if axis == 0 else (row, column + 0.5)
            beside = (
                [(row, column - 1), (row, column)] if axis == 0 else [(row - 1, column), (row, column)]
            )
            for cell in beside:
                cells.setdefault(cell, []).append(point)
    pairs = [pair for points in cells.values() for pair in itertools.combinations(points, 2)]
    return np.array(pairs) - 1


def diameters(mask, spacing):
    """The longest one of all pieces, and the widest place of that piece at a right angle to it, in mm."""
    labels, count = ndimage.label(mask, np.ones((3, 3)))
    best = (0, 0)
    for piece in range(1, count + 1):
        pairs = border(labels == piece) * np.array(spacing)
        points = np.unique(pairs.reshape(-1, 2), axis=0)
        corners = points[ConvexHull(points).vertices]
        distances = squareform(pdist(corners))
        longest = distances.max()
        if longest <= best[0]:
            continue
        a, b = np.unravel_index(distances.argmax(), distances.shape)
        direction = (corners[b] - corners[a]) / longest
        along, across = pairs @ direction, pairs @ np.array([-direction[1], direction[0]])
        widest = 0
        for place in points @ direction:
            low, high = along.min(axis=1), along.max(axis=1)
            hit = (low <= place + 1e-9) & (place - 1e-9 <= high)
            (u0, u1), (v0, v1) = along[hit].T, across[hit].T
            with np.errstate(divide="ignore", invalid="ignore"):
                share = np.clip((place - u0) / (u1 - u0), 0, 1)
            flat = np.abs(u1 - u0) < 1e-9
            here = v0 + share * (v1 - v0)
            reached = np.concatenate([here[~flat], v0[flat], v1[flat]])
            widest = max(widest, reached.max() - reached.min())
        best = (longest, widest)
    return best


def measure(seg, images):
    height = heights(images)
    order = sorted(height, key=height.get)
    z = np.array([height[uid] for uid in order])
    steps = np.diff(z)
    # Positions of an even series may be rounded.
    if np.ptp(steps) < 0.02 * steps.mean():
        z = np.linspace(z[0], z[-1], len(z))
        steps = np.diff(z)
    edges = np.concatenate([[z[0] - steps[0] / 2], (z[1:] + z[:-1]) / 2, [z[-1] + steps[-1] / 2]])
    thickness = dict(zip(order, np.diff(edges)))
    frames = seg.pixel_array.reshape(-1, seg.Rows, seg.Columns)
    for segment in seg.SegmentSequence:
        inside, volume, slices, best = [], 0.0, 0, (0, 0, None)
        for frame, mask in zip(seg.PerFrameFunctionalGroupsSequence, frames):
            if frame.SegmentIdentificationSequence[0].ReferencedSegmentNumber != segment.SegmentNumber:
                continue
            if not mask.any():
                continue
            source = frame.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID
            image = images[source]
            spacing = [float(value) for value in image.PixelSpacing]
            inside.append(values(image)[mask > 0])
            volume += int((mask > 0).sum()) * spacing[0] * spacing[1] * thickness[source]
            slices += 1
            found = diameters(mask > 0, spacing)
            if found[0] > best[0]:
                best = (*found, source)
        inside = np.concatenate(inside)
        yield {
            "number": int(segment.SegmentNumber),
            "label": str(segment.SegmentLabel),
            "voxels": int(inside.size),
            "slices": slices,
            "volume": volume / 1000,
            "mean": float(inside.mean()),
            "deviation": float(inside.std()),
            "longest": best[0],
            "perpendicular": best[1],
            "image": best[2],
        }


parser = argparse.ArgumentParser()
parser.add_argument("seg")
parser.add_argument("--sources", required=True)
arguments = parser.parse_args()
seg = pydicom.dcmread(arguments.seg)
images = read_sources(arguments.sources, seg.ReferencedSeriesSequence[0].SeriesInstanceUID)
print(json.dumps(list(measure(seg, images))))
