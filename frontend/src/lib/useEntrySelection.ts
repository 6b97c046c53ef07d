/**
 * What is selected in the list of a screen. Its history entry keeps it: Back, Forward and a reload
 * bring it back, a new visit begins without it.
 */
import { useLocation } from '@tanstack/react-router'
import { useEffect, useState } from 'react'

/** This tab keeps the selection of the latest entry with a list. */
const place = 'tenure-entry-selection'

export function useEntrySelection<Selected>(none: Selected) {
  const { pathname, state } = useLocation()
  const entry = state.__TSR_key
  const [path] = useState(pathname)
  const [selected, setSelected] = useState<Selected>(() => keptFor(entry) ?? none)
  // The entry of the next screen is current before this one goes.
  const isHere = pathname === path
  useEffect(() => {
    if (isHere) sessionStorage.setItem(place, JSON.stringify({ entry, selected }))
  }, [isHere, entry, selected])
  return [selected, setSelected] as const
}

function keptFor(entry: string | undefined) {
  const kept = JSON.parse(sessionStorage.getItem(place) ?? 'null')
  return kept?.entry === entry ? kept?.selected : undefined
}
