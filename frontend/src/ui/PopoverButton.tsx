/** A button that opens a popover. The popover is loaded when it is first needed. */
import { Button, type ButtonProps } from '@mantine/core'
import { lazy, type ReactNode, Suspense, useState } from 'react'

const load = () => import('./OpenedPopover')
const OpenedPopover = lazy(load)

export interface PopoverButtonProps extends ButtonProps {
  /** The accessible name of the popover. */
  name: string
  content: (close: () => void) => ReactNode
  position?: 'bottom-start' | 'bottom-end'
  width?: number
}

export function PopoverButton(props: PopoverButtonProps) {
  const { name, content, position, width, ...button } = props
  const [isUsed, setUsed] = useState(false)
  const closed = (
    <Button
      variant="default"
      {...button}
      aria-haspopup="dialog"
      aria-expanded={false}
      onClick={() => setUsed(true)}
      onPointerEnter={() => load().catch(() => undefined)}
    />
  )
  if (!isUsed) return closed
  return (
    <Suspense fallback={closed}>
      <OpenedPopover {...props} />
    </Suspense>
  )
}
