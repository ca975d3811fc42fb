/** Services that Chromium itself asks, with an empty tab too, and that no flag turns off entirely. */
const OWN = ['accounts.google.com', 'content-autofill.googleapis.com', 'update.googleapis.com'];

/** @param request `METHOD host` or `METHOD host:port` */
export function browserOwn(request: string): boolean {
  return OWN.includes(request.split(' ')[1].split(':')[0]);
}
