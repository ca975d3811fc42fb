import { id, PANEL_NAME } from './ids';
import { islandComponent } from './host/island';
import type { ExtensionContext } from './host/ohif';
import {
  addToolbarButton,
  CANCEL_COMMAND,
  PROPAGATE_COMMAND,
  PROPAGATE_EVALUATOR,
} from './host/toolbar';
import { addTour, endTour } from './host/tour';
import { mountPanel } from './panel/mountPanel';
import {
  currentSession,
  currentTasks,
  endSession,
  startSession,
  type Configuration,
} from './start';

type Context = ExtensionContext & {
  appConfig?: { fewshot?: Configuration };
  configuration?: Configuration;
};

const panelId = `${id}.panelModule.${PANEL_NAME}`;
let configuration: Configuration = {};

export default {
  id,

  preRegistration(context: Context) {
    configuration = { ...context.appConfig?.fewshot, ...context.configuration };
  },

  onModeExit() {
    endTour();
    endSession();
  },

  getPanelModule(context: Context) {
    return [
      {
        name: PANEL_NAME,
        iconName: 'icon-tool-interpolation',
        iconLabel: 'Few-shot',
        label: 'Few-shot',
        component: islandComponent(context.extensionManager, element =>
          mountPanel(element, startSession(context, configuration), currentTasks()),
        ),
      },
    ];
  },

  getToolbarModule() {
    return [
      {
        name: PROPAGATE_EVALUATOR,
        evaluate: () => {
          const snapshot = currentSession()?.getSnapshot();
          if (!snapshot) return undefined;
          if (snapshot.status === 'running' || snapshot.status === 'cancelling') {
            return {
              disabled: true,
              disabledText: 'A propagation is running. Cancel it in the Few-shot panel.',
            };
          }
          if (snapshot.status === 'review') {
            return {
              disabled: true,
              disabledText: 'Finish or leave the review in the Few-shot panel first.',
            };
          }
          const { obstacle } = snapshot;
          return obstacle
            ? { disabled: true, disabledText: `${obstacle.message} ${obstacle.remedy}` }
            : { disabled: false };
        },
      },
    ];
  },

  getCommandsModule(context: Context) {
    const { services } = context.servicesManager;
    const session = () => startSession(context, configuration);
    return {
      defaultContext: 'CORNERSTONE',
      definitions: {
        [PROPAGATE_COMMAND]: {
          commandFn: () => {
            services.panelService.activatePanel(panelId, true);
            session().actions.propagate();
          },
        },
        [CANCEL_COMMAND]: { commandFn: () => currentSession()?.actions.cancel() },
        fewshotEnterMode: {
          commandFn: () => {
            addToolbarButton(services);
            addTour(services);
            session();
          },
        },
      },
    };
  },
};
