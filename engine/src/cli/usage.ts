import { AVAILABLE_METHODS, DESCRIPTIONS } from '../methods/registry';

/** Wrong use of the command line, as opposed to a wrong input: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const HELP = `fewshot-sam: segment a volume from a few outlined slices.

Usage:
  fewshot-sam segment --image PATH --labels PATH --label N[,N...] --shots K,K[,K...] [options]
  fewshot-sam bench --suite FILE --json FILE [options]

segment learns a structure from a few labelled slices of a volume and segments all its other slices:
few-shot fine-tuning of SAM's mask decoder, on this computer alone. bench does so for every case of a
suite with every method, and compares.

PATH is a NIfTI file (.nii, .nii.gz) or a folder of one DICOM series.

Input of segment:
  --image PATH       the volume
  --labels PATH      labelmap of the same place; voxel order and resolution may differ. Slices other
                     than the shots are used only by --evaluate
  --label N[,N...]   value of the structure in the labelmap; several values are merged into one
  --shots K,K,...    slices to learn from, two or more, counted from 0 in the image's own voxel order
                     (DICOM: by position, ascending)
  --axis NAME        axial (default), coronal or sagittal: the volume's axis nearest to it

Method:
  --window LOW,HIGH  intensities from black to white: -160,240 in modality units (HU), or p0.5,p99.5
                     in percentiles of the volume. Default: p0.5,p99.5
  --method NAME      default: paper
${AVAILABLE_METHODS.map(name => `                       ${name.padEnd(12)} ${DESCRIPTIONS[name]}`).join('\n')}
  --iterations N     updates of the decoder; default: by the number of shots, as in the paper
  --seed N           order in which shots are visited; same seed, same result. Default: 0

Output of segment (at least one of the first three):
  --out FILE         mask as NIfTI (.nii, .nii.gz) on the image's grid; shots as labelled
  --evaluate         IoU, Dice and average symmetric surface distance on all slices but the shots
  --json FILE        the result as JSON; - for the standard output

Benchmark:
  --suite FILE       cases as JSON: \`within\` one study, or \`across\` two
  --json FILE        one row per case and method, written after each; rows that are there are kept, so
                     that a run that was stopped goes on where it was
  --methods A,B      default: all of the methods above
  --only REGEX       only cases whose id matches
  --seed N           as above
  --again            computes all rows anew

Other:
  --model DIR        model prepared by \`npm run setup\`. Default: the one of this installation
  --cache DIR|none   where image embeddings are kept between runs. Default: the user's cache folder
  --help, --version

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 cancelled with Ctrl-C.
`;
