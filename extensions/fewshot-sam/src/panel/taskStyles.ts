/** Styles of the tasks; see `STYLES`. */
export const TASK_STYLES = `
.fewshot .fs-tasks { display: flex; flex-direction: column; gap: 2px; max-height: 320px; margin: 0 -10px; padding: 2px; overflow-y: auto; }
.fewshot .fs-task { padding: 6px 8px; border-radius: 3px; background: var(--fs-back); }
.fewshot .fs-task-head { display: flex; align-items: flex-start; gap: 8px; }
.fewshot .fs-task-picture { flex: none; width: 36px; height: 36px; overflow: hidden; border-radius: 3px; border: 1px solid var(--fs-edge); background: #000; color: var(--fs-dim); display: flex; align-items: center; justify-content: center; }
.fewshot .fs-task-text { flex: 1; min-width: 0; }
.fewshot .fs-task-name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; line-height: 18px; }
.fewshot .fs-task-facts { color: var(--fs-soft); font-size: 11px; line-height: 15px; }
.fewshot .fs-task .fs-icon-button { margin-right: -4px; }
.fewshot .fs-small-button { flex: none; min-height: 24px; padding: 0 8px; border: 1px solid var(--fs-link); border-radius: 4px; background: var(--fs-bar); color: var(--fs-text); font-size: 12px; }
.fewshot .fs-small-button:hover { background: var(--fs-accent); }
.fewshot .fs-small-button[aria-disabled='true'] { border-color: var(--fs-edge); background: var(--fs-dark); color: var(--fs-pale); cursor: not-allowed; }
.fewshot .fs-task-more { display: flex; flex-direction: column; gap: 8px; margin-top: 6px; padding-top: 6px; border-top: 1px solid var(--fs-bar); }
.fewshot .fs-task-reason { margin-top: 4px; color: var(--fs-pale); font-size: 12px; }
.fewshot .fs-menu { display: flex; flex-direction: column; }
.fewshot .fs-menu-item { display: block; min-height: 26px; padding: 3px 6px; border: 0; border-radius: 3px; background: none; text-align: left; }
.fewshot .fs-menu-item:hover { background: var(--fs-accent); }
.fewshot .fs-menu-item small { display: block; color: var(--fs-soft); font-size: 11px; line-height: 15px; }
.fewshot .fs-menu-item[aria-disabled='true'] { color: var(--fs-dim); cursor: not-allowed; }
.fewshot .fs-task-ways { display: flex; flex-wrap: wrap; gap: 2px 12px; }
.fewshot .fs-add[aria-disabled='true'] { color: var(--fs-dim); background: none; cursor: not-allowed; }
.fewshot .fs-form { display: flex; flex-direction: column; gap: 8px; }
.fewshot .fs-check { display: flex; gap: 8px; align-items: flex-start; font-size: 12px; color: var(--fs-pale); }
.fewshot .fs-check input { flex: none; width: 14px; height: 14px; margin-top: 2px; accent-color: var(--fs-high); color-scheme: dark; }
.fewshot .fs-drop { outline: 2px dashed var(--fs-high); outline-offset: -4px; border-radius: 3px; }
`;
