import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import type { SegmentSummary } from '../session/state';
import { findTerms } from '../terminology/findTerms';
import type { Term } from '../terminology/term';
import { CloseIcon } from './icons';

const NO_TERMS: Term[] = [];

/** One line about the term, below the field. */
function hintOf({ term }: SegmentSummary): string {
  if (!term) return 'Optional: SNOMED CT term.';
  const { CodeValue } = term.term.terms.type;
  return `SNOMED CT ${CodeValue}${term.chosen ? '' : ', from the name'}`;
}

/**
 * Chooses the SNOMED CT term of a structure: a combobox with a list (WAI-ARIA Authoring Practices). A
 * structure without a name of its own takes that of the term.
 */
export function TermPicker(props: {
  segment: SegmentSummary;
  /** @param termId null for no term */
  chooseTerm(segmentIndex: number, termId: string | null): void;
}) {
  const { segment, chooseTerm } = props;
  const id = useId();
  /** Typed text; null while not searching. */
  const [typed, setTyped] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const chosen = segment.term?.term;
  const found = typed === null ? NO_TERMS : findTerms(typed);
  const open = found.length > 0;
  const nothing = typed !== null && typed.trim() !== '' && !open;

  useEffect(() => {
    list.current?.children[active]?.scrollIntoView?.({ block: 'nearest' });
  }, [active, typed]);

  const type = (text: string | null) => {
    setTyped(text);
    setActive(0);
  };
  const choose = (term: Term | undefined) => {
    if (term) chooseTerm(segment.segmentIndex, term.id);
    type(null);
  };

  const key = (event: KeyboardEvent) => {
    // Keep typed letters and arrows from the viewer's hotkeys.
    if (event.key !== 'Tab') event.stopPropagation();
    const moves: Record<string, number> = {
      ArrowDown: (active + 1) % found.length,
      ArrowUp: (active + found.length - 1) % found.length,
    };
    if (event.key in moves) {
      event.preventDefault();
      if (open) setActive(moves[event.key]);
      else if (typed === null) type(chosen?.name ?? segment.label);
    } else if (event.key === 'Enter') choose(found[active]);
    else if (event.key === 'Escape') type(null);
  };

  return (
    <div className="fs-field fs-term">
      <label htmlFor={id}>Term</label>
      <div className="fs-term-input">
        <input
          id={id}
          className="fs-input"
          type="text"
          role="combobox"
          aria-label={`Term for ${segment.label}`}
          aria-expanded={open}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={open ? `${id}-${active}` : undefined}
          aria-describedby={`${id}-hint`}
          autoComplete="off"
          spellCheck={false}
          placeholder="e.g. left kidney, liver tumor"
          value={typed ?? chosen?.name ?? ''}
          onChange={event => type(event.target.value)}
          onFocus={event => event.target.select()}
          onBlur={() => type(null)}
          onKeyDown={key}
        />
        {chosen && typed === null && (
          <button
            type="button"
            className="fs-icon-button"
            aria-label={`Remove term ${chosen.name}`}
            title="Remove the term"
            onClick={() => chooseTerm(segment.segmentIndex, null)}
          >
            <CloseIcon />
          </button>
        )}
      </div>
      <ul
        ref={list}
        id={`${id}-list`}
        className="fs-term-list"
        role="listbox"
        aria-label="Terms"
        hidden={!open}
      >
        {found.map((term, i) => (
          <li
            key={term.id}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === active}
            // Keeps the keyboard focus in the field.
            onMouseDown={event => event.preventDefault()}
            onClick={() => choose(term)}
          >
            {term.name}
          </li>
        ))}
      </ul>
      <p id={`${id}-hint`} className="fs-muted" role={nothing ? 'status' : undefined}>
        {nothing ? `No term for “${typed}”. Only the name is stored.` : hintOf(segment)}
      </p>
    </div>
  );
}
