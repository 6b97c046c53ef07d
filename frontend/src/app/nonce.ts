/** Inserted styles need the nonce of the page; the browser drops those without it. */

export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''
}

/** react-remove-scroll, inside Mantine's dialogs, reads the nonce from webpack's global name. */
export function setLibraryNonce(): void {
  Object.assign(globalThis, { __webpack_nonce__: styleNonce() })
}
