import { structuresOf } from '../term';

/** Bones and joints; each vertebra, each rib. */
export const SKELETON = structuresOf(`
P | 89546000 | Skull |  | cranium
P | 74872008 | Frontal bone |  |
P | 24924006 | Parietal bone | LR |
P | 60911003 | Temporal bone | LR |
P | 31640002 | Occipital bone |  |
P | 73117003 | Sphenoid bone |  |
P | 52374004 | Ethmoid bone |  |
P | 59066005 | Mastoid bone | LR | mastoid
P | 70925003 | Maxilla | LR | upper jaw
P | 91609006 | Mandible |  | lower jaw, jaw bone
P | 13881006 | Zygoma | LR | zygomatic bone, cheek bone
P | 74386004 | Nasal bone | LR |
P | 51283005 | Palatine bone | LR |
P | 87166008 | Vomer bone |  | vomer
P | 91397008 | Facial bones |  |
P | 21387005 | Hyoid bone |  | hyoid
P | 53620006 | Temporomandibular joint | LR | tmj
P | 38199008 | Tooth |  | teeth
P | 421060004 | Spine |  | vertebral column, spinal column
P | 122494005 | Cervical spine |  |
P | 122495006 | Thoracic spine |  |
P | 122496007 | Lumbar spine |  |
P | 51282000 | Vertebra |  | vertebrae
T | 3572006 | Vertebral body |  |
P | 14806007 | C1 vertebra |  | C1, cervical vertebra 1, first cervical vertebra, 1st cervical vertebra, atlas
T | 39976000 | C2 vertebra |  | C2, cervical vertebra 2, second cervical vertebra, 2nd cervical vertebra, axis
T | 113205007 | C3 vertebra |  | C3, cervical vertebra 3, third cervical vertebra, 3rd cervical vertebra
T | 5329002 | C4 vertebra |  | C4, cervical vertebra 4, fourth cervical vertebra, 4th cervical vertebra
T | 36978003 | C5 vertebra |  | C5, cervical vertebra 5, fifth cervical vertebra, 5th cervical vertebra
T | 36054005 | C6 vertebra |  | C6, cervical vertebra 6, sixth cervical vertebra, 6th cervical vertebra
T | 87391001 | C7 vertebra |  | C7, cervical vertebra 7, seventh cervical vertebra, 7th cervical vertebra
T | 64864005 | T1 vertebra |  | T1, thoracic vertebra 1, first thoracic vertebra, 1st thoracic vertebra
T | 53733008 | T2 vertebra |  | T2, thoracic vertebra 2, second thoracic vertebra, 2nd thoracic vertebra
T | 1626008 | T3 vertebra |  | T3, thoracic vertebra 3, third thoracic vertebra, 3rd thoracic vertebra
T | 73071006 | T4 vertebra |  | T4, thoracic vertebra 4, fourth thoracic vertebra, 4th thoracic vertebra
T | 56401006 | T5 vertebra |  | T5, thoracic vertebra 5, fifth thoracic vertebra, 5th thoracic vertebra
T | 45296009 | T6 vertebra |  | T6, thoracic vertebra 6, sixth thoracic vertebra, 6th thoracic vertebra
T | 62487009 | T7 vertebra |  | T7, thoracic vertebra 7, seventh thoracic vertebra, 7th thoracic vertebra
T | 11068009 | T8 vertebra |  | T8, thoracic vertebra 8, eighth thoracic vertebra, 8th thoracic vertebra
T | 82687006 | T9 vertebra |  | T9, thoracic vertebra 9, ninth thoracic vertebra, 9th thoracic vertebra
T | 7610001 | T10 vertebra |  | T10, thoracic vertebra 10, tenth thoracic vertebra, 10th thoracic vertebra
T | 12989004 | T11 vertebra |  | T11, thoracic vertebra 11, eleventh thoracic vertebra, 11th thoracic vertebra
T | 23215003 | T12 vertebra |  | T12, thoracic vertebra 12, twelfth thoracic vertebra, 12th thoracic vertebra
T | 66794005 | L1 vertebra |  | L1, lumbar vertebra 1, first lumbar vertebra, 1st lumbar vertebra
T | 14293000 | L2 vertebra |  | L2, lumbar vertebra 2, second lumbar vertebra, 2nd lumbar vertebra
T | 36470004 | L3 vertebra |  | L3, lumbar vertebra 3, third lumbar vertebra, 3rd lumbar vertebra
T | 11994002 | L4 vertebra |  | L4, lumbar vertebra 4, fourth lumbar vertebra, 4th lumbar vertebra
T | 49668003 | L5 vertebra |  | L5, lumbar vertebra 5, fifth lumbar vertebra, 5th lumbar vertebra
T | 65985001 | S1 vertebra |  | S1, sacral vertebra 1, first sacral vertebra, 1st sacral vertebra
P | 54735007 | Sacrum |  |
P | 64688005 | Coccyx |  | tailbone
P | 39723000 | Sacroiliac joint | LR |
P | 51299004 | Clavicle | LR | collar bone, clavicula
P | 79601000 | Scapula | LR | shoulder blade
P | 56873002 | Sternum |  | breast bone
P | 113197003 | Rib | LR |
T | 48535007 | First rib | LR | rib 1, 1st rib
T | 78247007 | Second rib | LR | rib 2, 2nd rib
T | 25888004 | Third rib | LR | rib 3, 3rd rib
T | 25523003 | Fourth rib | LR | rib 4, 4th rib
T | 15339008 | Fifth rib | LR | rib 5, 5th rib
T | 59558009 | Sixth rib | LR | rib 6, 6th rib
T | 24915002 | Seventh rib | LR | rib 7, 7th rib
T | 5953002 | Eighth rib | LR | rib 8, 8th rib
T | 22565002 | Ninth rib | LR | rib 9, 9th rib
T | 77644006 | Tenth rib | LR | rib 10, 10th rib
T | 58830002 | Eleventh rib | LR | rib 11, 11th rib
T | 43993008 | Twelfth rib | LR | rib 12, 12th rib
P | 50016007 | Costal cartilage | LR |
P | 85050009 | Humerus | LR |
P | 62413002 | Radius | LR |
P | 23416004 | Ulna | LR |
P | 8205005 | Carpus | LR | carpal bones, carpal
P | 36455000 | Metacarpal | LR | metacarpal bones
T | 28641004 | Phalanx structure | LR | phalanges
P | 29836001 | Hip | LR | hip bone
P | 22356005 | Ilium | LR |
P | 82561000 | Symphysis pubis |  | pubic symphysis
P | 71341001 | Femur | LR | thigh bone
P | 2812003 | Head of femur | LR | femoral head
P | 41111004 | Shaft of femur | LR |
P | 64234005 | Patella | LR | knee cap, kneecap
P | 12611008 | Tibia | LR | shin bone
P | 87342007 | Fibula | LR |
P | 108371006 | Tarsus | LR | tarsal bones, tarsal
P | 67453005 | Talus | LR |
P | 80144004 | Calcaneus | LR | heel bone
T | 53884002 | Metatarsal | LR | metatarsal bones
P | 24136001 | Hip joint | LR |
P | 72696002 | Knee | LR | knee joint
P | 70258002 | Ankle joint | LR | ankle
P | 16982005 | Shoulder | LR | shoulder joint
P | 16953009 | Elbow joint | LR | elbow
P | 74670003 | Wrist joint | LR | wrist
P | 85856004 | Acromioclavicular joint | LR |
P | 7844006 | Sternoclavicular joint | LR |
`);
