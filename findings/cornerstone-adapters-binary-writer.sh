#!/usr/bin/env bash
# @cornerstonejs/adapters 5.14.0 (npm): Pixel Data of a BINARY segmentation, 5 frames of 9 x 11 pixels, as made by
# `encodeFramesToTransferSyntax`, which `generateSegmentation` calls for it.
#
# Expected: 495 bits in 62 bytes. PS3.5, 8.1.1: pixel cells follow each other without padding between frames.
# Guess: each frame is padded to whole bytes, 5 times 13 = 65, and other readers find frames 2 to 5 shifted.
# Observed: just that, uncompressed and without a warning. Frames of whole bytes (8 x 11) come out right:
#     8 x 11: 55 bytes, wrong pixels in pydicom 0, 0, 0, 0, 0
#     9 x 11: 65 bytes, wrong pixels in pydicom 0, 55, 31, 57, 32
# What to do: pack all frames as one run of bits, and tell such a file by its length when reading.
#
# Exits with 0 while this is so, with 1 when it changed. Needs node (20.11 or later), npm and python3 (3.10 or
# later) with venv.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet pydicom==3.0.2 numpy==2.2.6
# This part of the package needs none of its peers (the viewer).
npm install --silent --no-save --legacy-peer-deps --prefix "$folder" @cornerstonejs/adapters@5.14.0
cat >"$folder/write.mjs" <<'JAVASCRIPT'
import { writeFileSync } from 'node:fs';
import { encodeFramesToTransferSyntax } from '@cornerstonejs/adapters/cornerstone3D/encodePixelData';

for (const rows of [8, 9]) {
  const frames = [1, 2, 3, 4, 5].map(n => Uint8Array.from({ length: rows * 11 }, (_, i) => Number((i * i * n) % 7 < 3)));
  const { pixelData } = encodeFramesToTransferSyntax({
    transferSyntaxUID: '1.2.840.10008.1.2.1',
    frames,
    bitsAllocated: 1,
    columns: 11,
  });
  writeFileSync(`${import.meta.dirname}/${rows}.expected`, Buffer.concat(frames));
  writeFileSync(`${import.meta.dirname}/${rows}.written`, pixelData);
}
JAVASCRIPT
node "$folder/write.mjs"
cat >"$folder/read.py" <<'PYTHON'
import sys
import warnings

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

warnings.simplefilter("ignore")  # of the bytes too many
for rows in (8, 9):
    expected = np.fromfile(f"{sys.argv[1]}/{rows}.expected", np.uint8).reshape(5, rows, 11)
    with open(f"{sys.argv[1]}/{rows}.written", "rb") as file:
        written = file.read()
    seg = Dataset()
    seg.file_meta = FileMetaDataset()
    seg.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    seg.NumberOfFrames, seg.Rows, seg.Columns = 5, rows, 11
    seg.SamplesPerPixel, seg.PhotometricInterpretation, seg.PixelRepresentation = 1, "MONOCHROME2", 0
    seg.BitsAllocated, seg.BitsStored, seg.HighBit = 1, 1, 0
    seg.PixelData = written + bytes(len(written) % 2)
    wrong = (seg.pixel_array != expected).sum(axis=(1, 2))
    print(f"{rows} x 11: {len(written)} bytes, wrong pixels in pydicom {', '.join(map(str, wrong))}")
PYTHON
"$folder/env/bin/python" "$folder/read.py" "$folder" | tee "$folder/output"
grep '^#     [89] x 11: ' "$0" | cut -c 7- | cmp -s - "$folder/output" ||
  { echo 'adapters behaves otherwise now.'; exit 1; }
