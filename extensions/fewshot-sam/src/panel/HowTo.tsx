import { HowToPicture } from './HowToPicture';

const STEPS = [
  { title: 'Add a structure', detail: 'For example, the liver or the spinal cord.' },
  {
    title: 'Outline it on 2 or more slices',
    detail: 'Fill it with the brush, near both ends and in between.',
  },
  { title: 'Propagate', detail: 'Review the other slices; accept or reject each.' },
];

/**
 * Explains the workflow with a picture and three steps.
 *
 * @param props.next next step, 0-based; null if no step can be done
 */
export function HowTo(props: { next: number | null }) {
  return (
    <div className="fs-howto">
      <HowToPicture />
      <ol aria-label="How it works">
        {STEPS.map(({ title, detail }, i) => (
          <li
            key={title}
            className={i === props.next ? 'fs-howto-next' : undefined}
            aria-current={i === props.next ? 'step' : undefined}
          >
            <span className="fs-howto-number" aria-hidden="true">
              {i + 1}
            </span>
            <span>
              <b>{title}</b>
              <small>{detail}</small>
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
