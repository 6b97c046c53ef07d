/** Modules that were not loaded: the server cannot be reached, or has a newer version. */

const text = "A part of the page couldn't be loaded"

export function isLoadFailure(error: Error): boolean {
  return error.message === text
}

/**
 * Gives the errors of dynamic imports a text of their own. With the text of the browser the router
 * reloads the page by itself, which shows the error page of the browser when offline.
 */
export function markLoadFailures(): void {
  window.addEventListener('vite:preloadError', (event) => {
    event.payload.message = text
  })
}
