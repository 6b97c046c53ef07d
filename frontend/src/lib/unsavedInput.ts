/**
 * Blocks every way out of a form with input that is not saved: Escape, a click beside it, Back, a
 * link, a reload. While the form is being saved, it cannot be left at all.
 */
import { useBlocker } from '@tanstack/react-router'
import { useEffect } from 'react'

export interface Place {
  pathname: string
  search: object
}

interface WatchedForm {
  busy: boolean
  isDirty: () => boolean
  /** Whether the form is in both places. */
  isSamePlace: (one: Place, other: Place) => boolean
}

/** The answers to the question whether the input is discarded. */
export interface UnsavedInput {
  keep: () => void
  discard: () => void
}

/** Null unless there is something to ask. */
export function useUnsavedInput({ busy, isDirty, isSamePlace }: WatchedForm): UnsavedInput | null {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => (busy || isDirty()) && !isSamePlace(current, next),
    enableBeforeUnload: () => busy || isDirty(),
    withResolver: true,
  })
  const isBlocked = blocker.status === 'blocked'
  const reset = blocker.reset
  useEffect(() => {
    if (isBlocked && busy) reset?.()
  }, [isBlocked, busy, reset])
  return isBlocked && !busy ? { keep: blocker.reset, discard: blocker.proceed } : null
}
