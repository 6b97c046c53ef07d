/** The server gives every page a nonce; styles that scripts insert must bear it, or the browser drops them. */

export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''
}

/** react-remove-scroll, inside Mantine's dialogs, looks for the nonce under webpack's name. */
export function giveNonceToLibraries(): void {
  Object.assign(globalThis, { __webpack_nonce__: styleNonce() })
}
