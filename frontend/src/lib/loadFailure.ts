/** Modules that were not loaded: the server cannot be reached, or has a newer version. */

const marker = 'tenure-module-not-loaded'

export function isLoadFailure(error: Error): boolean {
  return error.message === marker
}

/**
 * Gives the errors of dynamic imports a message of their own. With the text of the browser the
 * router reloads the page by itself, which shows the error page of the browser when offline.
 */
export function markLoadFailures(): void {
  window.addEventListener('vite:preloadError', (event) => {
    event.payload.message = marker
  })
}
