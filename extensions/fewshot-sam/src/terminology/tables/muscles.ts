import { structuresOf } from '../term';

/** Muscles. */
export const MUSCLES = structuresOf(`
P | 127954009 | Skeletal muscle |  |
P | 195879000 | Abdominal wall muscle | LR |
P | 372074006 | Chest wall muscle | LR |
P | 44947003 | Erector spinae muscle | LR | erector spinae
T | 244849004 | Deep muscle of back | LR | autochthon, deep back muscle
T | 68455001 | Iliopsoas muscle | LR | iliopsoas
T | 181674001 | Gluteus maximus muscle | LR | gluteus maximus
T | 78333006 | Gluteus medius muscle | LR | gluteus medius
T | 75297007 | Gluteus minimus muscle | LR | gluteus minimus
P | 60005003 | Pectoralis major muscle | LR | pectoralis major
P | 18686000 | Pectoralis minor muscle | LR | pectoralis minor
P | 15665001 | Latissimus dorsi muscle | LR | latissimus dorsi
P | 31764008 | Trapezius muscle | LR | trapezius
P | 35259002 | Deltoid muscle | LR | deltoid
P | 6423006 | Supraspinatus muscle | LR | supraspinatus
P | 72573008 | Infraspinatus muscle | LR | infraspinatus
P | 90588001 | Subscapularis muscle | LR | subscapularis
P | 1193009 | Teres major muscle | LR | teres major
P | 51159009 | Teres minor muscle | LR | teres minor
P | 18346003 | Serratus anterior muscle | LR | serratus anterior
P | 22823000 | Sternocleidomastoid muscle | LR | sternocleidomastoid
P | 50755001 | Scalenous anterior muscle | LR | anterior scalene muscle
P | 53967007 | External intercostal muscle | LR |
P | 41313007 | Internal intercostal muscle | LR |
P | 88340001 | Longissimus muscle | LR |
P | 57651003 | Iliocostalis muscle | LR |
P | 102292000 | Muscle of lower limb | LR |
P | 30608006 | Muscle of upper limb | LR |
P | 81727001 | Muscle of neck | LR |
`);
