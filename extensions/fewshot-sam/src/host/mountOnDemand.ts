import { FewshotError } from 'fewshot-sam';

/** Renders into an element; returns a function that removes what it rendered. */
export type Mount = (element: HTMLElement) => () => void;

/**
 * Renders into an element once the script for it is loaded. If it cannot be loaded, the element shows why and a
 * button that tries again.
 *
 * @param load loads the script; called again when the user presses the button
 * @returns a function that removes everything; after it, a script that arrives late renders nothing
 */
export function mountOnDemand(element: HTMLElement, load: () => Promise<Mount>): () => void {
  let removed = false;
  let unmount = () => {};
  const attempt = () => {
    load()
      .then(mount => {
        if (!removed) unmount = mount(element);
      })
      .catch((error: unknown) => {
        if (removed) return;
        const notice = failureNotice(error, () => {
          notice.remove();
          attempt();
        });
        element.append(notice);
        unmount = () => notice.remove();
      });
  };
  attempt();
  return () => {
    removed = true;
    unmount();
  };
}

/** Plain DOM, because our styles and React come with the script that could not be loaded. */
function failureNotice(error: unknown, retry: () => void): HTMLElement {
  const notice = document.createElement('div');
  notice.setAttribute('role', 'alert');
  notice.style.cssText =
    'margin: 8px; padding: 8px 10px; border-left: 3px solid hsl(0 85% 68%); background: hsl(0 55% 14%); color: #fff; font-size: 13px; line-height: 1.4; overflow-wrap: anywhere;';
  const known = error instanceof FewshotError ? error : null;
  const message = document.createElement('p');
  message.textContent = known?.message ?? `The panel could not be shown: ${String(error)}.`;
  const remedy = document.createElement('p');
  remedy.textContent = known?.remedy ?? 'Reload the page.';
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Try again';
  button.style.cssText =
    'margin-top: 8px; padding: 2px 10px; border: 1px solid currentColor; border-radius: 3px; background: none; color: inherit;';
  button.addEventListener('click', retry);
  notice.append(message, remedy, button);
  return notice;
}
