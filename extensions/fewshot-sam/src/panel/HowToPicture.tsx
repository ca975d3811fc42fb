/** Half width of the structure on each of nine slices. */
const STRUCTURE = [0, 5, 8, 10, 11, 10, 9, 6, 0];
const OUTLINED = [1, 4, 7];
const STEP = 10;
const HALF = 17;

function Stack(props: { x: number; filled: boolean }) {
  return (
    <g transform={`translate(${props.x} 8)`}>
      {STRUCTURE.map((half, i) => {
        const outlined = OUTLINED.includes(i);
        return (
          <g key={i} transform={`translate(${i * STEP} 0) skewY(-16)`}>
            <rect className="fs-picture-slice" x="0" y="2" width="7" height={2 * HALF} rx="1" />
            {half > 0 && (outlined || props.filled) && (
              <rect
                className={outlined ? 'fs-picture-drawn' : 'fs-picture-found'}
                x="1"
                y={2 + HALF - half}
                width="5"
                height={2 * half}
                rx="2.5"
              />
            )}
          </g>
        );
      })}
    </g>
  );
}

/** Picture of the workflow: a few outlined slices on the left, all slices segmented on the right. */
export function HowToPicture() {
  return (
    <svg
      className="fs-howto-picture"
      viewBox="0 -24 240 76"
      role="img"
      aria-label="A few outlined slices become a segmentation of all slices"
    >
      <Stack x={4} filled={false} />
      <path className="fs-picture-arrow" d="M106 18h24m-6-5l6 5-6 5" />
      <Stack x={142} filled />
    </svg>
  );
}
