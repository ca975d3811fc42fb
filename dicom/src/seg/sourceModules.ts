import {
  dateOf,
  numbersOf,
  personNameOf,
  textOf,
  valuesOf,
  type NaturalizedDataset,
} from '../data/naturalized';

/** Attributes that a SEG shares with its source, by how they are copied. */
const REQUIRED_TEXT = [
  'PatientID',
  'PatientSex',
  'StudyInstanceUID',
  'StudyTime',
  'StudyID',
  'AccessionNumber',
];
const REQUIRED_DATES = ['PatientBirthDate', 'StudyDate'];
const OPTIONAL_TEXT = [
  'IssuerOfPatientID',
  'PatientBirthTime',
  'EthnicGroup',
  'PatientAge',
  'PatientSize',
  'PatientWeight',
  'StudyDescription',
];
const CLINICAL_TRIAL_TEXT = [
  'ClinicalTrialSponsorName',
  'ClinicalTrialProtocolID',
  'ClinicalTrialProtocolName',
  'ClinicalTrialSiteID',
  'ClinicalTrialSiteName',
  'ClinicalTrialSubjectID',
  'ClinicalTrialSubjectReadingID',
];

function copyText(source: NaturalizedDataset, keywords: string[]): NaturalizedDataset {
  const present = keywords.filter(keyword => textOf(source, keyword));
  return Object.fromEntries(present.map(keyword => [keyword, textOf(source, keyword)]));
}

/**
 * Whether identity was removed goes with the patient: a SEG of a de-identified series is
 * de-identified too.
 */
function deidentification(source: NaturalizedDataset): NaturalizedDataset {
  const removed = textOf(source, 'PatientIdentityRemoved');
  if (!removed) return {};
  const method = valuesOf(source, 'DeidentificationMethod').map(String).filter(Boolean);
  const codes = valuesOf(source, 'DeidentificationMethodCodeSequence').flatMap(item =>
    typeof item === 'object' && item !== null
      ? [
          copyText(item as NaturalizedDataset, [
            'CodeValue',
            'CodingSchemeDesignator',
            'CodingSchemeVersion',
            'CodeMeaning',
          ]),
        ]
      : [],
  );
  return {
    PatientIdentityRemoved: removed,
    ...(method.length ? { DeidentificationMethod: method } : {}),
    ...(codes.length ? { DeidentificationMethodCodeSequence: codes } : {}),
  };
}

/** The module holds together only where the trial and the subject are named (PS3.3, C.7.1.3). */
function clinicalTrial(source: NaturalizedDataset): NaturalizedDataset {
  const copied = copyText(source, CLINICAL_TRIAL_TEXT);
  const complete =
    copied.ClinicalTrialSponsorName &&
    copied.ClinicalTrialProtocolID &&
    (copied.ClinicalTrialSubjectID || copied.ClinicalTrialSubjectReadingID);
  if (!complete) return {};
  const empty = {
    ClinicalTrialProtocolName: '',
    ClinicalTrialSiteID: '',
    ClinicalTrialSiteName: '',
  };
  return { ...empty, ...copied };
}

/**
 * Patient, study and frame of reference of the source (PS3.3, C.7.1.1, C.7.2 and C.7.4.1). Only
 * attributes named here are copied: viewers add their own, and private ones, to what they hand out.
 */
export function sourceModules(source: NaturalizedDataset): NaturalizedDataset {
  const frameOfReference = textOf(source, 'FrameOfReferenceUID');
  return {
    PatientName: personNameOf(source, 'PatientName'),
    ReferringPhysicianName: personNameOf(source, 'ReferringPhysicianName'),
    ...Object.fromEntries(REQUIRED_TEXT.map(keyword => [keyword, textOf(source, keyword)])),
    ...Object.fromEntries(REQUIRED_DATES.map(keyword => [keyword, dateOf(source, keyword)])),
    ...copyText(source, OPTIONAL_TEXT),
    ...deidentification(source),
    ...clinicalTrial(source),
    // Images without a frame of reference are still referenced one by one (PS3.3, A.51.3).
    ...(frameOfReference
      ? {
          FrameOfReferenceUID: frameOfReference,
          PositionReferenceIndicator: textOf(source, 'PositionReferenceIndicator'),
        }
      : {}),
  };
}

/** Once compressed with loss, always: the flag passes on to what is derived (PS3.3, C.7.6.1.1.5). */
export function lossyCompression(sources: NaturalizedDataset[]): NaturalizedDataset {
  const lossy = sources.find(source => textOf(source, 'LossyImageCompression') === '01');
  if (!lossy) return { LossyImageCompression: '00' };
  const methods = valuesOf(lossy, 'LossyImageCompressionMethod').map(String);
  const ratios = numbersOf(lossy, 'LossyImageCompressionRatio', methods.length) ?? [];
  return {
    LossyImageCompression: '01',
    ...(ratios.length ? { LossyImageCompressionRatio: ratios.map(String) } : {}),
    ...(methods.length ? { LossyImageCompressionMethod: methods } : {}),
  };
}
