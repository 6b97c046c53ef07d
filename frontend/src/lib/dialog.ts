/** Open dialogs are part of the URL: `?dialog=change-status&on=…`; see each `links.ts`. */
import { createContext, useCallback, useContext } from 'react'
import { rememberOpener } from './focus'
import { useChangeSearch } from './useChangeSearch'

export interface DialogAddress {
  dialog?: string
  /** The ids of the subjects: an account, an asset, a bill unit. */
  on?: string[]
  /** A preselected choice, for example the new status. */
  choice?: string
}

export function dialogAddress(search: Record<string, unknown>): DialogAddress {
  if (typeof search.dialog !== 'string') return {}
  const on = Array.isArray(search.on)
    ? search.on.map(String)
    : search.on === undefined
      ? undefined
      : [String(search.on)]
  return {
    dialog: search.dialog,
    on,
    choice: typeof search.choice === 'string' ? search.choice : undefined,
  }
}

export function useOpenDialog(): (address: DialogAddress) => void {
  const change = useChangeSearch<DialogAddress>()
  return useCallback(
    (address) => {
      if (address.dialog) rememberOpener()
      change({ on: undefined, choice: undefined, ...address })
    },
    [change],
  )
}

export interface DialogState {
  opened: boolean
  close: () => void
  /** Called after the closing animation. */
  gone: () => void
  address: DialogAddress
}

export const DialogContext = createContext<DialogState | null>(null)

export function useDialog(): DialogState {
  const state = useContext(DialogContext)
  if (!state) throw new Error('useDialog is for dialogs')
  return state
}

/** The id of the subject of a dialog with one subject. */
export function useSubjectId(): string {
  return useDialog().address.on?.[0] ?? ''
}
