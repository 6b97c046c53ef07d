/** Single-key shortcuts: not while typing or in a dialog, and only if they are switched on. */
import { useLocalStorage } from '@mantine/hooks'
import { useEffectEvent, useLayoutEffect } from 'react'

export function useSingleKeys() {
  return useLocalStorage({
    key: 'tenure-single-keys',
    defaultValue: true,
    getInitialValueInEffect: false,
  })
}

export function useSingleKeyPress(onPress: (event: KeyboardEvent) => void): void {
  const [on] = useSingleKeys()
  const press = useEffectEvent(onPress)
  // A layout effect, so that the keys work as soon as the screen is visible.
  useLayoutEffect(() => {
    if (!on) return
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (!document.querySelector('[role=dialog], [role=menu]')) press(event)
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [on])
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}
