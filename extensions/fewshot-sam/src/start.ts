import { dicomSegLoader } from './dicom/loadDicomSeg';
import { cornerstoneOf, type ExtensionContext } from './host/ohif';
import { Archive } from './session/archive';
import { SegmentationRecords } from './session/segmentationRecords';
import { FewshotSession } from './session/session';
import { TaskSession, type LearningChoice } from './tasks/taskSession';
import type { TaskStore } from './tasks/state';
import { Viewer } from './viewer/viewer';
import { WorkerClient } from './worker/client';

/** Site settings in app-config: under `fewshot`, or in the tuple form of `extensions`. */
export interface Configuration {
  /** Folder with worker, wasm and models; by default the folder of this script. */
  assetsUrl?: string;
  /** Folder of the model under `models/`: `mobile-sam` (default), `lite-medsam`, or one of your own. */
  model?: string;
  /** `wasm` never uses the GPU. */
  compute?: 'auto' | 'wasm';
  /** Effort of learning a task: fewer `iterations` or `copies` take less time. */
  learning?: LearningChoice;
  /** Whether slices are encoded while the user draws, unless the user changes it. Default: true. */
  encodesAhead?: boolean;
}

let session: FewshotSession | null = null;
let tasks: TaskSession | null = null;
let unfollow: (() => void) | null = null;

export function currentSession(): FewshotSession | null {
  return session;
}

/** The tasks of the open mode; null before `startSession`. */
export function currentTasks(): TaskStore | null {
  return tasks;
}

/** The session of the open mode; created on first use. */
export function startSession(context: ExtensionContext, options: Configuration): FewshotSession {
  if (session) return session;
  const assets = assetsUrl(options.assetsUrl);
  const { toolbarService, viewportGridService } = context.servicesManager.services;
  const records = new SegmentationRecords();
  const viewer = new Viewer(context, cornerstoneOf(context.extensionManager), records);
  const worker = new WorkerClient(`${assets}worker.js`, {
    modelUrl: `${assets}models/${encodeURIComponent(options.model ?? 'mobile-sam')}/`,
    wasmUrl: `${assets}wasm/`,
    prefer: options.compute ?? 'auto',
  });
  const archive = new Archive(context, viewer, records, dicomSegLoader(assets));
  session = new FewshotSession(viewer, worker, archive, records, options);
  tasks = new TaskSession(session, viewer, worker, options.learning);
  whenIdle(() => archive.prepare());

  let shown = '';
  unfollow = session.subscribe(() => {
    const { status, obstacle } = session!.getSnapshot();
    const state = `${status}/${obstacle?.message ?? ''}`;
    if (state === shown) return;
    shown = state;
    toolbarService.refreshToolbarState({ viewportId: viewportGridService.getActiveViewportId() });
  });
  return session;
}

export function endSession(): void {
  unfollow?.();
  tasks?.dispose();
  session?.dispose();
  tasks = null;
  session = null;
  unfollow = null;
}

/** Defers work that takes tens of milliseconds, so that it never interrupts a stroke. */
function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) window.requestIdleCallback(work);
  else setTimeout(work, 2000);
}

/**
 * Folder of the worker, wasm and model files: the one this bundle was loaded from, or the one in the
 * site's configuration.
 *
 * @param configured `configuration.assetsUrl` of the extension in OHIF's app-config, absolute or
 *   relative to the page
 * @returns absolute URL ending in a slash
 */
export function assetsUrl(configured: string | undefined): string {
  const url = configured ? new URL(configured, document.baseURI) : new URL('.', import.meta.url);
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}
