/** A media type with its parameters, e.g. `multipart/related; type="application/dicom"`. */
export interface MediaType {
  /** Lower case, e.g. `multipart/related`. */
  type: string;
  /** By lower-case name; quotes removed. */
  parameters: Record<string, string>;
}

/** A representation in which a resource can be sent. */
export interface Offer {
  type: string;
  /** Type of each part, if `type` is multipart/related. */
  part?: string;
  transferSyntaxUid?: string;
}

/** Splits at a separator that is not inside quotes. */
function splitUnquoted(text: string, separator: string): string[] {
  const parts = text.match(new RegExp(`(?:"[^"]*"|[^"${separator}])+`, 'g')) ?? [];
  return parts.map(part => part.trim()).filter(Boolean);
}

/** Reads one media type, e.g. the content of a `Content-Type` header. */
export function parseMediaType(text: string): MediaType {
  const [type = '', ...rest] = splitUnquoted(text, ';');
  const parameters: Record<string, string> = {};
  for (const parameter of rest) {
    const at = parameter.indexOf('=');
    if (at < 0) continue;
    const value = parameter.slice(at + 1).trim();
    parameters[parameter.slice(0, at).trim().toLowerCase()] = value.replace(/^"(.*)"$/, '$1');
  }
  return { type: type.toLowerCase(), parameters };
}

/**
 * Negotiates the representation to send (PS3.18, 8.7.5).
 *
 * @param accept the request's `Accept` header; absent means anything
 * @param offers available representations, best first
 * @returns null when the client accepts none of them: status 406
 */
export function negotiate(accept: string | undefined, offers: Offer[]): Offer | null {
  if (!accept?.trim()) return offers[0];
  const ranges = splitUnquoted(accept, ',')
    .map(parseMediaType)
    .map(range => ({ range, q: Number(range.parameters.q ?? 1) }))
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q);
  for (const { range } of ranges) {
    const offer = offers.find(offer => satisfies(offer, range));
    if (offer) return offer;
  }
  return null;
}

function satisfies(offer: Offer, { type, parameters }: MediaType): boolean {
  if (!covers(type, offer.type)) return false;
  if (offer.part && parameters.type && !covers(parameters.type.toLowerCase(), offer.part)) {
    return false;
  }
  const wanted = parameters['transfer-syntax'];
  return (
    !wanted || wanted === '*' || !offer.transferSyntaxUid || wanted === offer.transferSyntaxUid
  );
}

/** @param range a type that may be `*` + `/*` or `image/*` */
function covers(range: string, type: string): boolean {
  return range === '*/*' || range === type || range === `${type.split('/')[0]}/*`;
}
