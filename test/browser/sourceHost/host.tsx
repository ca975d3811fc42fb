/**
 * What a viewer's own build is for our panel: React, cornerstone and the extension in one bundle. The
 * services are those of a viewer in which nothing is opened yet.
 */
import * as core from '@cornerstonejs/core';
import * as tools from '@cornerstonejs/tools';
import { StrictMode, useState, version, type ComponentType } from 'react';
import { createRoot } from 'react-dom/client';
import extension from '../../../extensions/fewshot-sam/src/index';
import type { ExtensionContext } from '../../../extensions/fewshot-sam/src/host/ohif';

const events = { EVENTS: {}, subscribe: () => ({ unsubscribe: () => undefined }) };
const nothing = () => undefined;

const MODULES: Record<string, { exports?: unknown; component?: unknown }> = {
  '@ohif/extension-cornerstone.utilityModule.common': {
    exports: {
      getCornerstoneLibraries: () => ({ cornerstone: core, cornerstoneTools: tools }),
    },
  },
  // OHIF's is a plain function that returns an element, too.
  '@ohif/extension-cornerstone.viewportModule.cornerstone': { component: () => <div /> },
};

const context = {
  servicesManager: {
    services: {
      viewportGridService: {
        ...events,
        getActiveViewportId: () => null,
        getState: () => ({ activeViewportId: null, viewports: new Map() }),
      },
      displaySetService: {
        ...events,
        getDisplaySetByUID: nothing,
        getActiveDisplaySets: () => [],
      },
      segmentationService: { ...events, getActiveSegmentation: nothing, getSegmentation: nothing },
      toolbarService: { refreshToolbarState: nothing },
      panelService: { activatePanel: nothing },
    },
  },
  extensionManager: { getModuleEntry: (id: string) => MODULES[id], getActiveDataSource: () => [] },
  commandsManager: { runCommand: nothing },
} as unknown as ExtensionContext;

const [{ component }] = extension.getPanelModule(context);
const Panel = component as ComponentType;

function Host() {
  const [shown, setShown] = useState(true);
  return (
    <main>
      <h1>React {version}</h1>
      <button type="button" onClick={() => setShown(!shown)}>
        {shown ? 'Close the panel' : 'Open the panel'}
      </button>
      {shown && <Panel />}
    </main>
  );
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Host />
  </StrictMode>,
);
