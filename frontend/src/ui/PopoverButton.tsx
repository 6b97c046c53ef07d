/** A button that opens a popover. The popover is loaded when it is first needed. */
import { Button, type ButtonProps } from '@mantine/core'
import { lazy, type ReactNode, Suspense, useId, useRef, useState } from 'react'

const load = () => import('./OpenedPopover')
const OpenedPopover = lazy(load)

interface PopoverButtonProps extends ButtonProps {
  /** The accessible name of the popover. */
  name: string
  content: (close: () => void) => ReactNode
  position?: 'bottom-start' | 'bottom-end'
  width?: number
}

export function PopoverButton({ name, content, position, width, ...rest }: PopoverButtonProps) {
  const id = useId()
  const element = useRef<HTMLButtonElement>(null)
  const [isUsed, setUsed] = useState(false)
  const [opened, setOpened] = useState(false)
  const prepare = () => void load().catch(() => undefined)
  return (
    <>
      <Button
        variant="default"
        {...rest}
        ref={element}
        aria-haspopup="dialog"
        aria-expanded={opened}
        // The name is that of Mantine's part of a popover.
        aria-controls={opened ? `${id}-dropdown` : undefined}
        onClick={() => {
          setUsed(true)
          setOpened(!opened)
        }}
        onFocus={prepare}
        onPointerEnter={prepare}
      />
      {isUsed && (
        <Suspense>
          <OpenedPopover
            id={id}
            name={name}
            button={element}
            opened={opened}
            onChange={setOpened}
            position={position}
            width={width}
          >
            {content(() => setOpened(false))}
          </OpenedPopover>
        </Suspense>
      )}
    </>
  )
}
