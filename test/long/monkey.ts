import { expect, type Page } from '@playwright/test';
import { seededRandom } from '../../engine/src/numeric/random';
import type { Ellipse, Ohif } from '../browser/ohif';
import { HandDrawn } from './handDrawn';

/** Where it plays: URL, studies, and the descriptions of the series that each has. */
export interface Playground {
  url: string;
  studies: { uid: string; series: string[] }[];
}

/** Milliseconds after which unfinished work has been written down. */
const KEPT = 2500;
const MOST_STRUCTURES = 3;

type Doing = 'collecting' | 'running' | 'review';

interface Action {
  weight: number;
  /** While the panel does this; absent: always. */
  when?: Doing[];
  /** @returns what it did, or null when that could not be done */
  act(): Promise<string | null>;
}

/** Does random things in the viewer, as often as a person would, and knows what a hand has drawn. */
export class Monkey {
  readonly drawn: HandDrawn;
  /** How often each thing was done. */
  readonly counts: Record<string, number> = {};
  private readonly random: () => number;
  private study = 0;

  constructor(
    private readonly page: Page,
    private readonly ohif: Ohif,
    private readonly playground: Playground,
    seed: number,
  ) {
    this.random = seededRandom(seed);
    this.drawn = new HandDrawn(ohif);
  }

  /** Opens the first study. */
  async start(): Promise<void> {
    await this.open(0);
  }

  /** One thing at random. @returns what it was */
  async step(): Promise<string> {
    const doing = await this.doing();
    const possible = Object.entries(this.actions).filter(
      ([, { when }]) => !when || when.includes(doing),
    );
    for (;;) {
      const [name, action] = this.choose(possible);
      const did = await action.act();
      if (did === null) continue;
      this.counts[name] = (this.counts[name] ?? 0) + 1;
      await this.answerOffer();
      return `${doing}: ${name}${did && ` ${did}`}`;
    }
  }

  async doing(): Promise<Doing> {
    const { panel } = this.ohif;
    if (await panel.getByRole('progressbar').isVisible()) return 'running';
    return (await panel.getByRole('button', { name: /^Finish/ }).isVisible())
      ? 'review'
      : 'collecting';
  }

  private readonly actions: Record<string, Action> = {
    draw: { weight: 8, act: () => this.draw() },
    stroke: { weight: 4, act: () => this.stroke() },
    scroll: { weight: 4, act: () => this.scroll() },
    wait: { weight: 3, act: () => this.rest() },
    undo: { weight: 3, act: () => this.history('undo') },
    redo: { weight: 2, act: () => this.history('redo') },
    'add structure': { weight: 2, when: ['collecting'], act: () => this.addStructure() },
    'select structure': { weight: 2, when: ['collecting'], act: () => this.selectStructure() },
    method: { weight: 1, when: ['collecting'], act: () => this.chooseMethod() },
    propagate: { weight: 10, when: ['collecting'], act: () => this.press(/^Few-shot propagate/) },
    resume: { weight: 3, when: ['collecting'], act: () => this.press(/^Continue/) },
    cancel: { weight: 2, when: ['running'], act: () => this.press(/^Cancel/) },
    accept: { weight: 8, when: ['review'], act: () => this.key('Enter') },
    reject: { weight: 4, when: ['review'], act: () => this.key('Delete') },
    look: { weight: 4, when: ['review'], act: () => this.key('ArrowRight') },
    toggle: { weight: 1, when: ['review'], act: () => this.key('t') },
    edit: { weight: 2, when: ['review'], act: () => this.edit() },
    refine: { weight: 2, when: ['review'], act: () => this.press(/^Refine/) },
    finish: { weight: 4, when: ['review'], act: () => this.press(/^Finish/) },
    'accept all': { weight: 2, when: ['review'], act: () => this.press(/^Accept all/) },
    'accept unseen': { weight: 2, when: ['review'], act: () => this.press(/^Accept (and|unseen)/) },
    discard: { weight: 2, when: ['review'], act: () => this.press(/^Discard/) },
    leave: { weight: 2, when: ['review'], act: () => this.key('Escape') },
    series: { weight: 1, act: () => this.switchSeries() },
    study: { weight: 1, act: () => this.switchStudy() },
    reload: { weight: 1, act: () => this.reload() },
    close: { weight: 1, act: () => this.closeAndReturn() },
  };

  private choose<T extends [string, Action]>(from: T[]): T {
    let at = this.random() * from.reduce((sum, [, { weight }]) => sum + weight, 0);
    return from.find(([, { weight }]) => (at -= weight) < 0) ?? from[0];
  }

