import {
  dateOf,
  numbersOf,
  personNameOf,
  textOf,
  valuesOf,
  type NaturalizedDataset,
} from '../data/naturalized';

/** Attributes that a SEG copies from its source, by how they are copied. */
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

/** Copies the de-identification attributes: a SEG of a de-identified series is de-identified too. */
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

/**
 * Copies the clinical trial module, which is valid only if trial and subject are named (PS3.3, C.7.1.3).
 */
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
 * Copies patient, study and frame of reference of the source (PS3.3, C.7.1.1, C.7.2 and C.7.4.1). Copies
 * only the attributes named here: viewers add their own and private ones to the metadata.
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
    // Images without a frame of reference are referenced individually (PS3.3, A.51.3).
    ...(frameOfReference
      ? {
          FrameOfReferenceUID: frameOfReference,
          PositionReferenceIndicator: textOf(source, 'PositionReferenceIndicator'),
        }
      : {}),
  };
}

/** Copies the lossy compression attributes: derived objects inherit the flag (PS3.3, C.7.6.1.1.5). */
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
