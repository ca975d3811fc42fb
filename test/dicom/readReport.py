"""Reads a measurement report (DICOM SR, TID 1500) with pydicom.

    readReport.py FILE

Prints as JSON: sopClass, template, evidence (SOP Instance UIDs), and per measurement group its items: codes by
meaning, texts, UIDs, the referenced segment, and the numbers with unit, derivation and line.
"""

import json
import sys

import pydicom


def concept(sequence):
    code = sequence[0]
    return {
        "value": code.get("CodeValue") or code.get("LongCodeValue"),
        "scheme": code.CodingSchemeDesignator,
        "meaning": code.CodeMeaning,
    }


def walk(item):
    yield item
    for child in item.get("ContentSequence", []):
        yield from walk(child)


def line(coordinates):
    (image,) = coordinates.ContentSequence
    assert image.RelationshipType == "SELECTED FROM" and image.ValueType == "IMAGE"
    data = [float(value) for value in coordinates.GraphicData]
    return {
        "type": coordinates.GraphicType,
        "ends": [data[i : i + 2] for i in range(0, len(data), 2)],
        "image": image.ReferencedSOPSequence[0].ReferencedSOPInstanceUID,
        "frame": image.ReferencedSOPSequence[0].get("ReferencedFrameNumber"),
    }


def number(item):
    value = item.MeasuredValueSequence[0]
    found = {
        "name": concept(item.ConceptNameCodeSequence),
        "value": float(value.NumericValue),
        "unit": concept(value.MeasurementUnitsCodeSequence)["value"],
    }
    for child in item.get("ContentSequence", []):
        if child.ValueType == "CODE":
            found["derivation"] = concept(child.ConceptCodeSequence)["meaning"]
        if child.ValueType == "SCOORD":
            found["line"] = line(child)
    return found


def group(container):
    found = {"template": container.ContentTemplateSequence[0].TemplateIdentifier, "numbers": []}
    for item in container.ContentSequence:
        name = concept(item.ConceptNameCodeSequence)["meaning"]
        if item.ValueType == "NUM":
            found["numbers"].append(number(item))
        elif item.ValueType == "CODE":
            found[name] = concept(item.ConceptCodeSequence)
            for child in item.get("ContentSequence", []):
                found[concept(child.ConceptNameCodeSequence)["meaning"]] = concept(
                    child.ConceptCodeSequence
                )
        elif item.ValueType == "TEXT":
            found[name] = item.TextValue
        elif item.ValueType == "UIDREF":
            found[name] = item.UID
        elif item.ValueType == "IMAGE":
            reference = item.ReferencedSOPSequence[0]
            found[name] = [reference.ReferencedSOPInstanceUID, int(reference.ReferencedSegmentNumber)]
    return found


report = pydicom.dcmread(sys.argv[1])
print(
    json.dumps(
        {
            "sopClass": report.SOPClassUID,
            "patient": str(report.PatientName),
            "template": report.ContentTemplateSequence[0].TemplateIdentifier,
            "name": concept(report.ConceptNameCodeSequence)["meaning"],
            "evidence": [
                reference.ReferencedSOPInstanceUID
                for study in report.CurrentRequestedProcedureEvidenceSequence
                for series in study.ReferencedSeriesSequence
                for reference in series.ReferencedSOPSequence
            ],
            "groups": [
                group(item)
                for item in walk(report)
                if item.ValueType == "CONTAINER"
                and concept(item.ConceptNameCodeSequence)["value"] == "125007"
            ],
        }
    )
)
