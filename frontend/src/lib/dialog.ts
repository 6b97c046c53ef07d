/** Open dialogs live in the URL: `?dialog=change-status&on=…`. A feature's `links.ts` makes their addresses. */
import { createContext, useCallback, useContext } from 'react'
import { rememberOpener } from './focus'
import { useChangeSearch } from './useChangeSearch'

export interface DialogAddress {
  dialog?: string
  /** What it is about: the id of an account, an asset, a bill unit, or several ids. */
  on?: string[]
  /** A choice made before it opens, for example the status to change to. */
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
  /** Called when it has faded away. */
  gone: () => void
  address: DialogAddress
}

export const DialogContext = createContext<DialogState | null>(null)

export function useDialog(): DialogState {
  const state = useContext(DialogContext)
  if (!state) throw new Error('useDialog is for dialogs')
  return state
}

/** The one id that a dialog is about. */
export function useSubjectId(): string {
  return useDialog().address.on?.[0] ?? ''
}
