import { id, PANEL_NAME } from './ids';
import { addIcon } from './host/icon';
import { islandComponent } from './host/island';
import { mountOnDemand } from './host/mountOnDemand';
import type { ExtensionContext } from './host/ohif';
import {
  addToolbarButton,
  CANCEL_COMMAND,
  PROPAGATE_COMMAND,
  PROPAGATE_EVALUATOR,
} from './host/toolbar';
import { addTour, endTour } from './host/tour';
import { panelLoader } from './panel/loadPanel';
import { isRunning } from './session/snapshot';
import {
  assetsUrl,
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
let loadPanel: ReturnType<typeof panelLoader> | null = null;

/** Loads the panel's script once. */
function panelScript() {
  loadPanel ??= panelLoader(assetsUrl(configuration.assetsUrl));
  return loadPanel();
}

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
        component: islandComponent(context.extensionManager, element => {
          const session = startSession(context, configuration);
          const tasks = currentTasks();
          return mountOnDemand(element, async () => {
            const { mountPanel } = await panelScript();
            return target => mountPanel(target, session, tasks);
          });
        }),
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
          if (isRunning(snapshot)) {
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
            addIcon();
            addToolbarButton(services);
            addTour(services);
            session();
          },
        },
      },
    };
  },
};
