/** Open dialogs are part of the URL: `?dialog=change-status&on=…`; see each `links.ts`. */
import { useRouter } from '@tanstack/react-router'
import { createContext, useCallback, useContext, useState } from 'react'
import { newDialogEntry } from './dialogHistory'
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
  const router = useRouter()
  const change = useChangeSearch<DialogAddress>()
  return useCallback(
    (address) => {
      rememberOpener()
      const { search, state } = router.state.location
      // A dialog that is opened from another one takes its place in the history.
      const replace = dialogAddress(search).dialog !== undefined
      const dialogEntry = replace && !state.dialogEntry ? undefined : newDialogEntry()
      change(
        { on: undefined, choice: undefined, ...address },
        { state: { dialogEntry }, replace, ignoreBlocker: replace },
      )
    },
    [router, change],
  )
}

interface CloseOptions {
  /** Closes without a question about unsaved input, for example after it was saved. */
  saved: boolean
}

/**
 * Closes the dialog of the URL: goes back to the page from which it was opened, so that Back never
 * opens it again.
 */
export function useCloseDialog(): (options: CloseOptions) => void {
  const router = useRouter()
  const change = useChangeSearch<DialogAddress>()
  return useCallback(
    ({ saved }) => {
      if (router.state.location.state.dialogEntry)
        return router.history.back({ ignoreBlocker: saved })
      change(
        { dialog: undefined, on: undefined, choice: undefined },
        { replace: true, ignoreBlocker: saved },
      )
    },
    [router, change],
  )
}

export interface DialogState {
  opened: boolean
  /** Closes the dialog after its work was done. */
  close: () => void
  /** Closes the dialog without a change; asks first if something was typed. */
  leave: () => void
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

/** What was found for a dialog, also after it was removed: by the dialog, or by somebody else. */
export function useUntilClosed<Subject>(found: Subject | undefined): Subject | undefined {
  const { opened } = useDialog()
  const id = useSubjectId()
  const [last, setLast] = useState({ id, found })
  if (found !== undefined && found !== last.found) setLast({ id, found })
  return found ?? (opened && last.id !== id ? undefined : last.found)
}
