"""Reads a measurement report with highdicom: per volumetric group its tracking identifier, the number of the
segment it refers to, and its numbers.

    readReportWithHighdicom.py FILE
"""

import json
import sys

import highdicom as hd

report = hd.sr.srread(sys.argv[1])
groups = report.content.get_volumetric_roi_measurement_groups()
print(
    json.dumps(
        [
            (
                group.tracking_identifier,
                int(group.referenced_segment.referenced_segment_numbers[0])
                if hasattr(group.referenced_segment, "referenced_segment_numbers")
                else int(group.referenced_segment[0].ReferencedSOPSequence[0].ReferencedSegmentNumber),
                [float(one.value) for one in group.get_measurements()],
            )
            for group in groups
        ]
    )
)
