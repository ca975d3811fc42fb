#!/usr/bin/env bash
# highdicom 0.28.2 (PyPI): a LABELMAP segmentation of more than 255 segments, written and read by highdicom itself.
#
# Expected: `get_pixels_by_source_instance` and `get_volume`, which give one channel for each segment by
#   default, mark the voxels that were written.
# Observed: segment numbers are taken apart in 8 bits, whatever `dtype` says, so that voxels of segment 257
#   turn up in segment 1 and those of segments 256 to 300 are nowhere:
#     LABELMAP, 16 bits: default 89 wrong, dtype=uint16 89 wrong, volume 89 wrong, combine_segments=True 0 wrong
#     BINARY, 1 bits: default 0 wrong, dtype=uint16 0 wrong, volume 0 wrong, combine_segments=True 0 wrong
# What to do: read label maps with `combine_segments=True` and compare with the segment number.
#
# Exits with 0 while this is so, with 1 when it changed. Needs python3 (3.10 or later) with venv.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet highdicom==0.28.2 pydicom==3.0.2 numpy==2.4.6
"$folder/env/bin/python" - "$folder/seg.dcm" <<'PYTHON' | tee "$folder/output"
import sys

import highdicom as hd
import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

SEGMENTS = 300
SIZE = 20

image = Dataset()
image.file_meta = FileMetaDataset()
image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
image.SOPClassUID = CTImageStorage
for keyword in ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"):
    setattr(image, keyword, generate_uid())
for keyword in ("PatientBirthDate", "PatientSex", "StudyID", "StudyDate", "StudyTime", "AccessionNumber"):
    setattr(image, keyword, "")
image.PatientID, image.PatientName, image.ReferringPhysicianName = "1", "Label^Map", ""
image.Modality, image.SeriesNumber, image.InstanceNumber = "CT", 1, 1
image.Rows = image.Columns = SIZE
image.PixelSpacing, image.SliceThickness = [1, 1], 1
image.ImageOrientationPatient, image.ImagePositionPatient = [1, 0, 0, 0, 1, 0], [0, 0, 0]
image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
image.BitsAllocated, image.BitsStored, image.HighBit, image.PixelRepresentation = 16, 16, 15, 0
image.PixelData = bytes(2 * SIZE * SIZE)

labels = np.arange(SIZE * SIZE, dtype=np.uint16).reshape(1, SIZE, SIZE)
labels[labels > SEGMENTS] = 0
tissue = hd.sr.CodedConcept("85756007", "SCT", "Tissue")
segments = [
    hd.seg.SegmentDescription(n, f"Segment {n}", tissue, tissue, hd.seg.SegmentAlgorithmTypeValues.MANUAL)
    for n in range(1, SEGMENTS + 1)
]
for kind in ("LABELMAP", "BINARY"):
    hd.seg.Segmentation(
        [image], labels, kind, segments, generate_uid(), 1, generate_uid(), 1, "Maker", "Model", "1", "1"
    ).save_as(sys.argv[1])
    seg = hd.seg.segread(sys.argv[1])
    uids = [image.SOPInstanceUID]
    expected = np.stack([labels == number for number in seg.segment_numbers], axis=-1)
    wrong = lambda found: int((found.astype(bool) != expected).sum())
    read = lambda **how: seg.get_pixels_by_source_instance(uids, assert_missing_frames_are_empty=True, **how)
    combined = int((read(combine_segments=True) != labels).sum())
    print(
        f"{kind}, {seg.BitsAllocated} bits: default {wrong(read())} wrong, "
        f"dtype=uint16 {wrong(read(dtype=np.uint16))} wrong, volume {wrong(seg.get_volume().array)} wrong, "
        f"combine_segments=True {combined} wrong"
    )
PYTHON
grep -qx 'LABELMAP, 16 bits: default 89 wrong, dtype=uint16 89 wrong, volume 89 wrong, combine_segments=True 0 wrong' "$folder/output" &&
  grep -qx 'BINARY, 1 bits: default 0 wrong, dtype=uint16 0 wrong, volume 0 wrong, combine_segments=True 0 wrong' "$folder/output" ||
  { echo 'highdicom behaves otherwise now.'; exit 1; }
