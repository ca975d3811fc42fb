import { useId, type ReactNode } from 'react';

/** A titled part of the panel, with the bar that OHIF's own panels have. */
export function Section(props: { title: string; aside?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className="fs-section" aria-labelledby={id}>
      <div className="fs-section-bar">
        <h3 id={id}>{props.title}</h3>
        {props.aside}
      </div>
      <div className="fs-section-body">{props.children}</div>
    </section>
  );
}
