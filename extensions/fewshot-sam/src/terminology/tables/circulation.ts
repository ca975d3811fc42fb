import { structuresOf } from '../term';

/** Heart, arteries, veins. */
export const CIRCULATION = structuresOf(`
P | 80891009 | Heart |  |
P | 82471001 | Left atrium |  | la
P | 73829009 | Right atrium |  | ra
P | 87878005 | Left ventricle |  | lv, left ventricle of heart
P | 53085002 | Right ventricle |  | rv, right ventricle of heart
P | 49848007 | Left ventricle myocardium |  | left ventricular myocardium, lv myocardium
T | 74281007 | Myocardium |  | heart muscle
P | 58095006 | Interatrial septum |  |
P | 589001 | Interventricular septum |  |
P | 33626005 | Left auricular appendage |  | left atrial appendage, laa
P | 68300000 | Right auricular appendage |  | right atrial appendage
P | 34202007 | Aortic valve |  |
P | 91134007 | Mitral valve |  |
P | 46030003 | Tricuspid valve |  |
P | 39057004 | Pulmonary valve |  | pulmonic valve
P | 76848001 | Pericardium |  |
P | 25489000 | Pericardial cavity |  |
P | 13418002 | Left ventricle outflow tract |  | lvot
P | 44627009 | Right ventricle outflow tract |  | rvot
P | 102298001 | Chordae tendineae cordis |  | chordae tendineae
P | 41801008 | Coronary artery |  |
P | 3227004 | Left main coronary artery |  | left main, lmca
P | 59438005 | Left anterior descending coronary artery |  | lad
P | 57396003 | Circumflex coronary artery |  | lcx, left circumflex artery
P | 13647002 | Right coronary artery |  | rca
P | 90219004 | Coronary sinus |  |
P | 15825003 | Aorta |  |
P | 54247002 | Ascending aorta |  |
P | 57034009 | Aortic arch |  | arch of aorta
P | 32672002 | Descending aorta |  |
P | 113262008 | Thoracic aorta |  |
P | 7832008 | Abdominal aorta |  |
P | 28205006 | Infra-renal aorta |  | infrarenal aorta
P | 12691009 | Innominate artery |  | brachiocephalic trunk, brachiocephalic artery
P | 36765005 | Subclavian artery | LR |
P | 32062004 | Common carotid artery | LR |
P | 69105007 | Carotid artery | LR |
P | 86117002 | Internal carotid artery | LR | ica
P | 22286001 | External carotid artery | LR | eca
P | 80272002 | Carotid bifurcation | LR |
P | 21479005 | Carotid bulb | LR |
P | 85234005 | Vertebral artery | LR |
P | 59011009 | Basilar artery |  |
P | 11279006 | Circle of Willis |  |
P | 60176003 | Anterior cerebral artery | LR |
P | 8012006 | Anterior communicating artery |  | acom
P | 17232002 | Middle cerebral artery | LR | mca
P | 70382005 | Posterior cerebral artery | LR | pca
P | 53549008 | Ophthalmic artery | LR |
P | 67937003 | Axillary artery | LR |
P | 17137000 | Brachial artery | LR |
P | 45631007 | Radial artery | LR |
P | 44984001 | Ulnar artery | LR |
P | 57850000 | Truncus coeliacus |  | celiac trunk, celiac artery, coeliac trunk
P | 66559000 | Common hepatic artery |  |
P | 76015000 | Hepatic artery |  |
P | 22083002 | Splenic artery |  |
P | 42258001 | Superior mesenteric artery |  | sma
P | 33795007 | Inferior mesenteric artery |  | ima
P | 2841007 | Renal artery | LR |
P | 73634005 | Common iliac artery | LR |
P | 113269004 | External iliac artery | LR |
P | 90024005 | Internal iliac artery | LR |
P | 10293006 | Iliac artery | LR |
P | 7657000 | Femoral artery | LR |
P | 181347005 | Common femoral artery | LR |
P | 43899006 | Popliteal artery | LR |
P | 68053000 | Anterior tibial artery | LR |
P | 13363002 | Posterior tibial artery | LR |
P | 8821006 | Peroneal artery | LR | fibular artery
P | 81040000 | Pulmonary artery |  |
P | 45341000 | Trunk of pulmonary artery |  | pulmonary trunk, main pulmonary artery
P | 50408007 | Left pulmonary artery |  |
P | 78480002 | Right pulmonary artery |  |
P | 122972007 | Pulmonary vein |  |
P | 48345005 | Superior vena cava |  | svc
P | 64131007 | Inferior vena cava |  | ivc
P | 8887007 | Innominate vein | LR | brachiocephalic vein
P | 9454009 | Subclavian vein | LR |
P | 12123001 | Internal jugular vein | LR | ijv, jugular vein
P | 68705008 | Axillary vein | LR |
P | 72107004 | Azygos vein |  |
P | 32764006 | Portal vein |  |
T | 110765007 | Portal vein and splenic vein |  |
P | 35819009 | Splenic vein |  |
P | 90771006 | Superior mesenteric vein |  | smv
P | 32859001 | Inferior mesenteric vein |  | imv
P | 8993003 | Hepatic vein |  |
P | 56400007 | Renal vein | LR |
P | 46027005 | Common iliac vein | LR |
P | 63507001 | External iliac vein | LR |
P | 40300007 | Internal iliac vein | LR |
P | 83419000 | Femoral vein | LR |
P | 56849005 | Popliteal vein | LR |
P | 60734001 | Great saphenous vein | LR |
P | 51114001 | Artery |  |
P | 29092000 | Vein |  |
P | 59820001 | Blood vessel |  | vessel
P | 1732005 | Thoracic duct |  |
`);
