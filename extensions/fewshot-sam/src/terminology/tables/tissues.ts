import { structuresOf } from '../term';

/** Tissues, which have a category of their own. */
export const TISSUES = structuresOf(`
P | 85756007 | Tissue |  |
P | 248300009 | Body fat |  | fat, adipose tissue
T | 67769002 | Subcutaneous fatty tissue |  | subcutaneous fat
P | 272673000 | Bone |  | bone tissue
P | 71616004 | Muscle |  | muscle tissue
P | 309312004 | Cartilage |  |
P | 21793004 | Connective tissue |  |
P | 52082005 | Ligament |  |
P | 13024002 | Tendon |  |
P | 74135004 | Meniscus | LR |
P | 39937001 | Skin |  |
P | 119410002 | Nerve |  |
P | 83555006 | Lymphatic vessel |  |
P | 113343008 | Organ |  |
P | 87612001 | Blood |  |
`);
