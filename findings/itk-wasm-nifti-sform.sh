#!/usr/bin/env bash
# @itk-wasm/image-io 1.6.1 (npm): a NIfTI-1 file whose qform (scanner, code 1) places the first voxel at z = 0 mm
# and whose sform places it at z = 30 mm.
#
# Expected: the sform's place, which nibabel takes. nifti1.h has method 3 "used when sform_code > 0" and names
#   the codes 1 (scanner), 2 (aligned to another image), 3 (Talairach), 4 (MNI 152) and 5 (other template).
# Guess: with sform_code 2 it takes the qform.
# Observed: so it does with every code but 1. It says nothing, and the file lies elsewhere by the difference:
#     sform_code 1: nibabel z = 30 mm, ITK z = 30 mm
#     sform_code 2: nibabel z = 30 mm, ITK z = 0 mm
#     sform_code 3: nibabel z = 30 mm, ITK z = 0 mm
#     sform_code 4: nibabel z = 30 mm, ITK z = 0 mm
#     sform_code 5: nibabel z = 30 mm, ITK z = 0 mm
# What to do: write sform and qform of one meaning; on reading, say so where they differ.
#
# Exits with 0 while this is so, with 1 when it changed. Needs node (20.11 or later), npm and python3 (3.10 or
# later) with venv.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet nibabel==5.3.2 numpy==2.2.6
npm install --silent --no-save --prefix "$folder" @itk-wasm/image-io@1.6.1
cat >"$folder/write.py" <<'PYTHON'
import json
import sys

import nibabel as nib
import numpy as np

folder = sys.argv[1]
voxels = np.arange(100, 220, dtype=np.int16).reshape(4, 5, 6, order="F")
scanner, moved = np.diag([-2.0, -2.0, 3.0, 1.0]), np.diag([-2.0, -2.0, 3.0, 1.0])
moved[2, 3] = 30
places = {}
for code in range(1, 6):
    path = f"{folder}/{code}.nii"
    image = nib.Nifti1Image(voxels, moved)
    image.set_qform(scanner, 1)
    image.set_sform(moved, code)
    image.to_filename(path)
    places[code] = nib.load(path).affine[2, 3]
with open(f"{folder}/nibabel.json", "w") as file:
    json.dump(places, file)
PYTHON
"$folder/env/bin/python" "$folder/write.py" "$folder"
cat >"$folder/read.mjs" <<'JAVASCRIPT'
import { readFileSync } from 'node:fs';
import { niftiReadImageNode } from '@itk-wasm/image-io';

const nibabel = JSON.parse(readFileSync(`${import.meta.dirname}/nibabel.json`, 'utf8'));
for (const code of [1, 2, 3, 4, 5]) {
  const { image } = await niftiReadImageNode(`${import.meta.dirname}/${code}.nii`);
  console.log(`sform_code ${code}: nibabel z = ${nibabel[code]} mm, ITK z = ${image.origin[2]} mm`);
}
JAVASCRIPT
node "$folder/read.mjs" | tee "$folder/output"
grep '^#     sform_code ' "$0" | cut -c 7- | cmp -s - "$folder/output" ||
  { echo 'ITK behaves otherwise now.'; exit 1; }
