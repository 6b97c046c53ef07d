/** An element that is on the page already, as the target of a menu or a popover of Mantine. */
import { type RefCallback, type RefObject, useLayoutEffect } from 'react'

interface ExistingTargetProps {
  element: RefObject<HTMLElement | null>
  /** Given by Mantine. */
  ref?: RefCallback<HTMLElement>
}

export function ExistingTarget({ element, ref }: ExistingTargetProps) {
  useLayoutEffect(() => {
    ref?.(element.current)
  }, [ref, element])
  return null
}
