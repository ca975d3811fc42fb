import { useId, useState } from 'react';
import type { KeptData } from '../session/keptData';
import type { IntensityChoice, SessionSnapshot, Settings } from '../session/state';
import { ChevronIcon } from './icons';
import { KeptField } from './KeptField';
import { RadioField } from './RadioField';
import { showOpened } from './scrollIntoView';
import { RangeFields } from './RangeFields';
import { INTENSITY_WORDS, METHOD_HINTS, METHOD_WORDS, sliceNumber } from './words';

const CHOICES = Object.keys(INTENSITY_WORDS) as IntensityChoice[];
const SCOPE_WORDS: Record<Settings['scope'], string> = {
  active: 'Active one',
  all: 'All outlined',
};

/** The settings in one line, shown while folded. */
export function settingsSummary(settings: Settings, sliceCount: number): string {
  const { intensity, from, to } = settings;
  const whole = from === 0 && to === sliceCount - 1;
  const range = whole ? 'all slices' : `slices ${sliceNumber(from)}–${sliceNumber(to)}`;
  return `${INTENSITY_WORDS[intensity]} · ${range}`;
}

/** Settings, folded: the defaults suit most cases. */
export function SettingsFold(props: {
  snapshot: SessionSnapshot;
  changeSettings(change: Partial<Settings>): void;
  encodeAhead(on: boolean): void;
  kept?: KeptData;
}) {
  const { snapshot, changeSettings, encodeAhead, kept } = props;
  const { settings, series } = snapshot;
  const id = useId();
  const [open, setOpen] = useState(false);
  if (!series) return null;
  return (
    <details
      className="fs-settings"
      onToggle={event => {
        setOpen(event.currentTarget.open);
        showOpened(event);
      }}
    >
      <summary className="fs-section-bar">
        <span>Settings</span>
        <span className="fs-settings-summary">{settingsSummary(settings, series.sliceCount)}</span>
        <ChevronIcon />
      </summary>
      <div className="fs-section-body">
        <div className="fs-field">
          <label htmlFor={id}>Intensity</label>
          <select
            id={id}
            className="fs-input"
            value={settings.intensity}
            onChange={event => changeSettings({ intensity: event.target.value as IntensityChoice })}
          >
            {CHOICES.map(choice => (
              <option key={choice} value={choice}>
                {INTENSITY_WORDS[choice]}
              </option>
            ))}
          </select>
        </div>
        <RangeFields
          settings={settings}
          sliceCount={series.sliceCount}
          currentSlice={snapshot.currentSlice}
          changeSettings={changeSettings}
        />
        <RadioField
          legend="Method"
          words={METHOD_WORDS}
          value={settings.method}
          choose={method => changeSettings({ method })}
        >
          <p className="fs-muted">{METHOD_HINTS[settings.method]}</p>
        </RadioField>
        <RadioField
          legend="Structures"
          words={SCOPE_WORDS}
          value={settings.scope}
          choose={scope => changeSettings({ scope })}
        />
        <label className="fs-choice">
          <input
            type="checkbox"
            checked={snapshot.encodesAhead}
            aria-describedby={`${id}-ahead`}
            onChange={event => encodeAhead(event.target.checked)}
          />
          Prepare slices while I draw
        </label>
        <p id={`${id}-ahead`} className="fs-muted">
          Starts with your first outline and works while you pause, so Propagate takes less time.
          Off on battery.
        </p>
        {open && kept && <KeptField kept={kept} />}
      </div>
    </details>
  );
}
