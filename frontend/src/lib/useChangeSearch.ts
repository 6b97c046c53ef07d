/** Changes a part of what the URL says of the screen; the rest of it stays. */
import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'

interface Manner {
  /** Without a step of its own for the browser's back button, for example while typing. */
  replace?: boolean
}

export type ChangeSearch<Search> = (changed: Partial<Search>, manner?: Manner) => void

export function useChangeSearch<Search extends object>(): ChangeSearch<Search> {
  const navigate = useNavigate()
  return useCallback(
    (changed, manner) => {
      const search = (now: object) => ({ ...now, ...changed })
      // The router types searches by route; this is for whichever route is on the screen.
      void navigate({ to: '.', search, resetScroll: false, ...manner } as never)
    },
    [navigate],
  )
}
