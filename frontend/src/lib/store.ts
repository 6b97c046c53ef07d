/** A value outside of React. Components that use it render again when it changes. */
import { useSyncExternalStore } from 'react'

export interface Store<Value> {
  get: () => Value
  set: (next: Value) => void
  use: () => Value
}

export function createStore<Value>(initial: Value): Store<Value> {
  let value = initial
  const listeners = new Set<() => void>()
  const get = () => value

  function set(next: Value) {
    if (Object.is(value, next)) return
    value = next
    for (const listener of listeners) listener()
  }

  function subscribe(listener: () => void) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  return { get, set, use: () => useSyncExternalStore(subscribe, get) }
}
