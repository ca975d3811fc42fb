import type { Services } from './ohif';

export const PROPAGATE_COMMAND = 'fewshotPropagate';
export const CANCEL_COMMAND = 'fewshotCancel';
export const PROPAGATE_BUTTON = 'FewshotPropagate';
export const PROPAGATE_EVALUATOR = 'evaluate.fewshotPropagate';

const HOTKEY = 'shift+p';

const button = {
  id: PROPAGATE_BUTTON,
  uiType: 'ohif.toolButton',
  props: {
    icon: 'icon-tool-interpolation',
    label: 'Few-shot propagate',
    tooltip: 'Few-shot propagate: learn the outlined structure and segment every other slice',
    commands: PROPAGATE_COMMAND,
    evaluate: PROPAGATE_EVALUATOR,
  },
};

/** Adds the button to the end of the main toolbar, and the hotkey. Call it after the mode built its toolbar. */
export function addToolbarButton({ toolbarService, customizationService }: Services): void {
  toolbarService.register([button]);
  const section = toolbarService.sections?.primary ?? 'primary';
  const present = (toolbarService.getButtonSection(section) ?? []).flatMap(entry =>
    typeof entry === 'string' ? entry : (entry?.id ?? []),
  );
  const ids = [...present.filter(id => id !== PROPAGATE_BUTTON), PROPAGATE_BUTTON];
  // Up to 3.10 sections are created; since 3.11 they are updated, which keeps existing buttons.
  if (toolbarService.updateSection) toolbarService.updateSection(section, ids);
  else toolbarService.createButtonSection?.(section, ids);
  customizationService.setCustomizations({
    'ohif.hotkeyBindings': {
      $push: [
        {
          commandName: PROPAGATE_COMMAND,
          label: 'Few-shot propagate',
          keys: [HOTKEY],
          isEditable: true,
        },
      ],
    },
  });
}
