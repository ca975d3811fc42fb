#!/usr/bin/env bash
# Orthanc 1.10.1 with DICOMweb 1.7 (Debian 12: orthanc, orthanc-dicomweb, python3-pydicom): a QIDO-RS search with
# ModalitiesInStudy has one page only. Its pages after the first are empty, with status 200 and without a Warning,
# although more studies match. Other filters page as expected.
#
# Expected of 4 CT studies, 2 per page (PS3.18, 8.3.4.4): offset 0 -> 2 studies, offset 2 -> the other 2.
# Observed:
#   StudyDescription=X        offset 0: 2  offset 2: 2
#   ModalitiesInStudy=CT      offset 0: 2  offset 2: 0
set -euo pipefail
folder=$(mktemp -d)
port=$((20000 + RANDOM % 20000))
cd "$folder"
cat > orthanc.json <<JSON
{ "HttpPort": $port, "DicomServerEnabled": false, "AuthenticationEnabled": false, "RemoteAccessAllowed": false,
  "StorageDirectory": "$folder/storage", "Plugins": ["/usr/share/orthanc/plugins/libOrthancDicomWeb.so"] }
JSON
/usr/sbin/Orthanc orthanc.json > orthanc.log 2>&1 &
server=$!
trap 'kill $server; wait $server 2>/dev/null || true; rm -rf "$folder"' EXIT
for _ in $(seq 100); do curl -sf "http://127.0.0.1:$port/system" > /dev/null && break; sleep 0.2; done

/usr/bin/python3 - <<'PY'
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian
for i in range(4):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = '1.2.840.10008.5.1.4.1.1.2'
    meta.MediaStorageSOPInstanceUID = f'1.2.3.{i}.1.1'
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image = FileDataset(f'{i}.dcm', {}, file_meta=meta, preamble=b'\0' * 128)
    image.is_little_endian, image.is_implicit_VR = True, False
    image.SOPClassUID, image.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    image.StudyInstanceUID, image.SeriesInstanceUID = f'1.2.3.{i}', f'1.2.3.{i}.1'
    image.PatientID, image.PatientName, image.Modality = str(i), f'P{i}', 'CT'
    image.StudyDate, image.StudyDescription = '20260101', 'X'
    image.save_as(f'{i}.dcm', write_like_original=False)
PY
for i in 0 1 2 3; do curl -sf -X POST --data-binary "@$i.dcm" "http://127.0.0.1:$port/instances" > /dev/null; done

count() { # FILTER OFFSET
  curl -sf -H 'Accept: application/dicom+json' "http://127.0.0.1:$port/dicom-web/studies?$1&limit=2&offset=$2" |
    /usr/bin/python3 -c 'import json, sys; print(len(json.load(sys.stdin)))'
}
observed=''
for filter in StudyDescription=X ModalitiesInStudy=CT; do
  line="$filter  offset 0: $(count "$filter" 0)  offset 2: $(count "$filter" 2)"
  echo "$line"
  observed+="$line;"
done
[ "$observed" = 'StudyDescription=X  offset 0: 2  offset 2: 2;ModalitiesInStudy=CT  offset 0: 2  offset 2: 0;' ]
