import { METHOD_NAMES, methodEntry } from '../methods/registry';

/** Wrong use of the command line, as opposed to a wrong input: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const HELP = `fewshot-sam: segment a volume from a few outlined slices.

Usage:
  fewshot-sam segment --image PATH --labels PATH --label N[,N...] --shots K,K[,K...] [options]
  fewshot-sam fit --image PATH --labels PATH --label N[,N...] --shots K,K[,K...] --out FILE.task
  fewshot-sam apply FILE.task --image PATH [options]
  fewshot-sam bench --suite FILE --json FILE [options]
  fewshot-sam doctor URL [--json] [--header 'Name: value']
  fewshot-sam clear-cache [--cache DIR]

segment learns a structure from a few labelled slices of a volume and segments its other slices, on this
computer alone. fit fine-tunes SAM's mask decoder on them and keeps what it learned in a file, which apply
uses on other studies. bench segments every case of a suite with every method, and compares.
doctor examines a viewer with the plug-in at URL, writes nothing, and says what to change; it exits with 1
when something has failed. --header (once for each) is sent to the viewer's own origin, e.g. to sign in.
clear-cache deletes the image embeddings that are kept between runs.

PATH is a NIfTI file (.nii, .nii.gz) or a folder of one DICOM series.

Input of segment and fit:
  --image PATH       the volume
  --labels PATH      labelmap of the same place; voxel order and resolution may differ. Or a DICOM SEG
                     (.dcm) of the image's series, whoever wrote it; --label is then a segment number.
                     Slices other than the shots are used only by --evaluate
  --label N[,N...]   value of the structure in the labelmap; several values are merged into one. segment
                     takes it several times, once for each structure: they do not overlap, and a shot
                     that does not show one of them is an example of its absence
  --shots K,K,...    slices to learn from, two or more, counted from 0 in the image's own voxel order
                     (DICOM: by position, ascending)
  --empty K[,K...]   slices to learn from on which the structure is absent
  --axis NAME        axial (default), coronal or sagittal: the volume's axis nearest to it

Method:
  --window LOW,HIGH  intensities from black to white: -160,240 in modality units (HU), or p0.5,p99.5
                     in percentiles of the volume. Default: p0.5,p99.5
  --method NAME      default: context
${METHOD_NAMES.map(name => `                       ${name.padEnd(13)} ${methodEntry(name).description}`).join('\n')}
  --iterations N     updates of the decoder (paper, fit); default: by the number of shots, as published
  --init NAME        from what the decoder starts (paper, fit): sam, its own weights (default), or he,
                     random ones as the paper states
  --seed N           order in which shots are visited; same seed, same result. Default: 0

Output of segment (at least one of the first three):
  --out FILE         mask as NIfTI (.nii, .nii.gz) on the image's grid; shots as labelled. Several
                     structures have the first of their label values, a single one has 1. Or DICOM SEG
                     (.dcm), when --image is a folder of a DICOM series
  --name NAME        for DICOM SEG, once for each --label. Default: as in a SEG of --labels, or label N
  --seg NAME         auto (default): binary, which every archive takes, or what OHIF 3.13 reads right where it
                     misreads binary; binary, labelmap or labelmap-rle, smaller
  --seg-frames NAME  used (default): only slices that a structure is on; all: one frame for every slice
  --evaluate         IoU, Dice and average symmetric surface distance on all slices but the shots
  --json FILE        the result as JSON; - for the standard output

Several studies for fit: give --image, --labels and --shots (and --empty) once for each, in one order. One
slice of a study will do, two in all. A task that finds nothing on its own shots is refused.

Output of fit:
  --out FILE.task    what was learned, to be applied to other studies; holds no image
  --name NAME        of the structure. Default: label N

Options of apply:
  --image PATH       the study to segment
  --window LOW,HIGH  default: the one it was learned with; percentiles are those of this study
  --method NAME      paper-context (default): the surest slices are followed like outlines, so that all
                     agree; paper: each slice by itself
  --out, --seg, --json
                     as above, every slice segmented
  --evaluate         as above, on all slices; needs --labels and --label

Benchmark:
  --suite FILE       cases as JSON: \`within\` one study, or \`across\` studies, which learn once from one or
                     more (shots and empty slices of each) and are tested on one or more others. Those
                     rows hold slice IoU and ASSD (slices that show the structure, as published) and
                     volume IoU (all slices), together and per patient
  --json FILE        one row per case and method, written after each; rows that are there are kept, so
                     that a run that was stopped goes on where it was
  --methods A,B      default: all of the methods above
  --only REGEX       only cases whose id matches
  --seed N           as above
  --again            computes all rows anew

Other:
  --model DIR        model prepared by \`npm run setup\`. Default: the one of this installation
  --cache DIR|none   where image embeddings are kept between runs, at most 2 GB, the oldest goes first.
                     Default: the user's cache folder
  --help, --version

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 cancelled with Ctrl-C.
`;
