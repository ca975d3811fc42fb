#!/usr/bin/env bash
# dcmjs 0.52.2 (npm), AsyncDicomReader: BINARY segmentations (1 bit for each pixel) of several frames.
#
# Expected: each frame holds the pixels that pydicom reads. PS3.5, 8.1.1: the first pixel is the lowest bit of
#   the first byte, and a frame of 9 x 11 pixels begins within the byte in which the one before it ends.
#   Pixel Data has an even length, so it may end with a pad byte (8.2).
# Guess: where frames are not whole bytes, all but the first are scrambled.
# Observed: that, and the first frame's last pixels too. The reader takes the bits of a byte from the highest
#   down and raises no error. The counts are the lower of both bit orders in the frames that it hands over.
#   A pad byte makes it refuse the file, though frames are whole bytes in one of the two:
#     4 frames of 8 x 11: wrong pixels 0, 0, 0, 0
#     5 frames of 9 x 11: wrong pixels 1, 48, 47, 46, 47
#     6 frames of 9 x 11: The calculated length 75 does not match the actual length 76
#     5 frames of 8 x 11: Invalid frame length: 56 for 5 frames
# What to do: write a BINARY segmentation such that frames are whole bytes and their sum is even, or a LABELMAP.
#
# Exits with 0 while this is so, with 1 when it changed. Needs node (20.11 or later), npm and python3 (3.10 or
# later) with venv.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet pydicom==3.0.2 numpy==2.2.6
npm install --silent --no-save --prefix "$folder" dcmjs@0.52.2
cat >"$folder/write.py" <<'PYTHON'
import json
import sys

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.pixels import pack_bits
from pydicom.uid import ExplicitVRLittleEndian, SegmentationStorage, generate_uid

for frames, rows, columns in ((4, 8, 11), (5, 9, 11), (6, 9, 11), (5, 8, 11)):
    pixels = np.random.default_rng(1).integers(0, 2, (frames, rows, columns), np.uint8)
    seg = Dataset()
    seg.file_meta = FileMetaDataset()
    seg.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    seg.SOPClassUID, seg.SOPInstanceUID, seg.Modality = SegmentationStorage, generate_uid(), "SEG"
    seg.SegmentationType, seg.NumberOfFrames, seg.Rows, seg.Columns = "BINARY", frames, rows, columns
    seg.SamplesPerPixel, seg.PhotometricInterpretation, seg.PixelRepresentation = 1, "MONOCHROME2", 0
    seg.BitsAllocated, seg.BitsStored, seg.HighBit = 1, 1, 0
    seg.PixelData = pack_bits(pixels, pad=True)
    path = f"{sys.argv[1]}/{frames} frames of {rows} x {columns}"
    seg.save_as(f"{path}.dcm", enforce_file_format=True)
    read = dcmread(f"{path}.dcm").pixel_array
    assert (read == pixels).all()
    with open(f"{path}.json", "w") as file:
        json.dump(read.reshape(frames, -1).tolist(), file)
PYTHON
"$folder/env/bin/python" "$folder/write.py" "$folder"
cat >"$folder/read.mjs" <<'JAVASCRIPT'
import { readFileSync } from 'node:fs';
import dcmjs from 'dcmjs';

for (const name of ['4 frames of 8 x 11', '5 frames of 9 x 11', '6 frames of 9 x 11', '5 frames of 8 x 11']) {
  const expected = JSON.parse(readFileSync(`${import.meta.dirname}/${name}.json`, 'utf8'));
  const reader = new dcmjs.async.AsyncDicomReader();
  reader.stream.addBuffer(new Uint8Array(readFileSync(`${import.meta.dirname}/${name}.dcm`)).buffer);
  reader.stream.setComplete();
  try {
    const { dict } = await reader.readFile();
    const wrong = dict['7FE00010'].Value.map((value, n) => {
      const bytes = new Uint8Array([value].flat()[0]);
      const count = shift => expected[n].filter((pixel, i) => pixel !== ((bytes[i >> 3] >> shift(i & 7)) & 1)).length;
      return Math.min(
        count(bit => bit),
        count(bit => 7 - bit)
      );
    });
    console.log(`${name}: wrong pixels ${wrong.join(', ')}`);
  } catch (error) {
    console.log(`${name}: ${error.message}`);
  }
}
JAVASCRIPT
node "$folder/read.mjs" | tee "$folder/output"
grep '^#     [0-9] frames' "$0" | cut -c 7- | cmp -s - "$folder/output" ||
  { echo 'dcmjs behaves otherwise now.'; exit 1; }
