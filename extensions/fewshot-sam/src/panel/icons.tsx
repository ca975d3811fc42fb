import type { ReactNode } from 'react';

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg className="fs-icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export const PlusIcon = () => (
  <Icon>
    <path d="M8 2.5v11M2.5 8h11" />
  </Icon>
);

export const LockIcon = () => (
  <Icon>
    <rect x="3.5" y="7" width="9" height="6.5" rx="1" />
    <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
  </Icon>
);

export const CheckIcon = () => (
  <Icon>
    <path d="M3 8.5l3.5 3.5L13 4.5" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon>
    <path d="M4 4l8 8M12 4l-8 8" />
  </Icon>
);

export const AlertIcon = () => (
  <Icon>
    <path d="M8 2L14.5 13.5h-13zM8 6.5v3.5M8 11.8v.2" />
  </Icon>
);

export const HintIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="6" />
    <path d="M8 7.2v3.8M8 4.9v.2" />
  </Icon>
);

export const ChevronIcon = () => (
  <Icon>
    <path d="M4 6l4 4 4-4" />
  </Icon>
);

export const ArchiveIcon = () => (
  <Icon>
    <path d="M8 10.5V3M5 5.8L8 2.8l3 3M2.5 10v3.2h11V10" />
  </Icon>
);

export const DownloadIcon = () => (
  <Icon>
    <path d="M8 2.5V10M5 7.2l3 3 3-3M2.5 10.8v2.4h11v-2.4" />
  </Icon>
);

export const MoreIcon = () => (
  <Icon>
    <path d="M8 3.4v.2M8 7.9v.2M8 12.4v.2" strokeWidth={2.2} />
  </Icon>
);

export const LeftIcon = () => (
  <Icon>
    <path d="M10 3.5L5.5 8l4.5 4.5" />
  </Icon>
);

export const RightIcon = () => (
  <Icon>
    <path d="M6 3.5L10.5 8 6 12.5" />
  </Icon>
);

export const ShownIcon = () => (
  <Icon>
    <path d="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8z" />
    <circle cx="8" cy="8" r="2" />
  </Icon>
);

export const HiddenIcon = () => (
  <Icon>
    <path d="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM3 13L13 3" />
  </Icon>
);

export const GridIcon = () => (
  <Icon>
    <path d="M2.5 2.5h4.500v4.500h-4.500zM9 2.500h4.500v4.500H9zM2.500 9h4.500v4.500h-4.500zM9 9h4.500v4.500H9z" />
  </Icon>
);

export const EditIcon = () => (
  <Icon>
    <path d="M3 13l.7-3L10.8 2.9l2.3 2.3L6 12.3zM9.3 4.4l2.3 2.3" />
  </Icon>
);

export const RefineIcon = () => (
  <Icon>
    <path d="M13 8a5 5 0 1 1-1.6-3.7M13.2 2.5v2.8h-2.8" />
  </Icon>
);

export const BrushIcon = () => (
  <Icon>
    <path d="M13.5 2.5L7 9M5.2 9.2c1.2-.6 2.4.6 1.8 1.8-.6 1.4-2.4 2.2-4.5 2 .9-1 .9-3 2.7-3.800z" />
  </Icon>
);

export const EraserIcon = () => (
  <Icon>
    <path d="M9 3l4.5 4.5-5.5 5.500H5.500L3 10.500zM6 6l4.5 4.500M8 13h5.5" />
  </Icon>
);

export const ThresholdIcon = () => (
  <Icon>
    <path d="M2.5 13.500V9l3 2 2.5-7 2.5 5 3-2v6.500zM2 6.500h1.500M5 6.500h1.500M10 6.500h1.500M13 6.500h1" />
  </Icon>
);

export const CircleIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="5.5" strokeDasharray="2.5 1.5" />
    <path d="M8 8h5.5" />
  </Icon>
);

export const CopyIcon = () => (
  <Icon>
    <rect x="5.500" y="5.500" width="8" height="8" rx="1" />
    <path d="M3.500 10.500h-1v-8h8v1" />
  </Icon>
);

export const RulerIcon = () => (
  <Icon>
    <path d="M2 11L11 2l3 3-9 9zM5 8l1.500 1.500M7.500 5.500L9 7M10 3l1.500 1.500" />
  </Icon>
);

export const FreehandIcon = () => (
  <Icon>
    <path d="M3 9.5C2 5.5 5 2.5 8.5 3s5.5 3 4.5 6-4 4.5-6.5 4S3.5 11.5 3 9.5z" />
  </Icon>
);

export const LivewireIcon = () => (
  <Icon>
    <path d="M3 4l3.5 1.5L10 3l3 4-1.5 5.5L6 13 3 9.5V4" />
    <path d="M3 4h.01M13 7h.01M6 13h.01" strokeWidth="3" strokeLinecap="round" />
  </Icon>
);

export const SplineIcon = () => (
  <Icon>
    <path d="M2.5 11C5 2 10.5 14 13.5 5" />
    <path d="M2.5 11h.01M13.5 5h.01M8 8h.01" strokeWidth="3" strokeLinecap="round" />
  </Icon>
);
