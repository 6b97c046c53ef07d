/** Changes some search parameters of the URL and keeps the others. */
import { type HistoryState, useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'

interface NavigationOptions {
  /** Replaces the history entry, for example while typing. */
  replace?: boolean
  /** State of the history entry. */
  state?: HistoryState
  /** Navigates without a question about unsaved input. */
  ignoreBlocker?: boolean
}

export type ChangeSearch<Search> = (changed: Partial<Search>, options?: NavigationOptions) => void

export function useChangeSearch<Search extends object>(): ChangeSearch<Search> {
  const navigate = useNavigate()
  return useCallback(
    (changed, options) => {
      const search = (now: object) => ({ ...now, ...changed })
      // The router types searches by route; this is for whichever route is on the screen.
      void navigate({ to: '.', search, resetScroll: false, ...options } as never)
    },
    [navigate],
  )
}