  private pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.random() * list.length)];
  }

  private async press(name: RegExp): Promise<string | null> {
    const button = this.ohif.panel.getByRole('button', { name }).first();
    if (!(await button.isVisible())) return null;
    if ((await button.getAttribute('aria-disabled')) === 'true') return null;
    // It may be gone by now: a run ends, a review opens.
    await button.click({ timeout: 3000 }).catch(() => undefined);
    return '';
  }

  private async key(key: string): Promise<string> {
    await this.ohif.panel.getByRole('heading').first().click();
    await this.page.keyboard.press(key);
    return '';
  }

  private ellipse(): Ellipse {
    const between = (low: number, high: number) => low + (high - low) * this.random();
    return {
      x: between(0.4, 0.6),
      y: between(0.4, 0.6),
      radiusX: between(0.05, 0.2),
      radiusY: between(0.05, 0.2),
    };
  }

  private async activeSegment(): Promise<number | null> {
    const count = (await this.ohif.segmentIndices()).length;
    return count === 0 ? null : 1 + Math.floor(this.random() * Math.min(count, MOST_STRUCTURES));
  }

  /** A filled shape on a slice, all at once. */
  private async draw(): Promise<string | null> {
    const segment = await this.activeSegment();
    if (!segment) return this.addStructure();
    const uids = await this.ohif.shownUids();
    const slice = Math.floor(this.random() * uids.length);
    const before = await this.drawn.look(uids[slice]);
    await this.ohif.drawEllipses([slice + 1], this.ellipse(), segment);
    await this.drawn.note(uids[slice], before);
    return `segment ${segment} on slice ${slice + 1}`;
  }

  /** By mouse, with the brush, on the slice shown. */
  private async stroke(): Promise<string | null> {
    if (!(await this.activeSegment())) return null;
    await this.ohif.chooseBrush();
    const uid = await this.uidShown();
    const before = await this.drawn.look(uid);
    await this.ohif.paint(this.ellipse(), 0.08);
    await this.ohif.tab('fewshot');
    await this.drawn.note(uid, before);
    return '';
  }

  private async scroll(): Promise<string> {
    const position = Math.floor(this.random() * (await this.ohif.sliceCount()));
    await this.ohif.scrollTo(position);
    return `to ${position + 1}`;
  }

  private async rest(): Promise<string> {
    const seconds = 1 + Math.floor(5 * this.random());
    await this.page.waitForTimeout(1000 * seconds);
    return `${seconds} s`;
  }

  private async history(step: 'undo' | 'redo'): Promise<string> {
    await this.page.locator(`[data-cy="${step}-btn"]`).click();
    await this.page.waitForTimeout(300);
    await this.drawn.noteHistory();
    return '';
  }

  private async addStructure(): Promise<string | null> {
    const before = (await this.ohif.segmentIndices()).length;
    if (before >= MOST_STRUCTURES) return null;
    if ((await this.press(/^Add structure/)) === null) return null;
    await expect.poll(async () => (await this.ohif.segmentIndices()).length).toBe(before + 1);
    // The viewer turns to its own panel when a segmentation is added.
    await this.ohif.tab('fewshot');
    return String(before + 1);
  }

  private async selectStructure(): Promise<string | null> {
    const choices = this.ohif.panel.getByRole('radio', { name: /^Segment \d/ });
    const count = await choices.count();
    if (count < 2) return null;
    const which = Math.floor(this.random() * count);
    // Its row lies over it.
    await choices.nth(which).press('Space');
    return String(which + 1);
  }

  private async chooseMethod(): Promise<string | null> {
    if ((await this.ohif.segmentIndices()).length === 0) return null;
    const words = this.pick(['Follow the outlines', 'Follow them, fast', 'Fine-tune SAM']);
    await this.ohif.chooseMethod(words);
    return words;
  }

  /** Takes what was found on the slice shown over: it counts as drawn from then on. */
  private async edit(): Promise<string | null> {
    const uid = await this.uidShown();
    const before = await this.drawn.look(uid);
    if ((await this.press(/^Edit this slice/)) === null) return null;
    await this.page.waitForTimeout(500);
    await this.drawn.note(uid, before);
    return '';
  }

  private async uidShown(): Promise<string> {
    const position = await this.ohif.position();
    return (await this.page.evaluate(() => window.ohif.shownUids()))[position];
  }

  private async switchSeries(): Promise<string | null> {
    const { series } = this.playground.studies[this.study];
    if (series.length < 2) return null;
    const description = this.pick(series);
    await this.ohif.showSeries(description);
    await this.ohif.tab('fewshot');
    return description;
  }

  private async switchStudy(): Promise<string> {
    return this.open(Math.floor(this.random() * this.playground.studies.length));
  }

  private reload(): Promise<string> {
    return this.open(this.study);
  }

  private async open(study: number): Promise<string> {
    await this.page.waitForTimeout(KEPT);
    this.study = study;
    this.drawn.noteOpened();
    const { uid, series } = this.playground.studies[study];
    await this.ohif.openStudy(this.playground.url, uid);
    await this.ohif.showSeries(series[0]);
    await this.ohif.tab('fewshot');
    return uid;
  }

  /** To the list of studies and back, without a reload. */
  private async closeAndReturn(): Promise<string> {
    await this.page.waitForTimeout(KEPT);
    await this.page.locator('[data-cy="return-to-work-list"]').click();
    await expect(this.ohif.panel).toBeHidden();
    await this.page.goBack();
    await expect.poll(() => this.ohif.sliceCount()).toBeGreaterThan(0);
    await this.ohif.showSeries(this.playground.studies[this.study].series[0]);
    await this.ohif.tab('fewshot');
    return '';
  }

  /** What was drawn before a reload is brought back, or not, before anything else is done. */
  private async answerOffer(): Promise<void> {
    const { panel } = this.ohif;
    // A run or a review of another series comes first; the offer waits for its end.
    const lost =
      (await this.doing()) === 'collecting' &&
      (await this.ohif.segmentIndices()).length === 0 &&
      (await this.drawn.slicesShown()) > 0;
    const offer = panel.getByText('It was saved in this browser');
    if (lost) await expect(offer, 'what was drawn can be brought back').toBeVisible();
    if (!(await offer.isVisible())) return;
    if (this.random() < 0.8) {
      await panel.getByRole('button', { name: /^(Restore|Continue)$/ }).click();
      await expect(offer).toBeHidden();
      await this.drawn.noteBroughtBack();
    } else {
      await panel.getByRole('button', { name: 'Discard' }).first().click();
      await expect(offer).toBeHidden();
      await this.drawn.forgetShown();
    }
  }
}
