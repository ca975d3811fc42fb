import { structuresOf } from '../term';

/** Organs and regions of the body. */
export const ORGANS = structuresOf(`
P | 10200004 | Liver |  | hepar
P | 78961009 | Spleen |  |
P | 64033007 | Kidney | LR |
P | 23451007 | Adrenal gland | LR | suprarenal gland, adrenal
P | 15776009 | Pancreas |  |
P | 69930009 | Pancreatic duct |  |
P | 28231008 | Gallbladder |  | gall bladder
P | 28273000 | Bile duct |  |
P | 69695003 | Stomach |  |
P | 38848004 | Duodenum |  |
P | 21306003 | Jejunum |  |
P | 34516001 | Ileum |  |
P | 30315005 | Small intestine |  | small bowel
P | 14742008 | Large intestine |  | large bowel
P | 71854001 | Colon |  |
P | 32713005 | Cecum |  | caecum
P | 66754008 | Appendix |  | vermiform appendix
P | 9040008 | Ascending colon |  |
P | 485005 | Transverse colon |  |
P | 32622004 | Descending colon |  |
P | 60184004 | Sigmoid colon |  |
P | 34402009 | Rectum |  |
P | 53505006 | Anus |  |
P | 32849002 | Esophagus |  |
P | 27398004 | Omentum |  |
P | 83670000 | Peritoneal cavity |  |
P | 82849001 | Retroperitoneal space |  | retroperitoneum
P | 52731004 | Abdominal cavity |  |
P | 113345001 | Abdomen |  |
P | 25990002 | Renal pelvis | LR |
P | 2334006 | Calyx | LR | renal calyx
P | 87953007 | Ureter | LR |
P | 89837001 | Bladder |  | urinary bladder
P | 13648007 | Urethra |  |
P | 41216001 | Prostate |  | prostate gland
P | 64739004 | Seminal vesicle | LR |
P | 40689003 | Testis | LR | testicle
P | 57671007 | Vas deferens | LR |
P | 18911002 | Penis |  |
P | 20233005 | Scrotum |  |
P | 35039007 | Uterus |  | womb
P | 71252005 | Cervix |  | uterine cervix, cervix uteri
P | 15497006 | Ovary | LR |
P | 31435000 | Fallopian tube | LR | uterine tube
P | 76784001 | Vagina |  |
P | 45292006 | Vulva |  |
P | 12921003 | Pelvis |  |
P | 38864007 | Perineum |  |
P | 76752008 | Breast | LR |
P | 69748006 | Thyroid |  | thyroid gland
P | 111002 | Parathyroid | LR | parathyroid gland
P | 9875009 | Thymus |  |
P | 45289007 | Parotid gland | LR | parotid
P | 54019009 | Submandibular gland | LR |
P | 385294005 | Salivary gland | LR |
P | 13561001 | Lacrimal gland | LR |
P | 39607008 | Lung | LR |
P | 45653009 | Upper lobe of lung | LR | upper lung lobe
P | 72481006 | Middle lobe of right lung |  | right middle lobe, middle lung lobe
P | 90572001 | Lower lobe of lung | LR | lower lung lobe
P | 31094006 | Lobe of lung |  |
P | 46750007 | Hilum of lung | LR | hilum
P | 278983006 | Fissure of lung |  |
P | 86598002 | Apex of lung | LR |
P | 44567001 | Trachea |  | windpipe
P | 28700002 | Carina |  |
P | 955009 | Bronchus | LR |
P | 75245000 | Left main bronchus |  |
P | 70074004 | Right main bronchus |  |
P | 110726009 | Trachea and bronchus |  | airways, bronchial tree
P | 89187006 | Airway structure |  | airway
P | 3120008 | Pleura | LR | pleural membrane
T | 91381003 | Pleural cavity | LR |
P | 72410000 | Mediastinum |  |
P | 5798000 | Diaphragm |  |
P | 51185008 | Chest |  | thorax
P | 4596009 | Larynx |  |
P | 54066008 | Pharynx |  |
P | 360955006 | Nasopharynx |  |
P | 31389004 | Oropharynx |  |
P | 81502006 | Hypopharynx |  |
P | 49460000 | Soft palate |  |
P | 75573002 | Palatine tonsil | LR | tonsil
P | 21974007 | Tongue |  |
P | 123851003 | Mouth |  | oral cavity
P | 48477009 | Lip |  |
P | 45206002 | Nose |  |
P | 279549004 | Nasal cavity |  |
P | 15924003 | Maxillary sinus | LR |
P | 2095001 | Paranasal sinus | LR |
P | 22945000 | Inner ear | LR |
P | 25342003 | Middle ear | LR |
P | 28347008 | External ear | LR |
P | 45048000 | Neck |  |
P | 69536005 | Head |  |
P | 89545001 | Face |  |
P | 22943007 | Trunk |  | torso
P | 66019005 | Extremity | LR | limb
P | 61685007 | Lower limb | LR | leg
P | 53120007 | Upper limb | LR | arm
P | 68367000 | Thigh | LR |
P | 30021000 | Lower leg | LR | calf
P | 56459004 | Foot | LR |
P | 85562004 | Hand | LR |
P | 14975008 | Forearm | LR |
P | 40983000 | Upper arm | LR |
P | 38266002 | Entire body |  | whole body, body
`);
