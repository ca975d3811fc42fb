import { acrossStudiesOnly } from '../job/fromOneStudy';
import type { Learner } from '../job/method';
import type { PropagateParts } from './parts';
import { TASK_TRAINING } from '../finetune/learningWork';
import { taskLearner } from '../finetune/paper';
import { applyFollowed } from './applyFollowed';

/** `paper-context`: learns from several studies, segments others. */
export const learnPaperContext: Learner<PropagateParts> = taskLearner(applyFollowed, TASK_TRAINING);

/** `paper` for another study; its surest slices are then followed through the volume, see `followSurest`. */
export const paperContext = acrossStudiesOnly('paper-context', learnPaperContext);
