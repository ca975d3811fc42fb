import { name } from '../package.json';

const EXTENSION = 'ohif-extension-fewshot-sam';
const PANEL = `${EXTENSION}.panelModule.fewshot`;

/** The parts of an OHIF mode that we read or replace. */
interface Route {
  path: string;
  layoutTemplate(context?: unknown): Layout | Promise<Layout>;
}

interface Layout {
  id: string;
  props: { rightPanels?: string[]; rightPanelClosed?: boolean; [prop: string]: unknown };
}

interface Mode {
  routes: Route[];
  extensions: Record<string, string>;
  onModeEnter?(context: ModeContext): unknown;
  [property: string]: unknown;
}

interface ModeContext {
  commandsManager: { runCommand(name: string): unknown };
}

interface ModeDefinition {
  modeFactory(options: FactoryOptions): Mode | Promise<Mode>;
}

interface FactoryOptions {
  modeConfiguration?: Record<string, unknown>;
  loadModules?(names: string[]): Promise<ModeDefinition[]>;
}

/** Our panel comes first: it has the drawing tools, and unfinished work is offered there. */
function withPanel(layout: Layout): Layout {
  const rightPanels = layout.props.rightPanels ?? [];
  return {
    ...layout,
    props: { ...layout.props, rightPanels: [PANEL, ...rightPanels], rightPanelClosed: false },
  };
}

/**
 * OHIF's own segmentation mode with our panel, button and hotkey.
 *
 * @param base the built-in mode, as its factory made it
 * @param extensionUrl where a prebuilt viewer loads the extension from
 */
export function fewshotMode(base: Mode, extensionUrl: string): Mode {
  return {
    ...base,
    id: name,
    routeName: 'fewshot',
    displayName: 'Few-shot',
    extensions: { ...base.extensions, [extensionUrl]: '^0.1.0' },
    routes: base.routes.map(route => ({
      ...route,
      path: 'fewshot',
      layoutTemplate: async (context?: unknown) => withPanel(await route.layoutTemplate(context)),
    })),
    onModeEnter(this: Mode, context: ModeContext) {
      base.onModeEnter?.call(this, context);
      context.commandsManager.runCommand('fewshotEnterMode');
    },
  };
}

export default {
  id: name,
  async modeFactory({ modeConfiguration, loadModules }: FactoryOptions): Promise<Mode> {
    if (!loadModules) {
      throw new Error('Few-shot segmentation needs OHIF 3.11 or newer (loadModules is missing).');
    }
    const [segmentation] = await loadModules(['@ohif/mode-segmentation']);
    const base = await segmentation.modeFactory({
      modeConfiguration: modeConfiguration ?? {},
      loadModules,
    });
    return fewshotMode(base, new URL('./extension.js', import.meta.url).href);
  },
};
