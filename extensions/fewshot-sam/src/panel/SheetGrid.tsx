import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { ReviewPictures } from '../session/sheetPictures';
import type { ReviewState, SessionActions } from '../session/state';
import { decidedOn, decisionOnSlice, sliceWords } from './reviewedSlice';
import { SheetCell, type CellActions, type CellStructure } from './SheetCell';
import { movedCell, rowsInSight, sheetLayout } from './sheetLayout';

/** Rows to prepare beyond those in sight. */
const AHEAD = 1;
/** px. */
const SCROLL_STEP = 24;
/** Room for the focus ring around the cells, px. */
const MARGIN = 12;

/** The slices as a grid that scrolls. Only rows near the visible part are rendered. */
export function SheetGrid(props: {
  review: ReviewState;
  /** In the order to show. */
  slices: readonly number[];
  currentSlice: number | null;
  pictures: ReviewPictures;
  /** Called with slices whose pictures are in sight. */
  onShown(slices: number[]): void;
  decideSlices: SessionActions['decideSlices'];
  onOpen(sliceIndex: number): void;
}) {
  const { review, slices, currentSlice, pictures, onShown, decideSlices, onOpen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [box, setBox] = useState({ width: 0, height: 0 });
  const [scrollTop, setScrollTop] = useState(0);
  const [at, setAt] = useState(0);
  const focusesCell = useRef(false);
  const structures = decidedOn(review);

  useLayoutEffect(() => {
    const element = scroller.current!;
    const measure = () =>
      setBox({
        width: element.clientWidth - 2 * MARGIN,
        height: element.clientHeight - 2 * MARGIN,
      });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const layout = sheetLayout(slices.length, Math.max(box.width, 1), box.height);
  // In steps, so that not every pixel renders the grid again.
  const noteScroll = (top: number) => setScrollTop(Math.round(top / SCROLL_STEP) * SCROLL_STEP);
  const sight = rowsInSight(layout, scrollTop - MARGIN, box.height + 2 * MARGIN);
  const first = Math.max(0, sight.first - AHEAD);
  const last = Math.min(layout.rows - 1, sight.last + AHEAD);
  const rows = new Set(Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i));
  // The cell that holds the focus stays, even when it is scrolled away.
  rows.add(Math.min(layout.rows - 1, Math.floor(at / layout.columns)));

  const drawn = useRef(new Set<number>());
  const tellShown = () => {
    const inSight = slices.slice(sight.first * layout.columns, (sight.last + 1) * layout.columns);
    const shown = inSight.filter(slice => drawn.current.has(slice));
    if (shown.length > 0) onShown(shown);
  };
  useEffect(tellShown);

  useLayoutEffect(() => {
    if (!focusesCell.current) return;
    focusesCell.current = false;
    scroller.current
      ?.querySelector<HTMLElement>(`[data-slice="${slices[at]}"]`)
      ?.focus({ preventScroll: true });
  });

  const wasAccepted = useRef(new Set<number>());
  const toggle = (slice: number) => {
    const decision = decisionOnSlice(structures, slice);
    if (decision === 'rejected') {
      decideSlices([slice], wasAccepted.current.has(slice) ? 'accepted' : null);
      return;
    }
    if (decision === 'accepted') wasAccepted.current.add(slice);
    else wasAccepted.current.delete(slice);
    decideSlices([slice], 'rejected');
  };

  const indices = structures.map(({ segmentIndex }) => segmentIndex);
  const cellActions = useLatest({
    load: (slice, signal) => pictures.of(slice, indices, signal),
    drawn: slice => {
      drawn.current.add(slice);
      tellShown();
    },
    toggle,
    open: onOpen,
    focused: slice => setAt(slices.indexOf(slice)),
  });

  const moveTo = (next: number) => {
    const element = scroller.current!;
    const top = Math.floor(next / layout.columns) * layout.pitch;
    const lowest = top + layout.side + 2 * MARGIN - element.clientHeight;
    element.scrollTop = Math.min(top, Math.max(element.scrollTop, lowest));
    noteScroll(element.scrollTop);
    setAt(next);
    focusesCell.current = true;
  };
  const key = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(box.height / layout.pitch));
    const next = movedCell(event.key, at, slices.length, layout.columns, page);
    const pressed = event.key.toLowerCase();
    if (next !== null && next !== at) moveTo(next);
    else if ((pressed === ' ' || pressed === 'r') && !event.repeat) toggle(slices[at]);
    else if (pressed === 'o') onOpen(slices[at]);
    else if (next === null) return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      className="fs-sheet-scroll"
      onScroll={event => noteScroll(event.currentTarget.scrollTop)}
    >
      <div
        role="grid"
        aria-label="Slices of the result; selected ones are rejected"
        aria-multiselectable="true"
        aria-rowcount={layout.rows}
        aria-colcount={layout.columns}
        className="fs-sheet-grid"
        style={{
          width: layout.columns * layout.pitch - (layout.pitch - layout.side),
          height: layout.rows * layout.pitch,
        }}
        onKeyDown={key}
      >
        {[...rows]
          .sort((a, b) => a - b)
          .map(row => (
            <div
              key={row}
              role="row"
              aria-rowindex={row + 1}
              className="fs-sheet-row"
              style={{ top: row * layout.pitch }}
            >
              {slices
                .slice(row * layout.columns, (row + 1) * layout.columns)
                .map((slice, column) => {
                  const position = row * layout.columns + column;
                  const confidences = structures.flatMap(one => one.confidences[slice] ?? []);
                  return (
                    <SheetCell
                      key={slice}
                      sliceIndex={slice}
                      name={sliceWords(review, slice)}
                      looks={JSON.stringify(
                        structures.map(({ segmentIndex, color, outcomes }): CellStructure => {
                          return { segmentIndex, color, outcome: outcomes[slice] };
                        }),
                      )}
                      decision={decisionOnSlice(structures, slice)}
                      confidence={confidences.length ? Math.min(...confidences) : null}
                      caveat={structures.find(one => one.caveats[slice])?.caveats[slice] ?? null}
                      side={layout.side}
                      column={column + 1}
                      isTabStop={position === at}
                      isCurrent={slice === currentSlice}
                      actions={cellActions}
                    />
                  );
                })}
            </div>
          ))}
      </div>
    </div>
  );
}

/** Actions that stay the same object and do what the latest ones do: cells are not rendered for them. */
function useLatest(actions: CellActions): CellActions {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  const [stable] = useState<CellActions>(() => ({
    load: (...cell) => latest.current.load(...cell),
    drawn: slice => latest.current.drawn(slice),
    toggle: slice => latest.current.toggle(slice),
    open: slice => latest.current.open(slice),
    focused: slice => latest.current.focused(slice),
  }));
  return stable;
}
